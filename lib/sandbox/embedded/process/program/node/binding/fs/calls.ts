import type { FileStat, OpenFlags } from '../../../../host'
import { bufferFrom } from '../buffer'
import { bytesOf, decodeText, encodeText, toEncoding } from '../codec'
import type { BindingContext } from '../context'
import type { Descriptor, Descriptors } from './descriptors'
import { isTooLong } from './path-limits'
import { toStatArray } from './stats'

type Path = string | Uint8Array
type Position = number | bigint | null | undefined
/** A system call: what it is named in errors, how many of its first arguments are paths, what it does. */
export interface Call {
  syscall: string
  paths: 0 | 1 | 2
  run(...values: never[]): unknown
}

const openFlags = {
  writeOnly: 0o1,
  readWrite: 0o2,
  create: 0o100,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2000,
  directory: 0o200000,
  noFollow: 0o400000,
}
const dirent = { file: 1, directory: 2, symlink: 3 } as const
const readBit = 0o400
const writeBit = 0o200

export interface FsCalls {
  calls: Record<string, Call>
  toAbsolute(path: Path): string
  statOf(path: string, follow: boolean): { stat: FileStat; kind: Descriptor['kind'] }
  open(path: Path, flags: number, mode: number): number
}

/** The file system calls that lib/fs.js makes, on the process's files and descriptors. */
export function createFsCalls(context: BindingContext, descriptors: Descriptors): FsCalls {
  const fs = () => context.host.fs
  const fail = (code: string, syscall = '') => context.uvError(code, syscall)
  const umask = () => (context.internalBinding('process_methods').umask as () => number)()
  // Not through `process.cwd`, which keeps its answer and may be the program's own.
  const cwd = () => (context.internalBinding('process_methods').cwd as () => string)()

  function toAbsolute(path: Path): string {
    const text = typeof path === 'string' ? path : decodeText(bytesOf(path), 'utf8')
    if (text.startsWith('/')) return text
    return text === '' ? '' : `${cwd()}/${text}`
  }
  const at = (path: Path) => {
    const absolute = toAbsolute(path)
    if (absolute === '') throw fail('ENOENT')
    if (isTooLong(absolute)) throw fail('ENAMETOOLONG')
    return absolute
  }
  function encodeName(name: string, encoding: unknown): unknown {
    if (encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8') return name
    const bytes = encodeText(name, 'utf8')
    return encoding === 'buffer' ? bufferFrom(context, bytes) : decodeText(bytes, toEncoding(encoding))
  }
  function opened(fd: number): Descriptor {
    const found = descriptors.get(fd)
    if (found === undefined) throw fail('EBADF')
    return found
  }
  function toPosition(position: Position): number | null {
    // `writeSync(fd, text, 'utf8')`: what is no number is no position.
    if (typeof position !== 'number' && typeof position !== 'bigint') return null
    const number = Number(position)
    return number < 0 ? null : number
  }
  function statOf(path: string, follow: boolean) {
    const device = descriptors.device(path)
    if (device !== null) return { stat: device.file.stat(), kind: device.kind }
    return { stat: follow ? fs().stat(path) : fs().lstat(path), kind: 'file' as const }
  }
  function isThere(path: string): boolean {
    return descriptors.device(path) !== null || fs().exists(path)
  }

  function open(path: Path, flags: number, mode: number): number {
    const absolute = at(path)
    const device = descriptors.device(absolute)
    if (device !== null) return descriptors.add(device)
    const wants: OpenFlags = {
      read: (flags & openFlags.writeOnly) === 0,
      write: (flags & (openFlags.writeOnly | openFlags.readWrite)) !== 0,
      append: (flags & openFlags.append) !== 0,
      create: (flags & openFlags.create) !== 0,
      exclusive: (flags & openFlags.exclusive) !== 0,
      truncate: (flags & openFlags.truncate) !== 0,
      follow: (flags & openFlags.noFollow) === 0,
    }
    if (fs().exists(absolute)) {
      const { mode: bits, kind } = fs().stat(absolute)
      const isAllowed = (!wants.read || (bits & readBit) !== 0) && (!wants.write || (bits & writeBit) !== 0)
      if (!isAllowed && !(wants.create && wants.exclusive)) throw fail('EACCES')
      if (kind !== 'directory' && (flags & openFlags.directory) !== 0) throw fail('ENOTDIR')
    }
    return descriptors.add({ kind: 'file', file: fs().open(absolute, wants, mode & ~umask() & 0o7777), flags })
  }

  function writeAll(fd: number, chunks: readonly Uint8Array[], position: Position): number {
    const { file } = opened(fd)
    let start = toPosition(position)
    let written = 0
    for (const chunk of chunks) {
      const count = file.write(chunk, start)
      written += count
      if (start !== null) start += count
    }
    return written
  }

  function rmdir(path: Path) {
    const absolute = at(path)
    const { kind } = fs().lstat(absolute)
    if (kind !== 'directory') throw fail('ENOTDIR')
    if (fs().readdir(absolute).length > 0) throw fail('ENOTEMPTY')
    if (/(^|\/)\.\/*$/.test(absolute)) throw fail('EINVAL')
    fs().rm(absolute, { recursive: true })
  }

  function unlink(path: Path) {
    const absolute = at(path)
    if (fs().lstat(absolute).kind === 'directory') throw fail('EISDIR')
    if (absolute.endsWith('/')) throw fail('ENOTDIR')
    fs().rm(absolute)
  }

  function readdir(path: Path, encoding: unknown, withTypes: boolean) {
    const absolute = at(path)
    const names = fs().readdir(absolute)
    const encoded = names.map((name) => encodeName(name, encoding))
    if (!withTypes) return encoded
    return [encoded, names.map((name) => dirent[fs().lstat(`${absolute}/${name}`).kind])]
  }

  function access(path: Path, mode: number) {
    const { stat } = statOf(at(path), true)
    const wanted = (mode & 7) << 6
    if ((stat.mode & wanted) !== wanted) throw fail('EACCES')
  }

  function copyFile(source: Path, target: Path, mode: number) {
    const [from, to] = [at(source), at(target)]
    const { stat } = statOf(from, true)
    if (stat.kind === 'directory') throw fail('EISDIR')
    const exclusive = 1
    if ((mode & exclusive) !== 0 && isThere(to)) throw fail('EEXIST')
    if (isThere(to) && fs().realpath(to) === fs().realpath(from)) return
    const data = fs().readFile(from)
    if (descriptors.device(to) !== null) return
    const isNew = !fs().exists(to)
    if (!isNew && (fs().stat(to).mode & writeBit) === 0) throw fail('EACCES')
    fs().writeFile(to, data)
    if (isNew) fs().chmod(to, stat.mode)
  }

  function mkdtemp(prefix: Path, encoding: unknown) {
    const text = toAbsolute(prefix)
    for (;;) {
      const suffix = Array.from({ length: 6 }, () => Math.floor(Math.random() * 36).toString(36)).join('')
      if (fs().exists(text + suffix)) continue
      fs().mkdir(text + suffix, { mode: 0o700 })
      return encodeName((typeof prefix === 'string' ? prefix : decodeText(bytesOf(prefix), 'utf8')) + suffix, encoding)
    }
  }

  function statfs(path: Path, isBig: boolean) {
    statOf(at(path), true)
    const fields = [0x01021994, 4096, 262_144, 196_608, 196_608, 65_536, 49_152]
    return isBig ? BigInt64Array.from(fields, BigInt) : Float64Array.from(fields)
  }

  const one = (syscall: string, run: Call['run']): Call => ({ syscall, paths: 1, run })
  const two = (syscall: string, run: Call['run']): Call => ({ syscall, paths: 2, run })
  const none = (syscall: string, run: Call['run']): Call => ({ syscall, paths: 0, run })
  const seconds = (time: number) => Number(time) * 1000

  const calls: Record<string, Call> = {
    access: one('access', access),
    open: one('open', open),
    close: none('close', (fd: number) => {
      if (!descriptors.close(fd)) throw fail('EBADF')
    }),
    read: none('read', (fd: number, target: ArrayBufferView, offset: number, length: number, position: Position) =>
      opened(fd).file.read(bytesOf(target).subarray(offset, offset + length), toPosition(position)),
    ),
    readBuffers: none('read', (fd: number, targets: ArrayBufferView[], position: Position) => {
      const { file } = opened(fd)
      let start = toPosition(position)
      let total = 0
      for (const target of targets) {
        const count = file.read(bytesOf(target), start)
        total += count
        if (start !== null) start += count
        if (count < target.byteLength) break
      }
      return total
    }),
    writeBuffer: none(
      'write',
      (fd: number, data: ArrayBufferView, offset: number, length: number | null, position: Position) =>
        writeAll(fd, [bytesOf(data).subarray(offset, offset + (length ?? data.byteLength - offset))], position),
    ),
    writeBuffers: none('write', (fd: number, chunks: ArrayBufferView[], position: Position) =>
      writeAll(fd, chunks.map(bytesOf), position),
    ),
    writeString: none('write', (fd: number, text: string, position: Position, encoding: unknown) =>
      writeAll(fd, [encodeText(String(text), toEncoding(encoding))], position),
    ),
    rename: two('rename', (from: Path, to: Path) => fs().rename(at(from), at(to))),
    ftruncate: none('ftruncate', (fd: number, size: number) => opened(fd).file.truncate(Number(size ?? 0))),
    rmdir: one('rmdir', rmdir),
    fdatasync: none('fdatasync', (fd: number) => void opened(fd)),
    fsync: none('fsync', (fd: number) => void opened(fd)),
    mkdir: one('mkdir', (path: Path, mode: number, recursive: boolean) => {
      // A folder that is gone is not made anew below the present directory.
      const isRelative = typeof path === 'string' && !path.startsWith('/')
      if (recursive && isRelative && !fs().exists(at('.'))) throw fail('ENOENT')
      const first = fs().mkdir(at(path), { recursive, mode: mode & ~umask() & 0o7777 })
      return recursive ? first : undefined
    }),
    readdir: one('scandir', readdir),
    stat: one('stat', (path: Path, isBig: boolean) => {
      const { stat, kind } = statOf(at(path), true)
      return toStatArray(stat, isBig, kind)
    }),
    lstat: one('lstat', (path: Path, isBig: boolean) => {
      const { stat, kind } = statOf(at(path), false)
      return toStatArray(stat, isBig, kind)
    }),
    fstat: none('fstat', (fd: number, isBig: boolean) => {
      const { file, kind } = opened(fd)
      return toStatArray(file.stat(), isBig, kind)
    }),
    statfs: one('statfs', statfs),
    readlink: one('readlink', (path: Path, encoding: unknown) => encodeName(fs().readlink(at(path)), encoding)),
    symlink: two('symlink', (target: Path, path: Path) =>
      fs().symlink(typeof target === 'string' ? target : decodeText(bytesOf(target), 'utf8'), at(path)),
    ),
    link: two('link', (from: Path, to: Path) => fs().link(at(from), at(to))),
    unlink: one('unlink', unlink),
    chmod: one('chmod', (path: Path, mode: number) => fs().chmod(at(path), mode)),
    fchmod: none('fchmod', (fd: number, mode: number) => opened(fd).file.chmod(mode)),
    chown: one('chown', (path: Path, uid: number, gid: number) => fs().chown(at(path), { uid, gid })),
    lchown: one('lchown', (path: Path, uid: number, gid: number) =>
      fs().chown(at(path), { uid, gid }, { follow: false }),
    ),
    fchown: none('fchown', (fd: number, uid: number, gid: number) => opened(fd).file.chown({ uid, gid })),
    utimes: one('utime', (path: Path, atime: number, mtime: number) =>
      fs().utimes(at(path), seconds(mtime), { atimeMs: seconds(atime) }),
    ),
    lutimes: one('lutime', (path: Path, atime: number, mtime: number) =>
      fs().utimes(at(path), seconds(mtime), { atimeMs: seconds(atime), follow: false }),
    ),
    futimes: none('futime', (fd: number, atime: number, mtime: number) =>
      opened(fd).file.utimes(seconds(atime), seconds(mtime)),
    ),
    mkdtemp: one('mkdtemp', mkdtemp),
    realpath: one('realpath', (path: Path, encoding: unknown) => encodeName(fs().realpath(at(path)), encoding)),
    copyFile: two('copyfile', copyFile),
  }
  return { calls, toAbsolute, statOf, open }
}
