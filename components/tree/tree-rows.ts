import { basename, dirname } from '@/lib/base'
import type { LinkMap } from '@/lib/workspace'

export interface TreeRow {
  path: string
  name: string
  kind: 'file' | 'folder' | 'link'
  /** Of a link: where it leads, as it says itself. */
  target?: string
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

export interface TreeContent {
  paths: Iterable<string>
  links?: LinkMap
  /** Folders just made, which have no files yet. */
  emptyFolders?: Iterable<string>
}

const noLinks: LinkMap = new Map()

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** The visible rows: folders first, then by name as people count. Folders exist through what is in them. */
export function treeRows(
  { paths, links = noLinks, emptyFolders = [] }: TreeContent,
  openFolders: ReadonlySet<string>,
): TreeRow[] {
  const root: Node = { path: '', children: new Map() }
  for (const path of paths) addPath(root, path, false)
  for (const path of links.keys()) addPath(root, path, false)
  for (const path of emptyFolders) addPath(root, path, true)
  const rows: TreeRow[] = []
  collect(root, 1)
  return rows

  function collect(node: Node, level: number) {
    const children = [...(node.children?.values() ?? [])].sort(
      (a, b) => Number(a.children === null) - Number(b.children === null) || byName.compare(a.path, b.path),
    )
    for (const [index, { path, children: inside }] of children.entries()) {
      const open = inside !== null && openFolders.has(path)
      const target = inside === null ? links.get(path) : undefined
      rows.push({
        path,
        name: basename(path),
        kind: inside !== null ? 'folder' : target !== undefined ? 'link' : 'file',
        ...(target !== undefined && { target }),
        level,
        open,
        position: index + 1,
        siblings: children.length,
      })
      if (open) collect({ path, children: inside }, level + 1)
    }
  }
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
