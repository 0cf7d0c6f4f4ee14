import 'server-only'
import { type RegistryPath, VitrineError } from '@/lib/base'
import type { Settings } from '../env'
import { countingStream, createGuard } from '../guarded-stream'

/** Room for an install of several hundred packages: each costs one request for metadata and one for its tarball. */
export const packageLimit = { bucket: 'packages', requestsPerMinute: 6_000 }

const maxRedirects = 3
const waits = { answerMs: 30_000, idleMs: 30_000 }
const maxBytes = { metadata: 64 * 1024 * 1024, tarball: 128 * 1024 * 1024 } as const
const accepts = {
  short: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8',
  full: 'application/json',
  tarball: 'application/octet-stream',
} as const

export type RegistryForm = keyof typeof accepts

/**
 * Asks the one registry that the operator named. The path has been parsed and is written anew. The body is cut off when it is
 * too large, or when `client` leaves. Everything that goes wrong is an error of the table.
 */
export async function askRegistry(
  settings: Settings,
  path: RegistryPath,
  form: RegistryForm,
  client: AbortSignal,
): Promise<Response> {
  const guard = createGuard(client, waits)
  try {
    const response = await fetchFrom(toAddress(settings, path), accepts[form], guard.signal)
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
    return new Response(body, { headers: response.headers })
  } catch (error) {
    guard.end()
    if (error instanceof VitrineError) throw error
    if (client.aborted) throw new VitrineError('aborted', 'The client went away.', { cause: error })
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

function tooLarge(path: RegistryPath, limit: number): VitrineError {
  const what = path.kind === 'metadata' ? `The metadata of “${path.name}”` : `“${path.file}”`
  return new VitrineError('package_too_large', `${what} is larger than ${limit / 1024 / 1024} MB.`)
}
