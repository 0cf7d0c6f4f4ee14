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

export function parsePackument(name: string, data: Uint8Array): Packument {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(data))
  } catch (cause) {
    throw new Error(`The registry’s answer about “${name}” is not JSON.`, { cause })
  }
  const packument = value as Partial<Packument> | null
  if (typeof packument !== 'object' || packument === null || typeof packument.versions !== 'object') {
    throw new Error(`The registry’s answer about “${name}” lists no versions.`)
  }
  return { ...packument, name, versions: packument.versions ?? {}, 'dist-tags': packument['dist-tags'] ?? {} }
}

/** Metadata that tells the age of all that may be too young: the short form has no publishing times. */
export async function withTimes(read: (full: boolean) => Promise<Packument>): Promise<Packument> {
  const short = await read(false)
  // Nothing of it is too young when all of it is not.
  const isOld = Date.now() - Date.parse(short.modified ?? '') > releaseAgeMs
  return short.time || isOld ? short : read(true)
}
