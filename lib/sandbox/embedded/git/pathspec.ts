import { joinPath } from '@/lib/base'
import { fatal } from './failure'
import type { Repository } from './repository'
import { wildmatch } from './wildmatch'

export type PathFilter = (path: string) => boolean

/** The path from the repository's root; fails for one outside. */
export function toRepositoryPath(repository: Repository, cwd: string, word: string): string {
  const full = word.startsWith('/') ? word : `${cwd}/${word}`
  const path = `/${joinPath(full) ?? ''}`
  if (path === repository.root) return ''
  if (!path.startsWith(`${repository.root}/`)) fatal(`${word}: '${word}' is outside repository at '${repository.root}'`)
  return path.slice(repository.root.length + 1)
}

/** Files, folders and globs (`*.ts`, `:/`, `:!docs`) as a test of repository paths; no words let all through. */
export function createPathFilter(repository: Repository, cwd: string, words: readonly string[]): PathFilter {
  const include: PathFilter[] = []
  const exclude: PathFilter[] = []
  for (const word of words) {
    const negative = /^:(?:!|\^|\(exclude\))(.*)$/.exec(word)
    const top = /^:\/(.*)$/.exec(word)
    if (negative) exclude.push(matcher(toRepositoryPath(repository, cwd, negative[1] ?? '')))
    else include.push(matcher(top ? (top[1] ?? '') : toRepositoryPath(repository, cwd, word)))
  }
  return (path) => (include.length === 0 || include.some((test) => test(path))) && !exclude.some((test) => test(path))
}

/** A name is itself first: `app/[id]` is also a folder of that name. */
function matcher(pattern: string): PathFilter {
  if (pattern === '') return () => true
  const isNamed: PathFilter = (path) => path === pattern || path.startsWith(`${pattern}/`)
  const matches = /[*?[\\]/.test(pattern) ? wildmatch(pattern, { acrossFolders: true }) : null
  return (path) => isNamed(path) || matches?.(path) === true
}

/** How a repository path is shown from the folder where the command runs. */
export function relativeTo(repository: Repository, cwd: string, path: string): string {
  const from = cwd === repository.root ? [] : cwd.slice(repository.root.length + 1).split('/')
  const to = path.split('/')
  let shared = 0
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++
  const up = from.slice(shared).map(() => '..')
  const rest = to.slice(shared)
  return [...up, ...rest].join('/') || './'
}
