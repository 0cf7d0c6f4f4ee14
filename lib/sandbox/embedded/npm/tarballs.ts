import { checkPlatform } from 'npm-install-checks'
import semver from 'semver'
import { machineTarget } from '@/lib/registry/machine-target'
import { type Manifest, releaseAgeMs } from '@/lib/registry/packument'
import { pickVersions } from '@/lib/registry/pick'
import { standInFor } from './native'
import { integrityOf, type KnownLine, type Registry, RegistryError } from './registry/registry'
import { type Unpacked, unpack } from './unpack'

/** A tarball of the registry. */
export interface Source {
  name: string
  version: string
  url: string
  integrity: string
}

export interface Tarball extends Unpacked {
  /** The tab had it. */
  cached: boolean
  publishedAt: number | null
}

export interface Tarballs {
  load(source: Source): Promise<Tarball>
  /** Begins with what an install will probably place, while npm's resolver still waits for the rest of the crawl. */
  loadAhead(line: KnownLine): void
  /** The twin that runs here, in the same version or the next older one; null when there is none, then the package itself is taken. */
  findStandIn(of: Pick<Source, 'name' | 'version'>): Promise<Source | null>
}

export interface TarballOptions {
  registry: Pick<Registry, 'packument' | 'tarball'>
  allowNew: boolean
}

export function createTarballs({ registry, allowNew }: TarballOptions): Tarballs {
  /** By checksum. Each is for whoever asks first, so that it is not kept for longer. */
  const ahead = new Map<string, Promise<Tarball>>()
  const before = new Date(Date.now() - releaseAgeMs)

  async function fetch(source: Source): Promise<Tarball> {
    const { data, cached, publishedAt } = await registry.tarball(source)
    const unpacked = await unpack(data).catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw Object.assign(new RegistryError('EBADARCHIVE', `${source.name}@${source.version}: ${message}`), { cause })
    })
    return { ...unpacked, cached, publishedAt }
  }

  async function findStandIn({ name: original, version: wanted }: Pick<Source, 'name' | 'version'>) {
    const name = standInFor(original, wanted)
    if (name === null) return null
    const { versions, time } = await registry.packument(name)
    const isOldEnough = (version: string) => allowNew || !(Date.parse(time?.[version] ?? '') > before.getTime())
    const { major, minor } = new semver.SemVer(wanted)
    // Before 1.0 a minor version may change everything.
    const line = major === 0 ? `0.${minor}.0` : `${major}.0.0`
    const isOfLine = (version: string) => version === wanted || semver.satisfies(version, `>=${line} <${wanted}`)
    const version = Object.keys(versions)
      .filter((candidate) => isOfLine(candidate) && isOldEnough(candidate))
      .sort(semver.rcompare)[0]
    return version === undefined ? null : sourceOf(versions[version])
  }

  async function begin({ for: { wanted }, packument }: KnownLine): Promise<void> {
    const { newest, older } = pickVersions(packument, wanted, before)
    const manifest = allowNew ? newest : older
    if (!manifest || !runsHere(manifest)) return
    const source = (await findStandIn(manifest)) ?? sourceOf(manifest)
    if (!source || ahead.has(source.integrity)) return
    const tarball = fetch(source)
    ahead.set(source.integrity, tarball)
    await tarball
  }

  return {
    findStandIn,
    load(source) {
      const begun = ahead.get(source.integrity)
      ahead.delete(source.integrity)
      return begun ?? fetch(source)
    },
    loadAhead(line) {
      // What goes wrong here, whoever asks for it hears.
      if (!line.guest) void begin(line).catch(() => undefined)
    },
  }
}

function sourceOf(manifest: Manifest | undefined): Source | null {
  const integrity = manifest && integrityOf(manifest)
  const url = manifest?.dist?.tarball
  return integrity && url ? { name: manifest.name, version: manifest.version, url, integrity } : null
}

/** npm leaves out what is for other machines when it is optional, and fails when it is not. */
function runsHere(manifest: Manifest): boolean {
  try {
    checkPlatform(manifest, false, machineTarget)
    return true
  } catch {
    return false
  }
}
