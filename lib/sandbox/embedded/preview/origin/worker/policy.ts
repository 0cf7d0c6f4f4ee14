import { ownConnections } from '../addresses'

/**
 * What every answer of the second origin says, whatever the project's server said. A page keeps to its own host, where the
 * worker answers; it cannot name another one, be shown elsewhere than in the IDE, or leave: the IDE's `frame-src` knows
 * this origin only.
 */
export function policyHeaders(ide: string): [name: string, value: string][] {
  const policy = [
    "default-src 'self' data: blob:",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' data: blob:",
    "style-src 'self' 'unsafe-inline' data: blob:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "object-src 'none'",
    "form-action 'self'",
    "base-uri 'self'",
    `frame-ancestors ${ide} 'self'`,
  ]
  return [
    ['content-security-policy', policy.join('; ')],
    // The worker answers before the network is asked.
    ['connection-allowlist', ownConnections],
    // A page in an isolated page needs both.
    ['cross-origin-embedder-policy', 'require-corp'],
    ['cross-origin-resource-policy', 'cross-origin'],
    // The IDE is of the same site: this keeps the page out of its process.
    ['origin-agent-cluster', '?1'],
    ['permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()'],
    ['referrer-policy', 'same-origin'],
    ['x-dns-prefetch-control', 'off'],
  ]
}

/** What a server says for its real address, where it would be a page of its own. */
const dropped =
  /^(?:content-security-policy|cross-origin-|x-frame-options|strict-transport-security|origin-agent-cluster|permissions-policy|referrer-policy|connection-allowlist|report-to|reporting-endpoints|nel|clear-site-data|service-worker-allowed|x-dns-prefetch-control|x-vitrine-|set-cookie)/i

/**
 * Of a document or a worker, script sees no headers, and much of what browsers take from them is policy of one kind or
 * another, new ones every year; some would keep our own script out (`Integrity-Policy`) or reach other hosts (`Link`).
 */
const keptOfContexts =
  /^(?:content-(?:type|language|disposition)|location|refresh|last-modified|etag|cache-control|expires|retry-after)$/i

export interface HeadersOptions {
  /** The answer is a document or the script of a worker. */
  isContext?: boolean
}

export function headersFor(
  answered: readonly [string, string][],
  ide: string,
  { isContext = false }: HeadersOptions = {},
): Headers {
  const isKept = (name: string) => (isContext ? keptOfContexts.test(name) : !dropped.test(name))
  const headers = new Headers(answered.filter(([name]) => isKept(name)))
  for (const [name, value] of policyHeaders(ide)) headers.set(name, value)
  return headers
}
