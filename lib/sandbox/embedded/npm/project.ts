import { decodeUtf8, messageOf } from '@/lib/base'
import type { VirtualFs } from '../process/host'

export interface Manifest {
  name?: string
  version?: string
  description?: string
  bin?: string | Record<string, string>
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  [key: string]: unknown
}

/** The folder that npm works in: the nearest with a package.json or node_modules, else the present one. */
export function findProject(fs: VirtualFs, cwd: string): string {
  for (let folder = cwd; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    if (folder.endsWith('/node_modules')) continue
    if (fs.exists(`${folder}/package.json`) || fs.exists(`${folder}/node_modules`)) return workspaceRootOf(fs, folder)
  }
  return cwd
}

/** In a workspace's folder npm works on the workspace's root. */
function workspaceRootOf(fs: VirtualFs, folder: string): string {
  for (
    let above = folder.slice(0, folder.lastIndexOf('/'));
    above !== '';
    above = above.slice(0, above.lastIndexOf('/'))
  ) {
    const manifest = fs.exists(`${above}/package.json`) ? readJson(fs, `${above}/package.json`) : null
    if (manifest?.workspaces !== undefined) return above
  }
  return folder
}

/** Throws a sentence when the file is not a JSON object. */
export function readJson(fs: VirtualFs, path: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse((decodeUtf8(fs.readFile(path)) ?? '').replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path} must hold an object.`)
  return value as Manifest
}

/** `bin` by command name. A single path is named after the package. */
export function binsOf({ name = '', bin }: Manifest): Record<string, string> {
  const bins = typeof bin === 'string' ? { [name.replace(/^@[^/]+\//, '')]: bin } : (bin ?? {})
  return Object.fromEntries(
    Object.entries(bins)
      .filter(
        ([command, path]) => /^[\w.@~-]+$/.test(command) && typeof path === 'string' && !path.split('/').includes('..'),
      )
      .map(([command, path]) => [command, path.replace(/^(?:\.?\/)+/, '')]),
  )
}
