import { gzip, ungzip } from 'pako'
import { joinBytes } from '@/lib/base'
import { readTarEntries, type TarEntry, TarError, tarTypes, writeTar } from '../tar'
import {
  bytesResult,
  type CommandContext,
  type Commands,
  failure,
  inputOf,
  pathFrom,
  type Result,
  success,
} from './command'
import { readZip, writeZip, type ZipEntry } from './zip-file'

/** `tar`, `zip`, `unzip`; gzip and gunzip are just-bash's own. */
export function createArchiveCommands(): Commands {
  return { tar, zip, unzip }
}

interface Found {
  /** As named on the command line or in the archive, without a leading slash. */
  name: string
  isFolder: boolean
  data: Uint8Array
  /** Whereto a symbolic link leads, where links are kept. */
  target: string | null
  mode: number
  mtime: Date
}

async function tar(args: string[], context: CommandContext): Promise<Result> {
  const [first = '', ...others] = args
  const words = /^[a-zA-Z]+$/.test(first) ? [`-${first}`, ...others] : args
  const options = { mode: '', file: '-', folder: context.cwd, isVerbose: false, isZipped: false, strip: 0 }
  const names: string[] = []
  const excluded: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(word)
    if (long) {
      const [, name = '', value] = long
      if (name === 'exclude') excluded.push(value ?? words[++i] ?? '')
      else if (name === 'strip-components') options.strip = Number(value ?? words[++i])
      else if (name === 'file') options.file = value ?? words[++i] ?? '-'
      else if (name === 'directory') options.folder = pathFrom(context, value ?? words[++i] ?? '.')
      else if (name === 'create' || name === 'extract' || name === 'list')
        options.mode = name === 'list' ? 't' : name[0] === 'e' ? 'x' : 'c'
      else if (name === 'gzip') options.isZipped = true
      else if (name === 'verbose') options.isVerbose = true
      else return failure(`tar: unrecognized option '${word}'`, 2)
    } else if (word.startsWith('-') && word !== '-') {
      for (const letter of word.slice(1)) {
        if ('cxt'.includes(letter)) options.mode = letter
        else if (letter === 'z') options.isZipped = true
        else if (letter === 'v') options.isVerbose = true
        else if (letter === 'f') options.file = words[++i] ?? '-'
        else if (letter === 'C') options.folder = pathFrom(context, words[++i] ?? '.')
        else if (letter === 'j' || letter === 'J') return failure('tar: only gzip compression is available here (z)', 2)
        else if (!'paokm'.includes(letter)) return failure(`tar: invalid option -- '${letter}'`, 2)
      }
    } else names.push(word)
  }
  if (options.mode === '') return failure("tar: You must specify one of the '-ctx' options", 2)
  if (options.mode === 'c') return createTarFile(context, { ...options, names, excluded })
  return readTarFile(context, { ...options, names })
}

interface TarOptions {
  mode: string
  file: string
  folder: string
  isVerbose: boolean
  isZipped: boolean
  strip: number
  names: string[]
}

async function createTarFile(context: CommandContext, options: TarOptions & { excluded: string[] }): Promise<Result> {
  if (options.names.length === 0) return failure('tar: Cowardly refusing to create an empty archive', 2)
  const found: Found[] = []
  for (const name of options.names) {
    const path = context.fs.resolvePath(options.folder, name)
    if (!(await context.fs.exists(path))) return failure(`tar: ${name}: Cannot stat: No such file or directory`, 2)
    const isWanted = (entry: string) =>
      !options.excluded.some((pattern) => entry.split('/').includes(pattern) || entry === pattern)
    const clean = name.replace(/^\/+|\/+$/g, '') || '.'
    await collect(context, { path, name: clean, isWanted, keepsLinks: true }, found)
  }
  const bytes = writeTar(found.map(toTarEntry))
  const isZipped = options.isZipped || /\.t?gz$/.test(options.file)
  const archive = isZipped ? gzip(bytes) : bytes
  const listing = found.map(({ name, isFolder }) => `${name}${isFolder ? '/' : ''}\n`).join('')
  if (options.file === '-') return bytesResult(archive)
  await context.fs.writeFile(pathFrom(context, options.file), archive)
  return success(options.isVerbose ? listing : '')
}

