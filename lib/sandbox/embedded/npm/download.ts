import { releaseAgeMs } from '@/lib/registry/packument'
import type { VirtualFs } from '../process/host'
import type { PackageRecord } from '../protocol'
import { nativeProblem } from './native'
import { binsOf } from './project'
import { tooYoungMessage } from './registry/pick'
import { integrityOf, type Registry, RegistryError } from './registry/registry'
import { readTarball } from './specs'
import type { TarFile } from './tar'
import type { Tarballs } from './tarballs'
import type { ArboristNode } from './tree'
import { toRecord, type Unpacked } from './unpack'

export interface DownloadOptions {
  project: string
  fs: VirtualFs
  registry: Registry
  tarballs: Tarballs
  allowNew: boolean
  /** Versions whose age was looked at while they were chosen, as `name@version`. */
  isOldEnough(label: string): boolean
}

/** One package, ready to be put in place, and what is to be said about it. */
export interface Download {
  record: PackageRecord
  /** Its install scripts, which do not run. */
  scripts: string[]
  problem: string | null
  standIn: string | null
}

export async function download(node: ArboristNode, options: DownloadOptions): Promise<Download> {
  const { project, registry, tarballs } = options
  const name = node.packageName
  const label = `${name}@${node.version}`
  if (node.resolved?.startsWith('file:') || node.resolved?.startsWith('/')) return fromTarball(node, options)
  const standIn = await tarballs.findStandIn({ name, version: node.version })
  const source = standIn ?? {
    name,
    version: node.version,
    url: tarballUrl(node),
    integrity: node.integrity ?? (await publishedIntegrity(node, registry)),
  }
  const { files, manifest, cached, publishedAt } = await tarballs.load(source)
  if (!options.allowNew && !cached && !options.isOldEnough(label)) {
    await refuseYoung(node, publishedAt ?? (await registry.publishedAt(name, node.version)))
  }
  const named = standIn ? withName(files, manifest, name) : files
  const found = toDownload(`${project}/${node.location}`, name, { files: named, manifest })
  return standIn ? { ...found, problem: null, standIn: `${label} → ${standIn.name}` } : found
}

/** A tarball of the project itself; the lock file knows it by its checksum too. */
async function fromTarball(node: ArboristNode, { project, fs }: DownloadOptions): Promise<Download> {
  const named = (node.resolved ?? '').replace(/^file:/, '')
  const path = named.startsWith('/') ? named : `${project}/${named}`
  const { files, manifest, integrity } = await readTarball(fs, path)
  if (node.integrity && !node.integrity.split(/\s+/).includes(integrity))
    throw new RegistryError(
      'EINTEGRITY',
      `${path} is not the file that the lock file was written for (wrong checksum).`,
    )
  return toDownload(`${project}/${node.location}`, node.packageName, { files, manifest })
}

function toDownload(path: string, name: string, { files, manifest }: Unpacked): Download {
  const scripts = (manifest.scripts ?? {}) as Record<string, string>
  return {
    record: toRecord(path, files, new Set(Object.values(binsOf({ ...manifest, name })))),
    scripts: ['preinstall', 'install', 'postinstall'].filter((step) => typeof scripts[step] === 'string'),
    problem: nativeProblem({ name, files, scripts }),
    standIn: null,
  }
}

function tarballUrl(node: ArboristNode): string {
  if (/^https?:/.test(node.resolved ?? '')) return node.resolved as string
  // Lock files of some tools leave the address out; the registry's own form is then as good.
  if (node.resolved === null && /^\d/.test(node.version)) {
    const base = node.packageName.replace(/^@[^/]+\//, '')
    return `https://registry.invalid/${node.packageName}/-/${base}-${node.version}.tgz`
  }
  throw new RegistryError(
    'EUNSUPPORTED',
    `${node.name} comes from “${node.resolved}”; the sandbox installs from its registry, and folders and tarballs of the project.`,
  )
}

async function publishedIntegrity(node: ArboristNode, registry: Registry): Promise<string> {
  const { versions } = await registry.packument(node.packageName)
  const manifest = versions[node.version]
  const integrity = manifest && integrityOf(manifest)
  if (!integrity)
    throw new RegistryError('EINTEGRITY', `${node.packageName}@${node.version} has no checksum to verify it by.`)
  return integrity
}

/** What stands in must answer to the name it is looked up by. */
function withName(files: readonly TarFile[], manifest: Record<string, unknown>, name: string): TarFile[] {
  const data = new TextEncoder().encode(`${JSON.stringify({ ...manifest, name }, null, 2)}\n`)
  return files.map((file) => (file.path === 'package.json' ? { ...file, data } : file))
}

async function refuseYoung(node: ArboristNode, publishedAt: number | null): Promise<void> {
  if (publishedAt === null || Date.now() - publishedAt > releaseAgeMs) return
  throw new RegistryError('ETOOYOUNG', tooYoungMessage(`${node.packageName}@${node.version}`, publishedAt))
}
