import { type ErrorCode, messageOf, VitrineError } from '@/lib/base'
import { type Manifest, type Packument, releaseAgeMs } from './packument'
import { pickVersions } from './pick'
import { labelOf, type Want } from './want'
import { wantOf } from './want-of'

/** What a crawl says of one package: its metadata less all versions that are not taken, or why there is none. */
export type CrawlLine = (Packument | { name: string; error: { code: ErrorCode; message: string } }) & {
  /** The ranges, versions and tags that this answers. */
  for: string[]
}

export interface CrawlOptions {
  load(name: string): Promise<Packument>
  signal: AbortSignal
  /** A crawl ends there, with the rest unanswered. */
  maxPackages: number
  maxAtATime: number
}

/**
 * Looks up packages and all that they depend on, so that a tab asks once instead of once a package. It goes where npm's
 * resolver goes: to dependencies and peers; of an optional peer, which npm places for nobody, to its peers only.
 */
export async function* crawl(wants: Iterable<Want>, options: CrawlOptions): AsyncGenerator<CrawlLine> {
  const { load, signal, maxPackages, maxAtATime } = options
  const before = new Date(Date.now() - releaseAgeMs)
  const seen = new Map<string, { isPlaced: boolean; taken: Manifest[] }>()
  const waiting = new Map<string, string[]>()
  const running = new Set<Promise<void>>()
  const lines: CrawlLine[] = []
  let packages = 0

  function want(wanted: Want, isPlaced: boolean): void {
    const known = seen.get(labelOf(wanted))
    if (!known) {
      seen.set(labelOf(wanted), { isPlaced, taken: [] })
      waiting.set(wanted.name, [...(waiting.get(wanted.name) ?? []), wanted.wanted])
    } else if (isPlaced && !known.isPlaced) {
      known.isPlaced = true
      for (const manifest of known.taken) follow(manifest, true)
    }
  }

  function follow(manifest: Manifest, isPlaced: boolean): void {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest
    const each = (ranges: Record<string, string> | undefined, isPlacedToo: (name: string) => boolean) => {
      for (const [name, range] of Object.entries(ranges ?? {})) {
        const wanted = wantOf(name, range)
        if (wanted) want(wanted, isPlacedToo(name))
      }
    }
    if (isPlaced) each({ ...dependencies, ...optionalDependencies }, () => true)
    each(peerDependencies, (name) => isPlaced && peerDependenciesMeta?.[name]?.optional !== true)
  }

  async function look(name: string, wanteds: string[]): Promise<void> {
    try {
      const packument = await load(name)
      const taken = new Set<Manifest>()
      for (const wanted of wanteds) {
        const known = seen.get(labelOf({ name, wanted }))
        const manifests = takenOf(packument, wanted, before)
        for (const manifest of manifests) taken.add(manifest)
        if (!known) continue
        known.taken = manifests
        for (const manifest of manifests) follow(manifest, known.isPlaced)
      }
      lines.push({ ...reduced(packument, taken, wanteds), for: wanteds })
    } catch (error) {
      const code = error instanceof VitrineError ? error.code : 'registry_unreachable'
      // `error` comes first: readers tell such lines by their beginning.
      lines.push({ error: { code, message: messageOf(error) }, name, for: wanteds })
    }
  }

  for (const wanted of wants) want(wanted, true)
  while (!signal.aborted) {
    for (const [name, wanteds] of waiting) {
      if (running.size >= maxAtATime || packages >= maxPackages) break
      waiting.delete(name)
      packages += 1
      const looking = look(name, wanteds).finally(() => running.delete(looking))
      running.add(looking)
    }
    if (running.size === 0) return
    await Promise.race(running)
    yield* lines.splice(0)
  }
}

/** When nothing matches, npm's error is for who asked to throw; the latest version keeps it from saying that there are none. */
function takenOf(packument: Packument, wanted: string, before: Date): Manifest[] {
  try {
    const { newest, older } = pickVersions(packument, wanted, before)
    return older && older !== newest ? [older, newest] : [newest]
  } catch {
    return Object.values(packument.versions).slice(-1)
  }
}

function reduced(packument: Packument, taken: ReadonlySet<Manifest>, wanteds: readonly string[]): Packument {
  const { name, time, 'dist-tags': tags } = packument
  const pickedOf = <Value>(from: Record<string, Value>, keys: readonly string[]) =>
    Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(from, key) ? [[key, from[key] as Value]] : [])))
  const versions = [...taken].map(({ version }) => version)
  return {
    name,
    'dist-tags': pickedOf(tags, ['latest', ...wanteds]),
    versions: Object.fromEntries([...taken].map((manifest) => [manifest.version, slim(manifest)])),
    ...(time && { time: pickedOf(time, versions) }),
  }
}

/** What npm's resolver and its lock file read of a version. */
const fields = [
  ...['name', 'version', 'dist', 'dependencies', 'optionalDependencies', 'peerDependencies', 'peerDependenciesMeta'],
  ...['acceptDependencies', 'bundleDependencies', 'bundledDependencies', 'bin', 'directories', 'engines', 'os', 'cpu'],
  ...['libc', 'license', 'licenses', 'funding', 'deprecated', 'scripts', 'gypfile', 'hasInstallScript', 'workspaces'],
  '_hasShrinkwrap',
]

function slim(manifest: Manifest): Manifest {
  const { tarball, integrity, shasum } = manifest.dist ?? {}
  const kept = Object.fromEntries(fields.flatMap((key) => (key in manifest ? [[key, manifest[key]]] : [])))
  return { ...kept, name: manifest.name, version: manifest.version, dist: { tarball, integrity, shasum } }
}
