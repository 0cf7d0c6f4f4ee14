import { encodeUtf8 } from '@/lib/base'
import type { FsError } from '../process/fs-error'
import type { FileStat, VirtualFs } from '../process/host'
import { readIgnoreRules } from './ignore-rules'
import type { Index, IndexEntry } from './index-file'
import { comparePaths, type FileEntry, type Files, isLink, linkMode, type Repository } from './repository'

export interface WorkingTree {
  /** The tracked files that exist, as they are now. */
  tracked: Files
  /** Files that git does not know, without ignored ones. */
  untracked: string[]
}

/** Compares the files with the index; only what may have changed is read and hashed. */
export async function readWorkingTree(repository: Repository, index: Index): Promise<WorkingTree> {
  const tracked = new Map<string, FileEntry>()
  for (const path of [...index.entries.keys(), ...index.conflicts.keys()]) {
    const entry = await readFileEntry(repository, path, index)
    if (entry) tracked.set(path, entry)
  }
  return { tracked, untracked: listUntracked(repository, index) }
}

/** The file as it is now; null when there is none. */
export async function readFileEntry(repository: Repository, path: string, index: Index): Promise<FileEntry | null> {
  const { fs, root } = repository
  const full = `${root}/${path}`
  const stat = standing(fs, full)
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

export interface WalkOptions {
  /** Also what rules ignore. */
  withIgnored?: boolean
}

export function listUntracked(
  repository: Repository,
  index: Index,
  { withIgnored = false }: WalkOptions = {},
): string[] {
  const rules = readIgnoreRules(repository)
  const found: string[] = []
  walk('')
  return found.sort(comparePaths)

  function walk(folder: string): void {
    for (const name of repository.fs.readdir(folder === '' ? repository.root : `${repository.root}/${folder}`)) {
      if (name === '.git') continue
      const path = folder === '' ? name : `${folder}/${name}`
      const isFolder = repository.fs.lstat(`${repository.root}/${path}`).kind === 'directory'
      if (!isFolder && (index.entries.has(path) || index.conflicts.has(path))) continue
      if (!withIgnored && rules.isIgnored(path, isFolder)) continue
      if (isFolder) walk(path)
      else found.push(path)
    }
  }
}

/** Untracked files as `git status` shows them: a folder without tracked files is one line. */
export function foldUntracked(untracked: readonly string[], index: Index): string[] {
  const known = new Set<string>()
  for (const path of [...index.entries.keys(), ...index.conflicts.keys()]) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) known.add(path.slice(0, at))
  }
  const lines = untracked.map((path) => {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (!known.has(path.slice(0, at))) return path.slice(0, at + 1)
    }
    return path
  })
  return [...new Set(lines)]
}

export async function writeFile(repository: Repository, path: string, entry: FileEntry): Promise<IndexEntry> {
  const { fs, root } = repository
  const full = `${root}/${path}`
  const folder = full.slice(0, full.lastIndexOf('/'))
  fs.mkdir(folder, { recursive: true })
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
export function removeFile({ fs, root }: Repository, path: string): void {
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

function fileMode({ kind, mode }: FileStat): number {
  if (kind === 'symlink') return linkMode
  return mode & 0o100 ? 0o100755 : 0o100644
}

/** What git stores of the path: of a symbolic link that is its target. */
function contentAt(fs: VirtualFs, path: string, mode: number): Uint8Array {
  return isLink({ mode }) ? encodeUtf8(fs.readlink(path)) : fs.readFile(path)
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
