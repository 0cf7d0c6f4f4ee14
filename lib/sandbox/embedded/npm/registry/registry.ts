import { createSlots, parseRegistryPath } from '@/lib/base'
import type { CrawlLine } from '@/lib/registry/crawl'
import { type Manifest, type Packument, parsePackument, withTimes } from '@/lib/registry/packument'
import { pickVersions } from '@/lib/registry/pick'
import { labelOf, parseWant, type Want } from '@/lib/registry/want'
import type { PackageAnswer, PackageRequest } from '../../protocol'
import { integrityOfShasum } from './integrity'
import { npmCodeOf } from './npm-codes'

/** What the sandbox asks of the page, and the page of the server. */
export type FetchPackage = (request: PackageRequest, onLines?: (lines: Uint8Array) => void) => Promise<PackageAnswer>

const maxDownloads = 24
/** Fits into the longest address that servers take. */
const maxWants = 60

export interface Registry {
  /** The resolver comes to these soon: they and what they depend on are loaded meanwhile. */
  expect(wants: readonly Want[]): void
  /** What the registry has for a range, a version or a tag: all that npm may take, not all versions. */
  candidates(want: Want): Promise<Packument>
  /** All versions. */
  packument(name: string): Promise<Packument>
  /** With all that the registry knows: who published, when, and from where. */
  fullPackument(name: string): Promise<Packument>
  /** Bytes that the page has verified: it lets none in that are not what `integrity` says. */
  tarball(options: { name: string; url: string; integrity: string }): Promise<PackageAnswer>
  /** When a version was published; null when the registry does not say. */
  publishedAt(name: string, version: string): Promise<number | null>
}

export class RegistryError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** What a crawl says of a want that the registry knows. */
export type KnownLine = Extract<CrawlLine, { packument: unknown }>

/** The registry as an install sees it: each package is asked about once. `onLine` hears what a crawl says, as it comes. */
export function createRegistry(fetchPackage: FetchPackage, onLine?: (line: KnownLine) => void): Registry {
  const packuments = new Map<string, Promise<Packument>>()
  const known = new Map<string, Packument>()
  /** By label: null when the registry knows it, else why there is none. */
  const answers = new Map<string, unknown>()
  const waiting = new Map<string, (() => void)[]>()
  const asked = new Set<string>()
  const crawls = new Set<Promise<void>>()
  const slots = createSlots(maxDownloads)

  async function ask(name: string, full: boolean): Promise<Packument> {
    if (parseRegistryPath(name)?.kind !== 'metadata') throw noName(name)
    const { data } = await slots(() => fetchPackage({ path: name, integrity: null, full }))
    return parsePackument(name, data)
  }

  function packument(name: string): Promise<Packument> {
    const asked = packuments.get(name) ?? withTimes((full) => ask(name, full))
    packuments.set(name, asked)
    return asked
  }

  async function crawl(labels: string[]): Promise<void> {
    try {
      const { data } = await slots(() => fetchPackage({ wants: labels }, learn))
      learn(data)
    } catch (error) {
      for (const label of labels) if (!answers.has(label)) answers.set(label, error)
    }
  }

  function learn(data: Uint8Array): void {
    for (const line of readLines(data)) {
      const label = labelOf(line.for)
      if ('packument' in line) {
        known.set(line.for.name, joined(line.packument, known.get(line.for.name)))
        answers.set(label, null)
        onLine?.(line)
      } else if (asked.has(label)) {
        answers.set(label, new RegistryError(npmCodeOf(line.error.code), line.error.message))
      } else {
        // What failed on the way is asked for anew by whoever needs it.
        continue
      }
      for (const goOn of waiting.get(label) ?? []) goOn()
    }
  }

  function expect(wants: readonly Want[]): void {
    const labels = wants.map(labelOf).filter((label) => parseWant(label) && !answers.has(label) && !asked.has(label))
    for (let start = 0; start < labels.length; start += maxWants) {
      const some = labels.slice(start, start + maxWants)
      for (const label of some) asked.add(label)
      const running = crawl(some).finally(() => crawls.delete(running))
      crawls.add(running)
    }
  }

  /** Waits until a label is answered, or no crawl is left that could. */
  async function hear(label: string): Promise<void> {
    if (answers.has(label)) return
    const arrival = new Promise<void>((goOn) => waiting.set(label, [...(waiting.get(label) ?? []), goOn]))
    await Promise.race([arrival, Promise.all(crawls)])
  }

  return {
    expect,
    async candidates(want) {
      const label = labelOf(want)
      if (!parseWant(label)) throw noName(want.name)
      // A crawl that runs may come to it.
      await hear(label)
      expect([want])
      await hear(label)
      const problem = answers.get(label)
      if (problem) throw problem
      const found = known.get(want.name)
      // Offline the tab gives all that it has, and that may be another version.
      if (!found || (!answers.has(label) && !hasMatch(found, want.wanted)))
        throw new RegistryError('ENETWORK', `The server cannot be reached, and the tab has not kept ${label}.`)
      return found
    },
    packument,
    fullPackument: (name) => ask(name, true),
    tarball: ({ name, url, integrity }) =>
      slots(() => fetchPackage({ path: `${name}/-/${fileOf(url)}`, integrity, full: false })),
    async publishedAt(name, version) {
      const { time } = await packument(name)
      const at = Date.parse(time?.[version] ?? '')
      return Number.isFinite(at) ? at : null
    },
  }
}

const noName = (name: string) => new RegistryError('EINVALIDPACKAGENAME', `“${name}” is not the name of a package.`)

/** What is none of our server's lines, as a page that somebody put in between, says nothing. */
function readLines(data: Uint8Array): CrawlLine[] {
  const text = new TextDecoder().decode(data)
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line)
      return isLine(value) ? [value] : []
    } catch {
      return []
    }
  })
}

function isLine(value: unknown): value is CrawlLine {
  const { for: want, packument, error } = (value ?? {}) as { for?: Want; packument?: Packument; error?: unknown }
  const isOfWant = typeof want?.name === 'string' && typeof want.wanted === 'string'
  return isOfWant && (typeof packument?.versions === 'object' || typeof error === 'object')
}

function joined(one: Packument, other: Packument | undefined): Packument {
  if (!other) return one
  return {
    ...one,
    'dist-tags': { ...other['dist-tags'], ...one['dist-tags'] },
    versions: { ...other.versions, ...one.versions },
    time: { ...other.time, ...one.time },
  }
}

function hasMatch(packument: Packument, wanted: string): boolean {
  try {
    return pickVersions(packument, wanted, new Date()) !== null
  } catch {
    return false
  }
}

/** The last part of a tarball's address; only that counts, since all packages come from one registry. */
function fileOf(url: string): string {
  return new URL(url, 'https://registry.invalid').pathname.replace(/^.*\//, '')
}

export function integrityOf({ dist }: Manifest): string | null {
  return dist?.integrity ?? (dist?.shasum ? integrityOfShasum(dist.shasum) : null)
}
