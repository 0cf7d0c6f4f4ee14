import PackageJson from '@npmcli/package-json'
import type { PackageSpec } from 'npm-package-arg'
import pickManifest from 'npm-pick-manifest'
import type { VirtualFs } from '../../process/host'
import { readFolder, readTarball } from '../specs'
import type { Manifest, Packument } from './packument'
import { integrityOf, type Registry, RegistryError } from './registry'

/** What an install tells its manifests, through npm's options. */
export interface PickOptions {
  registryClient: Registry
  /** Where folders and tarballs that are named by their paths are. */
  fs: VirtualFs
  /** Versions published later are passed over; null takes all. */
  publishedBefore: Date | null
  nodeVersion: string
  avoid?: string | null
  /** Hears of a version that was passed over. */
  onTooYoung(taken: Manifest, passedOver: Manifest): void
  /** Hears of each version that was taken and is old enough. */
  onChosen(taken: Manifest): void
}

const steps = PackageJson.normalizeSteps.filter((step) => step !== '_attributes')

/** The manifest that npm would take for a specifier, as npm's resolver wants it. */
export async function pickFor(spec: PackageSpec, options: PickOptions): Promise<Record<string, unknown>> {
  if (spec.type === 'directory') return normalized(readFolder(options.fs, spec.fetchSpec ?? ''))
  if (spec.type === 'file') {
    const path = spec.fetchSpec ?? ''
    const { manifest, integrity } = await readTarball(options.fs, path)
    return { ...(await normalized(manifest)), _from: spec.raw, _resolved: path, _integrity: integrity }
  }
  const wanted = spec.type === 'alias' && spec.subSpec ? spec.subSpec : spec
  if (!wanted.registry || wanted.name === null) throw unsupported(spec)
  const packument = await options.registryClient.packument(wanted.name)
  const manifest = pick(packument, wanted.fetchSpec ?? '', options)
  options.onChosen(manifest)
  options.registryClient.expect(namesOf(manifest))
  return {
    ...(await normalized(manifest)),
    _from: spec.raw,
    _resolved: manifest.dist?.tarball,
    _integrity: integrityOf(manifest) ?? undefined,
  }
}

/** Of what it depends on, as far as the registry has that by its name. */
const namesOf = ({ dependencies = {} }: Manifest): string[] =>
  Object.entries(dependencies).flatMap(([name, range]) => (/[:/]/.test(range) ? [] : [name]))

async function normalized(manifest: object): Promise<Record<string, unknown>> {
  return (await new PackageJson().fromContent({ ...manifest }).normalize({ steps })).content
}

function pick(packument: Packument, wanted: string, options: PickOptions): Manifest {
  const { publishedBefore: before, nodeVersion, avoid = null } = options
  const anyAge = pickManifest<Manifest>(packument, wanted, { nodeVersion, avoid })
  if (before === null || isOlder(packument, anyAge.version, before)) return anyAge
  let older: Manifest
  try {
    older = pickManifest<Manifest>(packument, wanted, { nodeVersion, avoid, before })
  } catch {
    throw new RegistryError('ETOOYOUNG', tooYoung(packument, anyAge.version))
  }
  options.onTooYoung(older, anyAge)
  return older
}

function isOlder({ time }: Packument, version: string, before: Date): boolean {
  const publishedAt = Date.parse(time?.[version] ?? '')
  return !(publishedAt > before.getTime())
}

function tooYoung({ name, time }: Packument, version: string): string {
  return tooYoungMessage(`${name}@${version}`, Date.parse(time?.[version] ?? ''))
}

export function tooYoungMessage(label: string, publishedAt: number): string {
  const hours = Math.max(0, (Date.now() - publishedAt) / 3_600_000)
  const age = hours < 1 ? 'less than an hour' : `${Math.floor(hours)} hour${hours < 2 ? '' : 's'}`
  return (
    `${label} was published ${age} ago. Versions younger than 24 hours are not installed, since a stolen account is ` +
    'often noticed within a day. Add --allow-new if you trust it.'
  )
}

function unsupported(spec: PackageSpec): Error {
  const what = {
    git: 'a git repository, and the sandbox reaches none',
    remote: 'an address outside the registry, where the sandbox reaches nothing',
    alias: 'an alias of something other than a package',
  }[spec.type as string]
  return new RegistryError(
    'EUNSUPPORTED',
    `“${spec.raw}” is ${what ?? 'not a package of the registry'}. Take the package from the registry by its name, or bring its ` +
      'files into the project and install that folder or tarball: npm install ./path',
  )
}
