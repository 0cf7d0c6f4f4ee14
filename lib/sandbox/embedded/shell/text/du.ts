import type { VirtualFs } from '../../process/host'
import { type CommandContext, failure, pathFrom, type Result } from '../command'
import { CommandFailure, readToolOptions } from './tool-options'

/** What a file takes on a disk of Linux: whole blocks, and one for a folder. */
const blockSize = 4096

/** `du`: what folders hold, in kilobytes of disk or, with `-b`, in bytes of content. */
export async function du(fs: VirtualFs, args: string[], context: CommandContext): Promise<Result> {
  try {
    return measure(fs, args, context)
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function measure(fs: VirtualFs, args: string[], context: CommandContext): Result {
  const options = readToolOptions('du', args, {
    flags: {
      '--all': ['-a'],
      '--summarize': ['-s'],
      '--human-readable': ['-h'],
      '--total': ['-c'],
      '--bytes': ['-b'],
      '--apparent-size': [],
      '-k': [],
      '-m': [],
      '-x': ['--one-file-system'],
      '-S': ['--separate-dirs'],
    },
    values: { '--max-depth': ['-d'], '--exclude': [], '--block-size': ['-B'] },
  })
  const isContent = options.has('--bytes') || options.has('--apparent-size')
  const deepest = options.has('--summarize') ? 0 : Number(options.value('--max-depth') ?? Number.POSITIVE_INFINITY)
  if (Number.isNaN(deepest)) throw new CommandFailure(`du: invalid maximum depth ‘${options.value('--max-depth')}’`, 1)
  const unit = unitOf(options.value('--block-size') ?? (options.has('-m') ? 'M' : options.has('--bytes') ? '1' : 'K'))
  const skipped = options.all('--exclude').map(nameTest)
  const names = [...options.words, ...(options.paths ?? [])]
  let [stdout, stderr, sum] = ['', '', 0]
  const show = (bytes: number, name: string) => {
    const size = options.has('--human-readable') ? humanSize(bytes) : String(Math.ceil(bytes / unit))
    stdout += `${size}\t${name}\n`
  }
  /** The size of all below; lines of what is deeper come first. */
  const walk = (path: string, shown: string, depth: number): number => {
    const { kind, size } = fs.lstat(path)
    let total = isContent ? (kind === 'directory' ? blockSize : size) : Math.ceil(size / blockSize) * blockSize
    if (kind === 'directory' && !isContent) total = blockSize
    if (kind === 'symlink' && !isContent) total = 0
    if (kind === 'directory') {
      for (const name of fs.readdir(path).toSorted()) {
        if (skipped.some((isSkipped) => isSkipped(name))) continue
        const inner = walk(`${path === '/' ? '' : path}/${name}`, `${shown === '/' ? '' : shown}/${name}`, depth + 1)
        const isFolder = fs.lstat(`${path === '/' ? '' : path}/${name}`).kind === 'directory'
        if (!(options.has('-S') && isFolder)) total += inner
      }
    }
    if (depth <= deepest && (depth === 0 || kind === 'directory' || options.has('--all'))) show(total, shown)
    return total
  }
  for (const name of names.length > 0 ? names : ['.']) {
    const path = pathFrom(context, name)
    if (!fs.exists(path)) stderr += `du: cannot access '${name}': No such file or directory\n`
    else sum += walk(path, name.replace(/(?<=.)\/+$/, ''), 0)
  }
  if (options.has('--total')) show(sum, 'total')
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 }
}

const units = ['', 'K', 'M', 'G']

function unitOf(word: string): number {
  const [, count = '1', letter = ''] = /^(\d*)([KMG]?)B?$/i.exec(word) ?? []
  return Math.max(1, Number(count || 1)) * 1024 ** units.indexOf(letter.toUpperCase())
}

/** `4.0K`, `12K`, `1.5M`: rounded up, as coreutils do. */
function humanSize(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  if (power === 0) return String(bytes)
  const rounded = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value)
  return rounded < 10 ? `${rounded.toFixed(1)}${units[power]}` : `${Math.ceil(rounded)}${units[power]}`
}

function nameTest(pattern: string): (name: string) => boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${source}$`)
  return (name) => expression.test(name)
}
