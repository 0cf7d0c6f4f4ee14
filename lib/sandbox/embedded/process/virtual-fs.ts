import { encodeUtf8 } from '@/lib/base'
import type { FileOp, FileRecord, PackageRecord } from '../protocol'
import { fsError } from './fs-error'
import type { FileStat, VirtualFs } from './host'
import { packageFiles } from './package-files'

interface FileNode {
  kind: 'file'
  data: Uint8Array
  mtimeMs: number
  mode: number
}
interface DirectoryNode {
  kind: 'directory'
  children: Map<string, Node>
  mtimeMs: number
  mode: number
}
type Node = FileNode | DirectoryNode

export interface MirroredFs extends VirtualFs {
  /** Takes in what others wrote; not announced. */
  applyRemote(ops: Iterable<FileOp>): void
  /** The present state of a path, for announcing it. */
  record(path: string): FileOp
}

const segmentsOf = (path: string): string[] => {
  const out: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') out.pop()
    else if (segment !== '' && segment !== '.') out.push(segment)
  }
  return out
}
const joinSegments = (segments: readonly string[]) => `/${segments.join('/')}`

/** A file system in memory. `onChange` is told each path whose state changed, folders' contents one by one. */
export function createVirtualFs(
  records: Iterable<FileRecord | PackageRecord>,
  onChange: (path: string) => void = () => undefined,
): MirroredFs {
  const newDirectory = (): DirectoryNode => ({
    kind: 'directory',
    children: new Map(),
    mtimeMs: Date.now(),
    mode: 0o755,
  })
  const root = newDirectory()

  function find(segments: readonly string[]): Node | undefined {
    let node: Node | undefined = root
    for (const segment of segments) {
      if (node?.kind !== 'directory') return undefined
      node = node.children.get(segment)
    }
    return node
  }

  function lookUp(path: string, syscall: string): Node {
    const segments = segmentsOf(path)
    const node = find(segments)
    if (node) return node
    const throughFile = segments.some((_, index) => index > 0 && find(segments.slice(0, index))?.kind === 'file')
    throw fsError(throughFile ? 'ENOTDIR' : 'ENOENT', syscall, path)
  }

  function parentOf(path: string, syscall: string): { parent: DirectoryNode; name: string } {
    const segments = segmentsOf(path)
    const name = segments.pop()
    if (name === undefined) throw fsError('EISDIR', syscall, path)
    const parent = find(segments)
    if (!parent) throw fsError('ENOENT', syscall, path)
    if (parent.kind === 'file') throw fsError('ENOTDIR', syscall, path)
    return { parent, name }
  }

  /** The folder at `segments`, made with its parents when missing; whatever file stands in the way is replaced. */
  function ensureDirectory(segments: readonly string[]): DirectoryNode {
    let node = root
    for (const segment of segments) {
      const next = node.children.get(segment)
      if (next?.kind === 'directory') node = next
      else {
        const made = newDirectory()
        node.children.set(segment, made)
        node = made
      }
    }
    return node
  }

  function applyOp(op: FileOp): void {
    const segments = segmentsOf(op.path)
    const name = segments.pop()
    if (name === undefined) return
    if (op.kind === 'gone') {
      const parent = find(segments)
      if (parent?.kind === 'directory') parent.children.delete(name)
    } else if (op.kind === 'package') {
      const parent = ensureDirectory(segments)
      parent.children.set(name, packageDirectory(op, parent.children.get(name)))
    } else if (op.kind === 'directory') {
      Object.assign(ensureDirectory([...segments, name]), { mtimeMs: op.mtimeMs, mode: op.mode })
    } else {
      const { data, mtimeMs, mode } = op
      ensureDirectory(segments).children.set(name, { kind: 'file', data, mtimeMs, mode })
    }
  }

  function announceTree(path: string, node: Node): void {
    onChange(path)
    if (node.kind === 'directory') for (const [name, child] of node.children) announceTree(`${path}/${name}`, child)
  }

  /** A package's folder, filled when somebody looks into it. What is installed below it (`node_modules`) stays. */
  function packageDirectory(record: PackageRecord, before: Node | undefined): DirectoryNode {
    const nested = before?.kind === 'directory' ? before.children.get('node_modules') : undefined
    let children: Map<string, Node> | null = null
    return {
      ...newDirectory(),
      get children() {
        if (children) return children
        children = new Map(nested && [['node_modules', nested]])
        for (const { path, data, mode } of packageFiles(record)) {
          const segments = path.split('/')
          const name = segments.pop() ?? ''
          const { mtimeMs } = record
          let folder = children
          for (const segment of segments) {
            const known = folder.get(segment)
            const next = known?.kind === 'directory' ? known : newDirectory()
            folder.set(segment, next)
            folder = next.children
          }
          folder.set(name, { kind: 'file', data, mtimeMs, mode })
        }
        return children
      },
    }
  }

  const resolve = (path: string) => joinSegments(segmentsOf(path))
  for (const record of records) applyOp(record)

  return {
    applyRemote(ops) {
      for (const op of ops) applyOp(op)
    },
    record(path) {
      const node = find(segmentsOf(path))
      if (!node) return { kind: 'gone', path }
      const { mtimeMs, mode } = node
      return node.kind === 'file'
        ? { kind: 'file', path, data: node.data, mtimeMs, mode }
        : { kind: 'directory', path, mtimeMs, mode }
    },

    readFile(path) {
      const node = lookUp(path, 'open')
      if (node.kind === 'directory') throw fsError('EISDIR', 'read')
      return node.data.slice()
    },
    writeFile(path, data, options = {}) {
      const { parent, name } = parentOf(path, 'open')
      const before = parent.children.get(name)
      if (before?.kind === 'directory' || path.endsWith('/')) throw fsError('EISDIR', 'open', path)
      const added = typeof data === 'string' ? encodeUtf8(data) : data
      const bytes = options.append && before ? concat(before.data, added) : added.slice()
      parent.children.set(name, { kind: 'file', data: bytes, mtimeMs: Date.now(), mode: before?.mode ?? 0o644 })
      onChange(resolve(path))
    },
    stat(path): FileStat {
      const node = lookUp(path, 'stat')
      const size = node.kind === 'file' ? node.data.byteLength : 0
      return { kind: node.kind, size, mtimeMs: node.mtimeMs, mode: node.mode }
    },
    exists(path) {
      return find(segmentsOf(path)) !== undefined
    },
    readdir(path) {
      const node = lookUp(path, 'scandir')
      if (node.kind === 'file') throw fsError('ENOTDIR', 'scandir', path)
      return [...node.children.keys()].sort()
    },
    mkdir(path, options = {}) {
      const segments = segmentsOf(path)
      for (let depth = options.recursive ? 1 : segments.length; depth <= segments.length; depth++) {
        const at = joinSegments(segments.slice(0, depth))
        const existing = find(segments.slice(0, depth))
        if (existing?.kind === 'directory' && options.recursive) continue
        if (existing) throw fsError(options.recursive && depth < segments.length ? 'ENOTDIR' : 'EEXIST', 'mkdir', path)
        const { parent, name } = parentOf(at, 'mkdir')
        parent.children.set(name, newDirectory())
        onChange(at)
      }
    },
    rm(path, options = {}) {
      const target = resolve(path)
      const node = find(segmentsOf(target))
      if (!node && options.force) return
      if (!node) throw fsError('ENOENT', 'rm', path)
      if (node.kind === 'directory' && !options.recursive) throw fsError('EISDIR', 'rm', path)
      const { parent, name } = parentOf(target, 'rm')
      parent.children.delete(name)
      announceTree(target, node)
    },
    rename(from, to) {
      const [source, target] = [resolve(from), resolve(to)]
      if (!find(segmentsOf(source))) throw fsError('ENOENT', 'rename', from, to)
      if (source === target) return
      if (target.startsWith(`${source}/`)) throw fsError('EINVAL', 'rename', from, to)
      const origin = parentOf(source, 'rename')
      const node = lookUp(source, 'rename')
      const goal = parentOf(target, 'rename')
      const replaced = goal.parent.children.get(goal.name)
      if (replaced?.kind === 'directory' && node.kind === 'file') throw fsError('EISDIR', 'rename', from, to)
      if (replaced?.kind === 'directory' && replaced.children.size > 0) throw fsError('ENOTEMPTY', 'rename', from, to)
      if (replaced?.kind === 'file' && node.kind === 'directory') throw fsError('ENOTDIR', 'rename', from, to)
      origin.parent.children.delete(origin.name)
      goal.parent.children.set(goal.name, node)
      announceTree(source, node)
      announceTree(target, node)
    },
    utimes(path, mtimeMs) {
      lookUp(path, 'utime').mtimeMs = mtimeMs
      onChange(resolve(path))
    },
    chmod(path, mode) {
      lookUp(path, 'chmod').mode = mode & 0o7777
      onChange(resolve(path))
    },
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.byteLength + second.byteLength)
  joined.set(first)
  joined.set(second, first.byteLength)
  return joined
}
