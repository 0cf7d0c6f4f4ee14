import { parseRegistryPath } from '@/lib/base'
import type { PackageAnswer, PackageRequest } from '../../protocol'
import { integrityOfShasum } from './integrity'
import { type Manifest, type Packument, parsePackument } from './packument'

/** What the sandbox asks of the page, and the page of the server. */
export type FetchPackage = (request: PackageRequest) => Promise<PackageAnswer>

export const dayMs = 24 * 60 * 60 * 1000
const maxDownloads = 24

export interface Registry {
  packument(name: string): Promise<Packument>
  /** The resolver comes to these soon: they are loaded meanwhile. */
  expect(names: readonly string[]): void
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
  const slots = createSlots(maxDownloads)

  async function load(name: string): Promise<Packument> {
    const short = await ask(name, false)
    if (short.time) return short
    // Nothing of it is younger than a day when all of it is not.
    const modified = Date.parse(short.modified ?? '')
    return Date.now() - modified > dayMs ? short : ask(name, true)
  }

  async function ask(name: string, full: boolean): Promise<Packument> {
    if (parseRegistryPath(name)?.kind !== 'metadata')
      throw new RegistryError('EINVALIDPACKAGENAME', `“${name}” is not the name of a package.`)
    const { data } = await slots(() => fetchPackage({ path: name, integrity: null, full }))
    return parsePackument(name, data)
  }

  function packument(name: string): Promise<Packument> {
    const known = packuments.get(name) ?? load(name)
    packuments.set(name, known)
    return known
  }

  return {
    packument,
    expect(names) {
      // What goes wrong is told to who asks.
      for (const name of names) packument(name).catch(() => undefined)
    },
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

/** The last part of a tarball's address; only that counts, since all packages come from one registry. */
function fileOf(url: string): string {
  return new URL(url, 'https://registry.invalid').pathname.replace(/^.*\//, '')
}

export function integrityOf({ dist }: Manifest): string | null {
  return dist?.integrity ?? (dist?.shasum ? integrityOfShasum(dist.shasum) : null)
}

/** Runs at most `count` at a time, the rest in turn. */
function createSlots(count: number) {
  let free = count
  const waiting: (() => void)[] = []
  return async <Value>(run: () => Promise<Value>): Promise<Value> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
