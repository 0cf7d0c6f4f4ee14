// Served as `/@vite/client`: takes the server's updates in the page. One of it in each document.
import type { HotContext, HotMessage, HotUpdate } from './hot-context'

type Exports = Record<string, unknown>
interface Acceptance {
  dependencies: readonly string[]
  callback(modules: (Exports | undefined)[]): void
}
interface HotModule {
  acceptances: Acceptance[]
  disposers: ((data: Record<string, unknown>) => void)[]
  pruners: ((data: Record<string, unknown>) => void)[]
  data: Record<string, unknown>
}
interface Page {
  location: Location
  import(base: string, specifier: string): Promise<Exports>
  tell(message: object): void
}

const page = (globalThis as unknown as { __vitrine: Page }).__vitrine
const modules = new Map<string, HotModule>()
const listeners = new Map<string, Set<(payload: unknown) => void>>()

export function createHotContext(owner: string): HotContext {
  const before = modules.get(owner)
  const module: HotModule = { acceptances: [], disposers: [], pruners: [], data: before?.data ?? {} }
  modules.set(owner, module)

  const accept = (first?: unknown, callback?: (...values: never[]) => void) => {
    const call = callback as ((value: unknown) => void) | undefined
    if (typeof first === 'function' || first === undefined) {
      module.acceptances.push({ dependencies: [owner], callback: ([own]) => first?.(own) })
    } else if (typeof first === 'string') {
      module.acceptances.push({ dependencies: [first], callback: ([one]) => call?.(one) })
    } else if (Array.isArray(first)) {
      module.acceptances.push({ dependencies: first, callback: (all) => call?.(all) })
    }
  }
  return {
    data: module.data,
    accept,
    acceptExports: (_names, callback) => accept(callback ?? (() => undefined)),
    dispose: (callback) => void module.disposers.push(callback),
    prune: (callback) => void module.pruners.push(callback),
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
      for (const path of message.paths) {
        const module = modules.get(path)
        for (const prune of module?.pruners ?? []) prune(module?.data ?? {})
      }
      break
    case 'error':
      emit('vite:error', message)
      page.tell({ kind: 'error', message: message.message, stack: message.stack })
      break
  }
}

/** Loads the new module; what is answered hands it to those that accept it. Null when it cannot be loaded. */
async function load({ kind, path, accepted, timestamp }: HotUpdate): Promise<(() => void) | null> {
  const stamped = `${accepted}${accepted.includes('?') ? '&' : '?'}t=${timestamp}`
  if (kind === 'style') return loadStyle(accepted, stamped)
  const module = modules.get(path)
  const takers = (module?.acceptances ?? []).filter(({ dependencies }) => dependencies.includes(accepted))
  if (takers.length === 0) return () => undefined
  const disposed = modules.get(accepted)
  for (const dispose of disposed?.disposers ?? []) dispose(disposed?.data ?? {})
  try {
    const next = await page.import(page.location.href, stamped)
    return () => {
      for (const { dependencies, callback } of takers) {
        callback(dependencies.map((dependency) => (dependency === accepted ? next : undefined)))
      }
    }
  } catch (error) {
    // Of a mistake in the syntax the browser does not say where; the server finds it.
    if (error instanceof SyntaxError) void post('check', { path: accepted })
    console.error(error)
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    if (!(error instanceof SyntaxError)) page.tell({ kind: 'error', message, stack })
    return null
  }
}

async function loadStyle(path: string, stamped: string): Promise<() => void> {
  const css = await (await fetch(`${stamped}&direct`)).text()
  return () => {
    for (const style of document.querySelectorAll(`style[data-href="${CSS.escape(path)}"]`)) style.textContent = css
    // On an origin of its own a page has links where the shell would have put their styles.
    for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
      const { origin, pathname } = new URL(link.href)
      if (origin === location.origin && pathname === path) link.href = stamped
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
    // One after the other: an update that takes long to load must not undo the next one.
    if (message.type === 'update') updating = updating.then(() => inTime(receive(message))).catch(console.error)
    else void receive(message)
  }
  // Browsers come back after a cut by themselves, but not after an answer that is no stream.
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, reopenMs)
  }
}

function inTime(update: Promise<void>): Promise<void> {
  return Promise.race([update, new Promise<void>((resolve) => setTimeout(resolve, maxUpdateMs))])
}

listen()
