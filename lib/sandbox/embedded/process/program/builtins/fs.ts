import type { FileStat, VirtualFs } from '../../host'
import { Buffer } from './buffer'
import { resolve } from './path'

type PathLike = string | URL | Uint8Array
type WriteData = string | ArrayBufferView
type Encoded = string | { encoding?: string | null; flag?: string } | null | undefined

export interface FsContext {
  fs: VirtualFs
  /** Counts asynchronous calls as pending work until their callbacks have run. */
  hold(): () => void
}

const constants = { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 }

function toPath(path: PathLike): string {
  if (typeof path === 'string') return resolve(path)
  if (path instanceof URL) return decodeURIComponent(path.pathname)
  if (path instanceof Uint8Array) return resolve(new TextDecoder().decode(path))
  const message = `The "path" argument must be of type string or an instance of Buffer or URL. Received ${path === undefined ? 'undefined' : typeof path}`
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
}

const encodingOf = (options: Encoded) => (typeof options === 'string' ? options : options?.encoding)

function toBytes(data: WriteData, options: Encoded): Uint8Array | string {
  if (typeof data === 'string') return encodingOf(options) == null ? data : Buffer.from(data, encodingOf(options))
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const message = 'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.'
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
}

export class Stats {
  readonly size: number
  readonly mode: number
  readonly mtimeMs: number
  readonly #kind: FileStat['kind']

  constructor(stat: FileStat) {
    this.size = stat.size
    this.mode = (stat.kind === 'file' ? 0o100000 : 0o040000) | (stat.mode & 0o7777)
    this.mtimeMs = stat.mtimeMs
    this.#kind = stat.kind
  }
  get mtime() {
    return new Date(this.mtimeMs)
  }
  isFile() {
    return this.#kind === 'file'
  }
  isDirectory() {
    return this.#kind === 'directory'
  }
  isSymbolicLink() {
    return false
  }
}

export class Dirent {
  readonly name: string
  readonly parentPath: string
  readonly #isFile: boolean

  constructor(name: string, parentPath: string, isFile: boolean) {
    this.name = name
    this.parentPath = parentPath
    this.#isFile = isFile
  }
  isFile() {
    return this.#isFile
  }
  isDirectory() {
    return !this.#isFile
  }
  isSymbolicLink() {
    return false
  }
}

/** The synchronous calls; the other two faces are made from them. */
function createSync(fs: VirtualFs) {
  function readdir(path: PathLike, options?: { withFileTypes?: boolean; recursive?: boolean } | string | null) {
    const root = toPath(path)
    const wanted = typeof options === 'object' && options !== null ? options : {}
    const list = (folder: string, prefix: string): (string | Dirent)[] =>
      fs.readdir(folder).flatMap((name) => {
        const full = `${folder === '/' ? '' : folder}/${name}`
        const isFile = fs.stat(full).kind === 'file'
        const entry = wanted.withFileTypes === true ? new Dirent(name, folder, isFile) : prefix + name
        return wanted.recursive === true && !isFile ? [entry, ...list(full, `${prefix}${name}/`)] : [entry]
      })
    return list(root, '')
  }
  return {
    readFile(path: PathLike, options?: Encoded) {
      const bytes = Buffer.from(fs.readFile(toPath(path)))
      const encoding = encodingOf(options)
      return encoding == null ? bytes : bytes.toString(encoding)
    },
    writeFile(path: PathLike, data: WriteData, options?: Encoded) {
      const append = typeof options === 'object' && options?.flag?.startsWith('a') === true
      fs.writeFile(toPath(path), toBytes(data, options), { append })
    },
    appendFile: (path: PathLike, data: WriteData, options?: Encoded) =>
      fs.writeFile(toPath(path), toBytes(data, options), { append: true }),
    stat(path: PathLike, options?: { throwIfNoEntry?: boolean }) {
      const full = toPath(path)
      return options?.throwIfNoEntry === false && !fs.exists(full) ? undefined : new Stats(fs.stat(full))
    },
    readdir,
    mkdir(path: PathLike, options?: { recursive?: boolean } | number) {
      fs.mkdir(toPath(path), typeof options === 'object' ? options : {})
    },
    rm: (path: PathLike, options?: { recursive?: boolean; force?: boolean }) => fs.rm(toPath(path), options),
    rmdir(path: PathLike, options?: { recursive?: boolean }) {
      const full = toPath(path)
      if (options?.recursive !== true && fs.readdir(full).length > 0) {
        const message = `ENOTEMPTY: directory not empty, rmdir '${full}'`
        throw Object.assign(new Error(message), { errno: -39, code: 'ENOTEMPTY', syscall: 'rmdir', path: full })
      }
      fs.rm(full, { recursive: true })
    },
    unlink: (path: PathLike) => fs.rm(toPath(path)),
    rename: (from: PathLike, to: PathLike) => fs.rename(toPath(from), toPath(to)),
    copyFile: (from: PathLike, to: PathLike) => fs.writeFile(toPath(to), fs.readFile(toPath(from))),
    access: (path: PathLike) => void fs.stat(toPath(path)),
    utimes: (path: PathLike, _atime: unknown, mtime: number | Date) =>
      fs.utimes(toPath(path), mtime instanceof Date ? mtime.getTime() : Number(mtime) * 1000),
    chmod: (path: PathLike, mode: number) => fs.chmod(toPath(path), mode),
    realpath(path: PathLike) {
      const full = toPath(path)
      fs.stat(full)
      return full
    },
    mkdtemp(prefix: string) {
      const path = toPath(prefix + Math.random().toString(36).slice(2, 8).padEnd(6, '0'))
      fs.mkdir(path, { recursive: true })
      return path
    },
  }
}

type AnyCall = (...values: never[]) => unknown

/** `node:fs`: synchronous, promise and callback faces of the same calls. */
export function createFsModule({ fs, hold }: FsContext): Record<string, unknown> {
  const sync = createSync(fs)
  const calls: Record<string, AnyCall> = { ...sync, lstat: sync.stat }
  const promises: Record<string, unknown> = { constants }
  const module: Record<string, unknown> = {
    ...constants,
    constants,
    promises,
    Stats,
    Dirent,
    existsSync(path: PathLike) {
      return typeof path === 'string' || path instanceof URL || path instanceof Uint8Array
        ? fs.exists(toPath(path))
        : false
    },
  }
  for (const [name, call] of Object.entries(calls)) {
    const run = call as (...values: unknown[]) => unknown
    module[`${name}Sync`] = run
    promises[name] = async (...values: unknown[]) => {
      const release = hold()
      try {
        // One turn later, as real I/O would answer.
        await Promise.resolve()
        return run(...values)
      } finally {
        release()
      }
    }
    module[name] = (...values: unknown[]) => {
      const callback = values.pop()
      if (typeof callback !== 'function') {
        const message = 'The "cb" argument must be of type function.'
        throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
      }
      const release = hold()
      setTimeout(() => {
        release()
        let result: unknown
        try {
          result = run(...values)
        } catch (error) {
          callback(error)
          return
        }
        callback(null, result)
      }, 0)
    }
  }
  return module
}
