import { messageOf, parseRegistryPath } from '@/lib/base'
import { hasIntegrity, isIntegrity } from '../npm/registry/integrity'
import type { PackageAnswer, PackageOutcome, PackageRequest } from '../protocol'
import { type CachedPackage, openPackageCache, type PackageCache } from './package-cache'

/** Metadata that is older is asked for again; when that fails, the old is better than nothing. */
const metadataLifetimeMs = 5 * 60_000
const maxWaitMs = 5 * 60_000

export type LoadPackage = (request: PackageRequest) => Promise<PackageOutcome>

export interface PackageLoaderOptions {
  /** Our own server's route. */
  baseUrl?: string
  cache?: () => Promise<PackageCache>
  fetch?: typeof globalThis.fetch
}

/** Answers the sandbox's package requests from the tab's cache or from our server, and from nowhere else. */
export function createPackageLoader(options: PackageLoaderOptions = {}): LoadPackage {
  const { baseUrl = '/api/packages', cache: openCache = openPackageCache, fetch = globalThis.fetch } = options
  let opened: Promise<PackageCache> | null = null

  async function load(request: PackageRequest): Promise<PackageAnswer> {
    const path = parseRegistryPath(request.path)
    const { integrity, full } = request
    if (!path) throw new PackageError('EINVAL', 'This is not a package of the registry.')
    // No tarball gets into the sandbox without a checksum that it was compared with.
    if (path.kind === 'tarball' && !isIntegrity(integrity)) {
      throw new PackageError('EINTEGRITY', `${path.file} has no checksum to verify it by.`)
    }
    opened ??= openCache()
    const cache = await opened
    const key = path.kind === 'tarball' ? integrity : `${full ? 'full' : 'short'}:${path.name}`
    const kept = key === null ? null : await cache.read(key)
    const isFresh = path.kind === 'tarball' || (kept !== null && Date.now() - kept.storedAt < metadataLifetimeMs)
    if (kept && (isFresh || request.cachedOnly)) return toAnswer(kept, true)
    if (request.cachedOnly) throw new PackageError('ENOTCACHED', 'The tab has not kept this package.')
    const found = await download(request).catch((error: unknown) => {
      if (kept && error instanceof PackageError && error.code === 'ENETWORK') return null
      throw error
    })
    if (!found) return toAnswer(kept as CachedPackage, true)
    if (path.kind === 'tarball' && !(await hasIntegrity(found.data, integrity ?? ''))) {
      throw new PackageError(
        'EINTEGRITY',
        `${path.file}: the downloaded file is not the published one (wrong checksum).`,
      )
    }
    // What cannot be kept is loaded again next time.
    if (key !== null)
      void cache.write(key, { ...found, data: found.data.slice() }).catch((error: unknown) => reportError(error))
    return toAnswer(found, false)
  }

  async function download({ path, full }: PackageRequest): Promise<CachedPackage> {
    const url = `${baseUrl}/${path}${full ? '?full' : ''}`
    const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(maxWaitMs) }).catch(
      (cause: unknown) => {
        throw new PackageError(
          'ENETWORK',
          'The server cannot be reached, and the tab has not kept this package.',
          cause,
        )
      },
    )
    if (!response.ok) throw await toPackageError(response)
    const publishedAt = Date.parse(response.headers.get('last-modified') ?? '')
    return {
      data: new Uint8Array(await response.arrayBuffer()),
      publishedAt: Number.isFinite(publishedAt) ? publishedAt : null,
      storedAt: Date.now(),
    }
  }

  return async (request) => {
    try {
      return { ok: true, answer: await load(request) }
    } catch (error) {
      const code = error instanceof PackageError ? error.code : 'ENETWORK'
      return { ok: false, code, message: messageOf(error) }
    }
  }
}

class PackageError extends Error {
  readonly code: string
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

const codes: Record<string, string> = {
  not_found: 'E404',
  rate_limit_exceeded: 'E429',
  registry_unreachable: 'ENETWORK',
  upstream_timeout: 'ENETWORK',
  package_too_large: 'ETOOLARGE',
}

async function toPackageError(response: Response): Promise<PackageError> {
  const body: unknown = await response.json().catch(() => null)
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const text = typeof message === 'string' ? message : `The server answered ${response.status}.`
  return new PackageError(codes[String(code)] ?? 'ENETWORK', text)
}

function toAnswer({ data, publishedAt }: CachedPackage, cached: boolean): PackageAnswer {
  return { data, publishedAt, cached }
}
