import semver from 'semver'
import type { Manifest, Packument } from './packument'
import { pickVersions } from './pick'

/**
 * A package's metadata less all versions that npm does not take for this range, version or tag: what it takes of all, and of
 * those that were published before. npm picks the same from this as from the whole. When nothing fits, one version stays, so
 * that npm's error is not that there are none.
 */
export function choose(packument: Packument, wanted: string, before: Date): Packument {
  const { name, time, 'dist-tags': tags } = packument
  const manifests = takenOf(packument, wanted, before)
  return {
    name,
    'dist-tags': entriesOf(tags, ['latest', wanted]),
    versions: Object.fromEntries(manifests.map((manifest) => [manifest.version, slim(manifest)])),
    ...(time && {
      time: entriesOf(
        time,
        manifests.map(({ version }) => version),
      ),
    }),
  }
}

function takenOf(packument: Packument, wanted: string, before: Date): Manifest[] {
  try {
    const { newest, older } = pickVersions(withFitting(packument, wanted), wanted, before)
    return older && older !== newest ? [older, newest] : [newest]
  } catch {
    const last = Object.keys(packument.versions).at(-1)
    return last === undefined ? [] : [packument.versions[last] as Manifest]
  }
}

/** npm reads every version to take one of those that fit; the others, which it never takes for a range, stay unread. */
function withFitting(packument: Packument, wanted: string): Packument {
  const { versions, 'dist-tags': tags } = packument
  const range = semver.validRange(wanted, { loose: true })
  const fits = (version: string) => semver.satisfies(version, range ?? '*', { loose: true })
  // The latest is mostly the one, and npm then looks at no other.
  if (range === null || range === '*' || fits(tags.latest ?? '')) return packument
  const all = Object.getOwnPropertyDescriptors(versions)
  const fitting = Object.entries(all).filter(([version]) => fits(version))
  return { ...packument, versions: Object.defineProperties({}, Object.fromEntries(fitting)) }
}

/** What npm's resolver and its lock file read of a version. */
const fields = [
  ...['name', 'version', 'dependencies', 'optionalDependencies', 'peerDependencies', 'peerDependenciesMeta'],
  ...['acceptDependencies', 'bundleDependencies', 'bundledDependencies', 'bin', 'directories', 'engines', 'os', 'cpu'],
  ...['libc', 'license', 'licenses', 'funding', 'deprecated', 'scripts', 'gypfile', 'hasInstallScript', 'workspaces'],
  '_hasShrinkwrap',
]

function slim(manifest: Manifest): Manifest {
  const { name, version, dist = {} } = manifest
  return { ...entriesOf(manifest, fields), name, version, dist: entriesOf(dist, ['tarball', 'integrity', 'shasum']) }
}

function entriesOf<Value>(from: Readonly<Record<string, Value>>, keys: readonly string[]): Record<string, Value> {
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(from, key) ? [[key, from[key] as Value]] : [])))
}
