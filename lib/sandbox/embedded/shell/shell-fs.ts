import type { FileContent, IFileSystem } from 'just-bash/browser'
import { encodeUtf8, fromBase64, fromLatin1, toBase64, toLatin1 } from '@/lib/base'
import { fsError } from '../process/fs-error'
import type { ProcessHost, VirtualFs } from '../process/host'
import { resolve } from '../process/program/builtins/path'
import { liveFiles } from './live-output'

type Encoding = Parameters<IFileSystem['writeFile']>[2]

/** The machine's files as just-bash wants them, and the two files that are the process's output. */
export function createShellFs(fs: VirtualFs, host: Pick<ProcessHost, 'stdout' | 'stderr'>): IFileSystem {
  const streams = new Map<string, (data: Uint8Array) => void>([
    [liveFiles.stdout, host.stdout],
    [liveFiles.stderr, host.stderr],
    ['/dev/null', () => undefined],
    ['/dev/tty', host.stdout],
  ])

  function write(path: string, content: FileContent, encoding: Encoding, append: boolean) {
    const bytes = encode(content, typeof encoding === 'string' ? encoding : encoding?.encoding)
    const stream = streams.get(path)
    if (stream) stream(bytes)
    else fs.writeFile(path, bytes, { append })
  }

  function readBytes(path: string): Uint8Array {
    return streams.has(path) ? new Uint8Array() : fs.readFile(path)
  }

  function stat(path: string, look: 'stat' | 'lstat' = 'stat') {
    const { kind, mode, size, mtimeMs, ino } = streams.has(path)
      ? { kind: 'file', mode: 0o666, size: 0, mtimeMs: 0, ino: 0 }
      : fs[look](path)
    return {
      isFile: kind === 'file',
      isDirectory: kind === 'directory',
      isSymbolicLink: kind === 'symlink',
      mode,
      size,
      mtime: new Date(mtimeMs),
      // By these `cp` and `mv` know whether two names are one file.
      dev: 1,
      ino,
    }
  }

  function copy(source: string, target: string, recursive: boolean) {
    const { kind, mode } = recursive ? fs.lstat(source) : fs.stat(source)
    if (kind === 'symlink') {
      fs.symlink(fs.readlink(source), target)
      return
    }
    if (kind === 'file') {
      const isNew = !fs.exists(target)
      fs.writeFile(target, fs.readFile(source))
      if (isNew) fs.chmod(target, mode)
      return
    }
    if (!recursive) throw fsError('EISDIR', 'cp', source)
    fs.mkdir(target, { recursive: true })
    for (const name of fs.readdir(source)) copy(`${source}/${name}`, `${target}/${name}`, true)
  }

  function* walk(folder: string): Iterable<string> {
    for (const name of fs.readdir(folder || '/')) {
      const path = `${folder}/${name}`
      yield path
      if (fs.lstat(path).kind === 'directory') yield* walk(path)
    }
  }

  return {
    readFile: async (path, options) => {
      const bytes = readBytes(path)
      const encoding = typeof options === 'string' ? options : options?.encoding
      if (encoding === 'binary' || encoding === 'latin1') return toLatin1(bytes)
      if (encoding === 'base64') return toBase64(bytes)
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    },
    readFileBuffer: async (path) => readBytes(path),
    writeFile: async (path, content, encoding) => write(path, content, encoding, false),
    appendFile: async (path, content, encoding) => write(path, content, encoding, true),
    // Where just-bash finds a folder of commands it looks up each there, even those that a script cannot name.
    exists: async (path) => path !== '/usr/bin' && (streams.has(path) || fs.exists(path)),
    stat: async (path) => stat(path),
    lstat: async (path) => stat(path, 'lstat'),
    mkdir: async (path, options) => void fs.mkdir(path, options),
    readdir: async (path) => fs.readdir(path),
    async readdirWithFileTypes(path) {
      return fs.readdir(path).map((name) => ({ name, ...stat(`${path}/${name}`, 'lstat') }))
    },
    async rm(path, options) {
      const isEmptyFolder = fs.exists(path) && fs.lstat(path).kind === 'directory' && fs.readdir(path).length === 0
      fs.rm(path, isEmptyFolder ? { ...options, recursive: true } : options)
    },
    cp: async (source, target, options) => copy(source, target, options?.recursive ?? false),
    mv: async (source, target) => fs.rename(source, target),
    resolvePath: (base, path) => resolve(base, path),
    getAllPaths: () => [...walk('')],
    chmod: async (path, mode) => fs.chmod(path, mode),
    utimes: async (path, _accessed, modified) => fs.utimes(path, modified.getTime()),
    link: async (existing, path) => fs.link(existing, path),
    symlink: async (target, path) => fs.symlink(target, path),
    readlink: async (path) => fs.readlink(path),
    realpath: async (path) => fs.realpath(path),
  }
}

function encode(content: FileContent, encoding: string | undefined): Uint8Array {
  if (typeof content !== 'string') return content
  if (encoding === 'base64') return fromBase64(content)
  // just-bash says “binary” of bytes in a string; text that does not fit into bytes is text all the same.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of bytes is meant
  const isBytes = (encoding === 'binary' || encoding === 'latin1') && /^[\u0000-\u00ff]*$/.test(content)
  return isBytes ? fromLatin1(content) : encodeUtf8(content)
}
