import { encodeUtf8 } from '@/lib/base'
import type { FsError } from '../process/fs-error'
import type { FileStat, VirtualFs } from '../process/host'
import { type ExtraPatterns, readIgnoreRules } from './ignore-rules'
import type { Index, IndexEntry } from './index-file'
import { comparePaths, type FileEntry, type Files, isLink, linkMode, type Repository } from './repository'

/** The tracked files that exist, as they are now; only what may have changed is read and hashed. */
export async function readTracked(repository: Repository, index: Index): Promise<Files> {
  const tracked = new Map<string, FileEntry>()
  for (const path of trackedPaths(index)) {
    const entry = await readFileEntry(repository, path, index)
    if (entry) tracked.set(path, entry)
  }
  return tracked
}

/** The file as it is now; null when there is none. */
export async function readFileEntry(repository: Repository, path: string, index: Index): Promise<FileEntry | null> {
  const { fs, root } = repository
  const full = `${root}/${path}`
  const stat = obstacleAbove(repository, path) === null ? standing(fs, full) : null
  if (!stat || stat.kind === 'directory') return null
  const known = index.entries.get(path)
  const mode = fileMode(stat)
  const isSame = known && known.size === stat.size && known.mtimeMs === Math.floor(stat.mtimeMs)
  if (isSame && known.mtimeMs < Math.floor(index.savedAtMs)) return { oid: known.oid, mode }
  return { oid: await repository.hash(contentAt(fs, full, mode)), mode }
}

/** Stores the file's content and answers its index entry. */
export async function stageFile(repository: Repository, path: string): Promise<IndexEntry> {
  const full = `${repository.root}/${path}`
  const stat = repository.fs.lstat(full)
  const mode = fileMode(stat)
  const oid = await repository.writeBlob(contentAt(repository.fs, full, mode))
  return { oid, mode, size: stat.size, mtimeMs: Math.floor(stat.mtimeMs) }
}

/** Puts a content into the index, whatever the file is; null takes the path out. */
export async function stageResult(
  repository: Repository,
  index: Index,
  path: string,
  result: { content: Uint8Array; mode: number } | null,
): Promise<void> {
  if (result === null) index.entries.delete(path)
  else index.entries.set(path, { ...(await storeResult(repository, result)), size: 0, mtimeMs: 0 })
}

export const storeResult = async (
  repository: Repository,
  { content, mode }: { content: Uint8Array; mode: number },
) => ({
  oid: await repository.writeBlob(content),
  mode,
})

/** Files that git does not know. A repository of its own inside is one entry that ends with a slash. */
export interface Untracked {
  visible: string[]
  /** What rules ignore; only looked for when asked. */
  ignored: string[]
  /** Folders without anything in them, ignored ones left out; they end with a slash. */
  emptyFolders: string[]
}

export function listUntracked(
  repository: Repository,
  index: Index,
  { withIgnored = false, ...patterns }: ExtraPatterns & { withIgnored?: boolean } = {},
): Untracked {
  const { fs, root } = repository
  const rules = readIgnoreRules(repository, patterns)
  const found: Untracked = { visible: [], ignored: [], emptyFolders: [] }
  walk('')
  found.visible.sort(comparePaths)
  found.ignored.sort(comparePaths)
  return found

  function walk(folder: string): void {
    const names = fs.readdir(folder === '' ? root : `${root}/${folder}`)
    if (names.length === 0) found.emptyFolders.push(`${folder}/`)
    for (const name of names) {
      if (name === '.git') continue
      const path = folder === '' ? name : `${folder}/${name}`
      const isFolder = fs.lstat(`${root}/${path}`).kind === 'directory'
      if (!isFolder && (index.entries.has(path) || index.conflicts.has(path))) continue
      const isIgnored = rules.isIgnored(path, isFolder)
      if (isIgnored && !withIgnored) continue
      const isRepository = isFolder && fs.exists(`${root}/${path}/.git/HEAD`)
      if (isFolder && !isRepository) walk(path)
      else found[isIgnored ? 'ignored' : 'visible'].push(isFolder ? `${path}/` : path)
    }
  }
}

