import { fatal, GitFailure } from './failure'
import { parseConfig } from './git-config'
import { readIndex } from './index-file'
import { readReflog } from './reflog'
import type { Repository } from './repository'

/** The object that a revision names (`HEAD~2`, `v1^{commit}`, `main:src/a.ts`); null when there is none. */
export async function resolveRevision(repository: Repository, text: string): Promise<string | null> {
  const staged = /^:(?:([0-3]):)?([^/!^(].*)$/.exec(text)
  if (staged) return stagedEntry(repository, staged[2] ?? '', Number(staged[1] ?? 0))
  const colon = text.indexOf(':')
  if (colon > 0 && !text.startsWith('refs/')) {
    const tree = await resolveRevision(repository, text.slice(0, colon))
    return tree === null ? null : findInTree(repository, tree, text.slice(colon + 1))
  }
  const suffix = /(~\d*|\^\{[a-z]*\}|\^\d*)$/.exec(text)
  if (suffix && suffix.index > 0) {
    const base = await resolveRevision(repository, text.slice(0, suffix.index))
    return base === null ? null : followSuffix(repository, base, suffix[0])
  }
  return resolveName(repository, text)
}

/** `:a.txt` and `:2:a.txt`: what the index has of a path, of a conflict each side. */
function stagedEntry(repository: Repository, path: string, stage: number): string | null {
  const index = readIndex(repository)
  const entry = stage === 0 ? index.entries.get(path) : index.conflicts.get(path)?.[stage as 1 | 2 | 3]
  return entry?.oid ?? null
}

async function followSuffix(repository: Repository, oid: string, suffix: string): Promise<string | null> {
  if (suffix === '^{tree}') return (await repository.commit(await peel(repository, oid))).tree
  if (suffix.startsWith('^{')) return peel(repository, oid)
  const number = suffix.length > 1 ? Number(suffix.slice(1)) : 1
  let commit = await peel(repository, oid)
  if (suffix.startsWith('^')) {
    return number === 0 ? commit : ((await repository.commit(commit)).parents[number - 1] ?? null)
  }
  for (let i = 0; i < number; i++) {
    const [parent] = (await repository.commit(commit)).parents
    if (parent === undefined) return null
    commit = parent
  }
  return commit
}

async function resolveName(repository: Repository, name: string): Promise<string | null> {
  const log = /^(.*)@\{(-?\d+)\}$/.exec(name)
  if (log) return resolveLogged(repository, log[1] ?? '', Number(log[2]))
  const followed = /^(.*)@\{(?:u|upstream|push)\}$/.exec(name)
  if (followed) return followedRef(repository, followed[1] || repository.branch())
  if (name === '-') return resolveLogged(repository, '', -1)
  const ref = await repository.ref(name === '@' ? 'HEAD' : name)
  if (ref !== null) return ref
  if (!/^[0-9a-f]{4,40}$/.test(name)) return null
  try {
    return await repository.expand(name)
  } catch (error) {
    if (error instanceof Error && error.name === 'AmbiguousError')
      fatal(`ambiguous argument '${name}': more than one object`)
    return null
  }
}

function followedRef(repository: Repository, branch: string | null): Promise<string | null> {
  const entries = parseConfig(repository.readText('config') ?? '')
  const setting = (name: string) => entries.findLast(({ key }) => key === `branch.${branch}.${name}`)?.value
  const [remote, merge] = [setting('remote'), setting('merge')]
  if (branch === null || remote === undefined || merge === undefined)
    fatal(`no upstream configured for branch '${branch}'`)
  return repository.ref(remote === '.' ? merge : merge.replace(/^refs\/heads\//, `refs/remotes/${remote}/`))
}

async function resolveLogged(repository: Repository, ref: string, index: number): Promise<string | null> {
  if (index < 0) {
    const branch = previousBranch(repository, -index)
    return branch === null ? null : resolveRevision(repository, branch)
  }
  const name = ref === '' ? (repository.headRef() ?? 'HEAD') : ref === 'stash' ? 'refs/stash' : ref
  const log = [name, `refs/heads/${name}`]
    .map((path) => readReflog(repository, path))
    .find((entries) => entries.length > 0)
  return log?.[index]?.after ?? null
}

/** The branch that was left `steps` checkouts ago. */
export function previousBranch(repository: Repository, steps: number): string | null {
  const moves = readReflog(repository, 'HEAD').flatMap(({ message }) => {
    const move = /^checkout: moving from (\S+) to /.exec(message)
    return move?.[1] === undefined ? [] : [move[1]]
  })
  return moves[steps - 1] ?? null
}

/** The commit that a tag or commit leads to. */
export async function peel(repository: Repository, oid: string): Promise<string> {
  let current = oid
  while ((await repository.objectType(current)) === 'tag') current = (await repository.readTag(current)).object
  return current
}

/** As `resolveRevision`, ending in a commit; fails as git does. */
export async function requireCommit(repository: Repository, text: string): Promise<string> {
  const oid = await resolveRevision(repository, text)
  if (oid === null) {
    throw new GitFailure(
      `fatal: ambiguous argument '${text}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`,
    )
  }
  const commit = await peel(repository, oid)
  if ((await repository.objectType(commit)) !== 'commit') fatal(`'${text}' is not a commit`)
  return commit
}

async function findInTree(repository: Repository, oid: string, path: string): Promise<string | null> {
  let current = await peel(repository, oid)
  if ((await repository.objectType(current)) === 'commit') current = (await repository.commit(current)).tree
  for (const name of path.replace(/^\.\//, '').split('/').filter(Boolean)) {
    const entry = (await repository.treeEntries(current)).find((candidate) => candidate.path === name)
    if (!entry) return null
    current = entry.oid
  }
  return current
}

export interface Range {
  include: string[]
  exclude: string[]
}

/** `a..b`, `a...b`, `^a`, or plain revisions, as `git log` takes them. */
export async function parseRange(repository: Repository, words: readonly string[]): Promise<Range> {
  const range: Range = { include: [], exclude: [] }
  for (const word of words) {
    const three = /^(.*?)\.\.\.(.*)$/.exec(word)
    const two = /^(.*?)\.\.(.*)$/.exec(word)
    if (three || two) {
      const [, from = '', to = ''] = three ?? two ?? []
      const [a, b] = [await requireCommit(repository, from || 'HEAD'), await requireCommit(repository, to || 'HEAD')]
      range.include.push(b)
      if (three) {
        const base = await repository.mergeBase(a, b)
        range.include.push(a)
        if (base) range.exclude.push(base)
      } else range.exclude.push(a)
    } else if (word.startsWith('^')) range.exclude.push(await requireCommit(repository, word.slice(1)))
    else range.include.push(await requireCommit(repository, word))
  }
  return range
}
