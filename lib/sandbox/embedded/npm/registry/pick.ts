import PackageJson from '@npmcli/package-json'
import type { PackageSpec } from 'npm-package-arg'
import type { Manifest, Packument } from '@/lib/registry/packument'
import { pickVersions } from '@/lib/registry/pick'
import type { Want } from '@/lib/registry/want'
import { registryWant } from '@/lib/registry/want-of'
import type { VirtualFs } from '../../process/host'
import { readFolder, readTarball } from '../specs'
import { integrityOf, type Registry, RegistryError } from './registry'

/** What an install tells its manifests, through npm's options. */
export interface PickOptions {
  registryClient: Registry
  /** Where folders and tarballs that are named by their paths are. */
  fs: VirtualFs
  /** Versions published later are passed over; null takes all. */
  publishedBefore: Date | null
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
  const want = registryWant(spec)
  if (!want) throw unsupported(spec)
  const manifest = await choose(want, options)
  options.onChosen(manifest)
  return {
    ...(await normalized(manifest)),
    _from: spec.raw,
    _resolved: manifest.dist?.tarball,
    _integrity: integrityOf(manifest) ?? undefined,
  }
}

async function normalized(manifest: object): Promise<Record<string, unknown>> {
  return (await new PackageJson().fromContent({ ...manifest }).normalize({ steps })).content
}

async function choose(want: Want, { registryClient, publishedBefore, onTooYoung }: PickOptions): Promise<Manifest> {
  const packument = await registryClient.candidates(want)
  const { newest, older } = pickVersions(packument, want.wanted, publishedBefore ?? new Date())
  if (publishedBefore === null || older === newest) return newest
  if (!older) throw new RegistryError('ETOOYOUNG', tooYoung(packument, newest.version))
  onTooYoung(older, newest)
  return older
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
