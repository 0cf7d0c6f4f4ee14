import { endOfValue, isObjectAt, readValue, walkMembers, walkText } from './json-members'

/** Versions that are younger are passed over: a stolen account is often noticed within a day. */
export const releaseAgeMs = 24 * 60 * 60 * 1000

/** A version as its registry describes it. */
export interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
  deprecated?: string
  dist?: { tarball?: string; integrity?: string; shasum?: string }
  [key: string]: unknown
}

/** All versions of a package. `time` is part of the long form only. */
export interface Packument {
  name: string
  'dist-tags': Record<string, string>
  versions: Record<string, Manifest>
  time?: Record<string, string>
  modified?: string
}

/** A version is read when it is looked at: an answer of some megabytes holds thousands, of which one is wanted. */
export function parsePackument(name: string, data: Uint8Array): Packument {
  const fields: [string, unknown][] = []
  const versions: Record<string, Manifest> = {}
  const read = (start: number, end: number) => asJson(name, () => readValue(data, start, end))
  asJson(name, () =>
    walkText(data, (field, start) => {
      if (field === 'versions' && isObjectAt(data, start)) {
        fields.push([field, versions])
        return walkMembers(data, start, addVersion)
      }
      const end = endOfValue(data, start)
      fields.push([field, read(start, end)])
      return end
    }),
  )

  function addVersion(version: string, start: number): number {
    const end = endOfValue(data, start)
    let manifest: Manifest | null = null
    Object.defineProperty(versions, version, {
      get() {
        manifest ??= read(start, end) as Manifest
        return manifest
      },
      enumerable: true,
      configurable: true,
    })
    return end
  }

  const packument = Object.fromEntries(fields) as Partial<Packument>
  if (typeof packument.versions !== 'object') {
    throw new Error(`The registry’s answer about “${name}” lists no versions.`)
  }
  return { ...packument, name, versions: packument.versions ?? {}, 'dist-tags': packument['dist-tags'] ?? {} }
}

function asJson<Value>(name: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw new Error(`The registry’s answer about “${name}” is not JSON.`, { cause })
  }
}

/** Metadata that tells the age of all that may be too young: the short form has no publishing times. */
export async function withTimes(read: (full: boolean) => Promise<Packument>): Promise<Packument> {
  const short = await read(false)
  // Nothing of it is too young when all of it is not.
  const isOld = Date.now() - Date.parse(short.modified ?? '') > releaseAgeMs
  return short.time || isOld ? short : read(true)
}
