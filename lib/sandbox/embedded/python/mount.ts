import type { PyodideAPI } from 'pyodide'
import type { VirtualFs } from '../process/host'

/** What Emscripten's file systems are made of, as far as it is used here. */
interface EmscriptenFs {
  createNode(parent: FsNode | null, name: string, mode: number, device: number): FsNode
  isDir(mode: number): boolean
  isLink(mode: number): boolean
  mount(type: object, options: object, point: string): void
  mkdirTree(path: string): void
  ErrnoError: new (code: number) => Error
}
interface FsNode {
  id: number
  parent: FsNode
  name: string
  mode: number
  node_ops: object
  stream_ops: object
  mount: { opts: { root: string } }
}
interface FsStream {
  node: FsNode
  flags: number
  position: number
}

/** The bytes of a file while somebody has it open. */
interface OpenFile {
  data: Uint8Array
  size: number
  isDirty: boolean
  users: number
}

const codes: Record<string, number> = {
  EPERM: 63,
  ENOENT: 44,
  EEXIST: 20,
  ENOTDIR: 54,
  EISDIR: 31,
  EINVAL: 28,
  ENOTEMPTY: 55,
  ELOOP: 32,
}
const truncates = 0o1000

/**
 * Puts the machine's files into the interpreter, so that both work on the same ones. What a program writes leaves when
 * the file is flushed or closed; `flush` is for those still open at the end.
 */
