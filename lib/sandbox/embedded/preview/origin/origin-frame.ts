import { type BridgeClient, createBridgeClient } from '../bridge/client'
import type { PreviewFramePost } from '../live-preview'
import { type PreviewMessage, readPreviewMessage, type ToPreview } from '../messages'
import { ownPath, type PreviewOrigins } from './addresses'
import { readFromRelay, type StorageEntries, type ToRelay } from './messages'

/** Since its document has loaded, until the relay speaks: a page of errors never does. Milliseconds. */
const silenceMs = 2000
/** Until the Service Worker has its channel. */
const connectTimeoutMs = 15_000
/** Until a page says that it loads anew; one that is stuck or gone does not. */
const reloadTimeoutMs = 3000
/** How often in a row the worker is started anew for a page that it did not answer. */
const maxRestarts = 3

export interface OriginFrameOptions {
  /** Where the frames are put. */
  host: HTMLElement
  origins: PreviewOrigins
  receive(message: PreviewMessage): void
  /** The second origin cannot be used, and why; nothing is shown. */
  onFailure(reason: string): void
}

export interface OriginFrame {
  post: PreviewFramePost
  close(): void
}

/** Shows the preview on its own origin: takes what the opaque frame takes, and tells what it tells. */
export function createOriginFrame(options: OriginFrameOptions): OriginFrame {
  let site: Site | null = null
  return {
    post(message, [port] = []) {
      if (!('vitrineOpen' in message)) return site?.post(message)
      site?.close()
      site = port instanceof MessagePort ? openSite(message.vitrineOpen, port, options) : null
    },
    close: () => site?.close(),
  }
}

interface Site {
  post(message: Exclude<ToPreview, { vitrineOpen: unknown }>): void
  close(): void
}

/** One server of the sandbox on its host of the second origin: the hidden relay, then the page. */
function openSite(
  { url, storage }: { url: string; storage: StorageEntries },
  port: MessagePort,
  { host, origins, receive, onFailure }: OriginFrameOptions,
): Site {
  const inSandbox = new URL(url).origin
  const origin = origins.originOf(url)
  const bridge = createBridgeClient(port)
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let address = url
  let entries = storage
  let isPicking = false
  let isHeard = false
  let restarts = 0
  /** The page shown has our script; pictures and data have not. */
  let speaks = false
  let page: HTMLIFrameElement | null = null
  const relay = host.appendChild(document.createElement('iframe'))

  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    timers.add(timer)
    return timer
  }
  const settle = () => {
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
  }
  const realAddress = (target: string) => origin + target.slice(inSandbox.length)
  const unreachable = `${origin} does not answer, or is not to be shown on ${location.origin}.`
  const post = (message: ToPreview) => page?.contentWindow?.postMessage(message, origin)

  function start() {
    isHeard = false
    after(connectTimeoutMs, () => fail(unreachable))
    relay.src = `${origin}${ownPath}relay.html`
  }

  /** Browsers ask the server when a worker is gone, or does not start in time. */
  function startAnew() {
    restarts += 1
    if (restarts > maxRestarts) return fail(`The service worker on ${origin} does not answer.`)
    page?.remove()
    page = null
    start()
  }

  function fail(reason: string) {
    close()
    onFailure(reason)
  }

  function fromRelay(data: unknown) {
    const message = readFromRelay(data)
    switch (message?.kind) {
      case 'hello':
        isHeard = true
        settle()
        after(connectTimeoutMs, () => fail(`The service worker on ${origin} did not start.`))
        break
      case 'ask':
        connect(relay, { bridge, origin, storage: entries })
        break
      case 'connected':
        settle()
        page ??= show()
        break
      case 'failed':
        fail(`No service worker on ${origin}: ${message.reason}`)
        break
      case 'storage':
        keep(message.entries)
        break
    }
  }

  function keep(given: unknown) {
    const message = readPreviewMessage({ vitrinePreview: { kind: 'storage', origin: inSandbox, entries: given } })
    if (message?.kind !== 'storage') return
    entries = message.entries
    receive(message)
  }

  function show(): HTMLIFrameElement {
    const frame = document.createElement('iframe')
    frame.title = 'Preview of the project'
    frame.setAttribute('sandbox', pageSandbox)
    frame.style.cssText = 'display:block;width:100%;height:100%;border:0;background:#fff'
    load(frame)
    return host.appendChild(frame)
  }

  function fromPage(data: unknown) {
    if (readFromRelay(data)?.kind === 'astray') return startAnew()
    const given = readPreviewMessage(data)
    // The relay alone speaks for what is stored.
    if (given === null || given.kind === 'storage') return
    // The IDE knows pages by their address in the sandbox, in stacks too.
    const message: PreviewMessage = JSON.parse(JSON.stringify(given).replaceAll(origin, inSandbox))
    note(message)
    receive(message)
  }

  function note(message: PreviewMessage) {
    switch (message.kind) {
      case 'loading':
        speaks = true
        settle()
        break
      case 'ready':
        restarts = 0
        if (isPicking) post({ vitrinePick: true })
        break
      case 'picked':
        isPicking = false
        break
      case 'address':
        if (URL.canParse(message.url) && new URL(message.url).origin === inSandbox) address = message.url
        break
    }
  }

  /** Loads `address` into the frame. */
  function load(frame: HTMLIFrameElement) {
    speaks = false
    frame.src = realAddress(address)
  }

  function onMessage({ source, origin: from, data }: MessageEvent) {
    if (source === null || from !== origin) return
    if (source === relay.contentWindow) fromRelay(data)
    else if (source === page?.contentWindow) fromPage(data)
  }

  function close() {
    settle()
    removeEventListener('message', onMessage)
    bridge.close()
    relay.remove()
    page?.remove()
  }

  addEventListener('message', onMessage)
  relay.hidden = true
  relay.title = 'Service worker of the preview'
  relay.setAttribute('sandbox', 'allow-scripts allow-same-origin')
  relay.addEventListener('load', () => {
    if (!isHeard) after(silenceMs, () => fail(unreachable))
  })
  start()

  return {
    post(message) {
      if ('vitrineNavigate' in message) {
        address = message.vitrineNavigate
        if (page) load(page)
        return
      }
      if ('vitrinePick' in message) isPicking = message.vitrinePick
      post(message)
      if (!('vitrineGo' in message) || message.vitrineGo !== 'reload') return
      after(speaks ? reloadTimeoutMs : 0, () => {
        if (page) load(page)
      })
    },
    close,
  }
}

/** No windows, no downloads, no way to the top: the page stays in its frame. */
const pageSandbox = 'allow-scripts allow-same-origin allow-forms allow-modals'

function connect(
  relay: HTMLIFrameElement,
  { bridge, origin, storage }: { bridge: BridgeClient; origin: string; storage: StorageEntries },
) {
  const message: ToRelay = { vitrineConnect: { storage } }
  relay.contentWindow?.postMessage(message, origin, [bridge.channel()])
}
