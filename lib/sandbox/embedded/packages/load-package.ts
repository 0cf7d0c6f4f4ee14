import { joinBytes, messageOf, parseRegistryPath } from '@/lib/base'
import { parseWant } from '@/lib/registry/want'
import { hasIntegrity, isIntegrity } from '../npm/registry/integrity'
import { npmCodeOf } from '../npm/registry/npm-codes'
import type {
  PackageAnswer,
  PackageCrawlRequest,
  PackageFileRequest,
  PackageOutcome,
  PackageRequest,
} from '../protocol'
import { type CachedPackage, openPackageCache, type PackageCache } from './package-cache'

/** Metadata that is older is asked for again; when that fails, the old is better than nothing. */
const metadataLifetimeMs = 5 * 60_000
const maxWaitMs = 5 * 60_000
const crawlPrefix = 'crawl:'

type OnLines = (lines: Uint8Array<ArrayBuffer>) => void
/** `onLines` hears of whole lines of a crawl as they come; the answer then has what is left of them. */
export type LoadPackage = (request: PackageRequest, onLines?: OnLines) => Promise<PackageOutcome>

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

  function cache(): Promise<PackageCache> {
    opened ??= openCache()
    return opened
  }

  async function loadFile({ path: address, integrity, full, cachedOnly }: PackageFileRequest): Promise<PackageAnswer> {
    const path = parseRegistryPath(address)
    if (!path) throw new PackageError('EINVAL', 'This is not a package of the registry.')
    // No tarball gets into the sandbox without a checksum that it was compared with.
    if (path.kind === 'tarball' && !isIntegrity(integrity)) {
      throw new PackageError('EINTEGRITY', `${path.file} has no checksum to verify it by.`)
    }
    const key = path.kind === 'tarball' ? integrity : `${full ? 'full' : 'short'}:${path.name}`
    const kept = key === null ? null : await (await cache()).read(key)
    if (kept && (path.kind === 'tarball' || isFresh(kept) || cachedOnly)) return toAnswer(kept, true)
    if (cachedOnly) throw new PackageError('ENOTCACHED', 'The tab has not kept this package.')
    const found = await download(`/${address}${full ? '?full' : ''}`, kept)
    if (found === kept) return toAnswer(found, true)
    if (path.kind === 'tarball' && !(await hasIntegrity(found.data, integrity ?? ''))) {
      throw new PackageError(
        'EINTEGRITY',
        `${path.file}: the downloaded file is not the published one (wrong checksum).`,
      )
    }
    if (key !== null) await keep(key, found)
    return toAnswer(found, false)
  }

  /** When nobody can be asked, all answers that the tab has kept are one: what is wanted may be among them. */
  async function loadCrawl({ wants, cachedOnly }: PackageCrawlRequest, onLines?: OnLines): Promise<PackageAnswer> {
    if (wants.length === 0 || !wants.every((label) => parseWant(label)))
      throw new PackageError('EINVAL', 'This is not a package of the registry.')
    const key = `${crawlPrefix}${[...wants].sort().join(' ')}`
    const kept = await (await cache()).read(key)
    if (kept && (isFresh(kept) || cachedOnly)) return toAnswer(kept, true)
    try {
      if (cachedOnly) throw new PackageError('ENETWORK', 'Nobody is asked.')
      const address = `?${new URLSearchParams(wants.map((label) => ['want', label]))}`
      const lines = onLines && cutLines(onLines)
      const found = await download(address, kept, lines?.add)
      if (found === kept) return toAnswer(found, true)
      // An answer that is not whole is good for this install only.
      if (!hasFailures(found.data)) await keep(key, found)
      return toAnswer(lines ? { ...found, data: lines.rest() } : found, false)
    } catch (error) {
      const all = isOffline(error) ? await (await cache()).readAll(crawlPrefix) : []
      if (all.length === 0) throw error
      return { data: joinBytes(all.map(({ data }) => data)), publishedAt: null, cached: true }
    }
  }

  /** What cannot be kept is loaded again next time. */
  async function keep(key: string, found: CachedPackage): Promise<void> {
    const store = await cache()
    void store.write(key, found).catch((error: unknown) => reportError(error))
  }

  /** What is not to be had anew, but was kept, is as good. */
  async function download(
    address: string,
    kept: CachedPackage | null,
    onChunk?: (chunk: Uint8Array) => void,
  ): Promise<CachedPackage> {
    try {
      const response = await fetch(baseUrl + address, { cache: 'no-store', signal: AbortSignal.timeout(maxWaitMs) })
      if (!response.ok) throw await toPackageError(response)
      const publishedAt = Date.parse(response.headers.get('last-modified') ?? '')
      return {
        data: await readBody(response, onChunk),
        publishedAt: Number.isFinite(publishedAt) ? publishedAt : null,
        storedAt: Date.now(),
      }
    } catch (cause) {
      const error =
        cause instanceof PackageError
          ? cause
          : new PackageError('ENETWORK', 'The server cannot be reached, and the tab has not kept this package.', cause)
      if (kept && isOffline(error)) return kept
      throw error
    }
  }

  return async (request, onLines) => {
    try {
      return { ok: true, answer: await ('wants' in request ? loadCrawl(request, onLines) : loadFile(request)) }
    } catch (error) {
      const code = error instanceof PackageError ? error.code : 'ENETWORK'
      return { ok: false, code, message: messageOf(error) }
    }
  }
}

async function readBody(response: Response, onChunk?: (chunk: Uint8Array) => void): Promise<Uint8Array<ArrayBuffer>> {
  if (!onChunk || !response.body) return new Uint8Array(await response.arrayBuffer())
  const chunks: Uint8Array[] = []
  const reader = response.body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value)
    onChunk(read.value)
  }
  return joinBytes(chunks)
}

/** Takes pieces of a text and hands on the lines that are whole. */
function cutLines(onLines: OnLines) {
  const pending: Uint8Array[] = []
  return {
    add(chunk: Uint8Array) {
      const end = chunk.lastIndexOf(0x0a) + 1
      if (end > 0) onLines(joinBytes([...pending.splice(0), chunk.subarray(0, end)]))
      pending.push(chunk.subarray(end))
    },
    rest: () => joinBytes(pending),
  }
}

class PackageError extends Error {
  readonly code: string
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

const isOffline = (error: unknown) => error instanceof PackageError && error.code === 'ENETWORK'
const isFresh = ({ storedAt }: CachedPackage) => Date.now() - storedAt < metadataLifetimeMs

/** Whether a line of the answer says why there is none (see `CrawlLine`). */
const hasFailures = (data: Uint8Array) =>
  new TextDecoder()
    .decode(data)
    .split('\n')
    .some((line) => line !== '' && 'error' in JSON.parse(line))

async function toPackageError(response: Response): Promise<PackageError> {
  const body: unknown = await response.json().catch(() => null)
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const text = typeof message === 'string' ? message : `The server answered ${response.status}.`
  return new PackageError(npmCodeOf(code), text)
}

function toAnswer({ data, publishedAt }: CachedPackage, cached: boolean): PackageAnswer {
  return { data, publishedAt, cached }
}
