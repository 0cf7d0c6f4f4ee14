import { chooseWorkspaces, findWorkspaces, type Workspace } from '../process/npm-workspaces'
import { listOf, type NpmArguments } from './options'
import { findProject, readJson } from './project'
import type { Terminal } from './terminal'

/**
 * The workspaces that a command is for: those of `-w` and `--workspaces`, else the one it is typed in; null when it is for
 * the project. Throws a sentence when there is none of that name.
 */
export function chosenWorkspaces({ host }: Terminal, { flags }: NpmArguments): Workspace[] | null {
  const { fs, cwd } = host
  const wanted = listOf(flags, 'workspace')
  const isEverywhere = flags.get('workspaces') === true
  if (flags.get('workspaces') === false || typeof flags.get('prefix') === 'string') return null
  const root = findProject(fs, cwd)
  if (!fs.exists(`${root}/package.json`)) return null
  const all = findWorkspaces({ fs, root, workspaces: readJson(fs, `${root}/package.json`).workspaces })
  if (isEverywhere && all.length === 0) throw new Error('No workspaces found!')
  if (isEverywhere) return all
  if (wanted.length === 0) {
    const here = all.filter(({ folder }) => cwd === folder || cwd.startsWith(`${folder}/`))
    return here.length > 0 ? here : null
  }
  const chosen = wanted.flatMap((word) => {
    const found = chooseWorkspaces(all, cwd, word) ?? chooseWorkspaces(all, root, word)
    if (!found) throw new Error(`No workspaces found:\n  --workspace=${word}`)
    return found
  })
  return [...new Set(chosen)]
}

/** The same command with other words, in one folder and for it alone. */
export function inFolder(args: NpmArguments, folder: string): NpmArguments {
  const flags = new Map([...args.flags].filter(([name]) => name !== 'workspace' && name !== 'workspaces'))
  return { ...args, flags: flags.set('prefix', folder) }
}
