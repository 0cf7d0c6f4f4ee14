import type { SymbolFile } from '@/lib/sandbox'
import { importGraph } from '@/lib/sandbox/affected'
import type { FileMap } from '@/lib/workspace'
import { harmless } from './harmless'
import { hasSymbols, symbolsIn } from './symbols'

export interface MapOptions {
  /** Files the user is at: what they use matters more. */
  focus?: readonly string[]
  maxTokens?: number
  /** What TypeScript knows of the files, where it knows them as they are. Without it each is read line by line. */
  known?: ReadonlyMap<string, SymbolFile>
}

const charactersPerToken = 4
const defaultMaxTokens = 1_000
/** Beyond these a project is looked at in part: the first files by path. */
const maxFiles = 1_000
const maxFileCharacters = 120_000
const maxNames = 14
const damping = 0.85
const rounds = 30
/** A file in focus starts with as much weight as this many others; a test with a part of one. */
const focusWeight = 10
const testWeight = 0.3

/**
 * The files that the rest of the project stands on and what they export, best first, within a budget of tokens.
 * Empty for a project without two modules. The same files give the same text.
 */
export function projectMap(
  files: FileMap,
  { focus = [], maxTokens = defaultMaxTokens, known = new Map() }: MapOptions = {},
): string {
  const modules = modulesOf(files)
  if ([...modules.keys()].filter(hasSymbols).length < 2) return ''
  const graph = weigh(importGraph(modules), known)
  const importers = countImporters(graph)
  const lines = rank(graph, focus).flatMap((path) => {
    const names = exportedNames(path, modules.get(path) ?? '', known.get(path))
    return describe(path, names, importers.get(path) ?? 0)
  })
  const head = `<environment-map>\nThe files that others stand on, with their exports (${sourceOf(graph, known)}); search finds the rest.`
  const tail = '</environment-map>\n'
  let left = maxTokens * charactersPerToken - head.length - tail.length
  const fitting: string[] = []
  for (const line of lines) {
    left -= line.length + 1
    if (left < 0) break
    fitting.push(line)
  }
  return fitting.length === 0 ? '' : [head, ...fitting, tail].join('\n')
}

function modulesOf(files: FileMap): Map<string, string> {
  const paths = [...files.keys()].filter((path) => hasSymbols(path) && !/(^|\/)node_modules\//.test(path)).sort()
  const modules = new Map<string, string>()
  for (const path of paths) {
    const text = files.get(path)
    if (typeof text === 'string' && text.length <= maxFileCharacters) modules.set(path, text)
    if (modules.size === maxFiles) break
  }
  // The resolver reads its settings from these.
  for (const [path, data] of files)
    if (/(^|\/)(package|[jt]sconfig[\w.-]*)\.json$/.test(path) && typeof data === 'string') modules.set(path, data)
  return modules
}

/** For each file, how much it stands on which others. */
type WeightedGraph = ReadonlyMap<string, ReadonlyMap<string, number>>

/** What a file imports but does not use itself is a station on the way. */
const passedOnWeight = 0.25

/** An import counts once; where TypeScript has counted, by how often the file names what is defined there. */
function weigh(graph: ReadonlyMap<string, readonly string[]>, known: ReadonlyMap<string, SymbolFile>): WeightedGraph {
  return new Map(
    [...graph].map(([path, targets]) => {
      const uses = known.get(path)?.uses
      if (!uses) return [path, new Map(targets.map((target) => [target, 1]))]
      const passed = targets.map((target) => [target, passedOnWeight] as const)
      const used = uses
        .filter(([target]) => graph.has(target))
        .map(([target, count]) => [target, Math.sqrt(count)] as const)
      return [path, new Map([...passed, ...used])]
    }),
  )
}

function sourceOf(graph: WeightedGraph, known: ReadonlyMap<string, SymbolFile>): string {
  const count = [...graph.keys()].filter((path) => known.has(path)).length
  if (count === 0) return 'read line by line'
  return count === graph.size ? 'from TypeScript' : 'from TypeScript, the rest read line by line'
}

/** PageRank along imports: a file is worth what the files that import it are worth. */
function rank(graph: WeightedGraph, focus: readonly string[]): string[] {
  const paths = [...graph.keys()]
  const weights = paths.map((path) => (focus.includes(path) ? focusWeight : isTest(path) ? testWeight : 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const base = new Map(paths.map((path, index) => [path, (weights[index] ?? 0) / total]))
  let ranks = new Map(base)
  for (let round = 0; round < rounds; round++) {
    const next = new Map(paths.map((path) => [path, (1 - damping) * (base.get(path) ?? 0)]))
    let lost = 0
    for (const [path, targets] of graph) {
      const share = damping * (ranks.get(path) ?? 0)
      const sum = [...targets.values()].reduce((total, weight) => total + weight, 0)
      if (sum === 0) lost += share
      for (const [target, weight] of targets) next.set(target, (next.get(target) ?? 0) + (share * weight) / sum)
    }
    // What importers of nothing hand on goes to everybody by weight.
    for (const path of paths) next.set(path, (next.get(path) ?? 0) + lost * (base.get(path) ?? 0))
    ranks = next
  }
  const rankOf = (path: string) => Math.round((ranks.get(path) ?? 0) * 1e9)
  return paths.sort((a, b) => rankOf(b) - rankOf(a) || a.localeCompare(b))
}

function countImporters(graph: WeightedGraph): Map<string, number> {
  const counts = new Map<string, number>()
  for (const targets of graph.values())
    for (const target of targets.keys()) counts.set(target, (counts.get(target) ?? 0) + 1)
  return counts
}

/** `src/cart.ts (imported by 3): Item, subtotal(), total()`; nothing for a file that exports nothing. */
function describe(path: string, exported: readonly string[], importers: number): string[] {
  if (exported.length === 0 || isTest(path)) return []
  const names = exported.slice(0, maxNames)
  const more = exported.length > names.length ? `, … ${exported.length - names.length} more` : ''
  return [harmless(`${path}${importers > 0 ? ` (imported by ${importers})` : ''}: ${names.join(', ')}${more}`)]
}

/** With signatures and most used first where TypeScript knows them. */
function exportedNames(path: string, text: string, known: SymbolFile | undefined): string[] {
  if (known) {
    const byUse = [...known.symbols].sort((a, b) => b.usedIn - a.usedIn || a.line - b.line)
    return byUse.map(({ signature }) => signature)
  }
  const exported = symbolsIn(path, text).filter((symbol) => symbol.exported)
  return exported.map(({ name, kind }) => (kind === 'function' ? `${name}()` : name))
}

function isTest(path: string): boolean {
  return /(^|\/)(__tests__|tests?)\/|[._](test|spec)\.[cm]?[jt]sx?$|(^|\/)test_[^/]+\.py$/.test(path)
}
