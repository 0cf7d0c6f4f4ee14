import type { PageConfig } from './config'
import { tellShell } from './tell'

type PageLocation = Pick<Location, 'assign' | 'replace' | 'reload' | 'toString'> & Record<string, unknown>

export interface Place {
  readonly url: URL
  location: PageLocation
  /** `window` as code sees it that takes `location` from there. */
  window: unknown
  /** To another address of this document: fragment changes stay, all else is loaded. */
  visit(reference: string, options?: { replace?: boolean }): void
  /** The shell went to another entry of this document. */
  traverse(url: string, state: unknown): void
}

const parts = ['href', 'origin', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const

/** An address and a history for a page that has neither; code is pointed at them by `rewriteGlobals`. */
export function installLocation(config: PageConfig): Place {
  let url = new URL(config.url)
  let state = config.state
  let length = config.historyLength

  function visit(reference: string, { replace = false } = {}) {
    const next = new URL(reference, url)
    const isFragment = next.hash !== '' && withoutHash(next) === withoutHash(url)
    if (!isFragment) return tellShell({ kind: 'navigate', url: next.href, replace })
    const before = url.href
    if (next.href !== before) enter(next, null, replace)
    scrollToFragment()
    if (next.href !== before) announceHash(before)
  }

  function enter(next: URL, nextState: unknown, replace: boolean) {
    url = next
    state = nextState
    if (!replace) length += 1
    tellShell({ kind: 'entry', url: next.href, state: nextState, replace })
  }

  function announceHash(before: string) {
    const event = new HashChangeEvent('hashchange', { oldURL: before, newURL: url.href })
    queueMicrotask(() => {
      dispatchEvent(new PopStateEvent('popstate', { state }))
      dispatchEvent(event)
    })
  }

  function scrollToFragment() {
    const id = decodeURIComponent(url.hash.slice(1))
    if (id === '') return
    document.getElementById(id)?.scrollIntoView()
  }

  const location: PageLocation = {
    assign: (reference: string | URL) => visit(String(reference)),
    replace: (reference: string | URL) => visit(String(reference), { replace: true }),
    reload: () => tellShell({ kind: 'go', delta: 0 }),
    toString: () => url.href,
  }
  for (const part of parts) {
    Object.defineProperty(location, part, {
      enumerable: true,
      get: () => url[part],
      set(value: unknown) {
        if (part === 'href') return visit(String(value))
        if (part === 'origin') return
        const next = new URL(url)
        next[part] = String(value)
        if (part === 'hash' && next.hash === url.hash) return
        visit(next.href)
      },
    })
  }
  Object.defineProperty(location, Symbol.toStringTag, { value: 'Location' })
  Object.defineProperty(location, 'ancestorOrigins', { value: [] })

  const change = (replace: boolean) =>
    function changeState(nextState: unknown, _title: string, reference?: string | URL | null) {
      const next = reference == null ? url : new URL(reference, url)
      if (next.origin !== url.origin) throw new DOMException(`${next.href} is another site.`, 'SecurityError')
      enter(next, structuredClone(nextState), replace)
    }
  Object.assign(History.prototype, {
    pushState: change(false),
    replaceState: change(true),
    go: (delta = 0) => tellShell({ kind: 'go', delta: Number(delta) }),
    back: () => tellShell({ kind: 'go', delta: -1 }),
    forward: () => tellShell({ kind: 'go', delta: 1 }),
  })
  Object.defineProperty(History.prototype, 'state', { configurable: true, get: () => state })
  Object.defineProperty(History.prototype, 'length', { configurable: true, get: () => length })
  for (const name of ['URL', 'documentURI', 'baseURI'] as const) {
    Object.defineProperty(document, name, { configurable: true, get: () => url.href })
  }
  Object.defineProperty(document, 'domain', { configurable: true, get: () => url.hostname })
  Object.defineProperty(document, 'referrer', { configurable: true, get: () => '' })
  addEventListener('load', scrollToFragment)

  return {
    get url() {
      return url
    },
    location,
    window: windowWith(location),
    visit,
    traverse(target, nextState) {
      const before = url.href
      url = new URL(target)
      state = nextState
      dispatchEvent(new PopStateEvent('popstate', { state }))
      if (before.split('#')[1] !== target.split('#')[1] && withoutHash(new URL(before)) === withoutHash(url)) {
        dispatchEvent(new HashChangeEvent('hashchange', { oldURL: before, newURL: target }))
      }
    },
  }
}

function withoutHash(url: URL): string {
  return url.href.replace(/#.*/, '')
}

/** The real window but for its location. Its methods only work on the real one. */
function windowWith(location: PageLocation): unknown {
  const bound = new Map<unknown, unknown>()
  return new Proxy(window, {
    get(target, key) {
      if (key === 'location') return location
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function' || Object.hasOwn(value, 'prototype')) return value
      if (!bound.has(value)) bound.set(value, value.bind(target))
      return bound.get(value)
    },
    set(target, key, value) {
      if (key === 'location') location.assign(String(value))
      else Reflect.set(target, key, value)
      return true
    },
  })
}
