import type { BuildOptions } from '@npmcli/arborist'
import { plural } from '@/lib/base'
import { type Manifest, releaseAgeMs } from '@/lib/registry/packument'
import type { MachineHost } from '../process/machine-host'
import { link, writeBins } from './bins'
import { type Download, download } from './download'
import { expectedWants } from './expected-wants'
import {
  type InstalledState,
  isInstalled,
  type LockEntry,
  linksOf,
  packagesOf,
  readInstalledState,
  writeInstalledState,
} from './installed'
import type { InstallSettings } from './options'
import type { Progress } from './progress'
import { createRegistry, type FetchPackage } from './registry/registry'
import { createTarballs } from './tarballs'
import { type ArboristNode, buildTree, type IdealTree, readInstalledTree, type TreeOptions } from './tree'

/** What an install does to `node_modules`. */
export interface InstallPlan {
  added: ArboristNode[]
  changed: ArboristNode[]
  /** Locations, and what stands there. */
  removed: [string, LockEntry][]
}

export interface InstallReport extends InstallPlan {
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
  /** What `reify` would do. */
  plan(root: ArboristNode, options?: ReifyOptions): Promise<InstallPlan>
  /** Brings `node_modules` to what the tree says: everything is loaded first, then put in place at once. */
  reify(root: ArboristNode, options?: ReifyOptions): Promise<InstallReport>
  treeOptions: TreeOptions
}

export interface ReifyOptions {
  /** As if nothing stood there. */
  anew?: boolean
  /** What stands there and was not installed from here is looked at, too. */
  withStrays?: boolean
}

export function createInstaller({ host, project, settings, progress, cachedOnly = false }: InstallOptions): Installer {
  const fetchPackage: FetchPackage = (request, onLines) => host.fetchPackage({ ...request, cachedOnly }, onLines)
  let isResolving = false
  let lookedAt = 0
  const registry = createRegistry(fetchPackage, (line) => {
    // What the resolver did not wait for comes late, over what stands in the terminal by then.
    if (!isResolving) return
    progress.show(`${plural(++lookedAt, 'package')} looked at …`)
    if (isFresh) tarballs.loadAhead(line)
  })
  const tarballs = createTarballs({ registry, allowNew: settings.allowNew })
  /** All that the crawl comes to will be placed: nothing stands there, and nothing else is asked for. */
  const isFresh =
    !cachedOnly &&
    !settings.dryRun &&
    !settings.packageLockOnly &&
    settings.omit.length === 0 &&
    !['node_modules', 'package-lock.json', 'npm-shrinkwrap.json'].some((name) => host.fs.exists(`${project}/${name}`))
  const passedOver = new Map<string, string>()
  const chosen = new Set<string>()
  const treeOptions: TreeOptions = {
    path: project,
    settings,
    registryClient: registry,
    fs: host.fs,
    publishedBefore: settings.allowNew ? null : new Date(Date.now() - releaseAgeMs),
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
      tarballs,
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

  const wantedIn = (root: ArboristNode) =>
    new Map([...packagesOf(root, settings.omit), ...linksOf(root).map((node) => [node.location, node] as const)])

  async function stateOf({ withStrays = false }: ReifyOptions): Promise<InstalledState> {
    const known = readInstalledState(host.fs, project)
    if (!withStrays) return known
    const standing = packagesOnDisk(await readInstalledTree(treeOptions)).map(
      ({ location, version, isLink, target }): [string, LockEntry] => [
        location,
        isLink ? { link: true, resolved: target.location } : { version },
      ],
    )
    return new Map([...standing, ...known])
  }

  return {
    treeOptions,
    async resolve(request) {
      progress.show('Working out what is needed …')
      registry.expect(expectedWants(host.fs, project, request))
      isResolving = true
      try {
        return await buildTree(treeOptions, request)
      } finally {
        isResolving = false
      }
    },
    plan: async (root, options = {}) => planOf(wantedIn(root), await stateOf(options)),
    async reify(root, { anew = false, ...options } = {}) {
      const { fs } = host
      const wanted = wantedIn(root)
      const before = await stateOf(options)
      const plan = planOf(wanted, anew ? new Map() : before)
      const missing = [...plan.added, ...plan.changed]
      const loading = missing.filter((node) => !node.isLink)
      const downloads = await load(loading)
      const gone = [...before].filter(([at]) => !wanted.has(at))
      host.install(
        (anew ? topFolders(host, project) : gone.map(([at]) => at)).map((at) => `${project}/${at}`),
        downloads.map(([, { record }]) => record),
      )
      const arrived = new Set(downloads.map(([{ location }]) => location))
      const present = [...wanted].filter(([at, node]) => node.isLink || arrived.has(at) || !loading.includes(node))
      if (present.length > 0 || before.size > 0) {
        for (const [, node] of present) if (node.isLink) linkFolder(host, project, node)
        writeBins(
          fs,
          project,
          present.map(([, node]) => node),
        )
        writeInstalledState(fs, project, { root, before, locations: new Set(present.map(([at]) => at)) })
      }
      return {
        ...plan,
        removed: gone,
        scripts: downloads.flatMap(([{ packageName }, { scripts, standIn }]) =>
          scripts.length > 0 && !standIn ? [`${packageName} (${scripts.join(', ')})`] : [],
        ),
        passedOver: [...passedOver].map(([young, taken]) => `${young} (took ${taken})`),
        standIns: downloads.flatMap(([, { standIn }]) => standIn ?? []),
        problems: [...new Set(downloads.flatMap(([, { problem }]) => problem ?? []))],
        deprecated: missing.flatMap((node) =>
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

function planOf(wanted: ReadonlyMap<string, ArboristNode>, before: InstalledState): InstallPlan {
  const missing = [...wanted].filter(([at, node]) => !isInstalled(before.get(at), node))
  return {
    added: missing.flatMap(([at, node]) => (before.has(at) ? [] : node)),
    changed: missing.flatMap(([at, node]) => (before.has(at) ? node : [])),
    removed: [...before].filter(([at]) => !wanted.has(at)),
  }
}

function packagesOnDisk(root: ArboristNode): ArboristNode[] {
  return [...root.inventory.values()].filter(
    (node) => !node.isRoot && !node.inDepBundle && /(^|\/)node_modules\//.test(node.location),
  )
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
