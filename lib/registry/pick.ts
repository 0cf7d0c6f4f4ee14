import pickManifest from 'npm-pick-manifest'
import { nodeVersion } from './machine-target'
import type { Manifest, Packument } from './packument'

export interface Picked {
  /** What npm takes, whatever its age. */
  newest: Manifest
  /** What it takes of the versions that were published before; null where there is none. */
  older: Manifest | null
}

/** What npm takes for a range, a version or a tag. Throws npm's own error when nothing matches. */
export function pickVersions(packument: Packument, wanted: string, before: Date): Picked {
  const newest = pickManifest<Manifest>(packument, wanted, { nodeVersion })
  const publishedAt = Date.parse(packument.time?.[newest.version] ?? '')
  if (!(publishedAt > before.getTime())) return { newest, older: newest }
  try {
    return { newest, older: pickManifest<Manifest>(packument, wanted, { nodeVersion, before }) }
  } catch {
    return { newest, older: null }
  }
}
