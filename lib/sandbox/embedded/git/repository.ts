import git, { type PromiseFsClient } from 'isomorphic-git'
import { decodeUtf8, encodeUtf8 } from '@/lib/base'
import type { VirtualFs } from '../process/host'
import { fatal } from './failure'
import { createGitFs } from './git-fs'

/** Path in the working tree → what is there. */
export type Files = ReadonlyMap<string, FileEntry>
export interface FileEntry {
  oid: string
  /** `100644`, `100755`, or `120000` for a symbolic link, in octal as a number. */
  mode: number
}

export const linkMode = 0o120000

export function isLink(entry: Pick<FileEntry, 'mode'> | null): boolean {
  return entry?.mode === linkMode
}

export interface Identity {
  name: string
  email: string
  timestamp: number
  /** As isomorphic-git counts: minutes west of Greenwich. */
  timezoneOffset: number
}

export interface Commit {
  oid: string
  tree: string
  parents: string[]
  author: Identity
  committer: Identity
  message: string
}

/** One repository with its working tree: objects, refs and configuration. */
export class Repository {
  readonly root: string
  readonly gitdir: string
  readonly fs: VirtualFs
  readonly #args: { fs: PromiseFsClient; dir: string; gitdir: string; cache: object }
  /** Contents of the working tree that are not objects yet. */
  readonly #loose = new Map<string, Uint8Array>()
  readonly #trees = new Map<string, Files>()

  /** A bare repository, which has no working tree, is its own `gitdir`. */
  constructor(fs: VirtualFs, root: string, gitdir = `${root}/.git`) {
    this.fs = fs
    this.root = root
    this.gitdir = gitdir
    this.#args = { fs: createGitFs(fs), dir: root, gitdir: this.gitdir, cache: {} }
  }

  /** The repository that `cwd` is in. */
  static find(fs: VirtualFs, cwd: string): Repository {
    for (let folder = cwd; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) {
      if (fs.exists(`${folder}/.git/HEAD`)) return new Repository(fs, folder)
      const isBare = fs.exists(`${folder}/HEAD`) && fs.exists(`${folder}/objects`) && fs.exists(`${folder}/refs`)
      if (isBare) return new Repository(fs, folder, folder)
    }
    fatal('not a git repository (or any of the parent directories): .git')
  }

  get isBare(): boolean {
    return this.gitdir === this.root
  }

