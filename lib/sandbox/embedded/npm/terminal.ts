import type { MachineHost } from '../process/machine-host'

/** What a command works with. */
export interface Terminal {
  host: MachineHost
  say(text: string): void
  warn(text: string): void
  /** Prints as npm does and gives the exit code. */
  fail(text: string): number
}

export function createTerminal(host: MachineHost): Terminal {
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
    say: (text) => host.stdout(`${text}\n`),
    warn: (text) => prefixed('warn', text),
    fail(text) {
      prefixed('error', text)
      return 1
    },
  }
}
