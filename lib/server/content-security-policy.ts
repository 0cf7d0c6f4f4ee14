export interface PolicyOptions {
  nonce: string
  /** Hot reload evaluates code and opens a WebSocket. */
  development?: boolean
  /** The page asked for the WebContainer sandbox, which needs its vendor's servers. */
  webContainer?: boolean
  /** Previews have hosts of their own, under `origin`. */
  previews?: { origin: string /** Of the request. */; host: string }
}

const webContainerHosts = ['https://stackblitz.com', 'https://*.webcontainer.io', 'https://*.webcontainer-api.io']

/**
 * The policy of our own pages. Inline styles stay allowed because Monaco writes its token colours into style elements
 * and nonces would block them; scripts run by nonce or from this origin only, and nothing can be fetched from elsewhere.
 */
export function contentSecurityPolicy(options: PolicyOptions): string {
  const { nonce, development = false, webContainer = false, previews } = options
  const foreign = webContainer ? webContainerHosts : []
  const directives: Record<string, string[]> = {
    'default-src': ["'self'"],
    'script-src': ["'self'", `'nonce-${nonce}'`, "'wasm-unsafe-eval'", ...(development ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", "'unsafe-inline'"],
    'worker-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", ...foreign, ...(development ? ['ws:'] : [])],
    'frame-src': [...frames(previews), ...foreign],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  }
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ')
}

/** A previewed page may go wherever this lets it: it is kept from everything here but the sandbox's own frames. */
function frames(previews: PolicyOptions['previews']): string[] {
  if (!previews || !/^[\w.-]+(?::\d+)?$/.test(previews.host)) return ["'self'"]
  return [`${previews.host}/sandbox/`, previews.origin.replace('//', '//*.')]
}
