import type { GitContext } from './context'
import { editConfig } from './git-config'
import { walkHistory } from './history-walk'
import type { Repository } from './repository'

/** The remote branch that a branch follows. */
export interface Tracked {
  remote: string
  /** The branch there. */
  branch: string
  /** What is known of it here: `origin/main`. */
  name: string
}

export function trackedBy({ config }: GitContext, branch: string | null): Tracked | null {
  const remote = branch === null ? undefined : config(`branch.${branch}.remote`)
  const merge = branch === null ? undefined : config(`branch.${branch}.merge`)
  if (remote === undefined || merge === undefined) return null
  const there = merge.replace(/^refs\/heads\//, '')
  return { remote, branch: there, name: remote === '.' ? there : `${remote}/${there}` }
}

/** `origin/main` where the current branch follows it. */
export function upstreamOf(context: GitContext): string | null {
  return trackedBy(context, context.repository().branch())?.name ?? null
}

/** Changes a setting of the repository; null takes it out. */
export function setConfig(repository: Repository, key: string, value: string | null): void {
  const text = repository.readText('config') ?? ''
  repository.writeText('config', editConfig(text, { key, value, among: 'all' }) ?? text)
}

export function addRemote(repository: Repository, name: string, url: string): void {
  setConfig(repository, `remote.${name}.url`, url)
  setConfig(repository, `remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`)
}

/** Lets a branch follow one of a remote. */
export function follow(
  repository: Repository,
  branch: string,
  { remote, branch: there }: Pick<Tracked, 'remote' | 'branch'>,
): void {
  setConfig(repository, `branch.${branch}.remote`, remote)
  setConfig(repository, `branch.${branch}.merge`, `refs/heads/${there}`)
}

export interface Distance {
  ahead: number
  behind: number
}

/** How many commits a branch and the one that it follows do not share; null when that one is gone. */
export async function distanceTo(repository: Repository, oid: string, upstream: string): Promise<Distance | null> {
  const there = await repository.ref(upstream)
  if (there === null) return null
  if (there === oid) return { ahead: 0, behind: 0 }
  const count = async (include: string, exclude: string) => {
    const range = { include: [include], exclude: [exclude] }
    return (await walkHistory(repository, { range, filter: null, isTopological: false })).length
  }
  return { ahead: await count(oid, there), behind: await count(there, oid) }
}

/** `ahead 1, behind 2` */
export function formatDistance({ ahead, behind }: Distance): string {
  return [...(ahead > 0 ? [`ahead ${ahead}`] : []), ...(behind > 0 ? [`behind ${behind}`] : [])].join(', ')
}

/** `origin/main` as the branch of a remote that is known here; null when it is something else. */
export async function remoteBranchOf(
  { configEntries, repository }: GitContext,
  word: string,
): Promise<Pick<Tracked, 'remote' | 'branch'> | null> {
  const name = word.replace(/^(?:refs\/)?remotes\//, '')
  const slash = name.indexOf('/')
  const remote = name.slice(0, slash)
  const isRemote = slash > 0 && configEntries.some(({ key }) => key === `remote.${remote}.url`)
  const isKnown = isRemote && (await repository().ref(`refs/remotes/${name}`)) !== null
  return isKnown ? { remote, branch: name.slice(slash + 1) } : null
}

/** The one remote branch of that name, which `git switch` makes a branch of. */
export async function guessedRemoteBranch(
  { configEntries, repository }: GitContext,
  branch: string,
): Promise<string | null> {
  const found: string[] = []
  for (const { key } of configEntries) {
    const remote = /^remote\.(.+)\.url$/.exec(key)?.[1]
    if (remote !== undefined && (await repository().ref(`refs/remotes/${remote}/${branch}`)) !== null)
      found.push(`${remote}/${branch}`)
  }
  return found.length === 1 ? (found[0] ?? null) : null
}

/** What `git status` and `git switch` say of the branch that is followed. */
export async function upstreamText(context: GitContext, branch: string | null, head: string | null): Promise<string> {
  const tracked = trackedBy(context, branch)
  if (!tracked || head === null) return ''
  const { name } = tracked
  const distance = await distanceTo(context.repository(), head, name)
  if (distance === null)
    return `Your branch is based on '${name}', but the upstream is gone.\n  (use "git branch --unset-upstream" to fixup)\n`
  const { ahead, behind } = distance
  const commits = (count: number) => `${count} commit${count === 1 ? '' : 's'}`
  if (ahead > 0 && behind > 0)
    return `Your branch and '${name}' have diverged,\nand have ${ahead} and ${behind} different commits each, respectively.\n  (use "git pull" to merge the remote branch into yours)\n`
  if (ahead > 0)
    return `Your branch is ahead of '${name}' by ${commits(ahead)}.\n  (use "git push" to publish your local commits)\n`
  if (behind > 0)
    return `Your branch is behind '${name}' by ${commits(behind)}, and can be fast-forwarded.\n  (use "git pull" to update your local branch)\n`
  return `Your branch is up to date with '${name}'.\n`
}
