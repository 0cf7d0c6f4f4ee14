import type { MachineHost } from '../process/machine-host'

/** What a command works with. */
export interface Terminal {
  host: MachineHost
  /** The name that npm was called by. */
  manager: PackageManager
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
  return {
    host,
    manager,
    say: (text) => host.stdout(`${text}\n`),
    warn: (text) => prefixed('warn', text),
    fail(text) {
      prefixed('error', text)
      return 1
    },
  }
}
