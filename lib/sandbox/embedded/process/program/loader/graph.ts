import { placeAt } from './errors'
import type { Source } from './source'

/** What one static import leads to. */
export type Target = { kind: 'file'; path: string } | { kind: 'builtin'; name: string }

export interface GraphNode {
  source: Source
  /** By specifier, in the order written. */
  targets: Map<string, Target>
  /** Paths of the ES modules among the targets. */
  modules: string[]
  /** How many modules have run when this one's imports begin to, and where in that order it runs itself. */
  order: { begins: number; runs: number }
}

export interface GraphInput {
  load(path: string): Source
  /** Throws when there is no such module. */
  resolve(specifier: string, importer: Source, index: number): Target
  /** Modules linked before need no second visit. */
  isLinked(path: string): boolean
  /** Whether a file is a module for the browser to run. */
  isModule(path: string): boolean
}

/**
 * The ES modules reachable from `entry` by static imports, as strongly connected components: dependencies first,
 * members of a cycle in the order in which they are evaluated (ECMA-262 §16.2.1.5.3, Tarjan 1972).
 */
export function findComponents(entry: string, input: GraphInput): GraphNode[][] {
  const nodes = new Map<string, { node: GraphNode; index: number; low: number; onStack: boolean }>()
  const stack: GraphNode[] = []
  const components: GraphNode[][] = []
  const evaluation = new Map<string, number>()

  function visit(path: string) {
    const source = input.load(path)
    const node = toNode(source, input)
    node.order.begins = evaluation.size
    const state = { node, index: nodes.size, low: nodes.size, onStack: true }
    nodes.set(path, state)
    stack.push(state.node)
    for (const next of state.node.modules) {
      if (input.isLinked(next)) continue
      const known = nodes.get(next)
      if (known === undefined) state.low = Math.min(state.low, visit(next).low)
      else if (known.onStack) state.low = Math.min(state.low, known.index)
    }
    node.order.runs = evaluation.size
    evaluation.set(path, evaluation.size)
    if (state.low === state.index) {
      const members = stack.splice(stack.indexOf(state.node))
      for (const member of members) {
        const known = nodes.get(member.source.path)
        if (known !== undefined) known.onStack = false
      }
      components.push(members.sort((a, b) => order(a) - order(b)))
    }
    return state
  }
  const order = (node: GraphNode) => evaluation.get(node.source.path) ?? 0

  visit(entry)
  return components
}

function toNode(source: Source, input: GraphInput): GraphNode {
  const targets = new Map<string, Target>()
  const modules: string[] = []
  for (const { n: specifier, d, s } of source.imports) {
    if (d !== -1 || specifier === undefined || targets.has(specifier)) continue
    const target = input.resolve(specifier, source, s)
    targets.set(specifier, target)
    if (target.kind === 'file' && input.isModule(target.path)) modules.push(target.path)
  }
  return { source, targets, modules, order: { begins: 0, runs: 0 } }
}

export function isCyclic(component: readonly GraphNode[]): boolean {
  const [only] = component
  return component.length > 1 || (only?.modules.includes(only.source.path) ?? false)
}

/** The 1-based place of an import in a source. */
export function placeOfImport(source: Source, index: number) {
  return placeAt(source.path, source.code, index)
}
