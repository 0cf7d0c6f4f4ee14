import type { BuildOptions } from '@npmcli/arborist'
import type { MachineHost } from '../process/machine-host'
import { link, writeBins } from './bins'
import { type Download, download } from './download'
import { identityOf, linksOf, packagesOf, readInstalledState, writeInstalledState } from './installed'
import type { InstallSettings } from './options'
import type { Progress } from './progress'
import type { Manifest } from './registry/packument'
import { createRegistry, dayMs, type FetchPackage } from './registry/registry'
import { type ArboristNode, buildTree, type IdealTree, type TreeOptions } from './tree'

export interface InstallReport {
  added: number
  changed: number
  removed: number
  /** Packages whose install scripts did not run, with the names of these. */
  scripts: string[]
  /** Versions that were passed over for being young. */
  passedOver: string[]
  standIns: string[]
  problems: string[]
  deprecated: string[]
}

export interface InstallOptions {
  host: MachineHost
  project: string
  settings: InstallSettings
  progress: Progress
  /** Puts back what the tab has kept, and leaves out what it has not. */
  cachedOnly?: boolean
}

export interface Installer {
  /** Works out the tree, as `npm install` does. */
  resolve(request: BuildOptions): Promise<IdealTree>
  /** Brings `node_modules` to what the tree says: everything is loaded first, then put in place at once. */
  reify(root: ArboristNode, options?: { anew?: boolean }): Promise<InstallReport>
  treeOptions: TreeOptions
}

export function createInstaller({ host, project, settings, progress, cachedOnly = false }: InstallOptions): Installer {
  const fetchPackage: FetchPackage = (request) => host.fetchPackage({ ...request, cachedOnly })
  const registry = createRegistry(fetchPackage)
  const passedOver = new Map<string, string>()
  const chosen = new Set<string>()
  const treeOptions: TreeOptions = {
    path: project,
    settings,
    registryClient: registry,
    fs: host.fs,
    publishedBefore: settings.allowNew ? null : new Date(Date.now() - dayMs),
    onTooYoung: (taken: Manifest, young: Manifest) =>
      passedOver.set(`${young.name}@${young.version}`, `${taken.name}@${taken.version}`),
    onChosen: ({ name, version }: Manifest) => chosen.add(`${name}@${version}`),
  }

  async function load(nodes: readonly ArboristNode[]): Promise<[ArboristNode, Download][]> {
    let done = 0
    progress.step(0, nodes.length)
    const options = {
      project,
      fs: host.fs,
      registry,
      allowNew: settings.allowNew,
      isOldEnough: (label: string) => chosen.has(label),
    }
    const loaded = await Promise.all(
      nodes.map(async (node): Promise<[ArboristNode, Download] | null> => {
        const found = await download(node, options).catch((error: unknown) => {
          if (cachedOnly) return null
          throw error
        })
        progress.step(++done, nodes.length)
        return found && [node, found]
      }),
    )
    return loaded.filter((entry) => entry !== null)
  }

  return {
    treeOptions,
    resolve(request) {
      progress.show('Working out what is needed …')
      return buildTree(treeOptions, request)
    },
    async reify(root, { anew = false } = {}) {
      const { fs } = host
      const packages = packagesOf(root, settings.omit)
      const links = linksOf(root)
      const wanted = new Map([...packages, ...links.map((node) => [node.location, node] as const)])
      const before = readInstalledState(fs, project)
      const missing = [...wanted].filter(([at, node]) => anew || before.get(at) !== identityOf(lockEntryOf(node)))
      const loading = missing.flatMap(([, node]) => (node.isLink ? [] : node))
      const downloads = await load(loading)
      const gone = [...before.keys()].filter((at) => !wanted.has(at))
      host.install(
        (anew ? topFolders(host, project) : gone).map((at) => `${project}/${at}`),
        downloads.map(([, { record }]) => record),
      )
      const arrived = new Set(downloads.map(([{ location }]) => location))
      const present = [...wanted].filter(([at, node]) => node.isLink || arrived.has(at) || !loading.includes(node))
      if (present.length > 0 || before.size > 0) {
        for (const node of links) linkFolder(host, project, node)
        writeBins(
          fs,
          project,
          present.map(([, node]) => node),
        )
        writeInstalledState(fs, project, { root, locations: new Set(present.map(([at]) => at)) })
      }
      return {
        added: missing.filter(([at]) => anew || !before.has(at)).length,
        changed: anew ? 0 : missing.filter(([at]) => before.has(at)).length,
        removed: gone.length,
        scripts: downloads.flatMap(([{ packageName }, { scripts, standIn }]) =>
          scripts.length > 0 && !standIn ? [`${packageName} (${scripts.join(', ')})`] : [],
        ),
        passedOver: [...passedOver].map(([young, taken]) => `${young} (took ${taken})`),
        standIns: downloads.flatMap(([, { standIn }]) => standIn ?? []),
        problems: [...new Set(downloads.flatMap(([, { problem }]) => problem ?? []))],
        deprecated: missing.flatMap(([, node]) =>
          typeof node.package.deprecated === 'string'
            ? [`${node.packageName}@${node.version}: ${node.package.deprecated}`]
            : [],
        ),
      }
    },
  }
}

/** A workspace, or a folder that is installed by its path. */
function linkFolder({ fs }: MachineHost, project: string, { location, target }: ArboristNode): void {
  const path = `${project}/${location}`
  fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
  const up = location
    .split('/')
    .slice(1)
    .map(() => '..')
  link(fs, target.location.startsWith('..') ? target.path : [...up, target.location].join('/'), path)
}

function lockEntryOf({ version, resolved, integrity, isLink, target }: ArboristNode) {
  if (isLink) return { link: true, resolved: target.location }
  return { version, ...(resolved && { resolved }), ...(integrity && { integrity }) }
}

/** Everything that stands in `node_modules`, as locations. */
function topFolders({ fs }: MachineHost, project: string): string[] {
  const root = `${project}/node_modules`
  if (!fs.exists(root)) return []
  return fs.readdir(root).flatMap((name) => {
    if (!name.startsWith('@')) return name.startsWith('.') ? [] : [`node_modules/${name}`]
    return fs.readdir(`${root}/${name}`).map((inner) => `node_modules/${name}/${inner}`)
  })
}
