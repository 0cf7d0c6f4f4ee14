import { encodeUtf8 } from '@/lib/base'

/** Paths under it are ours on every host of the second origin. */
export const ownPath = '/__vitrine/'
/** The first script of every page. */
export const pageScript = `${ownPath}page.js`
/** Leads to another port of the sandbox than the one that the host stands for: `/__vitrine/at/3000/api`. */
const otherPort = /^\/__vitrine\/at\/(\d{1,5})(\/.*)$/
const label = /^v[0-9a-f]{32}(?:-(\d{1,5}))?\./

/**
 * The addresses of one project's previews. A server of the sandbox goes by `http://localhost:<port>` in the IDE, and has
 * a host of its own under the second origin, so that browsers keep projects and servers apart.
 */
export interface PreviewOrigins {
  /** Of the server at an address of the sandbox. */
  originOf(url: string): string
}

/** `base` is what the operator set, e.g. `https://preview.example.org`. */
export async function createPreviewOrigins(base: string, projectId: string): Promise<PreviewOrigins> {
  const { protocol, host } = new URL(base)
  const digest = await crypto.subtle.digest('SHA-256', encodeUtf8(`preview of ${projectId}`))
  const name = [...new Uint8Array(digest, 0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    originOf(url) {
      const { port } = new URL(url)
      return `${protocol}//v${name}${port === '' ? '' : `-${port}`}.${host}`
    },
  }
}

/** The origin in the sandbox that a host of the second origin stands for. */
export function sandboxOriginOf(hostname: string): string {
  const port = label.exec(hostname)?.[1]
  return port === undefined ? 'http://localhost' : `http://localhost:${port}`
}

/** The address in the sandbox that an address of the second origin stands for. */
export function toSandboxUrl({ hostname, pathname, search, hash }: URL): URL {
  const [, port, path] = otherPort.exec(pathname) ?? []
  const origin = port === undefined ? sandboxOriginOf(hostname) : `http://localhost:${port}`
  return new URL(`${path ?? pathname}${search}${hash}`.replace(/^\/{2,}/, '/'), origin)
}

/** Where a page at `page` reaches an address of the sandbox, on its own origin; null for any other address. */
export function reachableFrom(page: { hostname: string; origin: string }, url: URL): string | null {
  if (!/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) || !/^(?:http|ws)s?:$/.test(url.protocol)) return null
  const port = url.port || '80'
  const own = new URL(sandboxOriginOf(page.hostname)).port || '80'
  const path = `${url.pathname}${url.search}${url.hash}`
  return `${page.origin}${port === own ? path : `${ownPath}at/${port}${path}`}`
}

/**
 * What the server itself answers with on the second origin; `ide` alone may show it. Previewed pages are of the same
 * origin, so whatever a document of these may do, they can do through it.
 */
export function originHeaders(ide: string): Record<string, string> {
  return {
    'content-security-policy': `default-src 'none'; script-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors ${ide}`,
    'connection-allowlist': ownConnections,
  }
}

/** What the server itself answers there in place of a page. In the IDE that is a mishap, and its script says so. */
export function astrayPage(ide: string): { body: string; headers: Record<string, string> } {
  return {
    body: `<!doctype html><meta charset="utf-8"><title>Preview</title><p>Previews show in Vitrine only.</p><script src="${ownPath}astray.js"></script>`,
    headers: {
      ...originHeaders(ide),
      'content-type': 'text/html; charset=utf-8',
      // An isolated page shows it only with both; the last is for all documents of the origin or for none.
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'cross-origin',
      'origin-agent-cluster': '?1',
    },
  }
}

/** The browser's own network filter, for what no policy directive covers (WebRTC, name look-ups). */
export const ownConnections = '(response-origin);webrtc=block'
