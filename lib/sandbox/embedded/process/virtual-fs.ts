import { encodeUtf8 } from '@/lib/base'
import { type FileOp, largeFileBytes } from '../protocol'
import {
  attach,
  contentOf,
  type DirectoryNode,
  detach,
  type FileNode,
  newDirectory,
  newFile,
  newSymlink,
  ownContent,
  pathsOf,
  resizeFile,
  statOf,
  type TreeNode,
  walk,
} from './file-tree'
import { fsError } from './fs-error'
import type { FileChange, FileStat, OpenFile, VirtualFs } from './host'
import { createOpenFile } from './open-file'
import { newPackageDirectory } from './package-files'

export interface MirroredFs extends VirtualFs {
  /** Takes in what others wrote; not announced, but watchers hear of it. */
  applyRemote(ops: Iterable<FileOp>): void
  /** The present state of a path, for announcing it. */
  record(path: string): FileOp
  /** Called before each look at a file. */
  onUse(listener: () => void): void
}

const segmentsOf = (path: string): string[] => {
  const out: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') out.pop()
    else if (segment !== '' && segment !== '.') out.push(segment)
  }
  return out
}

/** A file system in memory. `onChange` is told each path whose state changed, folders' contents one by one. */
export function createVirtualFs(
  records: Iterable<FileOp>,
  onChange: (path: string, byteLength: number, mayWait: boolean) => void = () => undefined,
): MirroredFs {
  const root = newDirectory()
  const watchers = new Set<(change: FileChange) => void>()
  let beforeUse: () => void = () => undefined
  const look = (path: string, follow: boolean) => {
    beforeUse()
    return walk(root, path, follow)
  }

  function notify(path: string, type: FileChange['type']) {
    for (const watcher of [...watchers]) watcher({ path, type })
  }
  function changed(node: TreeNode, type: FileChange['type'] = 'change', mayWait = false) {
    const size = node.kind === 'file' ? node.size : 0
    for (const path of pathsOf(node, root)) {
      onChange(path, size, mayWait)
      notify(path, type)
    }
  }
  function announceTree(path: string, node: TreeNode): void {
    onChange(path, node.kind === 'file' ? node.size : 0, false)
    notify(path, 'rename')
    if (node.kind === 'directory') for (const [name, child] of node.children) announceTree(`${path}/${name}`, child)
  }

  /** What is at `path`, and where; fails as the system call would. */
  function lookUp(path: string, syscall: string, { follow = true, dest }: { follow?: boolean; dest?: string } = {}) {
    const walked = look(path, follow)
    if (!walked.ok) throw fsError(walked.code, syscall, dest === undefined ? path : path, dest)
    return walked
  }
  function existing(path: string, syscall: string, follow = true): TreeNode {
    const { node } = lookUp(path, syscall, { follow })
    if (!node) throw fsError('ENOENT', syscall, path)
    return node
  }
  /** The path of a place without symbolic links. */
  const pathAt = (parent: DirectoryNode, name: string) =>
    parent === root ? `/${name}` : `${pathsOf(parent, root)[0] ?? ''}/${name}`

  /** The folder at `segments`, made with its parents when missing; whatever file stands in the way is replaced. */
  function ensureDirectory(segments: readonly string[]): DirectoryNode {
    let node = root
    for (const segment of segments) {
      const next = node.children.get(segment)
      if (next?.kind === 'directory') node = next
      else {
        const made = newDirectory()
        attach(node, segment, made)
        node = made
      }
    }
    return node
  }

  /** The node at the very place, no links followed: records name places. */
  function placed(segments: readonly string[]): TreeNode | undefined {
    let node: TreeNode | undefined = root
    for (const segment of segments) node = node?.kind === 'directory' ? node.children.get(segment) : undefined
    return node
  }

  function applyOp(op: FileOp): void {
    const segments = segmentsOf(op.path)
    const name = segments.pop()
    if (name === undefined) return
    if (op.kind === 'gone') {
      const parent = placed(segments)
      if (parent?.kind === 'directory') detach(parent, name)
      return
    }
    if (op.kind === 'directory') {
      const node = ensureDirectory([...segments, name])
      Object.assign(node, { mtimeMs: op.mtimeMs, mode: op.mode })
      return
    }
    const parent = ensureDirectory(segments)
    const before = parent.children.get(name)
    if (op.kind === 'package') attach(parent, name, newPackageDirectory(op, before))
    else if (op.kind === 'symlink') attach(parent, name, newSymlink(op.target, op.mtimeMs))
    else if (before?.kind === 'file') {
      // The same file to those who have it open.
      const { data: bytes, mtimeMs, mode } = op
      Object.assign(before, { bytes, size: bytes.byteLength, mtimeMs, ctimeMs: mtimeMs, mode })
    } else attach(parent, name, newFile(op.data, op.mode, op.mtimeMs))
  }

  for (const record of records) applyOp(record)

  function openFile(
    path: string,
    mode: number,
    flags: { create: boolean; exclusive: boolean; follow: boolean },
  ): FileNode | DirectoryNode {
    const { node, parent, name } = lookUp(path, 'open', { follow: flags.follow && !(flags.create && flags.exclusive) })
    if (node) {
      if (flags.create && flags.exclusive) throw fsError('EEXIST', 'open', path)
      if (node.kind === 'symlink') throw fsError('ELOOP', 'open', path)
      return node
    }
    if (!flags.create) throw fsError('ENOENT', 'open', path)
    if (path.endsWith('/')) throw fsError('EISDIR', 'open', path)
    const made = newFile(new Uint8Array(), mode)
    attach(parent, name, made)
    // Opened empty to be written: others need not see it in between.
    changed(made, 'rename', true)
    return made
  }

  function mkdir(
    path: string,
    { recursive = false, mode = 0o755 }: { recursive?: boolean; mode?: number } = {},
  ): string | undefined {
    let first: string | undefined
    const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
    for (let depth = recursive ? 1 : segments.length; depth <= Math.max(1, segments.length); depth++) {
      const at = `/${segments.slice(0, depth).join('/')}`
      const walked = look(at, true)
      if (!walked.ok) throw fsError(walked.code, 'mkdir', path)
      const { node, parent, name } = walked
      if (node?.kind === 'directory' && recursive) continue
      if (node) throw fsError(recursive && depth < segments.length ? 'ENOTDIR' : 'EEXIST', 'mkdir', path)
      const made = newDirectory(mode)
      attach(parent, name, made)
      first ??= at
      changed(made, 'rename')
    }
    return first
  }

  function rename(from: string, to: string): void {
    const fail = (code: Parameters<typeof fsError>[0]) => fsError(code, 'rename', from, to)
    const source = look(from, false)
    if (!source.ok) throw fail(source.code)
    if (!source.node) throw fail('ENOENT')
    const goal = look(to, false)
    if (!goal.ok) throw fail(goal.code)
    const { node } = source
    if (node === goal.node) return
    const [sourcePath, goalPath] = [pathAt(source.parent, source.name), pathAt(goal.parent, goal.name)]
    if (node.kind === 'directory' && `${goalPath}/`.startsWith(`${sourcePath}/`)) throw fail('EINVAL')
    const replaced = goal.node
    if (replaced?.kind === 'directory' && node.kind !== 'directory') throw fail('EISDIR')
    if (replaced?.kind === 'directory' && replaced.children.size > 0) throw fail('ENOTEMPTY')
    if (replaced && replaced.kind !== 'directory' && node.kind === 'directory') throw fail('ENOTDIR')
    detach(source.parent, source.name)
    attach(goal.parent, goal.name, node)
    node.ctimeMs = Date.now()
    announceTree(sourcePath, node)
    announceTree(goalPath, node)
  }

  return {
    applyRemote(ops) {
      for (const op of ops) {
        const before = watchers.size > 0 ? placed(segmentsOf(op.path)) : undefined
        applyOp(op)
        if (watchers.size > 0) notify(op.path, op.kind === 'gone' || before?.kind !== op.kind ? 'rename' : 'change')
      }
    },
    onUse(listener) {
      beforeUse = listener
    },
    record(path) {
      const node = placed(segmentsOf(path))
      if (!node) return { kind: 'gone', path }
      const { mtimeMs, mode } = node
      if (node.kind === 'symlink') return { kind: 'symlink', path, target: node.target, mtimeMs, mode }
      if (node.kind === 'directory') return { kind: 'directory', path, mtimeMs, mode }
      // What is large is given away, so that no third copy is made on its way.
      const isExact = node.bytes.byteLength === node.size && node.bytes.byteLength === node.bytes.buffer.byteLength
      const data = isExact && node.size < largeFileBytes ? node.bytes : contentOf(node).slice()
      return { kind: 'file', path, data, mtimeMs, mode }
    },

    readFile(path) {
      const node = existing(path, 'open')
      if (node.kind !== 'file') throw fsError('EISDIR', 'read')
      return contentOf(node).slice()
    },
    writeFile(path, data, options = {}) {
      const { node, parent, name } = lookUp(path, 'open')
      if (node?.kind === 'directory' || path.endsWith('/')) throw fsError('EISDIR', 'open', path)
      const added = typeof data === 'string' ? encodeUtf8(data) : data
      if (node?.kind !== 'file') {
        const made = newFile(added.slice(), 0o644)
        attach(parent, name, made)
        changed(made, 'rename')
        return
      }
      const start = options.append ? node.size : 0
      if (options.append) {
        resizeFile(node, start + added.byteLength)
        ownContent(node)
        node.bytes.set(added, start)
      } else {
        node.bytes = added.slice()
        node.size = added.byteLength
      }
      node.mtimeMs = node.ctimeMs = Date.now()
      changed(node)
    },
    stat: (path): FileStat => statOf(existing(path, 'stat')),
    lstat: (path): FileStat => statOf(existing(path, 'lstat', false)),
    exists(path) {
      const walked = look(path, true)
      return walked.ok && walked.node !== undefined
    },
    readdir(path) {
      const node = existing(path, 'scandir')
      if (node.kind !== 'directory') throw fsError('ENOTDIR', 'scandir', path)
      return [...node.children.keys()].sort()
    },
    mkdir,
    rm(path, options = {}) {
      const walked = look(path, false)
      if (!walked.ok || !walked.node) {
        if (options.force) return
        throw fsError(walked.ok ? 'ENOENT' : walked.code, 'rm', path)
      }
      const { node, parent, name } = walked
      if (node.kind === 'directory' && !options.recursive) throw fsError('EISDIR', 'rm', path)
      if (node === root) throw fsError('EPERM', 'rm', path)
      const target = pathAt(parent, name)
      detach(parent, name)
      node.ctimeMs = Date.now()
      announceTree(target, node)
    },
    rename,
    utimes(path, mtimeMs, { atimeMs = mtimeMs, follow = true } = {}) {
      const node = existing(path, follow ? 'utime' : 'lutime', follow)
      Object.assign(node, { mtimeMs, atimeMs, ctimeMs: Date.now() })
      changed(node)
    },
    chmod(path, mode) {
      const node = existing(path, 'chmod')
      node.mode = mode & 0o7777
      node.ctimeMs = Date.now()
      changed(node)
    },
    chown(path, owner, { follow = true } = {}) {
      const node = existing(path, follow ? 'chown' : 'lchown', follow)
      if (owner.uid >= 0) node.uid = owner.uid
      if (owner.gid >= 0) node.gid = owner.gid
      node.ctimeMs = Date.now()
    },
    symlink(target, path) {
      const walked = look(path, false)
      if (!walked.ok) throw fsError(walked.code, 'symlink', target, path)
      if (walked.node) throw fsError('EEXIST', 'symlink', target, path)
      const made = newSymlink(target)
      attach(walked.parent, walked.name, made)
      changed(made, 'rename')
    },
    readlink(path) {
      const node = existing(path, 'readlink', false)
      if (node.kind !== 'symlink') throw fsError('EINVAL', 'readlink', path)
      return node.target
    },
    realpath(path) {
      const node = existing(path, 'realpath')
      return node === root ? '/' : (pathsOf(node, root)[0] ?? path)
    },
    link(from, to) {
      const source = look(from, false)
      if (!source.ok || !source.node) throw fsError(source.ok ? 'ENOENT' : source.code, 'link', from, to)
      if (source.node.kind === 'directory') throw fsError('EPERM', 'link', from, to)
      const goal = look(to, false)
      if (!goal.ok) throw fsError(goal.code, 'link', from, to)
      if (goal.node) throw fsError('EEXIST', 'link', from, to)
      attach(goal.parent, goal.name, source.node)
      source.node.ctimeMs = Date.now()
      changed(source.node, 'rename')
    },
    open(path, flags, mode = 0o644): OpenFile {
      const node = openFile(path, mode, flags)
      return createOpenFile(node, {
        path,
        flags,
        beforeUse: () => beforeUse(),
        changed: (file, mayWait) => changed(file, 'change', mayWait),
      })
    },
    watch(listener) {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
  }
}
