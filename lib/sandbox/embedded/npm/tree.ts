import Arborist, { type ArboristNode, type BuildOptions } from '@npmcli/arborist'
import { machineTarget, nodeVersion, npmVersion } from '@/lib/registry/machine-target'
import type { InstallSettings } from './options'
import type { PickOptions } from './registry/pick'

export type { ArboristEdge, ArboristNode } from '@npmcli/arborist'

export interface TreeOptions extends PickOptions {
  /** Absolute folder of the project. */
  path: string
  settings: InstallSettings
}

export interface IdealTree {
  root: ArboristNode
  /** Writes package.json (when packages were added or removed) and the lock file, exactly as npm does. */
  save(): Promise<void>
}

/** npm's own resolver on the sandbox's files and registry. */
export async function buildTree(options: TreeOptions, request: BuildOptions): Promise<IdealTree> {
  const arborist = createArborist(options)
  const root = await arborist.buildIdealTree({ ...request, save: options.settings.save })
  const saveIdealTree = Reflect.get(arborist, Symbol.for('saveIdealTree')) as (options: object) => Promise<void>
  return {
    root,
    save: () => saveIdealTree.call(arborist, { ...request, save: options.settings.save }),
  }
}

/** The tree as the lock file has it. Throws when there is none. */
export function readLockedTree(options: TreeOptions): Promise<ArboristNode> {
  return createArborist(options).loadVirtual()
}

/** The tree as it is in `node_modules`. */
export function readInstalledTree(options: TreeOptions): Promise<ArboristNode> {
  return createArborist(options).loadActual()
}

function createArborist({ path, settings, ...pick }: TreeOptions): Arborist {
  const { force, legacyPeerDeps, strictPeerDeps, packageLock, savePrefix, omit, workspaces, engineStrict } = settings
  return new Arborist({
    ...pick,
    ...machineTarget,
    path,
    nodeVersion,
    npmVersion,
    force,
    legacyPeerDeps,
    strictPeerDeps,
    packageLock,
    savePrefix,
    omit,
    workspaces,
    engineStrict,
    includeWorkspaceRoot: false,
    lockfileVersion: 3,
    audit: false,
    ignoreScripts: true,
  })
}
