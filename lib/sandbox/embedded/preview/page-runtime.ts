/**
 * The script that runs first inside the previewed page. It is sent as text (`pageRuntime.toString()`), so it may use
 * nothing but its arguments and the page's own globals.
 *
 * - `modules`: specifier (`app:/src/main.js`) → source; they become blob modules behind an import map, because a
 *   srcdoc page has no URL of its own to load from.
 * - `assets`: path (`/data.json`) → base64 `data:` URL, served to `fetch` (the policy allows no connection, not even to `data:`).
 */
export function pageRuntime(modules: Record<string, string>, assets: Record<string, string>): void {
  const tell = (message: unknown) => parent.postMessage({ vitrinePreview: message }, '*')
  const show = (value: unknown): string => {
    if (typeof value === 'string') return value
    if (value instanceof Error) return value.stack ?? String(value)
    try {
      return JSON.stringify(value) ?? String(value)
    } catch {
      return String(value)
    }
  }

  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    const original = console[level]
    console[level] = (...values: unknown[]) => {
      original.apply(console, values)
      tell({ kind: 'console', level, text: values.map(show).join(' ') })
    }
  }
  addEventListener('error', (event) => {
    tell({ kind: 'console', level: 'error', text: event.error ? show(event.error) : event.message })
  })
  addEventListener('unhandledrejection', (event) => {
    tell({ kind: 'console', level: 'error', text: `Unhandled rejection: ${show(event.reason)}` })
  })

  const imports: Record<string, string> = {}
  for (const [specifier, source] of Object.entries(modules)) {
    imports[specifier] = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  }
  const map = document.createElement('script')
  map.type = 'importmap'
  map.textContent = JSON.stringify({ imports })
  document.head.append(map)

  const respond = (dataUrl: string) => {
    const [head = '', body = ''] = dataUrl.split(',', 2)
    const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0))
    return new Response(bytes, { headers: { 'content-type': head.slice('data:'.length, -';base64'.length) } })
  }
  const nativeFetch = window.fetch.bind(window)
  window.fetch = (input, init) => {
    const address = input instanceof Request ? input.url : String(input)
    if (/^(blob|data):/.test(address)) return nativeFetch(input, init)
    const path = new URL(address, 'http://preview.invalid/').pathname
    const asset = assets[path]
    if (asset !== undefined) return Promise.resolve(respond(asset))
    console.warn(
      `fetch(${JSON.stringify(address)}) was refused: the preview has no network and the project has no ${path}.`,
    )
    return Promise.reject(new TypeError('Failed to fetch'))
  }

  // The policy blocks WebRTC anyway; but trying it ends the tab's renderer in Chromium 156.
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) Reflect.deleteProperty(window, name)

  // Storage throws on an opaque origin; pages expect it to work for the visit.
  const createStorage = () => {
    const entries = new Map<string, string>()
    return {
      get length() {
        return entries.size
      },
      key: (index: number) => [...entries.keys()][index] ?? null,
      getItem: (key: string) => entries.get(String(key)) ?? null,
      setItem: (key: string, value: string) => void entries.set(String(key), String(value)),
      removeItem: (key: string) => void entries.delete(String(key)),
      clear: () => entries.clear(),
    }
  }
  for (const name of ['localStorage', 'sessionStorage'] as const) {
    Object.defineProperty(window, name, { value: createStorage(), configurable: true })
  }

  addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
    const href = link?.getAttribute('href')
    if (!href || href.startsWith('#') || event.defaultPrevented) return
    event.preventDefault()
    if (/^[a-z][a-z0-9+.-]*:/i.test(href)) console.warn(`The preview does not leave the project: ${href}`)
    else tell({ kind: 'navigate', path: href })
  })
  addEventListener('submit', (event) => {
    if (event.defaultPrevented) return
    event.preventDefault()
    console.warn('The form was not sent: a static preview has no server.')
  })
  tell({ kind: 'ready' })
}
