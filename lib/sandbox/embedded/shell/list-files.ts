import type { FileStat, VirtualFs } from '../process/host'
import { type CommandContext, failure, pathFrom, type Result } from './command'

interface Listed extends FileStat {
  /** As it is shown. */
  name: string
  path: string
}

const shortFlags = 'aAlhRrStdFpn1CxG'
const longFlags: Record<string, string> = {
  all: 'a',
  'almost-all': 'A',
  'human-readable': 'h',
  recursive: 'R',
  reverse: 'r',
  directory: 'd',
  classify: 'F',
  'numeric-uid-gid': 'n',
}

/** `ls` as coreutils has it, one name a line: with modes, symbolic links and times, which just-bash's does not tell. */
export function listFiles(fs: VirtualFs, args: readonly string[], context: CommandContext): Result {
  const read = readArguments(args)
  if ('problem' in read) return failure(`ls: ${read.problem}\nTry 'ls --help' for more information.`, 2)
  const { flags, operands } = read
  const listing = createListing(fs, flags)
  const problems: string[] = []
  const files: Listed[] = []
  const folders: Listed[] = []
  for (const name of operands.length > 0 ? operands : ['.']) {
    const entry = statAt(fs, name, pathFrom(context, name), follows(name, flags))
    if (!entry) problems.push(`ls: cannot access '${name}': No such file or directory\n`)
    else if (entry.kind === 'directory' && !flags.has('d')) folders.push(entry)
    else files.push(entry)
  }
  const parts = files.length > 0 ? [listing.lines(listing.sorted(files))] : []
  const hasTitles = operands.length > 1 || flags.has('R')
  for (const folder of listing.sorted(folders)) parts.push(...listing.folder(folder, hasTitles))
  return { stdout: parts.join('\n'), stderr: problems.join(''), exitCode: problems.length > 0 ? 2 : 0 }
}

/** `ls link` shows what a link to a folder leads to, `ls -l link` the link. */
function follows(name: string, flags: ReadonlySet<string>): boolean {
  return name.endsWith('/') || !['l', 'n', 'd', 'F'].some((flag) => flags.has(flag))
}

function readArguments(args: readonly string[]): { flags: Set<string>; operands: string[] } | { problem: string } {
  const flags = new Set<string>()
  const operands: string[] = []
  let isOption = true
  for (const word of args) {
    if (!isOption || !word.startsWith('-') || word === '-') operands.push(word)
    else if (word === '--') isOption = false
    else if (word.startsWith('--')) {
      const name = word.slice(2).replace(/=.*/, '')
      const flag = longFlags[name]
      if (flag) flags.add(flag)
      else if (name !== 'color') return { problem: `unrecognized option '${word}'` }
    } else {
      const unknown = [...word.slice(1)].find((letter) => !shortFlags.includes(letter))
      if (unknown) return { problem: `invalid option -- '${unknown}'` }
      for (const letter of word.slice(1)) flags.add(letter)
    }
  }
  return { flags, operands }
}

/** What stands at the path; a link that leads nowhere stands for itself. Null when there is nothing. */
function statAt(fs: VirtualFs, name: string, path: string, follow: boolean): Listed | null {
  if (follow && fs.exists(path)) return { ...fs.stat(path), name, path }
  const at = path.replace(/\/+$/, '')
  const parent = at.slice(0, at.lastIndexOf('/')) || '/'
  const isThere =
    at === '' ||
    (fs.exists(parent) &&
      fs.stat(parent).kind === 'directory' &&
      fs.readdir(parent).includes(at.slice(at.lastIndexOf('/') + 1)))
  return isThere ? { ...fs.lstat(at || '/'), name, path: at || '/' } : null
}

