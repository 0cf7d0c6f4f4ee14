import { joinPath } from '@/lib/base'

/**
 * Completes the last word of a line with the project's paths: `text` replaces the line when there is something to
 * add, `choices` are shown when there is a choice.
 */
export function completePath(line: string, cwd: string, paths: Iterable<string>): { text: string; choices: string[] } {
  const word = /[^\s"']*$/.exec(line)?.[0] ?? ''
  const slash = word.lastIndexOf('/') + 1
  const folder = joinPath(cwd, word.slice(0, slash))
  if (folder === null) return { text: line, choices: [] }
  const prefix = folder === '' ? '' : `${folder}/`
  const names = new Set<string>()
  for (const path of paths) {
    if (!path.startsWith(prefix)) continue
    const [name = '', ...rest] = path.slice(prefix.length).split('/')
    if (name.startsWith(word.slice(slash))) names.add(rest.length > 0 ? `${name}/` : name)
  }
  const choices = [...names].sort()
  const shared = sharedStart(choices)
  const isDone = choices.length === 1 && !shared.endsWith('/')
  const text = line.slice(0, line.length - word.length + slash) + shared + (isDone ? ' ' : '')
  return choices.length === 0 ? { text: line, choices } : { text, choices: choices.length > 1 ? choices : [] }
}

function sharedStart(names: readonly string[]): string {
  const [first = '', ...others] = names
  let length = first.length
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

/** Where `cd` leads, project-relative; null when there is no such folder. */
export function changeFolder(cwd: string, target: string, paths: Iterable<string>): string | null {
  const bare = target.trim().replace(/^["']|["']$/g, '')
  const inProject = bare.replace(/^(~|\/home\/project)(?=\/|$)/, '')
  const isRooted = inProject !== bare || bare === ''
  const folder = isRooted ? joinPath(inProject) : bare.startsWith('/') ? null : joinPath(cwd, bare)
  if (folder === null || folder === '') return folder
  for (const path of paths) if (path.startsWith(`${folder}/`)) return folder
  return null
}
