import { splitQuery, urlOfFile } from '../paths'
import type { GlobUse } from '../transform/globs'

/** A place in a module's code that names another module. */
export interface ImportSite {
  start: number
  end: number
  /** `app`: by its address; `dependency`: by its specifier. */
  target: { kind: 'app'; url: string } | { kind: 'dependency'; specifier: string } | { kind: 'as-is'; text: string }
}

export interface TransformedModule {
  code: string
  sites: ImportSite[]
  /** It has an `import.meta.hot`. */
  isHot: boolean
  acceptsSelf: boolean
  accepted: ReadonlySet<string>
  /** Files whose change makes it another. */
  files: readonly string[]
  stamp: string
  globs: readonly GlobUse[]
}

/** A module of the app as the page knows it. */
export interface ModuleNode {
  /** With its query, without a time. */
  url: string
  file: string
  query: string
  importers: Set<ModuleNode>
  /** The time when it last changed, or took part in a change of what it imports; 0 before the first. */
  changedAt: number
  transformed: TransformedModule | null
}

export interface ModuleGraph {
  ofFile(file: string, query?: string): ModuleNode
  ofUrl(url: string): ModuleNode | undefined
  /** Modules that a file is part of. */
  usersOf(file: string): ModuleNode[]
  all(): Iterable<ModuleNode>
  /** The time of a change; no two have the same, as addresses of modules differ by it. */
  now(): number
  /** Says what a module imports now; answers what nobody imports any more. */
  link(node: ModuleNode, transformed: TransformedModule): ModuleNode[]
}

export function createModuleGraph(root: string): ModuleGraph {
  const nodes = new Map<string, ModuleNode>()
  let lastTime = 0
  const graph: ModuleGraph = {
    ofFile(file, query = '') {
      const url = urlOfFile(root, file) + query
      const known = nodes.get(url)
      if (known) return known
      const made = { url, file, query, importers: new Set<ModuleNode>(), changedAt: 0, transformed: null }
      nodes.set(url, made)
      return made
    },
    ofUrl: (url) => nodes.get(url),
    usersOf: (file) =>
      [...nodes.values()].filter((node) => node.file === file || node.transformed?.files.includes(file)),
    all: () => nodes.values(),
    now() {
      lastTime = Math.max(Date.now(), lastTime + 1)
      return lastTime
    },
    link(node, transformed) {
      const imported = [...nodes.values()].filter((other) => other.importers.delete(node))
      for (const { target } of transformed.sites) {
        if (target.kind !== 'app') continue
        const { path, query } = splitQuery(target.url)
        graph.ofFile(path.startsWith('/@fs/') ? path.slice(4) : root + path, query).importers.add(node)
      }
      node.transformed = transformed
      return imported.filter(({ importers }) => importers.size === 0)
    },
  }
  return graph
}

export interface Boundary {
  /** The module that takes the update. */
  taker: ModuleNode
  /** What it takes: itself or one of its imports. */
  changed: ModuleNode
}

/** Who takes a change of `node`; null when nobody does on some way to the page, which must be loaded anew then. */
export function findBoundaries(node: ModuleNode, seen: ReadonlySet<ModuleNode> = new Set()): Boundary[] | null {
  if (node.transformed?.acceptsSelf) return [{ taker: node, changed: node }]
  if (node.importers.size === 0) return null
  const found: Boundary[] = []
  for (const importer of node.importers) {
    if (seen.has(importer)) continue
    if (importer.transformed?.accepted.has(node.url)) {
      found.push({ taker: importer, changed: node })
      continue
    }
    const further = findBoundaries(importer, new Set([...seen, node]))
    if (further === null) return null
    found.push(...further)
  }
  return found
}

/** Marks a module and those that reach it up to its boundaries: they are loaded under new addresses. */
export function markChanged(node: ModuleNode, at: number, seen: Set<ModuleNode> = new Set()): void {
  if (seen.has(node)) return
  seen.add(node)
  node.changedAt = at
  if (node.transformed?.acceptsSelf) return
  for (const importer of node.importers) {
    if (importer.transformed?.accepted.has(node.url)) importer.changedAt = at
    else markChanged(importer, at, seen)
  }
}
