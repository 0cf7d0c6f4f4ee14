import { type OptionSpec, type Options, readOptions } from '../options'
import { GitFailure } from './failure'

export type { Options }

/** Reads a command's options as git does; whatever it does not know ends the command with exit code 129. */
export function parseOptions(args: readonly string[], spec: OptionSpec): Options {
  return readOptions(args, spec, (problem, option) => {
    const name = option.replace(/^-+/, '')
    if (problem === 'no-value') throw new GitFailure(`error: switch \`${name}' requires a value`, 129)
    throw new GitFailure(`error: unknown ${option.startsWith('--') ? 'option' : 'switch'} \`${name}'`, 129)
  })
}
