import type { HotUpdate } from '../client/hot-context'
import type { ViteContext } from '../context'
import { isInPackages, scriptPattern } from '../paths'
import type { GlobUse } from '../transform/globs'
import { usesTailwind } from '../transform/tailwind'
import type { DevModules } from './dev-modules'
import { type Boundary, findBoundaries, type ModuleNode, markChanged } from './module-graph'

/** Brings changes to the pages: to the modules that take them, else the page is loaded anew. */
export interface HotUpdates {
  changed(paths: readonly string[]): Promise<void>
  /** A page's module cannot take its update after all. `body` is the page's request. */
  invalidate(body: Uint8Array | null): void
  /** A page could not parse a module, or one that it imports: another parser says which, and where. */
  check(body: Uint8Array | null): Promise<void>
  reload(reason: string): void
  /** A page asked for a module that could not be made: it is loaded anew when that is mended. */
  pageBroke(): void
  pageLoads(): void
}

export function createHotUpdates(context: ViteContext, modules: DevModules): HotUpdates {
  const { project, config, host } = context
  const { graph, events } = modules
  let hasBrokenPage = false

  function reload(reason: string) {
    for (const node of graph.all()) node.changedAt = 0
    events.send({ type: 'full-reload', reason })
  }

  function namedNode(body: Uint8Array | null): ModuleNode | undefined {
    const { path } = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as { path?: unknown }
    return typeof path === 'string' ? graph.ofUrl(path) : undefined
  }

  async function check(body: Uint8Array | null) {
    const node = namedNode(body)
    if (!node) return
    const { transform: parse } = await context.esbuild()
    hasBrokenPage = true
    const suspects = [...graph.all()].filter(
      (each) => each.changedAt === node.changedAt && scriptPattern.test(each.file),
    )
    for (const { file } of suspects) {
      const text = project.isFile(file) ? project.readText(file) : ''
      await parse(text, { loader: 'tsx', logLevel: 'silent' }).catch((error: unknown) => modules.fail(error, file))
    }
  }

  function invalidate(body: Uint8Array | null) {
    const node = namedNode(body)
    if (!node) return
    const at = graph.now()
    const boundaries = [...node.importers].map((importer) => {
      markChanged(importer, at)
      return importer.transformed?.accepted.has(node.url)
        ? [{ taker: importer, changed: node }]
        : findBoundaries(importer)
    })
    if (boundaries.length === 0 || boundaries.includes(null)) return reload(`${node.url} cannot take the update`)
    send(boundaries, at)
  }

  function send(boundaries: readonly (readonly Boundary[] | null)[], timestamp: number) {
    const updates = new Map<string, HotUpdate>()
    for (const { taker, changed } of boundaries.flatMap((found) => found ?? [])) {
      updates.set(`${taker.url} ${changed.url}`, { kind: 'module', path: taker.url, accepted: changed.url, timestamp })
    }
    events.send({ type: 'update', updates: [...updates.values()] })
  }

  function sendStyles(styles: readonly ModuleNode[], timestamp: number) {
    if (styles.length === 0) return
    const updates = styles.map((style): HotUpdate => {
      const path = shownUrl(style)
      return { kind: 'style', path, accepted: path, timestamp }
    })
    events.send({ type: 'update', updates })
  }

  async function changed(paths: readonly string[]): Promise<void> {
    const reason = reasonToReload(paths)
    if (reason !== null) return reload(reason)
    const touched = touchedBy(paths)
    if (touched.length === 0) return
    const at = graph.now()
    const styles = touched.filter(({ query }) => query === '?direct')
    const scripts = touched.filter(({ query }) => query !== '?direct')
    for (const node of scripts) {
      if (node.transformed) node.transformed.stamp = ''
      markChanged(node, at)
    }
    // Making them now tells what they accept, and finds errors before the page asks.
    const made = await Promise.all(
      scripts.map((node) => (project.isFile(node.file) ? modules.transform(node).catch(() => null) : null)),
    )
    if (made.includes(null) && scripts.some(modules.hasFailed)) return
    if (hasBrokenPage) return reload('an error is mended')
    const boundaries = scripts.map((node) => findBoundaries(node))
    if (boundaries.includes(null)) return reload(`${scripts.map(({ url }) => url).join(', ')} changed`)
    report(touched)
    send(boundaries, at)
    sendStyles(styles, at)
  }

  function reasonToReload(paths: readonly string[]): string | null {
    if (paths.some((path) => path.endsWith('.html') && !isInPackages(path))) return 'a page has changed'
    const isPublic = paths.some((path) => config.publicDir !== null && path.startsWith(`${config.publicDir}/`))
    return isPublic ? 'a file of public/ has changed' : null
  }

  function touchedBy(paths: readonly string[]): ModuleNode[] {
    const users = new Set(paths.flatMap((path) => graph.usersOf(path)))
    const mayHoldClasses = paths.some((path) => /\.(?:html|[jt]sx?|vue|svelte)$/.test(path))
    const textOf = ({ file }: ModuleNode) => project.find(file) ?? ''
    return [...graph.all()].filter(
      (node) =>
        users.has(node) ||
        // A file that was missing may be there now.
        modules.hasFailed(node) ||
        node.transformed?.globs.some((glob) => paths.some((path) => countsOthers(glob, path))) ||
        // Classes may come with any file.
        (mayHoldClasses && node.file.endsWith('.css') && usesTailwind(textOf(node))),
    )
  }

  const countsOthers = ({ files, matches }: GlobUse, path: string) =>
    matches(path) && files.has(path) !== project.isFile(path)

  function report(nodes: readonly ModuleNode[]) {
    const names = new Set(nodes.map(shownUrl))
    const time = new Date().toLocaleTimeString('en', { hour12: true })
    host.stdout(`\x1b[90m${time}\x1b[0m \x1b[36m[vite]\x1b[0m \x1b[32mhmr update\x1b[0m ${[...names].join(', ')}\n`)
  }

  return {
    changed,
    invalidate,
    check,
    reload,
    pageBroke: () => {
      hasBrokenPage = true
    },
    pageLoads: () => {
      hasBrokenPage = false
    },
  }
}

const shownUrl = ({ url }: ModuleNode) => url.replace('?direct', '')
