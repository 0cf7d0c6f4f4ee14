import { machineCommands } from '../kernel/programs'
import { findCommand } from '../process/find-command'
import type { MachineHost } from '../process/machine-host'
import type { CommandContext } from './command'
import { quote } from './quote'

/** Runs a file by its path: what `./cli.js` is rewritten to. */
export const programName = 'vitrine:program'
/** Ends with the exit code it is given: what `$?` is for the line after it. */
export const codeName = 'vitrine:code'
/** Before `exit`, and where a script ends: for the traps. */
export const leaveName = 'vitrine:leave'
/** Puts its words into the variable, as a line that can be read again. */
export const wordsName = 'vitrine:words'
export const wordsVariable = 'VITRINE_WORDS'
/** Of the paths that a pattern gave, the folders. */
export const foldersName = 'vitrine:folders'

/** What runs for a path, or why nothing does. */
export function findProgram(
  { fs, env }: Pick<MachineHost, 'fs' | 'env'>,
  argv: readonly string[],
  { cwd, exportedEnv = env }: Pick<CommandContext, 'cwd' | 'exportedEnv'>,
): { argv: string[] } | { problem: string; exitCode: number } {
  const [name = ''] = argv
  const path = name.startsWith('/') ? name : `${cwd}/${name}`
  const found = findCommand(fs, argv, { cwd, path: exportedEnv.PATH ?? '' })
  if (typeof found !== 'string') return { argv: found }
  if (found === 'ENOENT') return { problem: `${name}: No such file or directory`, exitCode: 127 }
  if (fs.stat(path).kind === 'directory') return { problem: `${name}: Is a directory`, exitCode: 126 }
  return { problem: `${name}: Permission denied (not executable; chmod +x ${quote(name)} makes it so)`, exitCode: 126 }
}

/** Whether a word names such a file or a program of the machine. */
export function isProgram(host: MachineHost, name: string, context: CommandContext): boolean {
  const found = name.includes('/') || machineCommands.includes(name) ? findProgram(host, [name], context) : null
  return found !== null && 'argv' in found && machineCommands.includes(found.argv[0] ?? '')
}
