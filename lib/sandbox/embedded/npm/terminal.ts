import type { MachineHost } from '../process/machine-host'

/** What a command works with. */
export interface Terminal {
  host: MachineHost
  /** The name that npm was called by. */
  manager: PackageManager
  /** `--silent`: only what was asked for is printed. */
  isSilent: boolean
  say(text: string): void
  warn(text: string): void
  /** Prints as npm does and gives the exit code. */
  fail(text: string): number
}

export type PackageManager = 'npm' | 'pnpm' | 'yarn'

export function createTerminal(host: MachineHost, manager: PackageManager = 'npm'): Terminal {
  const prefixed = (level: string, text: string) =>
    host.stderr(
      `${text
        .trimEnd()
        .split('\n')
        .map((line) => `npm ${level} ${line}`.trimEnd())
        .join('\n')}\n`,
    )
  const terminal: Terminal = {
    host,
    manager,
    isSilent: host.env.npm_config_loglevel === 'silent',
    say: (text) => host.stdout(`${text}\n`),
    warn(text) {
      if (!terminal.isSilent) prefixed('warn', text)
    },
    fail(text) {
      if (!terminal.isSilent) prefixed('error', text)
      return 1
    },
  }
  return terminal
}
