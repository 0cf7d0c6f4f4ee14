// Stands between the IDE and the previewed page: asks the server for documents, makes each one whole, shows it in a srcdoc
// frame, and hands messages on. The page is a child of this document, so it inherits this response's policy: no network,
// no frames, no navigation. Must never run the page's code itself.
import captureCode from 'virtual:page-capture'
import pageRuntime from 'virtual:page-runtime'
import { messageOf } from '@/lib/base'
import type { PreviewMessage, ToPreview } from '../messages'
import type { FromPage, ToPage } from '../page/config'
import { rewriteGlobals } from '../rewrite-globals'
import { assemble } from './assemble'
import { createSessionHistory, type SessionHistory } from './history'
import type { ModuleGraph } from './module-graph'
import { openServer, type Server, type ServerRequest } from './server'

let server: Server | null = null
let storage = new Map<string, string>()
let history: SessionHistory | null = null
let frame: HTMLIFrameElement | null = null
let graph: ModuleGraph | null = null
let title = ''
let documents = 0
/** The document on its way. */
let loading: { request: ServerRequest; commit: (url: string) => void } | null = null
let isPicking = false

const tell = (message: PreviewMessage) => parent.postMessage({ vitrinePreview: message }, '*')
const toPage = (message: ToPage, transfer: Transferable[] = []) =>
  frame?.contentWindow?.postMessage(message, '*', transfer)

addEventListener('message', ({ source, data, ports }: MessageEvent) => {
  if (source === parent) fromIde(data as ToPreview, ports[0])
  else if (frame && source === frame.contentWindow) fromPage(data)
})
tell({ kind: 'frame-ready' })

function fromIde(message: ToPreview, port: MessagePort | undefined) {
  if ('vitrineOpen' in message && port) {
    server?.bridge.close()
    storage = new Map(message.vitrineOpen.storage)
    server = openServer(port, storage)
    history = null
    void visit({ url: message.vitrineOpen.url })
  } else if ('vitrineNavigate' in message) void visit({ url: message.vitrineNavigate })
  else if ('vitrineGo' in message) {
    if (message.vitrineGo === 'reload') void reload()
    else go(message.vitrineGo === 'back' ? -1 : 1)
  } else if ('vitrineText' in message) toPage({ vitrinePage: { kind: 'text' } })
  else if ('vitrinePicture' in message) toPage({ vitrinePage: { kind: 'picture', code: captureCode } })
  else if ('vitrinePick' in message) {
    isPicking = message.vitrinePick
    toPage({ vitrinePage: { kind: 'pick', on: isPicking } })
  }
}

function fromPage(data: unknown) {
  if (typeof data !== 'object' || data === null) return
  if ('vitrinePreview' in data) {
    parent.postMessage({ vitrinePreview: data.vitrinePreview }, '*')
    return
  }
  if (!('vitrineShell' in data)) return
  const message = (data as FromPage).vitrineShell
  switch (message?.kind) {
    case 'load':
      void loadModules(message.id, message.url)
      break
    case 'rewrite':
      toPage({ vitrinePage: { kind: 'rewritten', id: message.id, code: rewriteGlobals(String(message.code)) } })
      break
    case 'navigate':
      navigate(message)
      break
    case 'entry': {
      if (!history || !isOurs(message.url)) return
      const entry = { url: message.url, state: message.state, document: history.current.document }
      if (message.replace) history.replace(entry)
      else history.push(entry)
      showAddress()
      break
    }
    case 'go':
      if (message.delta === 0) void reload()
      else go(message.delta)
      break
    case 'storage':
      storage = new Map(message.entries)
      if (history) tell({ kind: 'storage', origin: new URL(history.current.url).origin, entries: [...storage] })
      break
    case 'title':
      title = String(message.title)
      showAddress()
      break
  }
}

function isOurs(url: string): boolean {
  return history !== null && URL.canParse(url) && new URL(url).origin === new URL(history.current.url).origin
}