function toTarEntry({ name, isFolder, data, target, mode, mtime }: Found): TarEntry {
  return {
    name: isFolder ? `${name}/` : name,
    type: isFolder ? tarTypes.folder : target === null ? tarTypes.file : tarTypes.symbolicLink,
    mode: mode & 0o777,
    mtimeSeconds: Math.floor(mtime.getTime() / 1000),
    data,
    target: target ?? '',
  }
}

async function readTarFile(context: CommandContext, options: TarOptions): Promise<Result> {
  const path = pathFrom(context, options.file)
  if (options.file !== '-' && !(await context.fs.exists(path))) {
    return failure(`tar: ${options.file}: Cannot open: No such file or directory`, 2)
  }
  const raw = options.file === '-' ? inputOf(context) : await context.fs.readFileBuffer(path)
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? ungzip(raw) : raw
  const isNamed = (entry: string) =>
    options.names.length === 0 ||
    options.names.some((name) => entry === name || entry.startsWith(`${name.replace(/\/$/, '')}/`))
  let entries: TarEntry[]
  try {
    entries = [...readTarEntries(bytes)].filter(({ name }) => isNamed(name))
  } catch (error) {
    if (!(error instanceof TarError)) throw error
    return failure(`tar: ${error.message}`, 2)
  }
  // Links come last, so that nothing is written through one.
  const isLink = ({ type }: TarEntry) => type === tarTypes.symbolicLink
  const ordered = [...entries.filter((entry) => !isLink(entry)), ...entries.filter(isLink)]
  if (options.mode === 'x') for (const entry of ordered) await extract(context, entry, options)
  const listing = entries.map(({ name }) => `${name}\n`).join('')
  return success(options.mode === 't' || options.isVerbose ? listing : '')
}

async function extract(context: CommandContext, entry: TarEntry, { folder, strip }: TarOptions): Promise<void> {
  const { fs } = context
  const { type, mode } = entry
  const pathOf = (name: string) => {
    const safe = safeName(name.split('/').slice(strip).join('/'))
    return safe === '' ? null : fs.resolvePath(folder, safe)
  }
  const path = pathOf(entry.name)
  if (path === null) return
  if (type === tarTypes.folder || entry.name.endsWith('/')) await place(context, path, null)
  else if (type === tarTypes.symbolicLink) {
    await place(context, path.slice(0, path.lastIndexOf('/')) || '/', null)
    await fs.rm(path, { force: true })
    await fs.symlink(entry.target, path)
  } else if (type === tarTypes.hardLink) {
    const original = pathOf(entry.target)
    if (original !== null && (await fs.exists(original))) await place(context, path, await fs.readFileBuffer(original))
  } else if (type === tarTypes.file) {
    await place(context, path, entry.data)
    if (mode) await fs.chmod(path, mode & 0o777)
  }
}

/** No absolute paths and no way up: an archive writes below the folder that it is unpacked in. */
function safeName(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
}

async function place(context: CommandContext, target: string, data: Uint8Array | null): Promise<void> {
  const folder = data ? target.slice(0, target.lastIndexOf('/')) || '/' : target
  await context.fs.mkdir(folder, { recursive: true })
  if (data) await context.fs.writeFile(target, data)
}

interface Collect {
  path: string
  name: string
  isWanted(name: string): boolean
  /** Else a link stands for what it leads to. */
  keepsLinks: boolean
}

async function collect(context: CommandContext, from: Collect, into: Found[]): Promise<void> {
  const { path, name, isWanted, keepsLinks } = from
  if (!isWanted(name)) return
  const { fs } = context
  const { isDirectory, isFile, mode, mtime } = keepsLinks ? await fs.lstat(path) : await fs.stat(path)
  const target = isDirectory || isFile ? null : await fs.readlink(path)
  const data = isFile ? await fs.readFileBuffer(path) : new Uint8Array()
  if (name !== '.') into.push({ name, isFolder: isDirectory, data, target, mode, mtime })
  if (!isDirectory) return
  for (const child of await fs.readdir(path)) {
    await collect(context, { ...from, path: `${path}/${child}`, name: name === '.' ? child : `${name}/${child}` }, into)
  }
}

