import { basename, dirname } from '@/lib/base'

export interface TreeRow {
  path: string
  name: string
  kind: 'file' | 'folder'
  /** 1 for the top level, as `aria-level` counts. */
  level: number
  open: boolean
  /** 1-based place among its siblings. */
  position: number
  siblings: number
}

interface Node {
  path: string
  children: Map<string, Node> | null
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * The visible rows: folders first, then by name as people count. Folders exist through their files; `emptyFolders`
 * are those just made, which have none yet.
 */
export function treeRows(
  paths: Iterable<string>,
  openFolders: ReadonlySet<string>,
  emptyFolders: Iterable<string> = [],
): TreeRow[] {
  const root: Node = { path: '', children: new Map() }
  for (const path of paths) addPath(root, path, false)
  for (const path of emptyFolders) addPath(root, path, true)
  const rows: TreeRow[] = []
  collect(root, 1, openFolders, rows)
  return rows
}

function addPath(root: Node, path: string, isFolder: boolean) {
  const parts = path.split('/')
  let node = root
  for (const [index, part] of parts.entries()) {
    const children: Map<string, Node> = node.children ?? new Map<string, Node>()
    node.children = children
    const known = children.get(part)
    const isLeaf = index === parts.length - 1 && !isFolder
    const child = known ?? {
      path: parts.slice(0, index + 1).join('/'),
      children: isLeaf ? null : new Map<string, Node>(),
    }
    children.set(part, child)
    node = child
  }
}

function collect(node: Node, level: number, openFolders: ReadonlySet<string>, rows: TreeRow[]) {
  const children = [...(node.children?.values() ?? [])].sort(
    (a, b) => Number(a.children === null) - Number(b.children === null) || byName.compare(a.path, b.path),
  )
  for (const [index, child] of children.entries()) {
    const open = child.children !== null && openFolders.has(child.path)
    rows.push({
      path: child.path,
      name: basename(child.path),
      kind: child.children ? 'folder' : 'file',
      level,
      open,
      position: index + 1,
      siblings: children.length,
    })
    if (open) collect(child, level + 1, openFolders, rows)
  }
}

/** The folders that must be open for a path to be seen. */
export function foldersAbove(path: string): string[] {
  const above: string[] = []
  for (let folder = dirname(path); folder !== ''; folder = dirname(folder)) above.push(folder)
  return above
}

/** The next row after `from` whose name begins with `typed`, around the end. */
export function typeAhead(rows: readonly TreeRow[], from: number, typed: string): TreeRow | undefined {
  const wanted = typed.toLowerCase()
  // One letter moves on, more letters may stay where they are.
  const start = typed.length === 1 ? from + 1 : from
  for (let step = 0; step < rows.length; step++) {
    const row = rows[(Math.max(start, 0) + step) % rows.length]
    if (row?.name.toLowerCase().startsWith(wanted)) return row
  }
  return undefined
}
