import type { DirectoryNode, FileSystemTree } from '@webcontainer/api'
import { decodeUtf8 } from '@/lib/base'
import type { FileData, FileMap } from '@/lib/workspace'

export function toTree(files: FileMap): FileSystemTree {
  const root: FileSystemTree = {}
  for (const [path, contents] of files) {
    const folders = path.split('/')
    const name = folders.pop() ?? ''
    let folder = root
    for (const part of folders) {
      const existing = folder[part]
      const next: DirectoryNode = existing && 'directory' in existing ? existing : { directory: {} }
      folder[part] = next
      folder = next.directory
    }
    folder[name] = { file: { contents } }
  }
  return root
}

/** Files of a tree by path; links and `node_modules` are left out. */
export function fromTree(tree: FileSystemTree, prefix = ''): Map<string, FileData> {
  const files = new Map<string, FileData>()
  for (const [name, node] of Object.entries(tree)) {
    if (name === 'node_modules') continue
    const path = prefix + name
    if ('directory' in node) for (const [inner, data] of fromTree(node.directory, `${path}/`)) files.set(inner, data)
    else if ('contents' in node.file) files.set(path, toFileData(node.file.contents))
  }
  return files
}

export function toFileData(contents: string | Uint8Array): FileData {
  return typeof contents === 'string' ? contents : (decodeUtf8(contents) ?? contents)
}