export function mountFiles(pyodide: PyodideAPI, fs: VirtualFs, points: readonly string[]): { flush(): void } {
  const FS = pyodide.FS as unknown as EmscriptenFs
  const files = new Map<string, OpenFile>()

  const pathOf = (node: FsNode): string => {
    const parts: string[] = []
    let current = node
    while (current.parent !== current) {
      parts.unshift(current.name)
      current = current.parent
    }
    return [current.mount.opts.root, ...parts].join('/')
  }
  const guard = <Value>(work: () => Value): Value => {
    try {
      return work()
    } catch (error) {
      const code = error instanceof Error ? codes[String(Reflect.get(error, 'code'))] : undefined
      throw code === undefined ? error : new FS.ErrnoError(code)
    }
  }
  const save = (path: string, file: OpenFile) => {
    if (!file.isDirty) return
    file.isDirty = false
    fs.writeFile(path, file.data.subarray(0, file.size))
  }
  const types = { directory: 0o040000, file: 0o100000, symlink: 0o120000 }
  /** The interpreter follows links by itself. */
  const modeOf = (path: string) => {
    const { kind, mode } = fs.lstat(path)
    return types[kind] | (mode & 0o777)
  }
  const reserve = (file: OpenFile, size: number) => {
    if (size <= file.data.byteLength) return
    const bigger = new Uint8Array(Math.max(size, file.data.byteLength * 2, 1024))
    bigger.set(file.data.subarray(0, file.size))
    file.data = bigger
  }
  const openFile = (path: string): OpenFile => {
    const known = files.get(path)
    if (known) return known
    const data = fs.readFile(path)
    const file = { data, size: data.byteLength, isDirty: false, users: 0 }
    files.set(path, file)
    return file
  }

  const nodeOps = {
    getattr(node: FsNode) {
      return guard(() => {
        const path = pathOf(node)
        const { size, mtimeMs } = fs.lstat(path)
        const time = new Date(mtimeMs)
        return {
          ...{ dev: 1, ino: node.id, mode: modeOf(path), nlink: 1, uid: 0, gid: 0, rdev: 0 },
          size: files.get(path)?.size ?? size,
          ...{ atime: time, mtime: time, ctime: time, blksize: 4096, blocks: Math.ceil(size / 512) },
        }
      })
    },
    setattr(node: FsNode, attributes: { mode?: number; size?: number; mtime?: number | Date; timestamp?: number }) {
      guard(() => {
        const path = pathOf(node)
        if (attributes.mode !== undefined && !FS.isLink(node.mode)) {
          fs.chmod(path, attributes.mode & 0o777)
          // By which the interpreter answers `os.access`.
          node.mode = modeOf(path)
        }
        if (attributes.size !== undefined) {
          const file = openFile(path)
          reserve(file, attributes.size)
          if (attributes.size > file.size) file.data.fill(0, file.size, attributes.size)
          file.size = attributes.size
          file.isDirty = true
          save(path, file)
          if (file.users === 0) files.delete(path)
        }
        const time = attributes.mtime ?? attributes.timestamp
        if (time !== undefined && time !== null) fs.utimes(path, Number(time), { follow: false })
      })
    },
    lookup: (parent: FsNode, name: string) => guard(() => create(parent, name, modeOf(`${pathOf(parent)}/${name}`))),
    mknod(parent: FsNode, name: string, mode: number) {
      return guard(() => {
        const path = `${pathOf(parent)}/${name}`
        if (FS.isDir(mode)) fs.mkdir(path)
        else fs.writeFile(path, '')
        return create(parent, name, mode)
      })
    },
    rename(node: FsNode, folder: FsNode, name: string) {
      guard(() => {
        const from = pathOf(node)
        for (const [path, file] of files) save(path, file)
        fs.rename(from, `${pathOf(folder)}/${name}`)
        files.delete(from)
        node.name = name
        node.parent = folder
      })
    },
    unlink: (parent: FsNode, name: string) => guard(() => fs.rm(`${pathOf(parent)}/${name}`)),
    rmdir: (parent: FsNode, name: string) =>
      guard(() => {
        const path = `${pathOf(parent)}/${name}`
        if (fs.readdir(path).length > 0) throw new FS.ErrnoError(codes.ENOTEMPTY ?? 55)
        fs.rm(path, { recursive: true })
      }),
    readdir: (node: FsNode) => guard(() => ['.', '..', ...fs.readdir(pathOf(node))]),
    symlink: (parent: FsNode, name: string, target: string) =>
      guard(() => {
        const path = `${pathOf(parent)}/${name}`
        fs.symlink(target, path)
        return create(parent, name, modeOf(path))
      }),
    readlink: (node: FsNode) => guard(() => fs.readlink(pathOf(node))),
  }

  const streamOps = {
    open(stream: FsStream) {
      guard(() => {
        const path = pathOf(stream.node)
        if (fs.stat(path).kind === 'directory') return
        const file = openFile(path)
        file.users += 1
        if (stream.flags & truncates) {
          file.size = 0
          file.isDirty = true
        }
      })
    },
    close(stream: FsStream) {
      const path = pathOf(stream.node)
      const file = files.get(path)
      if (!file) return
      guard(() => save(path, file))
      file.users -= 1
      if (file.users <= 0) files.delete(path)
    },
    fsync(stream: FsStream) {
      const path = pathOf(stream.node)
      const file = files.get(path)
      if (file) save(path, file)
    },
    read(stream: FsStream, buffer: Uint8Array, offset: number, length: number, position: number) {
      const file = files.get(pathOf(stream.node))
      if (!file) throw new FS.ErrnoError(codes.EISDIR ?? 31)
      const count = Math.max(0, Math.min(length, file.size - position))
      buffer.set(file.data.subarray(position, position + count), offset)
      return count
    },
    write(stream: FsStream, buffer: Uint8Array, offset: number, length: number, position: number) {
      const file = files.get(pathOf(stream.node))
      if (!file) throw new FS.ErrnoError(codes.EISDIR ?? 31)
      reserve(file, position + length)
      if (position > file.size) file.data.fill(0, file.size, position)
      file.data.set(buffer.subarray(offset, offset + length), position)
      file.size = Math.max(file.size, position + length)
      file.isDirty = true
      return length
    },
    llseek(stream: FsStream, offset: number, whence: number) {
      const size = files.get(pathOf(stream.node))?.size ?? 0
      const position = whence === 1 ? stream.position + offset : whence === 2 ? size + offset : offset
      if (position < 0) throw new FS.ErrnoError(codes.EINVAL ?? 28)
      return position
    },
  }

  function create(parent: FsNode | null, name: string, mode: number): FsNode {
    const node = FS.createNode(parent, name, mode, 0)
    node.node_ops = nodeOps
    node.stream_ops = streamOps
    return node
  }

  const type = { mount: () => create(null, '/', 0o040755), node_ops: nodeOps, stream_ops: streamOps }
  for (const point of points) {
    fs.mkdir(point, { recursive: true })
    FS.mkdirTree(point)
    FS.mount(type, { root: point }, point)
  }
  return {
    flush() {
      for (const [path, file] of files) save(path, file)
    },
  }
}
