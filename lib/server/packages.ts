import 'server-only'
import { parseRegistryPath, type RegistryPath, VitrineError } from '@/lib/base'
import type { Settings } from './env'
import { countingStream, createGuard } from './guarded-stream'
import type { RouteContext } from './handle'

/** Room for an install of several hundred packages: each costs one request for metadata and one for its tarball. */
export const packageLimit = { bucket: 'packages', requestsPerMinute: 6_000 }

const route = '/api/packages/'
const maxRedirects = 3
const waits = { answerMs: 30_000, idleMs: 30_000 }
const maxBytes = { metadata: 64 * 1024 * 1024, tarball: 128 * 1024 * 1024 } as const
const accepts = {
  short: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8',
  full: 'application/json',
  tarball: 'application/octet-stream',
} as const

/**
 * Metadata or a tarball of the one registry that the operator named, streamed. Nothing of the client's request travels
 * but the path, which has been parsed and is written anew; nothing of the registry's answer but its body and its date.
 * `?full` asks for metadata with publishing times, which are left out of the short form.
 */
export async function packageFile({ request, settings }: RouteContext): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const path = parseRegistryPath(pathname.slice(route.length).replace(/^%40/, '@'))
  if (!pathname.startsWith(route) || !path) {
    throw new VitrineError('not_found', 'This is neither a package’s metadata nor one of its tarballs.')
  }
  const accept = path.kind === 'tarball' ? accepts.tarball : searchParams.has('full') ? accepts.full : accepts.short
  const guard = createGuard(request.signal, waits)
  try {
    const response = await fetchFrom(toAddress(settings, path), accept, guard.signal)
    await refuseFailure(response, path)
    const limit = maxBytes[path.kind]
    if (Number(response.headers.get('content-length') ?? 0) > limit) {
      await response.body?.cancel()
      throw tooLarge(path, limit)
    }
    const body = response.body?.pipeThrough(
      countingStream(limit, guard, () => tooLarge(path, limit)),
      // Here too: `fetch` may have forgotten the signal once its answer has begun.
      { signal: guard.signal },
    )
    return new Response(body, { headers: headersOf(path, response) })
  } catch (error) {
    guard.end()
    if (error instanceof VitrineError) throw error
    if (request.signal.aborted) throw new VitrineError('aborted', 'The client went away.', { cause: error })
    if (guard.timedOut()) {
      throw new VitrineError('upstream_timeout', 'The package registry did not answer in time.', { cause: error })
    }
    throw new VitrineError('registry_unreachable', 'The package registry could not be reached.', { cause: error })
  }
}

function toAddress({ registryUrl }: Settings, path: RegistryPath): string {
  const base = `${registryUrl.replace(/\/+$/, '')}/`
  const name = path.name.replace('/', '%2f')
  return path.kind === 'metadata' ? base + name : `${base}${path.name}/-/${path.file}`
}

/** Follows redirects within the registry's own origin only: an answer from elsewhere is not what the operator named. */
async function fetchFrom(address: string, accept: string, signal: AbortSignal): Promise<Response> {
  const url = new URL(address)
  const headers = new Headers({ accept })
  if (url.username || url.password) {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`)
    url.username = ''
    url.password = ''
  }
  let target = url
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await fetch(target, { headers, redirect: 'manual', cache: 'no-store', signal })
    if (response.status < 300 || response.status > 399) return response
    await response.body?.cancel()
    const next = URL.parse(response.headers.get('location') ?? '', target)
    if (!next || next.origin !== url.origin) {
      throw new VitrineError('registry_unreachable', 'The package registry sent us elsewhere, where we do not follow.')
    }
    target = next
  }
  throw new VitrineError('registry_unreachable', 'The package registry redirected too often.')
}

async function refuseFailure(response: Response, path: RegistryPath): Promise<void> {
  const { status } = response
  if (status === 200) return
  await response.body?.cancel()
  const what = path.kind === 'metadata' ? `package “${path.name}”` : `file “${path.file}” of “${path.name}”`
  if (status === 404 || status === 410) throw new VitrineError('not_found', `The registry has no ${what}.`)
  if (status === 429) {
    const seconds = Number(response.headers.get('retry-after'))
    const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) * 1000 : 10_000
    throw new VitrineError('rate_limit_exceeded', 'The package registry asks us to slow down.', { retryAfterMs })
  }
  // What the registry says of the operator's credentials is not for the client.
  throw new VitrineError('registry_unreachable', `The package registry answered ${status} for the ${what}.`)
}

function headersOf(path: RegistryPath, response: Response): Headers {
  const type = path.kind === 'metadata' ? 'application/json' : 'application/octet-stream'
  const headers = new Headers({ 'content-type': type })
  const modified = Date.parse(response.headers.get('last-modified') ?? '')
  if (Number.isFinite(modified)) headers.set('last-modified', new Date(modified).toUTCString())
  return headers
}

function tooLarge(path: RegistryPath, limit: number): VitrineError {
  const what = path.kind === 'metadata' ? `The metadata of “${path.name}”` : `“${path.file}”`
  return new VitrineError('package_too_large', `${what} is larger than ${limit / 1024 / 1024} MB.`)
}