function createListing(fs: VirtualFs, flags: ReadonlySet<string>) {
  const isLong = flags.has('l') || flags.has('n')
  const size = (bytes: number) => (flags.has('h') ? humanSize(bytes) : String(bytes))

  function sorted(entries: readonly Listed[]): Listed[] {
    const byName = (a: Listed, b: Listed) => (a.name < b.name ? -1 : 1)
    const order = (a: Listed, b: Listed) => {
      if (flags.has('S')) return b.size - a.size || byName(a, b)
      return flags.has('t') ? b.mtimeMs - a.mtimeMs || byName(a, b) : byName(a, b)
    }
    const all = [...entries].sort(order)
    return flags.has('r') ? all.reverse() : all
  }

  function mark({ kind, mode }: FileStat): string {
    if (kind === 'directory') return flags.has('F') || flags.has('p') ? '/' : ''
    if (!flags.has('F')) return ''
    return kind === 'symlink' ? '@' : mode & 0o111 ? '*' : ''
  }

  function lines(entries: readonly Listed[]): string {
    if (!isLong) return entries.map((entry) => `${entry.name}${mark(entry)}\n`).join('')
    const widest = (textOf: (entry: Listed) => string) => Math.max(0, ...entries.map((entry) => textOf(entry).length))
    const linkWidth = widest(({ links }) => String(links))
    const sizeWidth = widest((entry) => size(entry.size))
    const owner = flags.has('n') ? '1000 1000' : 'vitrine vitrine'
    return entries
      .map((entry) => {
        const { links, mtimeMs, name, kind, path } = entry
        const shown = kind === 'symlink' ? `${name} -> ${fs.readlink(path)}` : `${name}${mark(entry)}`
        const columns = [
          modeText(entry),
          String(links).padStart(linkWidth),
          owner,
          size(entry.size).padStart(sizeWidth),
        ]
        return `${[...columns, dateText(mtimeMs), shown].join(' ')}\n`
      })
      .join('')
  }

  function* folder(entry: Listed, hasTitle: boolean): Iterable<string> {
    const names = fs.readdir(entry.path).filter((name) => flags.has('a') || flags.has('A') || !name.startsWith('.'))
    const inside = (name: string) => {
      const path = name === '.' ? entry.path : `${entry.path === '/' ? '' : entry.path}/${name}`
      return { ...(name === '..' ? fs.stat(path) : fs.lstat(path)), name, path }
    }
    const entries = sorted([...(flags.has('a') ? ['.', '..'] : []), ...names].map(inside))
    const kilobytes = entries.reduce((sum, { kind, size: bytes }) => sum + blocksOf(kind, bytes), 0)
    const total = isLong ? `total ${flags.has('h') ? humanSize(kilobytes * 1024) : kilobytes}\n` : ''
    yield `${hasTitle ? `${entry.name}:\n` : ''}${total}${lines(entries)}`
    if (!flags.has('R')) return
    for (const child of entries) {
      if (child.kind !== 'directory' || child.name === '.' || child.name === '..') continue
      yield* folder({ ...child, name: `${entry.name.replace(/\/$/, '')}/${child.name}` }, true)
    }
  }

  return { lines, sorted, folder }
}

/** As a disk in blocks of 4 KB would count; a link lies in its inode. */
function blocksOf(kind: FileStat['kind'], bytes: number): number {
  if (kind === 'directory') return 4
  return kind === 'file' ? Math.ceil(bytes / 4096) * 4 : 0
}

const kinds = { directory: 'd', file: '-', symlink: 'l' }

function modeText({ kind, mode }: FileStat): string {
  const bits = kind === 'symlink' ? 0o777 : mode
  const letters = [...'rwxrwxrwx'].map((letter, index) => (bits & (0o400 >> index) ? letter : '-'))
  return kinds[kind] + letters.join('')
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const halfYearMs = (365.2425 / 2) * 24 * 3600 * 1000

/** The time of day when that says enough, else the year. */
function dateText(mtimeMs: number): string {
  const date = new Date(mtimeMs)
  const age = Date.now() - mtimeMs
  const two = (value: number) => String(value).padStart(2, '0')
  const isRecent = age >= 0 && age < halfYearMs
  const when = isRecent ? `${two(date.getHours())}:${two(date.getMinutes())}` : String(date.getFullYear()).padStart(5)
  return `${months[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${when}`
}

function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes)
  let value = bytes
  let unit = -1
  while (value >= 1024 && unit < 4) {
    value /= 1024
    unit += 1
  }
  const shown = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value))
  return shown + 'KMGTP'[unit]
}