async function zip(args: string[], context: CommandContext): Promise<Result> {
  const [archive, ...names] = args.filter((word) => !word.startsWith('-'))
  if (archive === undefined || names.length === 0) return failure('usage: zip [-r] <archive.zip> <files>')
  const isDeep = args.some((word) => /^-[a-z]*r/.test(word))
  const found: Found[] = []
  for (const name of names) {
    const path = pathFrom(context, name)
    if (!(await context.fs.exists(path))) return failure(`zip error: Nothing to do! (${name} does not exist)`, 12)
    const clean = name.replace(/\/+$/, '')
    await collect(
      context,
      { path, name: clean, isWanted: (entry) => isDeep || entry === clean, keepsLinks: false },
      found,
    )
  }
  const entries: ZipEntry[] = found.map(({ name, isFolder, data, mode }) => ({
    ...{ name: isFolder ? `${name}/` : name, data },
    mode: mode & 0o777,
  }))
  const target = pathFrom(context, archive.endsWith('.zip') ? archive : `${archive}.zip`)
  await context.fs.writeFile(target, writeZip(entries))
  return success(
    args.some((word) => /^-[a-z]*q/.test(word)) ? '' : entries.map(({ name }) => `  adding: ${name}\n`).join(''),
  )
}

async function unzip(args: string[], context: CommandContext): Promise<Result> {
  const at = args.indexOf('-d')
  const folder = at === -1 ? context.cwd : pathFrom(context, args[at + 1] ?? '.')
  const words = args.filter((word, index) => !word.startsWith('-') && !(at !== -1 && index === at + 1))
  const flags = args.filter((word) => /^-[a-zA-Z1]+$/.test(word) && word !== '-d').join('')
  const unknown = flags.replaceAll(/[-lvopqnjZ1]/g, '')[0]
  const usage = 'usage: unzip [-l] [-p] [-Z1] [-o | -n] [-j] [-q] <archive.zip> [files] [-d <folder>]'
  if (unknown !== undefined) return failure(`unzip: -${unknown} is not available here\n${usage}`, 10)
  const [archive, ...names] = words
  if (archive === undefined) return failure(usage, 10)
  const path = pathFrom(context, archive)
  if (!(await context.fs.exists(path))) return failure(`unzip:  cannot find or open ${archive}`, 9)
  const entries = readZip(await context.fs.readFileBuffer(path))
  if (entries === null) return failure(`unzip: ${archive} is not a ZIP archive`, 9)
  const patterns = names.map(
    (name) =>
      new RegExp(
        `^${name
          .replaceAll(/[.+^${}()|\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
        's',
      ),
  )
  const chosen = entries.filter(({ name }) => names.length === 0 || patterns.some((pattern) => pattern.test(name)))
  if (names.length > 0 && chosen.length === 0) return failure(`caution: filename not matched:  ${names.join(' ')}`, 11)
  if (flags.includes('Z') || flags.includes('1')) return success(chosen.map(({ name }) => `${name}\n`).join(''))
  if (flags.includes('p')) return bytesResult(joinBytes(chosen.map(({ data }) => data)))
  if (/[lv]/.test(flags)) {
    const rows = chosen.map(({ name, data }) => `${String(data.byteLength).padStart(9)}  ${name}\n`)
    return success(`   Length  Name\n${rows.join('')}`)
  }
  let listing = `Archive:  ${archive}\n`
  for (const { name, data, mode } of chosen) {
    const isFolder = name.endsWith('/')
    if (isFolder && flags.includes('j')) continue
    const target = context.fs.resolvePath(folder, flags.includes('j') ? name.replace(/^.*\//, '') : safeName(name))
    if (flags.includes('n') && !isFolder && (await context.fs.exists(target))) continue
    await place(context, target, isFolder ? null : data)
    if (mode && !isFolder) await context.fs.chmod(target, mode)
    listing += isFolder ? `   creating: ${name}\n` : `  inflating: ${name}\n`
  }
  return success(flags.includes('q') ? '' : listing)
}
