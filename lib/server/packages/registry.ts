import 'server-only'
import type { Readable } from 'node:stream'
import { type RegistryPath, VitrineError } from '@/lib/base'
import type { Settings } from '../env'
import { createGuard, type Guard } from '../guarded-stream'
import { type HttpAnswer, httpGet } from './http-get'

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

/** What the registry answered. */
export interface RegistryAnswer {
  /** As it came. */
  lastModified: string | undefined
  /** The body as it comes; cut off when it is too large, or when the client leaves. Must be read; once begun, it may be returned. */
  chunks: AsyncGenerator<Uint8Array, void, undefined>
}

/**
 * Asks the one registry that the operator named. The path has been parsed and is written anew. Everything that goes wrong is
 * an error of the table.
 */
export async function askRegistry(
  settings: Settings,
  path: RegistryPath,
  form: RegistryForm,
  client: AbortSignal,
): Promise<RegistryAnswer> {
  const guard = createGuard(client, waits)
  try {
    const answer = await getFrom(toAddress(settings, path), accepts[form], guard.signal)
    refuseFailure(answer, path)
    const limit = maxBytes[path.kind]
    if (Number(answer.headers['content-length'] ?? 0) > limit) {
      answer.body.destroy()
      throw tooLarge(path, limit)
    }
    return { lastModified: answer.headers['last-modified'], chunks: counted(answer.body, path, guard) }
  } catch (error) {
    guard.end()
    throw toFailure(error, guard)
  }
}

function toFailure(error: unknown, guard: Guard): VitrineError {
  if (error instanceof VitrineError) return error
  const cause = { cause: error }
  if (guard.timedOut())
    return new VitrineError('upstream_timeout', 'The package registry did not answer in time.', cause)
  if (guard.signal.aborted) return new VitrineError('aborted', 'The client went away.', cause)
  return new VitrineError('registry_unreachable', 'The package registry could not be reached.', cause)
}

async function* counted(body: Readable, path: RegistryPath, guard: Guard): RegistryAnswer['chunks'] {
  const limit = maxBytes[path.kind]
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      guard.touch()
      bytes += chunk.byteLength
      if (bytes > limit) throw tooLarge(path, limit)
      yield chunk
    }
  } catch (error) {
    throw toFailure(error, guard)
  } finally {
    guard.end()
  }
}

function toAddress({ registryUrl }: Settings, path: RegistryPath): string {
  const base = `${registryUrl.replace(/\/+$/, '')}/`
  const name = path.name.replace('/', '%2f')
  return path.kind === 'metadata' ? base + name : `${base}${path.name}/-/${path.file}`
}

/** Follows redirects within the registry's own origin only: an answer from elsewhere is not what the operator named. */
async function getFrom(address: string, accept: string, signal: AbortSignal): Promise<HttpAnswer> {
  const url = new URL(address)
  const headers: Record<string, string> = { accept }
  if (url.username || url.password) {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
    url.username = ''
    url.password = ''
  }
  let target = url
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const answer = await httpGet(target, { headers, signal })
    if (answer.status < 300 || answer.status > 399) return answer
    answer.body.destroy()
    const next = URL.parse(answer.headers.location ?? '', target)
    if (!next || next.origin !== url.origin) {
      throw new VitrineError('registry_unreachable', 'The package registry sent us elsewhere, where we do not follow.')
    }
    target = next
  }
  throw new VitrineError('registry_unreachable', 'The package registry redirected too often.')
}

function refuseFailure({ status, headers, body }: HttpAnswer, path: RegistryPath): void {
  if (status === 200) return
  body.destroy()
  const what = path.kind === 'metadata' ? `package “${path.name}”` : `file “${path.file}” of “${path.name}”`
  if (status === 404 || status === 410) throw new VitrineError('not_found', `The registry has no ${what}.`)
  if (status === 429) {
    const seconds = Number(headers['retry-after'])
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
