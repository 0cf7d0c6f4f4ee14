import { machineCommands } from '../kernel/programs'
import { findCommand } from '../process/find-command'
import type { MachineHost } from '../process/machine-host'
import type { CommandContext, Execute } from './command'

/** Runs a file by its path: what `./cli.js` is rewritten to. */
export const programName = 'vitrine:program'
/** Whether a word names such a file or a program of the machine. */
export const isProgramName = 'vitrine:is-program'

/** What runs for a path, or why nothing does. */
export function findProgram(
  { fs, env }: Pick<MachineHost, 'fs' | 'env'>,
  argv: readonly string[],
  { cwd, exportedEnv = env }: Pick<CommandContext, 'cwd' | 'exportedEnv'>,
): { argv: string[] } | { problem: string; exitCode: number } {
  const [name = '', ...rest] = argv
  const path = name.startsWith('/') ? name : `${cwd}/${name}`
  const found = findCommand(fs, argv, { cwd, path: exportedEnv.PATH ?? '' })
  if (typeof found !== 'string') return { argv: found }
  if (found === 'ENOENT') return { problem: `${name}: No such file or directory`, exitCode: 127 }
  const { kind, mode } = fs.stat(path)
  if (kind === 'directory') return { problem: `${name}: Is a directory`, exitCode: 126 }
  // A script whose first line names nothing is the shell's.
  if ((mode & 0o111) !== 0) return { argv: ['sh', path, ...rest] }
  return { problem: `${name}: Permission denied`, exitCode: 126 }
}

export function createProgramQuestion(host: MachineHost): Execute {
  return async ([name = ''], context) => {
    const found = name.includes('/') || machineCommands.includes(name) ? findProgram(host, [name], context) : null
    const isProgram = found !== null && 'argv' in found && machineCommands.includes(found.argv[0] ?? '')
    return { stdout: '', stderr: '', exitCode: isProgram ? 0 : 1 }
  }
}
