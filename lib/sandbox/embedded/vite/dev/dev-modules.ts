import { bundleWorker } from '../build/bundle-worker'
import type { ViteContext } from '../context'
import { type BuildFailure, describeFailure } from '../failure'
import { fileOfUrl, splitQuery } from '../paths'
import { createDependencies, type Dependencies } from './dependencies'
import { createDevKinds, transformDevModule } from './dev-module'
import { createPageEvents, type PageEvents } from './events'
import { createModuleGraph, type ModuleGraph, type ModuleNode, type TransformedModule } from './module-graph'
import { prefreshPackages } from './prefresh'

/** The app's modules, the packages they use, and what is wrong with them. */
export interface DevModules {
  readonly graph: ModuleGraph
  readonly dependencies: Dependencies
  /** Pages that open later are told what is wrong now, too. */
  readonly events: PageEvents
  nodeOf(url: string): ModuleNode
  /** Rejects when the module cannot be made; terminal and pages have been told then. */
  transform(node: ModuleNode): Promise<TransformedModule>
  /** Makes everything that `nodes` reach, so that all packages are known before the first is bundled. */
  scan(nodes: readonly ModuleNode[]): Promise<void>
  hasFailed(node: ModuleNode): boolean
  failureOf(error: unknown, file: string): BuildFailure
  /** Tells terminal and pages what is wrong with a file. */
  fail(error: unknown, file: string): void
}

export function createDevModules(context: ViteContext): DevModules {
  const { project, config } = context
  const kinds = createDevKinds(context, (path) => bundleWorker(path, context, { isProduction: false }))
  const graph = createModuleGraph(project.root)
  const dependencies = createDependencies(context, kinds)
  const failures = new Map<string, BuildFailure>()
  const events = createPageEvents((send) => {
    for (const { message, stack } of failures.values()) send({ type: 'error', message, stack })
  })
  if (config.frameworks.includes('preact')) {
    for (const name of prefreshPackages(context)) dependencies.want(name, ['flush'])
  }

  function tell({ message, stack, text }: BuildFailure) {
    context.host.stderr(`\x1b[31m✘\x1b[0m ${text}\n`)
    events.send({ type: 'error', message, stack })
  }

  /** Pages undo what a module did; were it imported again, it would run again. */
  function prune(unused: readonly ModuleNode[]) {
    if (unused.length === 0) return
    const at = graph.now()
    for (const node of unused) node.changedAt = at
    events.send({ type: 'prune', paths: unused.map(({ url }) => url), timestamp: at })
  }

  async function transform(node: ModuleNode): Promise<TransformedModule> {
    const { transformed, file } = node
    const stampNow = () => (project.isFile(file) ? project.stamp(file) : null)
    const stamp = stampNow()
    if (transformed && transformed.stamp === stamp) return transformed
    // Of a module that was not known yet, no page is told when it changes.
    const isOutdated = () => stampNow() !== stamp && project.isFile(file)
    try {
      const made = await transformDevModule(node, { context, kinds, onDependency: dependencies.want })
      prune(graph.link(node, made))
      failures.delete(file)
      return isOutdated() ? transform(node) : made
    } catch (error) {
      if (isOutdated()) return transform(node)
      const failure = describeFailure(error, file, project.root)
      if (failures.get(file)?.stack !== failure.stack) tell(failure)
      failures.set(file, failure)
      throw error
    }
  }

  function nodeOf(url: string): ModuleNode {
    const { path, query } = splitQuery(url)
    return graph.ofFile(fileOfUrl(project.root, path), query)
  }

  async function scan(nodes: readonly ModuleNode[], seen = new Set<ModuleNode>()): Promise<void> {
    await Promise.all(
      nodes.map(async (node) => {
        if (seen.has(node)) return
        seen.add(node)
        const made = await transform(node).catch(() => null)
        const next = made?.sites.flatMap(({ target }) => (target.kind === 'app' ? [nodeOf(target.url)] : [])) ?? []
        await scan(next, seen)
      }),
    )
  }

  return {
    graph,
    dependencies,
    events,
    nodeOf,
    transform,
    scan: (nodes) => scan(nodes),
    hasFailed: ({ file }) => failures.has(file),
    failureOf: (error, file) => failures.get(file) ?? describeFailure(error, file, project.root),
    fail: (error, file) => tell(describeFailure(error, file, project.root)),
  }
}
