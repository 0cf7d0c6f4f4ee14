import type { BuildOptions } from '@npmcli/arborist'
import type { Want } from '@/lib/registry/want'
import { wantOf, wantOfWord } from '@/lib/registry/want-of'
import type { VirtualFs } from '../process/host'
import { findWorkspaces } from '../process/npm-workspaces'
import { type Manifest, readJson } from './project'

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

/**
 * What the resolver will ask the registry for at least: what the command names, and what package.json asks for and the lock
 * file, or else `node_modules`, does not answer.
 */
export function expectedWants(fs: VirtualFs, project: string, { add = [], update }: BuildOptions): Want[] {
  const root = read(fs, `${project}/package.json`)
  const lock = read(fs, `${project}/package-lock.json`).packages as Record<string, Manifest> | undefined
  const workspaces = findWorkspaces({ fs, root: project, workspaces: root.workspaces })

  function unanswered(folder: string): Want[] {
    const locked = update ? undefined : lock?.[folder === project ? '' : folder.slice(project.length + 1)]
    const known = new Set(locked && rangesOf(locked).map(String))
    const manifest = folder === project ? root : read(fs, `${folder}/package.json`)
    return rangesOf(manifest).flatMap((entry) => (known.has(String(entry)) ? [] : (wantOf(...entry) ?? [])))
  }

  const isInstalled = !update && !lock && fs.exists(`${project}/node_modules`)
  const listed = isInstalled ? [] : [project, ...workspaces.map(({ folder }) => folder)].flatMap(unanswered)
  const own = new Set(workspaces.map(({ name }) => name))
  return [...add.flatMap((word) => wantOfWord(word) ?? []), ...listed].filter(({ name }) => !own.has(name))
}

const rangesOf = (manifest: Manifest): [name: string, range: string][] =>
  kinds.flatMap((kind) => Object.entries((manifest[kind] ?? {}) as Record<string, string>))
/** What is wrong with a file, the resolver says. */
function read(fs: VirtualFs, path: string): Manifest {
  try {
    return readJson(fs, path)
  } catch {
    return {}
  }
}