/** Files as `git status` shows them: of a folder that holds none of the `others` it is one line. */
export function foldUntracked(paths: readonly string[], others: Iterable<string>): string[] {
  const kept = new Set<string>()
  for (const path of others) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) kept.add(path.slice(0, at))
  }
  const lines = paths.map((path) => {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (!kept.has(path.slice(0, at))) return path.slice(0, at + 1)
    }
    return path
  })
  return [...new Set(lines)]
}

/** All paths of the index, conflicts among them. */
export const trackedPaths = ({ entries, conflicts }: Index) => [...new Set([...entries.keys(), ...conflicts.keys()])]

export async function writeFile(repository: Repository, path: string, entry: FileEntry): Promise<IndexEntry> {
  const { fs, root } = repository
  const full = `${root}/${path}`
  const obstacle = obstacleAbove(repository, path)
  if (obstacle !== null) fs.rm(`${root}/${obstacle}`)
  fs.mkdir(full.slice(0, full.lastIndexOf('/')), { recursive: true })
  const content = await repository.blob(entry.oid)
  const before = standing(fs, full)?.kind
  if (before !== undefined && (before !== 'file' || isLink(entry))) fs.rm(full, { recursive: true })
  if (isLink(entry)) fs.symlink(new TextDecoder().decode(content), full)
  else {
    fs.writeFile(full, content)
    if (fileMode(fs.lstat(full)) !== entry.mode) fs.chmod(full, entry.mode & 0o777)
  }
  const { size, mtimeMs } = fs.lstat(full)
  return { ...entry, size, mtimeMs: Math.floor(mtimeMs) }
}

/** Removes the file, and the folders that it leaves empty. */
export function removeFile(repository: Repository, path: string): void {
  const { fs, root } = repository
  // A folder in its place, or whatever a link above it leads to, is not the file.
  if (obstacleAbove(repository, path) !== null || standing(fs, `${root}/${path}`)?.kind === 'directory') return
  fs.rm(`${root}/${path}`, { force: true })
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const folder = `${root}/${path.slice(0, at)}`
    if (!fs.exists(folder) || fs.readdir(folder).length > 0) return
    fs.rm(folder, { recursive: true })
  }
}

export function indexFiles(index: Index): Files {
  return new Map([...index.entries].map(([path, { oid, mode }]) => [path, { oid, mode }]))
}

/** Makes the index hold these files and no others; what is known of those that stay is kept. */
export function setEntries(index: Index, files: Files): void {
  index.conflicts.clear()
  for (const path of index.entries.keys()) if (!files.has(path)) index.entries.delete(path)
  for (const [path, entry] of files) {
    const known = index.entries.get(path)
    if (known?.oid !== entry.oid || known.mode !== entry.mode)
      index.entries.set(path, { ...entry, size: 0, mtimeMs: 0 })
  }
}

function fileMode({ kind, mode }: FileStat): number {
  if (kind === 'symlink') return linkMode
  return mode & 0o100 ? 0o100755 : 0o100644
}

/** What git stores of the path: of a symbolic link that is its target. */
function contentAt(fs: VirtualFs, path: string, mode: number): Uint8Array {
  return isLink({ mode }) ? encodeUtf8(fs.readlink(path)) : fs.readFile(path)
}

/** What stands where the path needs a folder: a file, or a symbolic link, beyond which nothing is the path's. */
export function obstacleAbove({ fs, root }: Repository, path: string): string | null {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const folder = path.slice(0, at)
    const kind = standing(fs, `${root}/${folder}`)?.kind
    if (kind !== 'directory') return kind === undefined ? null : folder
  }
  return null
}

/** What stands at the very path, a symbolic link too that leads nowhere; null when nothing does. */
export function standing(fs: VirtualFs, path: string): FileStat | null {
  try {
    return fs.lstat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as FsError).code)) return null
    throw error
  }
}
