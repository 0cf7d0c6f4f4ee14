import { messageOf, untilAborted } from '@/lib/base'
import type { Manifest, Packument } from '@/lib/registry/packument'
import { createRegistry, integrityOf, RegistryError } from '@/lib/sandbox/embedded/npm/registry/registry'
import { unpack } from '@/lib/sandbox/embedded/npm/unpack'
import type { LoadPackage } from '@/lib/sandbox/embedded/packages/load-package'
import type { PackageLookup } from './package-files'

/** What a package may unpack to before its documentation is not worth the memory. */
const maxUnpackedBytes = 60 * 1024 * 1024
const maxNamedVersions = 8

/** A version of a package as the registry has it: `version` is exact or a tag; the latest by default. */
export async function registryPackage(
  load: LoadPackage,
  { name, version = 'latest' }: { name: string; version?: string },
  signal: AbortSignal,
): Promise<PackageLookup> {
  const registry = createRegistry(async (request) => {
    const outcome = await untilAborted(load(request), signal)
    if (outcome.ok) return outcome.answer
    throw new RegistryError(outcome.code, outcome.message)
  })
  try {
    const packument = await registry.packument(name)
    const manifest = pick(packument, version)
    if (typeof manifest === 'string') return { ok: false, problem: manifest }
    const integrity = integrityOf(manifest)
    const url = manifest.dist?.tarball
    if (integrity === null || url === undefined) {
      return { ok: false, problem: `The registry gives no checksum or address for ${name}@${manifest.version}.` }
    }
    if (unpackedSize(manifest) > maxUnpackedBytes) {
      return { ok: false, problem: `${name}@${manifest.version} is too large to be unpacked for its documentation.` }
    }
    const { data } = await registry.tarball({ name, url, integrity })
    const { files, manifest: own } = await unpack(data)
    const byPath = new Map(files.map((file) => [file.path, file.data]))
    const decoder = new TextDecoder()
    return {
      ok: true,
      files: {
        name,
        version: manifest.version,
        from: 'the registry',
        manifest: own,
        topFiles: async () => [...byPath.keys()].filter((path) => !path.includes('/')),
        async read(path) {
          const bytes = byPath.get(path)
          return bytes === undefined ? null : decoder.decode(bytes)
        },
      },
    }
  } catch (error) {
    signal.throwIfAborted()
    return { ok: false, problem: problemOf(name, error) }
  }
}

/** A sentence when there is no such version. */
function pick({ name, versions, 'dist-tags': tags }: Packument, wanted: string): Manifest | string {
  const version = Object.hasOwn(tags, wanted) ? tags[wanted] : wanted
  const manifest = version !== undefined && Object.hasOwn(versions, version) ? versions[version] : undefined
  if (manifest) return manifest
  const newest = Object.keys(versions).slice(-maxNamedVersions).reverse().join(', ')
  const known = Object.keys(tags).join(', ')
  return `${name} has no version or tag “${wanted}”; ranges are not taken. Tags: ${known || 'none'}. Newest versions: ${newest || 'none'}.`
}

function unpackedSize({ dist }: Manifest): number {
  const size = (dist as { unpackedSize?: unknown } | undefined)?.unpackedSize
  return typeof size === 'number' ? size : 0
}

function problemOf(name: string, error: unknown): string {
  const code = error instanceof RegistryError ? error.code : ''
  if (code === 'E404') return `The registry has no package “${name}”. Check the name; it may not exist.`
  if (code === 'ENETWORK') {
    return `The registry could not be reached (${messageOf(error)}). Work with what the project has, or try again later.`
  }
  return `The documentation of “${name}” could not be loaded: ${messageOf(error)}`
}
