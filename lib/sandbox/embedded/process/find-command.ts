import { commandNames, machineCommands } from '../kernel/programs'
import type { VirtualFs } from './host'
import { programOf } from './system-files'

interface Surroundings {
  cwd: string
  /** The variable PATH. */
  path: string
}

const binFolders = /^(\/usr)?(\/local)?\/bin\//

/**
 * What runs when a process asks for `argv`: a program of the machine, or the interpreter that the first line of a file
 * names. Else the code of the error that exec gives.
 */
export function findCommand(
  fs: VirtualFs,
  argv: readonly string[],
  { cwd, path }: Surroundings,
): string[] | 'ENOENT' | 'EACCES' {
  const [name = '', ...rest] = argv
  const known = binFolders.test(name) ? name.replace(binFolders, '') : name
  if (machineCommands.includes(known)) return [known, ...rest]
  if (name.includes('/') && !commandNames.includes(known)) {
    return interpret(fs, { path: name.startsWith('/') ? name : `${cwd}/${name}`, name, rest })
  }
  const installed = path.split(':').filter((folder) => folder.startsWith('/') && !binFolders.test(`${folder}/`))
  const files = installed.map((folder) => `${folder}/${name}`).filter((candidate) => isFile(fs, candidate))
  const file = files.find((candidate) => isExecutable(fs, candidate))
  if (file !== undefined) return interpret(fs, { path: file, name: file, rest })
  if (commandNames.includes(known)) return [known, ...rest]
  return files.length > 0 ? 'EACCES' : 'ENOENT'
}

interface NamedFile {
  path: string
  /** As it was typed: what a script finds as `$0`. */
  name: string
  /** The words behind it. */
  rest: string[]
}

function interpret(fs: VirtualFs, { path, name, rest }: NamedFile): string[] | 'ENOENT' | 'EACCES' {
  if (!fs.exists(path)) return 'ENOENT'
  if (!isFile(fs, path) || !isExecutable(fs, path)) return 'EACCES'
  const first = firstLine(fs, path)
  const program = programOf(first)
  if (program !== null) return [program, ...rest]
  const words = /^#!\s*(.*)$/.exec(first)?.[1]?.trim().split(/\s+/)
  // As `execvp` does with what the kernel cannot run.
  if (!words?.[0]) return ['sh', name, ...rest]
  const isEnv = words[0].endsWith('/env')
  const command = isEnv ? words.slice(words[1] === '-S' ? 2 : 1) : words
  return [(command[0] ?? 'sh').replace(/^.*\//, ''), ...command.slice(1), name, ...rest]
}

/** Commands of packages are programs of Node but for the few that are scripts of the shell. */
export function isShellScript(fs: VirtualFs, file: string): boolean {
  return /^#!.*\b(?:ba|da|z|k)?sh\b/.test(firstLine(fs, file))
}

/** Whether the file is a copy of or a link to the machine's `node`. */
export function isNodeAt(fs: VirtualFs, path: string): boolean {
  return isFile(fs, path) && programOf(firstLine(fs, path)) === 'node'
}

function firstLine(fs: VirtualFs, file: string): string {
  return new TextDecoder().decode(fs.readFile(file).subarray(0, 256)).split('\n')[0] ?? ''
}

function isExecutable(fs: VirtualFs, path: string): boolean {
  return (fs.stat(path).mode & 0o111) !== 0
}

function isFile(fs: VirtualFs, path: string): boolean {
  return fs.exists(path) && fs.stat(path).kind === 'file'
}
