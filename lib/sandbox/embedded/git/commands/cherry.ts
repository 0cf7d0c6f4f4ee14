import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { walkHistory } from '../history-walk'
import { subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { createPaint } from '../paint'
import { formatChanges } from '../patch-text'
import type { Commit, Repository } from '../repository'
import { requireCommit } from '../revision'
import { changesOf } from './log'

/** Which commits of a branch another one has not: `+` before those, `-` before those that it has as a copy. */
export const cherry: GitCommand = async (context) => {
  const options = parseOptions(context.args, { flags: { '-v': ['--verbose'], '--abbrev': [] } })
  const repository = context.repository()
  const [upstream, head = 'HEAD'] = options.words
  if (upstream === undefined)
    fatal('no branch is compared with here by itself: git cherry -v main says what this branch has and main has not')
  const [theirs, ours] = [await requireCommit(repository, upstream), await requireCommit(repository, head)]
  const own = await plainCommits(repository, ours, theirs)
  const copied = await copiedCommits(repository, own, await plainCommits(repository, theirs, ours))
  for (const commit of own.toReversed()) {
    const sign = copied.has(commit.oid) ? '-' : '+'
    const oid = options.has('--abbrev') ? commit.oid.slice(0, 7) : commit.oid
    context.out(`${sign} ${oid}${options.has('-v') ? ` ${subjectOf(commit.message)}` : ''}\n`)
  }
  return 0
}

/** The commits of `include` that `exclude` does not have, merges left out; the newest first. */
export async function plainCommits(repository: Repository, include: string, exclude: string | null): Promise<Commit[]> {
  const range = { include: [include], exclude: exclude === null ? [] : [exclude] }
  const walked = await walkHistory(repository, { range, filter: null, isTopological: false })
  return walked.filter(({ parents }) => parents.length < 2)
}

/** The ids of the commits that others are copies of. */
export async function copiedCommits(
  repository: Repository,
  commits: readonly Commit[],
  others: readonly Commit[],
): Promise<Set<string>> {
  const known = new Set<string>()
  for (const commit of others) known.add(await patchText(repository, commit))
  const copied = new Set<string>()
  if (known.size === 0) return copied
  for (const commit of commits) {
    const text = await patchText(repository, commit)
    if (text !== '' && known.has(text)) copied.add(commit.oid)
  }
  return copied
}

/** What a commit changes, wherever it does: two with the same text are copies of each other. */
async function patchText(repository: Repository, commit: Commit): Promise<string> {
  const changes = await changesOf(repository, commit, null)
  const text = await formatChanges(repository, changes, {
    format: 'patch',
    context: 3,
    width: 80,
    paint: createPaint(false),
  })
  return text.replaceAll(/^(?:index .*|@@ .*)$/gm, '').replaceAll(/[ \t]+/g, '')
}
