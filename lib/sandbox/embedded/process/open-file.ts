import {
  contentOf,
  type DirectoryNode,
  type FileNode,
  ownContent,
  resizeFile,
  statOf,
  type TreeNode,
} from './file-tree'
import { fsError } from './fs-error'
import type { OpenFile, OpenFlags } from './host'

interface OpenContext {
  path: string
  flags: OpenFlags
  beforeUse(): void
  /** `mayWait`: more is about to follow, and others need not see the state in between. */
  changed(node: TreeNode, mayWait?: boolean): void
}

/** While it is written, what holds a file holds it several times. */
const maxFileBytes = 768 * 1024 * 1024

/** A file as a descriptor holds it: it lives on when its name is gone. */
export function createOpenFile(
  node: FileNode | DirectoryNode,
  { path, flags, beforeUse, changed }: OpenContext,
): OpenFile {
  let position = 0
  const file = (syscall: string): FileNode => {
    beforeUse()
    if (node.kind === 'directory') throw fsError('EISDIR', syscall)
    return node
  }
  if (node.kind === 'directory' && flags.write) throw fsError('EISDIR', 'open', path)
  if (flags.truncate && node.kind === 'file' && node.size > 0) {
    resizeFile(node, 0)
    touch(node)
    changed(node, true)
  }
  return {
    path,
    read(target, at) {
      if (!flags.read) throw fsError('EBADF', 'read')
      const from = at ?? position
      const { bytes, size } = file('read')
      const length = Math.max(0, Math.min(target.byteLength, size - from))
      target.set(bytes.subarray(from, from + length))
      if (at === null) position += length
      return length
    },
    write(data, at) {
      if (!flags.write) throw fsError('EBADF', 'write')
      const target = file('write')
      const from = flags.append ? target.size : (at ?? position)
      const end = from + data.byteLength
      if (end > maxFileBytes) throw fsError('EFBIG', 'write')
      if (data.byteLength > 0) {
        if (end > target.size) resizeFile(target, end)
        ownContent(target)
        target.bytes.set(data, from)
        touch(target)
        changed(target)
      }
      if (at === null) position = end
      return data.byteLength
    },
    content: () => contentOf(file('read')).slice(),
    truncate(size) {
      if (!flags.write) throw fsError('EINVAL', 'ftruncate')
      if (size > maxFileBytes) throw fsError('EFBIG', 'ftruncate')
      const target = file('ftruncate')
      resizeFile(target, size)
      touch(target)
      changed(target)
    },
    stat() {
      beforeUse()
      return statOf(node)
    },
    utimes(atimeMs, mtimeMs) {
      Object.assign(node, { atimeMs, mtimeMs, ctimeMs: Date.now() })
      changed(node)
    },
    chmod(mode) {
      node.mode = mode & 0o7777
      node.ctimeMs = Date.now()
      changed(node)
    },
    chown({ uid, gid }) {
      if (uid >= 0) node.uid = uid
      if (gid >= 0) node.gid = gid
      node.ctimeMs = Date.now()
    },
  }
}

function touch(node: FileNode) {
  node.mtimeMs = node.ctimeMs = Date.now()
}
