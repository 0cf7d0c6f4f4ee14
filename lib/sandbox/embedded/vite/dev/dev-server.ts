import hmrClient from 'virtual:hmr-client'
import reactRefresh from 'virtual:react-refresh'
import type { BridgeHandler, BridgeRequest, BridgeResponse } from '../../preview/bridge/server'
import { mimeTypeOf } from '../../preview/mime-types'
import { resolve } from '../../process/program/builtins/path'
import { bundleWorker } from '../build/bundle-worker'
import type { HotMessage, HotUpdate } from '../client/hot-context'
import type { ViteContext } from '../context'
import { type BuildFailure, describeFailure } from '../failure'
import { fileOfUrl, isInPackages, scriptPattern, splitQuery, stylePattern } from '../paths'
import { compileCss } from '../transform/css'
import { usesTailwind } from '../transform/tailwind'
import { createDependencies } from './dependencies'
import { createDevKinds, renderModule, transformDevModule } from './dev-module'
import { createPageEvents } from './events'
import { scriptsOf, toDevHtml } from './html'
import { createModuleGraph, findBoundaries, type ModuleNode, markChanged, type TransformedModule } from './module-graph'
import { prefreshModule, prefreshPackages } from './prefresh'

export interface DevServer extends BridgeHandler {
  /** Reads the app from its pages on and bundles its packages, so that the first page need not wait. */
  warmUp(): Promise<void>
  /** Files have changed; pages are told. */
  changed(paths: readonly string[]): Promise<void>
}

const script = 'text/javascript; charset=utf-8'

