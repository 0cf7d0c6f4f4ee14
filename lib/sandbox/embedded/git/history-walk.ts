import { compareFiles } from './changes'
import type { PathFilter } from './pathspec'
import type { Commit, Repository } from './repository'
import type { Range } from './revision'

export interface WalkedCommit extends Commit {
  /** Parents as the graph shows them: when paths are given, commits that did not touch them are skipped. */
  shownParents: string[]
}

export interface HistoryOptions {
  range: Range
  filter: PathFilter | null
  isTopological: boolean
  firstParent?: boolean
}

/** Commits from new to old: by date, or so that no parent comes before its children. */
export async function walkHistory(repository: Repository, options: HistoryOptions): Promise<WalkedCommit[]> {
  const { range, filter, isTopological, firstParent = false } = options
  const excluded = await reachable(repository, range.exclude)
  const commits = new Map<string, WalkedCommit>()
  const queue = [...range.include]
  while (queue.length > 0) {
    const oid = queue.pop() ?? ''
    if (commits.has(oid) || excluded.has(oid)) continue
    const commit = await repository.commit(oid)
    const parents = firstParent ? commit.parents.slice(0, 1) : commit.parents
    commits.set(oid, { ...commit, shownParents: parents.filter((parent) => !excluded.has(parent)) })
    queue.push(...parents)
  }
  const ordered = order(commits, isTopological)
  if (!filter) return ordered
  const kept = new Set<string>()
  for (const commit of ordered) if (await touches(repository, commit, filter)) kept.add(commit.oid)
  return ordered
    .filter(({ oid }) => kept.has(oid))
    .map((commit) => ({ ...commit, shownParents: commit.shownParents.flatMap((parent) => nearest(parent)) }))

  function nearest(oid: string): string[] {
    const commit = commits.get(oid)
    if (!commit || kept.has(oid)) return commit ? [oid] : []
    return commit.shownParents.slice(0, 1).flatMap(nearest)
  }
}

async function touches(repository: Repository, commit: Commit, filter: PathFilter): Promise<boolean> {
  const now = await repository.files(commit.oid)
  const parents = commit.parents.length === 0 ? [null] : commit.parents
  for (const parent of parents) {
    const changes = compareFiles(await repository.files(parent), now)
    // A merge that took one side as it was is that side's doing.
    if (!changes.some(({ path }) => filter(path))) return false
  }
  return true
}

async function reachable(repository: Repository, from: readonly string[]): Promise<Set<string>> {
  const seen = new Set<string>()
  const queue = [...from]
  while (queue.length > 0) {
    const oid = queue.pop() ?? ''
    if (seen.has(oid)) continue
    seen.add(oid)
    queue.push(...(await repository.commit(oid)).parents)
  }
  return seen
}

function order(commits: ReadonlyMap<string, WalkedCommit>, isTopological: boolean): WalkedCommit[] {
  const children = new Map<string, number>()
  for (const { shownParents } of commits.values()) {
    for (const parent of shownParents) children.set(parent, (children.get(parent) ?? 0) + 1)
  }
  // Candidates in the order in which they became visible; the newest goes first, ties keep that order.
  const ready = [...commits.values()].filter(({ oid }) => !children.get(oid)).sort(byDate)
  const ordered: WalkedCommit[] = []
  while (ready.length > 0) {
    const commit = ready.shift() as WalkedCommit
    ordered.push(commit)
    const freed: WalkedCommit[] = []
    for (const parent of commit.shownParents) {
      const left = (children.get(parent) ?? 1) - 1
      children.set(parent, left)
      const next = commits.get(parent)
      if (left === 0 && next) freed.push(next)
    }
    if (isTopological) ready.unshift(...freed.reverse())
    else for (const next of freed) insertByDate(ready, next)
  }
  return ordered
}

function insertByDate(ready: WalkedCommit[], commit: WalkedCommit): void {
  const at = ready.findIndex((other) => other.committer.timestamp < commit.committer.timestamp)
  ready.splice(at === -1 ? ready.length : at, 0, commit)
}

function byDate(a: WalkedCommit, b: WalkedCommit): number {
  return b.committer.timestamp - a.committer.timestamp
}
