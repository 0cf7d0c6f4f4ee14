import { decodeUtf8 } from '@/lib/base'
import type { VirtualFs } from '../process/host'
import type { ArboristNode } from './tree'

/** npm keeps the state of `node_modules` in this file of it; so do we, in the same form. */
const stateFile = 'node_modules/.package-lock.json'

/** What is in `node_modules`, by location. */
export type InstalledState = ReadonlyMap<string, LockEntry>

export interface LockEntry {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
}

/** Reads the state file, and believes it only where the folder is still there. */
export function readInstalledState(fs: VirtualFs, project: string): InstalledState {
  const path = `${project}/${stateFile}`
  if (!fs.exists(path)) return new Map()
  const text = decodeUtf8(fs.readFile(path)) ?? ''
  let packages: Record<string, LockEntry>
  try {
    const state = JSON.parse(text) as { packages?: Record<string, LockEntry> }
    packages = state.packages ?? {}
  } catch (error) {
    // A damaged state is none: everything is installed anew.
    if (error instanceof SyntaxError) return new Map()
    throw error
  }
  const present = Object.entries(packages).filter(([location]) => fs.exists(`${project}/${location}/package.json`))
  return new Map(present)
}

/** Whether a package is the one that stands there. Without a lock file the tree does not know every checksum. */
export function isInstalled(
  entry: LockEntry | undefined,
  { isLink, target, version, resolved, integrity }: ArboristNode,
): boolean {
  if (!entry || isLink !== Boolean(entry.link)) return false
  if (isLink) return entry.resolved === target.location
  if (entry.integrity && integrity) return entry.integrity === integrity
  return entry.version === version && (!entry.resolved || !resolved || entry.resolved === resolved)
}

/** The packages of a tree that belong on disk, by location. Links and bundled packages come by other ways. */
export function packagesOf(root: ArboristNode, omit: readonly string[]): Map<string, ArboristNode> {
  const omitted = new Set(omit)
  const packages = new Map<string, ArboristNode>()
  for (const node of root.inventory.values()) {
    const isPackage = !node.isRoot && !node.isLink && !node.inDepBundle && /(^|\/)node_modules\//.test(node.location)
    if (isPackage && !node.inert && !node.extraneous && !node.shouldOmit(omitted)) packages.set(node.location, node)
  }
  return packages
}

export function linksOf(root: ArboristNode): ArboristNode[] {
  return [...root.inventory.values()].filter((node) => node.isLink && !node.extraneous)
}

/** The state file after an install: the lock file without the project itself and without what was left out. */
export function writeInstalledState(
  fs: VirtualFs,
  project: string,
  { root, before, locations }: { root: ArboristNode; before: InstalledState; locations: ReadonlySet<string> },
): void {
  const lock = JSON.parse(root.meta.toString()) as { packages: Record<string, LockEntry>; [key: string]: unknown }
  const packages = Object.entries(lock.packages).flatMap(([location, entry]): [string, LockEntry][] => {
    const known = before.get(location)
    const isSame = known?.version === entry.version && !entry.integrity && !entry.link
    return locations.has(location) ? [[location, isSame ? { ...entry, ...known } : entry]] : []
  })
  fs.mkdir(`${project}/node_modules`, { recursive: true })
  fs.writeFile(
    `${project}/${stateFile}`,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`,
  )
}
