import { createHash } from 'node:crypto'
import { parseRegistryPath, VitrineError } from '@/lib/base'
import { choose } from '@/lib/registry/choose'
import { crawl } from '@/lib/registry/crawl'
import { parsePackument, releaseAgeMs } from '@/lib/registry/packument'
import { parseWant, type Want } from '@/lib/registry/want'
import type { PackageReply, PackageRouteRequest } from '../../../testing/serve-sandbox'
import type { FetchPackage } from '../registry/registry'
import { type TarEntry, writeTarball } from './write-tar'

export interface TestPackage {
  name: string
  version: string
  /** By path within the package; package.json is written from `manifest`. */
  files?: Record<string, string>
  manifest?: Record<string, unknown>
  /** Instead of what `files` make. */
  entries?: TarEntry[]
  /** What the metadata claims; the right one by default. */
  integrity?: string
  /** Long ago by default. */
  publishedAt?: Date
}

export interface TestRegistry {
  add(...packages: TestPackage[]): void
  /** What was asked for, in order. */
  asked: string[]
  /** As the server's routes answer. */
  answer(request: PackageRouteRequest): Promise<PackageReply>
  /** As the page answers the sandbox, without its checks and its cache. */
  fetchPackage: FetchPackage
}

const longAgo = new Date('2024-01-01T00:00:00Z')

/** A registry of generated packages. Its short metadata has no publishing times, as that of npm. */
export function createTestRegistry(...packages: TestPackage[]): TestRegistry {
  const known: TestPackage[] = [...packages]
  const asked: string[] = []

  function metadata(name: string, full: boolean): string | null {
    const versions = known.filter((entry) => entry.name === name)
    if (versions.length === 0) return null
    const time = Object.fromEntries(
      versions.map(({ version, publishedAt = longAgo }) => [version, publishedAt.toISOString()]),
    )
    const latest = versions.findLast(({ version }) => !version.includes('-')) ?? versions[0]
    return JSON.stringify({
      name,
      'dist-tags': { latest: latest?.version },
      versions: Object.fromEntries(versions.map((entry) => [entry.version, manifestOf(entry)])),
      modified: Object.values(time).sort().at(-1),
      ...(full && { time }),
    })
  }

  async function crawled(wants: readonly string[], onLine?: (line: string) => void): Promise<PackageReply> {
    async function look({ name, wanted }: Want) {
      asked.push(name)
      const text = metadata(name, true)
      if (text === null) throw new VitrineError('not_found', `The registry has no package “${name}”.`)
      return choose(parsePackument(name, new TextEncoder().encode(text)), wanted, new Date(Date.now() - releaseAgeMs))
    }
    const lines: string[] = []
    const { signal } = new AbortController()
    const all = wants.flatMap((label) => parseWant(label) ?? [])
    for await (const line of crawl(all, { look, signal, maxLines: 100, maxAtATime: 4 })) {
      const text = `${JSON.stringify(line)}\n`
      if (onLine) onLine(text)
      else lines.push(text)
    }
    return { status: 200, body: lines.join('') }
  }

  async function answer(
    { path, full, wants }: PackageRouteRequest,
    onLine?: (line: string) => void,
  ): Promise<PackageReply> {
    if (wants.length > 0) return crawled(wants, onLine)
    asked.push(path)
    const parsed = parseRegistryPath(decodeURIComponent(path))
    const body =
      parsed?.kind === 'metadata'
        ? metadata(parsed.name, full)
        : known.find((entry) => parsed && tarballPath(entry) === `${parsed.name}/-/${parsed.file}`)
    if (!body)
      return {
        status: 404,
        body: JSON.stringify({ error: { code: 'not_found', message: `The registry has no ${path}.` } }),
      }
    if (typeof body === 'string') return { status: 200, body }
    const modified = (body.publishedAt ?? longAgo).toUTCString()
    return { status: 200, body: tarballOf(body), headers: { 'last-modified': modified } }
  }

  return {
    add: (...more) => void known.push(...more),
    asked,
    answer: (request) => answer(request),
    async fetchPackage(request, onLines) {
      const { path, full, wants } = { path: '', full: false, wants: [], ...request }
      const onLine = onLines && ((line: string) => onLines(new TextEncoder().encode(line)))
      const { status, body, headers } = await answer({ path, full, wants }, onLine)
      if (status !== 200) throw Object.assign(new Error(`The registry has no ${path}.`), { code: 'E404' })
      const data = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body)
      return { data, publishedAt: headers ? Date.parse(headers['last-modified'] ?? '') : null, cached: false }
    },
  }
}

function tarballPath({ name, version }: TestPackage): string {
  return `${name}/-/${name.replace(/^@[^/]+\//, '')}-${version}.tgz`
}

function manifestOf(entry: TestPackage): Record<string, unknown> {
  const { name, version, manifest, integrity = integrityOfPackage(entry) } = entry
  const tarball = `https://registry.example/${tarballPath(entry)}`
  return { name, version, ...manifest, dist: { tarball, integrity } }
}

function integrityOfPackage(entry: TestPackage): string {
  return `sha512-${createHash('sha512').update(tarballOf(entry)).digest('base64')}`
}

function tarballOf({ name, version, files = {}, manifest, entries }: TestPackage): Uint8Array<ArrayBuffer> {
  const description = JSON.stringify({ name, version, ...manifest })
  return writeTarball(
    entries ?? [
      { path: 'package/package.json', text: description },
      ...Object.entries(files).map(([path, text]) => ({ path: `package/${path}`, text })),
    ],
  )
}
