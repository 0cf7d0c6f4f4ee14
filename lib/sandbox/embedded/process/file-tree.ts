import { fsError } from './fs-error'
import type { FileStat } from './host'

/** Where a node hangs in the tree; a file may hang in several places. */
interface Place {
  parent: DirectoryNode
  name: string
}

interface NodeBase {
  ino: number
  mode: number
  atimeMs: number
  mtimeMs: number
  ctimeMs: number
  birthtimeMs: number
  uid: number
  gid: number
  /** Empty once the last name is gone; open files live on. */
  places: Place[]
}

export interface FileNode extends NodeBase {
  kind: 'file'
  /** At least `size` bytes: it grows in steps, so that many small writes cost no copies of the whole. May be shared. */
  bytes: Uint8Array
  size: number
}
export interface DirectoryNode extends NodeBase {
  kind: 'directory'
  children: Map<string, TreeNode>
}
export interface SymlinkNode extends NodeBase {
  kind: 'symlink'
  target: string
}
export type TreeNode = FileNode | DirectoryNode | SymlinkNode

export type WalkFailure = 'ENOENT' | 'ENOTDIR' | 'ELOOP'
/** What stands at a path: the node if there is one, and where it hangs or would hang. */
export type Walked =
  | { ok: true; node: TreeNode | undefined; parent: DirectoryNode; name: string }
  | { ok: false; code: WalkFailure }

const maxLinks = 40
const maxGrowthBytes = 64 * 1024 * 1024
let lastIno = 1

function newBase(mode: number, mtimeMs = Date.now()): NodeBase {
  const times = { atimeMs: mtimeMs, mtimeMs, ctimeMs: mtimeMs, birthtimeMs: mtimeMs }
  return { ino: ++lastIno, mode, ...times, uid: 1000, gid: 1000, places: [] }
}

export const newFile = (bytes: Uint8Array, mode: number, mtimeMs?: number): FileNode => ({
  ...newBase(mode, mtimeMs),
  kind: 'file',
  bytes,
  size: bytes.byteLength,
})
export const newDirectory = (mode = 0o755, mtimeMs?: number): DirectoryNode => ({
  ...newBase(mode, mtimeMs),
  kind: 'directory',
  children: new Map(),
})
export const newSymlink = (target: string, mtimeMs?: number): SymlinkNode => ({
  ...newBase(0o777, mtimeMs),
  kind: 'symlink',
  target,
})

export function attach(parent: DirectoryNode, name: string, node: TreeNode): void {
  const replaced = parent.children.get(name)
  if (replaced) forgetPlace(replaced, parent, name)
  parent.children.set(name, node)
  node.places.push({ parent, name })
  parent.mtimeMs = parent.ctimeMs = Date.now()
}

export function detach(parent: DirectoryNode, name: string): void {
  const node = parent.children.get(name)
  if (!node) return
  parent.children.delete(name)
  forgetPlace(node, parent, name)
  parent.mtimeMs = parent.ctimeMs = Date.now()
}

function forgetPlace(node: TreeNode, parent: DirectoryNode, name: string): void {
  node.places = node.places.filter((place) => place.parent !== parent || place.name !== name)
}

/** Every path that leads to the node without symbolic links. */
export function pathsOf(node: TreeNode, root: DirectoryNode): string[] {
  return node.places.flatMap(({ parent, name }) => {
    if (parent === root) return [`/${name}`]
    return pathsOf(parent, root).map((folder) => `${folder}/${name}`)
  })
}

/** Follows symbolic links on the way, and at the end when `follow` says so. */
export function walk(root: DirectoryNode, path: string, follow: boolean): Walked {
  const segments = path.split('/')
  let links = 0
  let node: TreeNode = root
  let parent = root
  let name = ''
  while (segments.length > 0) {
    const segment = segments.shift() ?? ''
    if (segment === '' || segment === '.') {
      // A trailing slash asks for a directory.
      if (node.kind === 'file' && segment === '' && segments.length === 0 && path.length > 1) return failure('ENOTDIR')
      continue
    }
    if (node.kind !== 'directory') return failure('ENOTDIR')
    if (segment === '..') {
      node = node.places[0]?.parent ?? root
      parent = node.places[0]?.parent ?? root
      name = node.places[0]?.name ?? ''
      continue
    }
    const next: TreeNode | undefined = node.children.get(segment)
    const isLast = segments.every((rest) => rest === '' || rest === '.')
    if (next === undefined) {
      return isLast ? { ok: true, node: undefined, parent: node, name: segment } : failure('ENOENT')
    }
    if (next.kind === 'symlink' && (!isLast || follow || segments.length > 0)) {
      links += 1
      if (links > maxLinks) return failure('ELOOP')
      segments.unshift(...next.target.split('/'))
      if (next.target.startsWith('/')) node = root
      continue
    }
    parent = node
    name = segment
    node = next
  }
  return { ok: true, node, parent, name }
}

const failure = (code: WalkFailure) => ({ ok: false, code }) as const

export function statOf(node: TreeNode): FileStat {
  const { kind, ino, mode, atimeMs, mtimeMs, ctimeMs, birthtimeMs, uid, gid } = node
  const size = kind === 'file' ? node.size : kind === 'symlink' ? new TextEncoder().encode(node.target).byteLength : 0
  const subfolders =
    kind === 'directory' ? [...node.children.values()].filter((child) => child.kind === 'directory') : []
  const links = kind === 'directory' ? 2 + subfolders.length : node.places.length
  return { kind, size, mtimeMs, mode, ino, links, atimeMs, ctimeMs, birthtimeMs, uid, gid }
}

/** Makes room for `size` bytes; what lies between the old end and the new one is zero. */
export function resizeFile(node: FileNode, size: number): void {
  if (size > node.bytes.byteLength) {
    const more = node.size === 0 ? 0 : Math.min(node.bytes.byteLength / 2, maxGrowthBytes)
    const grown = allocate(Math.max(size, Math.ceil(node.bytes.byteLength + more)))
    grown.set(node.bytes.subarray(0, node.size))
    node.bytes = grown
  } else if (isShared(node)) node.bytes = node.bytes.slice(0, size)
  else if (size < node.size) node.bytes.fill(0, size, node.size)
  node.size = size
}

function allocate(size: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size)
  } catch {
    throw fsError('ENOSPC', 'write')
  }
}

/** Packages and large files lie in memory that all processes share: who writes gets a copy, as that happens in place. */
export function ownContent(node: FileNode): void {
  if (isShared(node)) node.bytes = contentOf(node).slice()
}

const isShared = ({ bytes }: FileNode) => !(bytes.buffer instanceof ArrayBuffer)

export const contentOf = (node: FileNode): Uint8Array => node.bytes.subarray(0, node.size)