export function createDevServer(context: ViteContext): DevServer {
  const { project, config } = context
  const kinds = createDevKinds(context, (path) => bundleWorker(path, context, { isProduction: false }))
  const graph = createModuleGraph(project.root)
  const dependencies = createDependencies(context, kinds)
  /** What is wrong now, by file: pages that open later are told too. */
  const failures = new Map<string, BuildFailure>()
  /** A page asked for a module that could not be made: it is loaded anew when that is mended. */
  let hasBrokenPage = false
  const events = createPageEvents((send) => {
    for (const { message, stack } of failures.values()) send({ type: 'error', message, stack })
  })
  if (config.frameworks.includes('preact')) {
    for (const name of prefreshPackages(context)) dependencies.want(name, ['flush'])
  }

  async function transform(node: ModuleNode): Promise<TransformedModule> {
    const { transformed } = node
    if (transformed && transformed.stamp === project.stamp(node.file)) return transformed
    try {
      const made = await transformDevModule(node, { context, kinds, onDependency: dependencies.want })
      graph.link(node, made)
      failures.delete(node.file)
      return made
    } catch (error) {
      const failure = describeFailure(error, node.file, project.root)
      if (failures.get(node.file)?.stack !== failure.stack) {
        context.host.stderr(`\x1b[31m✘\x1b[0m ${failure.text}\n`)
        events.send({ type: 'error', message: failure.message, stack: failure.stack })
      }
      failures.set(node.file, failure)
      throw error
    }
  }

  /** Everything that `nodes` reach, so that all packages are known before the first is bundled. */
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

  function nodeOf(url: string): ModuleNode {
    const { path, query } = splitQuery(url)
    return graph.ofFile(fileOfUrl(project.root, path), query)
  }

  function entriesOf(html: string, page: string): ModuleNode[] {
    return scriptsOf(html).flatMap(({ src, text }) => {
      const sources =
        src === null
          ? [...text.matchAll(/(?:from\s*|import\s*\(?\s*)["']([./][^"']+)["']/g)].map((match) => match[1] ?? '')
          : [src]
      return sources.flatMap((source) => {
        const path = source.startsWith('/') ? withoutBase(source) : source
        const file = path.startsWith('/') ? resolve(config.root, `.${path}`) : resolve(page, '..', path)
        return project.isFile(file) ? [graph.ofFile(file)] : []
      })
    })
  }

  const withoutBase = (pathname: string) =>
    config.base.startsWith('/') && pathname.startsWith(config.base)
      ? `/${pathname.slice(config.base.length)}`
      : pathname

  async function serveModule(node: ModuleNode): Promise<BridgeResponse> {
    let made: TransformedModule
    try {
      made = await transform(node)
      const isReload = await dependencies.ready()
      if (isReload) reload('other packages are used')
    } catch (error) {
      hasBrokenPage = true
      const { message, stack } = failures.get(node.file) ?? describeFailure(error, node.file, project.root)
      events.send({ type: 'error', message, stack })
      return respond(500, 'text/plain; charset=utf-8', message)
    }
    const code = renderModule(made, (target) => {
      if (target.kind === 'dependency') return dependencies.urlOf(target.specifier)
      const { changedAt } = nodeOf(target.url)
      return changedAt === 0 ? target.url : `${target.url}${target.url.includes('?') ? '&' : '?'}t=${changedAt}`
    })
    return respond(200, script, code)
  }

  async function serveHtml(file: string): Promise<BridgeResponse> {
    const html = project.readText(file)
    await scan(entriesOf(html, file))
    await dependencies.ready().catch((error: unknown) => fail(error, file))
    hasBrokenPage = false
    return respond(200, 'text/html; charset=utf-8', toDevHtml(html, context))
  }

  function fail(error: unknown, file: string) {
    const { message, stack, text } = describeFailure(error, file, project.root)
    context.host.stderr(`\x1b[31m✘\x1b[0m ${text}\n`)
    events.send({ type: 'error', message, stack })
  }

  function findPage(pathname: string): string | null {
    const path = decodeURIComponent(pathname)
    const candidates = [path.endsWith('/') ? `${path}index.html` : path, `${path}.html`, `${path}/index.html`]
    const found = candidates
      .map((candidate) => resolve(config.root, `.${candidate}`))
      .find((file) => file.endsWith('.html') && project.isFile(file))
    return found ?? null
  }

  function ownScript(pathname: string): string | null {
    switch (pathname) {
      case '/@vite/client':
        return hmrClient
      case '/@vite/empty':
        return 'export default {}'
      case '/@react-refresh':
        return reactRefresh
      case '/@prefresh':
        return prefreshModule(dependencies.urlOf)
      default:
        return dependencies.file(pathname)
    }
  }

  async function request({ url, method, headers, body, signal }: BridgeRequest): Promise<BridgeResponse> {
    const pathname = withoutBase(url.pathname)
    if (pathname === '/@vite/events') {
      return {
        status: 200,
        headers: [
          ['content-type', 'text/event-stream'],
          ['cache-control', 'no-store'],
        ],
        body: events.stream(signal),
      }
    }
    if (method === 'POST' && pathname === '/@vite/invalidate') {
      await invalidate(body)
      return respond(204, script, '')
    }
    if (method === 'POST' && pathname === '/@vite/check') {
      await check(body)
      return respond(204, script, '')
    }
    if (pathname === '/@prefresh') await dependencies.ready()
    const own = ownScript(pathname)
    if (own !== null) return respond(200, script, own)
    return serveFile(pathname, url, headers)
  }

  async function serveFile(pathname: string, url: URL, headers: Headers): Promise<BridgeResponse> {
    const query = withoutTime(url.search)
    const file = fileOfUrl(project.root, config.root === project.root ? pathname : pathname)
    const inRoot = project.isFile(file) ? file : resolve(config.root, `.${decodeURIComponent(pathname)}`)
    const isScriptRequest = headers.get('sec-fetch-dest') === 'script'
    const isDirect = url.searchParams.has('direct') || headers.get('sec-fetch-dest') === 'style'
    if (project.isFile(inRoot)) {
      if (inRoot.endsWith('.html') && !isScriptRequest && query === '') return serveHtml(inRoot)
      if (isDirect && stylePattern.test(inRoot)) return serveStyle(inRoot)
      const isModule =
        isScriptRequest || (scriptPattern.test(inRoot) && !isInPackages(inRoot)) || /\.(vue|svelte)$/.test(inRoot)
      if (isModule) return serveModule(graph.ofFile(inRoot, query))
      return respond(200, mimeTypeOf(inRoot), project.bytes(inRoot))
    }
    const asset = config.publicDir === null ? null : resolve(config.publicDir, `.${decodeURIComponent(pathname)}`)
    if (asset !== null && project.isFile(asset)) return respond(200, mimeTypeOf(asset), project.bytes(asset))
    const page = findPage(pathname)
    if (page !== null) return serveHtml(page)
    const isNavigation =
      headers.get('sec-fetch-dest') === 'document' || (headers.get('accept') ?? '').includes('text/html')
    const index = `${config.root}/index.html`
    if (config.spa && isNavigation && !/\.\w+$/.test(pathname) && project.isFile(index)) return serveHtml(index)
    return respond(404, 'text/plain; charset=utf-8', `There is no ${pathname} in this project.`)
  }

  async function serveStyle(file: string): Promise<BridgeResponse> {
    try {
      const { css, files } = await compileCss(file, context)
      const stamp = project.stamp(file)
      graph.ofFile(file, '?direct').transformed = {
        code: css,
        sites: [],
        acceptsSelf: false,
        accepted: new Set(),
        files,
        stamp,
      }
      return respond(200, 'text/css; charset=utf-8', css)
    } catch (error) {
      fail(error, file)
      return respond(500, 'text/plain; charset=utf-8', describeFailure(error, file, project.root).message)
    }
  }

  function respond(status: number, type: string, body: string | Uint8Array): BridgeResponse {
    // The shell need not look for `location` in what went through `rewriteGlobals` already.
    return {
      status,
      headers: [
        ['content-type', type],
        ['cache-control', 'no-cache'],
        ['x-vitrine-prepared', '1'],
      ],
      body,
    }
  }

  function reload(reason: string) {
    for (const node of graph.all()) node.changedAt = 0
    events.send({ type: 'full-reload', reason })
  }

  function namedNode(body: Uint8Array | null): ModuleNode | undefined {
    const { path } = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as { path?: unknown }
    return typeof path === 'string' ? graph.ofUrl(path) : undefined
  }

  /** A module that the browser could not parse, or one that it imports: another parser says which, and where. */
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
      await parse(text, { loader: 'tsx', logLevel: 'silent' }).catch((error: unknown) => fail(error, file))
    }
  }

  async function invalidate(body: Uint8Array | null) {
    const node = namedNode(body)
    if (!node) return
    const at = Date.now()
    const boundaries = [...node.importers].map((importer) => {
      markChanged(importer, at)
      return importer.transformed?.accepted.has(node.url)
        ? [{ taker: importer, changed: node }]
        : findBoundaries(importer)
    })
    if (boundaries.length === 0 || boundaries.includes(null)) return reload(`${node.url} cannot take the update`)
    send(
      boundaries.flatMap((found) => found ?? []),
      at,
    )
  }

  function send(boundaries: { taker: ModuleNode; changed: ModuleNode }[], timestamp: number) {
    const updates = new Map<string, HotUpdate>()
    for (const { taker, changed } of boundaries) {
      updates.set(`${taker.url} ${changed.url}`, { kind: 'module', path: taker.url, accepted: changed.url, timestamp })
    }
    events.send({ type: 'update', updates: [...updates.values()] } satisfies HotMessage)
  }

  async function changed(paths: readonly string[]): Promise<void> {
    const at = Date.now()
    const touched = new Set(paths.flatMap((path) => graph.usersOf(path)))
    addTailwindUsers(paths, touched)
    if (paths.some((path) => path.endsWith('.html') && !isInPackages(path))) return reload('a page has changed')
    const isPublic = paths.some((path) => config.publicDir !== null && path.startsWith(`${config.publicDir}/`))
    if (isPublic) return reload('a file of public/ has changed')
    addGlobUsers(paths, touched)
    // A file that was missing may be there now.
    for (const node of graph.all()) if (failures.has(node.file)) touched.add(node)
    if (touched.size === 0) return
    const styles = [...touched].filter(({ query }) => query === '?direct')
    const modules = [...touched].filter(({ query }) => query !== '?direct')
    for (const node of modules) {
      if (node.transformed) node.transformed.stamp = ''
      markChanged(node, at)
    }
    // Making them now tells what they accept, and finds errors before the page asks.
    const made = await Promise.all(
      modules.map((node) => (project.isFile(node.file) ? transform(node).catch(() => null) : null)),
    )
    if (made.includes(null) && modules.some((node) => failures.has(node.file))) return
    if (hasBrokenPage) return reload('an error is mended')
    const boundaries = modules.map((node) => findBoundaries(node))
    if (boundaries.includes(null)) return reload(`${modules.map(({ url }) => url).join(', ')} changed`)
    report(modules, styles)
    send(
      boundaries.flatMap((found) => found ?? []),
      at,
    )
    if (styles.length > 0) {
      const updates = styles.map(({ url }): HotUpdate => {
        const path = url.replace('?direct', '')
        return { kind: 'style', path, accepted: path, timestamp: at }
      })
      events.send({ type: 'update', updates })
    }
  }

  /** A file that comes or goes may be one that `import.meta.glob` counts. */
  function addGlobUsers(paths: readonly string[], touched: Set<ModuleNode>) {
    const isAddedOrGone = paths.some((path) => !project.isFile(path) || graph.usersOf(path).length === 0)
    if (!isAddedOrGone) return
    for (const node of graph.all()) {
      if (
        scriptPattern.test(node.file) &&
        project.isFile(node.file) &&
        project.readText(node.file).includes('import.meta.glob')
      )
        touched.add(node)
    }
  }

  /** Classes may come with any file. */
  function addTailwindUsers(paths: readonly string[], touched: Set<ModuleNode>) {
    if (paths.every((path) => !/\.(?:html|[jt]sx?|vue|svelte)$/.test(path))) return
    for (const node of graph.all()) {
      if (node.file.endsWith('.css') && project.isFile(node.file) && usesTailwind(project.readText(node.file)))
        touched.add(node)
    }
  }

  function report(modules: readonly ModuleNode[], styles: readonly ModuleNode[]) {
    const names = [...modules, ...styles].map(({ url }) => url.replace('?direct', ''))
    const time = new Date().toLocaleTimeString('en', { hour12: true })
    context.host.stdout(
      `\x1b[90m${time}\x1b[0m \x1b[36m[vite]\x1b[0m \x1b[32mhmr update\x1b[0m ${[...new Set(names)].join(', ')}\n`,
    )
  }

  return {
    request,
    changed,
    async warmUp() {
      const index = `${config.root}/index.html`
      if (project.isFile(index)) await scan(entriesOf(project.readText(index), index))
      await dependencies.ready().catch((error: unknown) => fail(error, index))
    },
  }
}

/** `t` only makes the address another one. */
function withoutTime(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !/^t=\d+$/.test(part))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}
