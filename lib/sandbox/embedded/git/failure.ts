/** Ends the command with a message as git words it and git's exit code. */
export class GitFailure extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = 128) {
    super(message)
    this.exitCode = exitCode
  }
}

export function fatal(message: string): never {
  throw new GitFailure(`fatal: ${message}`)
}

export function fail(message: string, exitCode = 1): never {
  throw new GitFailure(`error: ${message}`, exitCode)
}
