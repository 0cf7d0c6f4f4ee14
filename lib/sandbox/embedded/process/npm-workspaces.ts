import { decodeUtf8, joinPath } from '@/lib/base'
import type { VirtualFs } from './host'

interface WorkspaceRoot {
  fs: VirtualFs
  root: string
  /** `workspaces` of package.json: patterns, or an object that holds them. */
  workspaces: unknown
}

export interface Workspace {
  name: string | undefined
  folder: string
}

/** The folders with a package.json that the patterns name, in their order. */
export function findWorkspaces({ fs, root, workspaces }: WorkspaceRoot): Workspace[] {
  const listed = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown } | null)?.packages
  const patterns = Array.isArray(listed) ? listed.filter((pattern) => typeof pattern === 'string') : []
  const folders = new Set<string>()
  for (const pattern of patterns) {
    const isExcluded = pattern.startsWith('!')
    const path = pattern.replace(/^!/, '').replace(/^\.\//, '').replace(/\/$/, '')
    for (const folder of expand(fs, root, path.split('/'))) {
      if (isExcluded) folders.delete(folder)
      else if (fs.exists(`${folder}/package.json`)) folders.add(folder)
    }
  }
  return [...folders].map((folder) => ({ name: nameIn(fs, folder), folder }))
}

/**
 * The workspaces that `-w` names: by package, by folder, or by a folder that holds some; null when there is none. pnpm also
 * has patterns (`@x/*`) and names without their scope.
 */
export function chooseWorkspaces(all: readonly Workspace[], root: string, word: string): Workspace[] | null {
  const path = `/${joinPath(word.startsWith('/') ? word : `${root}/${word}`) ?? ''}`
  const pattern = new RegExp(`^(?:@[^/]+/)?${escaped(word).replaceAll('*', '.*')}$`)
  const exact = all.filter(({ name, folder }) => name === word || folder === path || folder.startsWith(`${path}/`))
  const chosen = exact.length > 0 ? exact : all.filter(({ name = '' }) => pattern.test(name))
  return chosen.length > 0 ? chosen : null
}

function expand(fs: VirtualFs, folder: string, [part, ...rest]: readonly string[]): string[] {
  if (part === undefined) return [folder]
  const inner = () => fs.readdir(folder).filter((name) => name !== 'node_modules' && isFolder(fs, `${folder}/${name}`))
  if (part === '**')
    return [...expand(fs, folder, rest), ...inner().flatMap((name) => expand(fs, `${folder}/${name}`, [part, ...rest]))]
  if (!part.includes('*')) return isFolder(fs, `${folder}/${part}`) ? expand(fs, `${folder}/${part}`, rest) : []
  const test = new RegExp(`^${escaped(part).replaceAll('*', '.*')}$`)
  return inner()
    .filter((name) => test.test(name) && !name.startsWith('.'))
    .flatMap((name) => expand(fs, `${folder}/${name}`, rest))
}

/** For a regular expression, but for `*`. */
const escaped = (text: string) => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')

const isFolder = (fs: VirtualFs, path: string) => fs.exists(path) && fs.stat(path).kind === 'directory'

function nameIn(fs: VirtualFs, folder: string): string | undefined {
  try {
    const { name } = JSON.parse(decodeUtf8(fs.readFile(`${folder}/package.json`)) ?? '') as { name?: unknown }
    return typeof name === 'string' ? name : undefined
  } catch {
    // Whoever runs a script there is told what is wrong with it.
    return undefined
  }
}
