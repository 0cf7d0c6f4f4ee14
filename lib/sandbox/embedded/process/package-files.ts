import type { PackageRecord } from '../protocol'
import { attach, type DirectoryNode, detach, newDirectory, newFile, type TreeNode } from './file-tree'

/** The files of an installed package; their bytes are views of its one block of memory. */
export function* packageFiles({ index, data }: PackageRecord): Iterable<{
  /** Relative to the package. */
  path: string
  data: Uint8Array
  mode: number
}> {
  for (const line of index.split('\n')) {
    const [, offset = '0', size = '0', mode, path = ''] = /^(\d+) (\d+) ([x-]) (.+)$/.exec(line) ?? []
    if (path === '') continue
    const start = Number(offset)
    yield { path, data: data.subarray(start, start + Number(size)), mode: mode === 'x' ? 0o755 : 0o644 }
  }
}

/** A package's folder, filled when somebody looks into it. What is installed below it (`node_modules`) stays. */
export function newPackageDirectory(record: PackageRecord, before: TreeNode | undefined): DirectoryNode {
  const nested = before?.kind === 'directory' ? before.children.get('node_modules') : undefined
  if (before?.kind === 'directory') detach(before, 'node_modules')
  const folder = newDirectory(0o755, record.mtimeMs)
  Object.defineProperty(folder, 'children', {
    configurable: true,
    enumerable: true,
    get() {
      Object.defineProperty(folder, 'children', { value: new Map(), writable: true, enumerable: true })
      fill(folder, record)
      if (nested) attach(folder, 'node_modules', nested)
      folder.mtimeMs = folder.ctimeMs = record.mtimeMs
      return folder.children
    },
  })
  return folder
}

function fill(root: DirectoryNode, record: PackageRecord): void {
  for (const { path, data, mode } of packageFiles(record)) {
    const segments = path.split('/')
    const name = segments.pop() ?? ''
    let folder = root
    for (const segment of segments) {
      const next = folder.children.get(segment)
      if (next?.kind === 'directory') folder = next
      else {
        const made = newDirectory(0o755, record.mtimeMs)
        attach(folder, segment, made)
        folder = made
      }
    }
    attach(folder, name, newFile(data, mode, record.mtimeMs))
  }
}
