import { type OptionSpec, type Options, readOptions } from '../../options'

/** Ends a command with a sentence and its exit code. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message)
  }
}

/** Options as coreutils read them. */
export function readToolOptions(tool: string, args: readonly string[], spec: OptionSpec, exitCode = 1): Options {
  return readOptions(args, spec, (problem, option) => {
    const name = option.replace(/^-+/, '')
    const isLong = option.startsWith('--')
    const sentence =
      problem === 'unknown'
        ? isLong
          ? `unrecognized option '${option}'`
          : `invalid option -- '${name}'`
        : isLong
          ? `option '${option}' requires an argument`
          : `option requires an argument -- '${name}'`
    throw new CommandFailure(`${tool}: ${sentence}`, exitCode)
  })
}