function navigate({
  url,
  replace = false,
  method = 'GET',
  type,
  body = null,
}: Extract<FromPage['vitrineShell'], { kind: 'navigate' }>) {
  if (!isOurs(url)) return tell({ kind: 'leave', url })
  const { href, origin } = new URL(history?.current.url ?? url)
  const headers: [string, string][] = [['referer', href.replace(/#.*/, '')]]
  if (method !== 'GET') headers.push(['origin', origin])
  if (type !== undefined) headers.push(['content-type', type])
  void visit({ url, method, body, headers }, replace)
}

async function loadModules(id: number, url: string) {
  const asked = graph
  const answer = await (asked?.load(url) ?? Promise.resolve([])).then(
    (modules) => ({ modules, problem: null }),
    (error) => ({ modules: [], problem: messageOf(error) }),
  )
  // The page may have been left meanwhile.
  if (asked === graph) toPage({ vitrinePage: { kind: 'loaded', id, ...answer } })
}

function go(delta: number) {
  const before = history?.current
  const entry = history?.go(delta)
  if (!entry || !before) return
  if (entry.document === before.document) {
    toPage({ vitrinePage: { kind: 'traverse', url: entry.url, state: entry.state } })
    showAddress()
  } else void show({ url: entry.url }, () => undefined)
}

/** Also of a document that is still on its way: the server that it was asked of may be another one now. */
function reload() {
  if (loading) return show(loading.request, loading.commit)
  return history ? show({ url: history.current.url }, () => undefined) : undefined
}

function visit(request: ServerRequest, replace = false) {
  return show(request, (url) => {
    const entry = { url, state: null, document: documents }
    if (history === null) history = createSessionHistory(entry)
    else if (replace || history.current.url === url) history.replace(entry)
    else history.push(entry)
  })
}

/** Loads a document and shows it; what is shown stays until the new one is whole. */
async function show(request: ServerRequest, commit: (url: string) => void) {
  if (!server) return
  documents += 1
  const number = documents
  loading = { request, commit }
  tell({ kind: 'loading', url: request.url })
  const loadingServer = server
  try {
    const headers: [string, string][] = [
      ['accept', 'text/html,application/xhtml+xml,*/*;q=0.8'],
      ['sec-fetch-dest', 'document'],
      ...(request.headers ?? []),
    ]
    const loaded = await loadingServer.load({ ...request, headers })
    if (number !== documents) return
    commit(loaded.url)
    if (history) history.replace({ ...history.current, url: loaded.url, document: number })
    const config = {
      state: history?.current.state ?? null,
      historyLength: history?.length ?? 1,
      storage: [...storage],
    }
    const assembled = await assemble(loaded, loadingServer, { code: pageRuntime, config })
    if (number !== documents) return
    loading = null
    graph = assembled.graph
    title = assembled.title
    place(assembled.html, loadingServer)
    showAddress()
  } catch (error) {
    if (number !== documents) return
    loading = null
    tell({ kind: 'console', level: 'error', text: `${request.url}: ${messageOf(error)}`, values: [] })
    // The page that failed is the present one: loading it again asks for it, going back leaves it.
    commit(request.url)
    title = ''
    place(failurePage(request.url, messageOf(error)), loadingServer)
    showAddress()
  }
}

function place(html: string, from: Server) {
  const next = document.createElement('iframe')
  next.setAttribute('sandbox', 'allow-scripts allow-forms allow-modals')
  next.title = 'Preview'
  next.srcdoc = html
  next.addEventListener('load', () => {
    if (frame === next && isPicking) toPage({ vitrinePage: { kind: 'pick', on: true } })
  })
  frame?.remove()
  frame = document.body.appendChild(next)
  // Waits in the page's queue until its first script, which takes it, has run.
  toPageWhenReady(next, from)
}

/** The page says `ready` from its first script; only then can it take a port. */
function toPageWhenReady(target: HTMLIFrameElement, from: Server) {
  const onMessage = ({ source, data }: MessageEvent) => {
    if (source !== target.contentWindow || data?.vitrinePreview?.kind !== 'ready') return
    removeEventListener('message', onMessage)
    toPage({ vitrinePage: { kind: 'server' } }, [from.bridge.channel()])
  }
  addEventListener('message', onMessage)
}

function showAddress() {
  if (!history) return
  const { current, canGoBack, canGoForward } = history
  tell({ kind: 'address', url: current.url, title, canGoBack, canGoForward })
}

function failurePage(url: string, message: string): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html><meta charset="utf-8"><body style="font:14px/1.5 system-ui;padding:24px;color:#555"><p><b>${escaped(url)}</b> did not answer.</p><p>${escaped(message)}</p>`
}
