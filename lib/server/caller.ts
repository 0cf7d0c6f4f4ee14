import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { VitrineError } from '@/lib/base'
import type { Settings } from './env'
import { isSandboxHost } from './sandbox-host'

/** Who calls, as far as limits and logs need it. */
export interface Caller {
  kind: 'page' | 'token'
  /** Counts requests per caller; holds neither token nor address in clear. */
  key: string
}

/** Headers by which framework internals are addressed; nothing of ours sends them to the API. */
const foreignHeaders = [
  'x-middleware-subrequest',
  'x-nextjs-data',
  'next-action',
  'rsc',
  'next-router-state-tree',
  'next-router-prefetch',
]

export function refuseFrameworkInternals(request: Request): void {
  if (foreignHeaders.some((name) => request.headers.has(name)))
    throw new VitrineError('not_found', 'There is nothing here.')
}

/**
 * Lets in clients with a valid token and pages of this server, nobody else.
 * `write` asks a page for proof (Origin or Sec-Fetch-Site); `read` only refuses what is visibly foreign.
 */
export function identifyCaller(request: Request, settings: Settings, need: 'read' | 'write'): Caller {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) return { kind: 'token', key: `token:${digest(validToken(authorization, settings))}` }
  refuseForeignPage(request, settings, need)
  return { kind: 'page', key: `page:${digest(clientAddress(request, settings))}` }
}

function validToken(authorization: string, { apiTokens }: Settings): string {
  const token = /^bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1]
  // Hashes have one length, so comparing takes one time whatever the token.
  const known =
    token !== undefined && apiTokens.filter((valid) => timingSafeEqual(sha256(valid), sha256(token))).length > 0
  if (!known) throw new VitrineError('unauthorized', 'The bearer token is not valid.')
  return token
}

function refuseForeignPage(request: Request, settings: Settings, need: 'read' | 'write'): void {
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  const isForeign =
    (origin !== null && !isOwnOrigin(origin, request, settings)) ||
    (site !== null && site !== 'same-origin' && site !== 'none')
  const hasProof = site === 'same-origin' || origin !== null
  if (isForeign || !isOwnHost(request, settings) || (need === 'write' && !hasProof)) {
    throw new VitrineError(
      'forbidden_origin',
      'Only pages of this server, or clients with a bearer token, may call this route.',
    )
  }
}

function isOwnOrigin(origin: string, request: Request, { publicUrl }: Settings): boolean {
  if (publicUrl !== null && origin === publicUrl) return true
  // Behind a TLS proxy the scheme differs; the host may not.
  return /^https?:\/\//.test(origin) && URL.canParse(origin) && new URL(origin).host === hostOf(request)
}

/** A foreign name that was pointed at this machine (DNS rebinding) is not ours; numbers and loopback names cannot be pointed. */
function isOwnHost(request: Request, { publicUrl, sandboxOrigin }: Settings): boolean {
  const host = hostOf(request)
  // Pages there are projects' own.
  if (isSandboxHost(host, sandboxOrigin)) return false
  if (host === null || !URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  if (publicUrl !== null && new URL(publicUrl).host === host) return true
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}

/** Whether a browser on the machine that this server runs on asks. A client that is no browser can pretend to be one. */
export function isFromThisMachine(request: Request): boolean {
  const host = hostOf(request)
  if (host === null || !URL.canParse(`http://${host}`)) return false
  const isLoopback = (name: string) => /^(?:localhost|127(?:\.\d+){3}|\[?(?:::ffff:127(?:\.\d+){3}|::1)\]?)$/.test(name)
  // The framework adds who connected; a proxy in front, for whom.
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
  return isLoopback(new URL(`http://${host}`).hostname) && forwarded.every((entry) => entry === '' || isLoopback(entry))
}

function hostOf(request: Request): string | null {
  return request.headers.get('host') ?? new URL(request.url).host
}

/**
 * `X-Forwarded-For` is whatever the client wrote, unless a reverse proxy of the operator's adds to its end.
 * Without one, all pages share one bucket: a spoofed header must never buy a fresh one.
 */
function clientAddress(request: Request, { trustedProxyHops }: Settings): string {
  if (trustedProxyHops === 0) return 'local'
  const chain = (request.headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
  const address = chain.at(-trustedProxyHops) ?? ''
  if (isIP(address) === 6) return address.split(':').slice(0, 4).join(':')
  return isIP(address) === 4 ? address : 'unknown'
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function digest(text: string): string {
  return sha256(text).toString('base64url').slice(0, 16)
}
