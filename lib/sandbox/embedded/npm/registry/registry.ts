import { createSlots, parseRegistryPath } from '@/lib/base'
import type { CrawlLine } from '@/lib/registry/crawl'
import { type Manifest, type Packument, parsePackument, withTimes } from '@/lib/registry/packument'
import { pickVersions } from '@/lib/registry/pick'
import { labelOf, parseWant, type Want } from '@/lib/registry/want'
import type { PackageAnswer, PackageRequest } from '../../protocol'
import { integrityOfShasum } from './integrity'
import { npmCodeOf } from './npm-codes'

/** What the sandbox asks of the page, and the page of the server. */
export type FetchPackage = (request: PackageRequest) => Promise<PackageAnswer>

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

/** The registry as an install sees it: each package is asked about once. */
export function createRegistry(fetchPackage: FetchPackage): Registry {
  const packuments = new Map<string, Promise<Packument>>()
  const known = new Map<string, Packument>()
  /** By label; null when the registry knows it, undefined when nobody could be asked. */
  const answers = new Map<string, Promise<unknown>>()
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

  async function look(labels: string[]): Promise<Map<string, unknown>> {
    const outcomes = new Map<string, unknown>()
    try {
      const { data } = await slots(() => fetchPackage({ wants: labels }))
      for (const line of readLines(data)) {
        const { name } = line.for
        if ('packument' in line) known.set(name, joined(line.packument, known.get(name)))
        const problem = 'error' in line ? new RegistryError(npmCodeOf(line.error.code), line.error.message) : null
        outcomes.set(labelOf(line.for), problem)
      }
    } catch (error) {
      for (const label of labels) outcomes.set(label, error)
    }
    // What failed on the way is asked for anew by whoever needs it.
    for (const [label, problem] of outcomes)
      if (problem === null && !answers.has(label)) answers.set(label, Promise.resolve(null))
    return outcomes
  }

  function expect(wants: readonly Want[]): void {
    const labels = wants.map(labelOf).filter((label) => parseWant(label) !== null && !answers.has(label))
    for (let start = 0; start < labels.length; start += maxWants) {
      const some = labels.slice(start, start + maxWants)
      const outcomes = look(some)
      for (const label of some)
        answers.set(
          label,
          outcomes.then((found) => found.get(label)),
        )
    }
  }

  return {
    expect,
    async candidates(want) {
      expect([want])
      const answer = answers.get(labelOf(want))
      if (!answer) throw noName(want.name)
      const problem = await answer
      if (problem) throw problem
      const found = known.get(want.name)
      // Offline the tab gives all that it has, and that may be another version.
      if (!found || (problem === undefined && !hasMatch(found, want.wanted)))
        throw new RegistryError('ENETWORK', `The server cannot be reached, and the tab has not kept ${labelOf(want)}.`)
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

function readLines(data: Uint8Array): CrawlLine[] {
  const text = new TextDecoder().decode(data)
  return text.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as CrawlLine)))
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
