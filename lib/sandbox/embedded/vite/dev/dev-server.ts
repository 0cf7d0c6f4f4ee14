import hmrClient from 'virtual:hmr-client'
import reactRefresh from 'virtual:react-refresh'
import type { BridgeHandler, BridgeRequest, BridgeResponse } from '../../preview/bridge/server'
import { mimeTypeOf } from '../../preview/mime-types'
import { resolve } from '../../process/program/builtins/path'
import type { ViteContext } from '../context'
import { fileOfUrl, isInPackages, scriptPattern, stylePattern } from '../paths'
import { compileCss } from '../transform/css'
import { renderModule, withHotContext } from './dev-module'
import { createDevModules } from './dev-modules'
import { createHotUpdates } from './hot-updates'
import { toDevHtml } from './html'
import type { ModuleNode } from './module-graph'
import { entryFiles, findPage, withoutBase } from './pages'
import { prefreshModule } from './prefresh'

export interface DevServer extends BridgeHandler {
  /** Reads the app from its pages on and bundles its packages, so that the first page need not wait. */
  warmUp(): Promise<void>
  /** Files have changed; pages are told. */
  changed(paths: readonly string[]): Promise<void>
}

/** Where a page's stream goes on: after what it has got, else after what it was made from. */
function sinceOf(url: URL, headers: Headers): number | null {
  const since = headers.get('last-event-id') ?? url.searchParams.get('since') ?? ''
  return /^\d+$/.test(since) ? Number(since) : null
}

const script = 'text/javascript; charset=utf-8'
const plainText = 'text/plain; charset=utf-8'

export function createDevServer(context: ViteContext): DevServer {
  const { project, config } = context
  const modules = createDevModules(context)
  const { graph, dependencies, events } = modules
  const updates = createHotUpdates(context, modules)
  const index = `${config.root}/index.html`

  async function serveModule(node: ModuleNode): Promise<BridgeResponse> {
    try {
      // Told before it is made: what changes from here on comes as an update, if it is in the module or not.
      const { changedAt: madeAt } = node
      const made = await modules.transform(node)
      const isStale = await dependencies.ready()
      if (isStale) updates.reload('other packages are used')
      const code = renderModule(made, (target) => {
        if (target.kind === 'dependency') return dependencies.urlOf(target.specifier)
        const { changedAt } = modules.nodeOf(target.url)
        return changedAt === 0 ? target.url : `${target.url}${target.url.includes('?') ? '&' : '?'}t=${changedAt}`
      })
      return respond(200, script, made.isHot ? withHotContext(code, node.url, madeAt) : code)
    } catch (error) {
      updates.pageBroke()
      const { message, stack } = modules.failureOf(error, node.file)
      events.send({ type: 'error', message, stack })
      return respond(500, plainText, message)
    }
  }

  /** Makes what a page starts with, and bundles the packages of all of it. */
  async function prepare(html: string, page: string): Promise<void> {
    await modules.scan(entryFiles(html, page, context).map((file) => graph.ofFile(file)))
    await dependencies.ready().catch((error: unknown) => modules.fail(error, page))
  }

  async function serveHtml(file: string): Promise<BridgeResponse> {
    const since = events.last()
    const html = project.readText(file)
    await prepare(html, file)
    updates.pageLoads()
    return respond(200, 'text/html; charset=utf-8', toDevHtml(html, context, since))
  }

  async function serveStyle(file: string): Promise<BridgeResponse> {
    try {
      const { css, files } = await compileCss(file, context)
      const stamp = project.stamp(file)
      const none = { sites: [], isHot: false, acceptsSelf: false, accepted: new Set<string>(), globs: [] }
      graph.ofFile(file, '?direct').transformed = { code: css, ...none, files, stamp }
      return respond(200, 'text/css; charset=utf-8', css)
    } catch (error) {
      modules.fail(error, file)
      return respond(500, plainText, modules.failureOf(error, file).message)
    }
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
    const pathname = withoutBase(url.pathname, context)
    if (pathname === '/@vite/events') {
      return {
        status: 200,
        headers: [
          ['content-type', 'text/event-stream'],
          ['cache-control', 'no-store'],
        ],
        body: events.stream(signal, sinceOf(url, headers)),
      }
    }
    if (method === 'POST' && pathname === '/@vite/invalidate') {
      updates.invalidate(body)
      return respond(204, script, '')
    }
    if (method === 'POST' && pathname === '/@vite/check') {
      await updates.check(body)
      return respond(204, script, '')
    }
    if (pathname === '/@prefresh') await dependencies.ready()
    const own = ownScript(pathname)
    if (own !== null) return respond(200, script, own)
    return serveFile(pathname, url, headers)
  }

  async function serveFile(pathname: string, url: URL, headers: Headers): Promise<BridgeResponse> {
    const decoded = decodeURIComponent(pathname)
    const ofProject = fileOfUrl(project.root, pathname)
    const file = project.isFile(ofProject) ? ofProject : resolve(config.root, `.${decoded}`)
    if (project.isFile(file)) return serveSource(file, url, headers)
    const asset = config.publicDir === null ? null : resolve(config.publicDir, `.${decoded}`)
    if (asset !== null && project.isFile(asset)) return respond(200, mimeTypeOf(asset), project.bytes(asset))
    const page = findPage(pathname, context)
    if (page !== null) return serveHtml(page)
    const isNavigation =
      headers.get('sec-fetch-dest') === 'document' || (headers.get('accept') ?? '').includes('text/html')
    if (config.spa && isNavigation && !/\.\w+$/.test(pathname) && project.isFile(index)) return serveHtml(index)
    return respond(404, plainText, `There is no ${pathname} in this project.`)
  }

  /** A file of the app, as what it was asked for: a page, a style, a module or its bytes. */
  async function serveSource(file: string, url: URL, headers: Headers): Promise<BridgeResponse> {
    const query = withoutTime(url.search)
    const wanted = headers.get('sec-fetch-dest')
    const isScript = wanted === 'script'
    if (file.endsWith('.html') && !isScript && query === '') return serveHtml(file)
    const isStyle = url.searchParams.has('direct') || wanted === 'style'
    if (isStyle && stylePattern.test(file)) return serveStyle(file)
    const isModule = isScript || (scriptPattern.test(file) && !isInPackages(file)) || /\.(vue|svelte)$/.test(file)
    return isModule ? serveModule(graph.ofFile(file, query)) : respond(200, mimeTypeOf(file), project.bytes(file))
  }

  return {
    request,
    changed: updates.changed,
    async warmUp() {
      const html = project.find(index)
      if (html === null) await dependencies.ready().catch((error: unknown) => modules.fail(error, index))
      else await prepare(html, index)
    },
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

/** `t` only makes the address another one. */
function withoutTime(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !/^t=\d+$/.test(part))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}