  /** Makes the repository where there is none. */
  async create({ branch, isBare }: { branch: string; isBare: boolean }): Promise<void> {
    await git.init({ ...this.#args, defaultBranch: branch, bare: isBare })
    // Names differ by case here and links are links, so the folder is to say so where it is taken.
    const logs = isBare ? '' : '\tlogallrefupdates = true\n'
    this.writeText('config', `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${isBare}\n${logs}`)
    this.writeText('info/exclude', '# Patterns here are ignored like those in .gitignore, but are not shared.\n')
  }

  /** Names below a folder of refs, sorted. */
  async refs(folder: string): Promise<string[]> {
    return (await git.listRefs({ ...this.#args, filepath: folder })).sort(comparePaths)
  }

  /** The branches of a remote as they were last seen. */
  async remoteBranches(remote: string): Promise<string[]> {
    return (await git.listBranches({ ...this.#args, remote })).sort(comparePaths)
  }

  // ---- objects ----

  async blob(oid: string): Promise<Uint8Array> {
    return this.#loose.get(oid) ?? (await git.readBlob({ ...this.#args, oid })).blob
  }

  async text(oid: string | null): Promise<string> {
    return oid === null ? '' : (decodeUtf8(await this.blob(oid)) ?? latin1(await this.blob(oid)))
  }

  /** The id that the content would have; it can be read back, but is not stored. */
  async hash(content: Uint8Array): Promise<string> {
    const { oid } = await git.hashBlob({ object: content })
    this.#loose.set(oid, content)
    return oid
  }

  writeBlob(content: Uint8Array): Promise<string> {
    return git.writeBlob({ ...this.#args, blob: content })
  }

  /** Stores a content that was only hashed before. */
  async store(oid: string): Promise<void> {
    const content = this.#loose.get(oid)
    if (content) await this.writeBlob(content)
  }

  async commit(oid: string): Promise<Commit> {
    const { commit } = await git.readCommit({ ...this.#args, oid })
    const { parent, ...rest } = commit
    return { ...rest, oid, parents: parent }
  }

  writeCommit({ parents, ...commit }: Omit<Commit, 'oid'>): Promise<string> {
    return git.writeCommit({ ...this.#args, commit: { ...commit, parent: parents } })
  }

  /** The files of a tree or a commit; none for null. */
  async files(oid: string | null): Promise<Files> {
    if (oid === null) return new Map()
    const known = this.#trees.get(oid)
    if (known) return known
    const files = new Map<string, FileEntry>()
    await this.#collect(oid, '', files)
    const sorted = new Map([...files].sort(([a], [b]) => comparePaths(a, b)))
    this.#trees.set(oid, sorted)
    return sorted
  }

  async #collect(oid: string, prefix: string, into: Map<string, FileEntry>): Promise<void> {
    const { tree } = await git.readTree({ ...this.#args, oid })
    for (const entry of tree) {
      const path = prefix + entry.path
      if (entry.type === 'tree') await this.#collect(entry.oid, `${path}/`, into)
      else into.set(path, { oid: entry.oid, mode: Number.parseInt(entry.mode, 8) })
    }
  }

  /** Writes the trees that hold these files and answers the root's id. */
  async writeTree(files: Iterable<[string, FileEntry]>): Promise<string> {
    const blobs: { path: string; mode: string; oid: string; type: 'blob' }[] = []
    const folders = new Map<string, [string, FileEntry][]>()
    for (const [path, entry] of files) {
      const slash = path.indexOf('/')
      if (slash === -1) blobs.push({ path, mode: entry.mode.toString(8), oid: entry.oid, type: 'blob' })
      else {
        const name = path.slice(0, slash)
        const inner = folders.get(name) ?? []
        inner.push([path.slice(slash + 1), entry])
        folders.set(name, inner)
      }
    }
    const trees: { path: string; mode: string; oid: string; type: 'tree' }[] = []
    for (const [name, inner] of folders) {
      trees.push({ path: name, mode: '040000', oid: await this.writeTree(inner), type: 'tree' })
    }
    return git.writeTree({ ...this.#args, tree: [...blobs, ...trees] })
  }

  async objectType(oid: string): Promise<'blob' | 'tree' | 'commit' | 'tag'> {
    const { type } = await git.readObject({ ...this.#args, oid, format: 'parsed' })
    return type as 'blob' | 'tree' | 'commit' | 'tag'
  }

  readTag(oid: string) {
    return git.readTag({ ...this.#args, oid }).then(({ tag }) => tag)
  }

  writeTag(tag: Parameters<typeof git.writeTag>[0]['tag']): Promise<string> {
    return git.writeTag({ ...this.#args, tag })
  }

  async treeEntries(oid: string) {
    return (await git.readTree({ ...this.#args, oid })).tree
  }

  expand(shortOid: string): Promise<string> {
    return git.expandOid({ ...this.#args, oid: shortOid })
  }

  async mergeBase(a: string, b: string): Promise<string | null> {
    const [base] = await git.findMergeBase({ ...this.#args, oids: [a, b] })
    return typeof base === 'string' ? base : null
  }

  // ---- refs ----

  /** `refs/heads/main`, or null when HEAD is detached. */
  headRef(): string | null {
    const text = this.readText('HEAD') ?? ''
    return text.startsWith('ref: ') ? text.slice(5).trim() : null
  }

  /** The current branch, or null when HEAD is detached. */
  branch(): string | null {
    return this.headRef()?.replace(/^refs\/heads\//, '') ?? null
  }

  /** The commit of HEAD; null before the first. */
  head(): Promise<string | null> {
    return this.ref('HEAD')
  }

  async ref(name: string): Promise<string | null> {
    try {
      return await git.resolveRef({ ...this.#args, ref: name })
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError) return null
      throw error
    }
  }

  writeRef(name: string, oid: string): Promise<void> {
    return git.writeRef({ ...this.#args, ref: name, value: oid, force: true })
  }

  deleteRef(name: string): Promise<void> {
    return git.deleteRef({ ...this.#args, ref: name })
  }

  async branches(): Promise<string[]> {
    return (await git.listBranches(this.#args)).sort(comparePaths)
  }

  async tags(): Promise<string[]> {
    return (await git.listTags(this.#args)).sort(comparePaths)
  }

  /** HEAD on a branch (`refs/heads/x`) or on a commit. */
  setHead(target: string): void {
    this.writeText('HEAD', target.startsWith('refs/') ? `ref: ${target}\n` : `${target}\n`)
  }

  // ---- files of the repository itself ----

  /** A file under `.git`; null when there is none. */
  readText(name: string): string | null {
    const path = `${this.gitdir}/${name}`
    return this.fs.exists(path) ? new TextDecoder().decode(this.fs.readFile(path)) : null
  }

  writeText(name: string, text: string, options: { append?: boolean } = {}): void {
    const path = `${this.gitdir}/${name}`
    this.fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
    this.fs.writeFile(path, encodeUtf8(text), options)
  }

  remove(name: string): void {
    this.fs.rm(`${this.gitdir}/${name}`, { recursive: true, force: true })
  }
}

/** Git sorts paths by their bytes. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8000).includes(0)
}
