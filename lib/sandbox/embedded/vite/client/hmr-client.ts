// Served as `/@vite/client`: takes the server's updates in the page. One of it in each document.
import type { HotContext, HotMessage, HotUpdate } from './hot-context'
import { createHotModules, type Exports, stamped } from './hot-modules'

interface Page {
  location: Location
  import(base: string, specifier: string): Promise<Exports>
  tell(message: object): void
}

const page = (globalThis as unknown as { __vitrine: Page }).__vitrine
const modules = createHotModules({
  import: (address) => page.import(page.location.href, address),
  onMissed: (updates) => update({ type: 'update', updates }),
})
const listeners = new Map<string, Set<(payload: unknown) => void>>()

/** `import.meta.hot` of a module that runs, loaded by `address`, with the changes until `changedAt` in it. */
export function createHotContext(owner: string, changedAt: number, address: string): HotContext {
  const own = modules.enter(owner, { changedAt, address })
  return {
    ...own,
    acceptExports: (_names, callback) => own.accept(callback ?? (() => undefined)),
    decline: () => undefined,
    invalidate(message = '') {
      console.info(`[vite] ${owner} cannot take this update${message === '' ? '' : ` (${message})`}.`)
      void post('invalidate', { path: owner })
    },
    on: (event, callback) => void listeners.set(event, (listeners.get(event) ?? new Set()).add(callback)),
    off: (event, callback) => void listeners.get(event)?.delete(callback),
    send: (event, payload) => void post('custom', { event, payload }),
  }
}

function post(kind: string, body: object): Promise<unknown> {
  return fetch(`/@vite/${kind}`, { method: 'POST', body: JSON.stringify(body) })
}

function emit(event: string, payload: unknown) {
  for (const listener of listeners.get(event) ?? []) listener(payload)
}

const styles = new Map<string, HTMLStyleElement>()

export function updateStyle(id: string, css: string): void {
  let style = styles.get(id)
  if (!style) {
    style = document.createElement('style')
    style.setAttribute('data-vite-dev-id', id)
    styles.set(id, style)
    document.head.append(style)
  }
  style.textContent = css
}

export function removeStyle(id: string): void {
  styles.get(id)?.remove()
  styles.delete(id)
}

async function receive(message: HotMessage) {
  switch (message.type) {
    case 'connected':
      break
    case 'update': {
      emit('vite:beforeUpdate', message)
      const changes = await Promise.all(message.updates.map(load))
      for (const apply of changes) apply?.()
      // An error that an update met goes on standing.
      if (!changes.includes(null)) page.tell({ kind: 'updated' })
      emit('vite:afterUpdate', message)
      break
    }
    case 'full-reload':
      emit('vite:beforeFullReload', message)
      page.location.reload()
      break
    case 'prune':
      for (const path of message.paths) modules.prune(path, message.timestamp)
      break
    case 'error':
      emit('vite:error', message)
      page.tell({ kind: 'error', message: message.message, stack: message.stack })
      break
  }
}

/** What hands the change to those that take it; null when it cannot be loaded. */
async function load(update: HotUpdate): Promise<(() => void) | null> {
  const { kind, accepted, timestamp } = update
  if (kind === 'style') return loadStyle(accepted, stamped(accepted, timestamp))
  try {
    return await modules.load(update)
  } catch (error) {
    // Of a mistake in the syntax the browser does not say where; the server finds it.
    if (error instanceof SyntaxError) void post('check', { path: accepted })
    console.error(error)
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    if (!(error instanceof SyntaxError)) page.tell({ kind: 'error', message, stack })
    return null
  }
}

async function loadStyle(path: string, address: string): Promise<(() => void) | null> {
  const response = await fetch(`${address}&direct`)
  if (!response.ok) return null
  const css = await response.text()
  return () => {
    for (const style of document.querySelectorAll(`style[data-href="${CSS.escape(path)}"]`)) style.textContent = css
    // On an origin of its own a page has links where the shell would have put their styles.
    for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
      const { origin, pathname } = new URL(link.href)
      if (origin === location.origin && pathname === path) link.href = address
    }
  }
}

/** An update that takes longer does not hold up those after it: its requests may be lost. */
const maxUpdateMs = 10_000
/** Until a stream is opened anew that the browser has given up. */
const reopenMs = 1000
let updating: Promise<void> = Promise.resolve()
// What changed while the page was loading, or while the stream was cut, comes first.
let since = String((globalThis as { __viteSince?: number }).__viteSince ?? '')

function listen() {
  const events = new EventSource(`/@vite/events?since=${since}`)
  events.onmessage = ({ data, lastEventId }) => {
    if (lastEventId !== '') since = lastEventId
    const message: HotMessage = JSON.parse(data)
    if (message.type === 'update') update(message)
    else void receive(message)
  }
  // Browsers come back after a cut by themselves, but not after an answer that is no stream.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, reopenMs)
  }
}

/** One after the other: an update that takes long to load must not undo the next one. */
function update(message: HotMessage) {
  updating = updating.then(() => inTime(receive(message))).catch(console.error)
}

function inTime(update: Promise<void>): Promise<void> {
  return Promise.race([update, new Promise<void>((resolve) => setTimeout(resolve, maxUpdateMs))])
}

listen()
