// The response headers of everything under /sandbox. next.config.mjs and the browser tests read them from here.

/**
 * No way out: no connection, no frame, no form, no remote script, style, image or Worker; an opaque origin even when the
 * embedding page forgets the `sandbox` attribute. `'unsafe-eval'` is what the project's own code may use in there.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data: blob:',
  'media-src data: blob:',
  "connect-src 'none'",
  "frame-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  // No other site shows its documents under our name.
  "frame-ancestors 'self'",
  // Firefox and Chromium ignore this one; `Connection-Allowlist` below does it in Chromium.
  'sandbox allow-scripts allow-forms allow-modals',
].join('; ')

/** With COOP it makes pages cross-origin isolated, which SharedArrayBuffer needs. */
export const isolationHeaders = { 'Cross-Origin-Embedder-Policy': 'require-corp' }
/**
 * WebKit (Safari, every browser on iOS) starts no blob Worker in an opaque frame that has an embedder policy, and grants
 * no SharedArrayBuffer there; it shows such a frame in an isolated page only with the policy. Its documents go without.
 */
export const webKitAgent = '(?!.*Chrome/).*AppleWebKit/.*'

const shared = {
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** @type {{ source: string; has?: { type: string; key: string }[]; headers: Record<string, string> }[]} In the order of next.config.mjs: the last match of a name wins. */
export const sandboxHeaders = [
  // Bundles carry their hash in `?v=`; a URL without it is never kept.
  { source: '/sandbox/:file*', headers: { ...shared, 'Cache-Control': 'no-cache' } },
  {
    source: '/sandbox/:page.html',
    headers: {
      ...shared,
      // Firefox and Safari hold a frame with a `sandbox` attribute for another origin than ours; `frame-ancestors` says
      // who may show it.
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Content-Security-Policy': contentSecurityPolicy,
      // The browser's own network filter, for what no policy directive covers (WebRTC, name look-ups).
      'Connection-Allowlist': '();webrtc=block',
    },
  },
  // Of the second origin of previews, if there is one; the policy comes from the server, which knows who may frame it.
  {
    source: '/__vitrine/:file',
    headers: {
      ...shared,
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'no-cache',
      'Service-Worker-Allowed': '/',
      // The IDE is of the same site: this keeps its pages out of the IDE's process.
      'Origin-Agent-Cluster': '?1',
    },
  },
  { source: '/sandbox/:script.js', headers: { ...shared, 'Content-Security-Policy': "default-src 'none'" } },
  {
    source: '/sandbox/:script.js',
    has: [{ type: 'query', key: 'v' }],
    headers: { 'Cache-Control': 'public, max-age=31536000, immutable' },
  },
]

/** What the attribute of the frame allows; the same words as in the policy. */
export const frameSandbox = 'allow-scripts allow-forms allow-modals'

/**
 * The headers of one path, for servers other than Next.
 * @param {string} path e.g. `/sandbox/frame.html`
 * @param {string} [userAgent]
 * @returns {Record<string, string>}
 */
export function headersOf(path, userAgent = '') {
  const folder = `/${path.split('/')[1]}/`
  const kind = path.endsWith('.html') ? '.html' : path.endsWith('.js') ? '.js' : '*'
  const isFor = (source) => source.startsWith(folder) && (/:file\*?$/.test(source) || source.endsWith(kind))
  const rules = sandboxHeaders.filter((rule) => !rule.has && isFor(rule.source))
  return Object.assign({}, isolationOf(path, userAgent), ...rules.map((rule) => rule.headers))
}

/**
 * @param {string} path a document ends in `.html`
 * @param {string} [userAgent]
 * @returns {Record<string, string>}
 */
export function isolationOf(path, userAgent = '') {
  return path.endsWith('.html') && new RegExp(`^${webKitAgent}$`).test(userAgent) ? {} : isolationHeaders
}
