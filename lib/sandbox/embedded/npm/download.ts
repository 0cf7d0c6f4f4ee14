import type { PackageRecord } from '../protocol'
import { nativeProblem, standInFor } from './native'
import { binsOf } from './project'
import { tooYoungMessage } from './registry/pick'
import { dayMs, integrityOf, type Registry, RegistryError } from './registry/registry'
import type { TarFile } from './tar'
import type { ArboristNode } from './tree'
import { toRecord, unpack } from './unpack'

export interface DownloadOptions {
  project: string
  registry: Registry
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
  const { project, registry } = options
  const name = node.packageName
  const label = `${name}@${node.version}`
  const standIn = standInFor(name, node.version)
  const source = standIn
    ? await standInSource(standIn, registry)
    : { name, url: tarballUrl(node), integrity: node.integrity ?? (await publishedIntegrity(node, registry)) }
  const answer = await registry.tarball(source)
  if (!options.allowNew && !answer.cached && !options.isOldEnough(label)) {
    await refuseYoung(node, answer.publishedAt ?? (await registry.publishedAt(name, node.version)))
  }
  const { files, manifest } = await unpack(answer.data).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw Object.assign(new RegistryError('EBADARCHIVE', `${label}: ${message}`), { cause })
  })
  const scripts = (manifest.scripts ?? {}) as Record<string, string>
  const named = standIn ? withName(files, manifest, name) : files
  return {
    record: toRecord(`${project}/${node.location}`, named, new Set(Object.values(binsOf({ ...manifest, name })))),
    scripts: ['preinstall', 'install', 'postinstall'].filter((step) => typeof scripts[step] === 'string'),
    problem: standIn ? null : nativeProblem({ name, files, scripts }),
    standIn: standIn ? `${label} → ${standIn.name}` : null,
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
    `${node.name} comes from “${node.resolved}”; the sandbox installs from its registry only.`,
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

async function standInSource({ name, version }: { name: string; version: string }, registry: Registry) {
  const { versions } = await registry.packument(name)
  const manifest = versions[version]
  const integrity = manifest && integrityOf(manifest)
  if (!manifest?.dist?.tarball || !integrity) {
    throw new RegistryError('ETARGET', `The registry has no ${name}@${version}, which would run here instead.`)
  }
  return { name, url: manifest.dist.tarball, integrity }
}

/** What stands in must answer to the name it is looked up by. */
function withName(files: readonly TarFile[], manifest: Record<string, unknown>, name: string): TarFile[] {
  const data = new TextEncoder().encode(`${JSON.stringify({ ...manifest, name }, null, 2)}\n`)
  return files.map((file) => (file.path === 'package.json' ? { ...file, data } : file))
}

async function refuseYoung(node: ArboristNode, publishedAt: number | null): Promise<void> {
  if (publishedAt === null || Date.now() - publishedAt > dayMs) return
  throw new RegistryError('ETOOYOUNG', tooYoungMessage(`${node.packageName}@${node.version}`, publishedAt))
}
