import { compareFiles, detectRenames, filterKinds } from '../changes'
import type { GitCommand } from '../context'
import { diffFlags, diffValues, patchOptionsOf } from '../diff-options'
import { fatal } from '../failure'
import { readIndex } from '../index-file'
import { parseOptions } from '../options'
import { formatChanges } from '../patch-text'
import { createPathFilter } from '../pathspec'
import type { Files, Repository } from '../repository'
import { requireCommit } from '../revision'
import { splitWords } from '../revision-words'
import { indexFiles, readTracked } from '../working-tree'

export const diff: GitCommand = async (context) => {
  const repository = context.repository()
  const options = parseOptions(context.args, {
    flags: {
      ...diffFlags,
      '--cached': ['--staged'],
      '--exit-code': [],
      '--quiet': ['-q'],
      '--merge-base': [],
    },
    values: diffValues,
    optional: ['--stat', '--color'],
  })
  const { revisions, paths } = await splitWords(context, repository, options)
  if (options.has('--merge-base')) await fromMergeBase(repository, revisions)
  const [before, after] = await sidesOf(repository, revisions, options.has('--cached'))
  const filter = createPathFilter(repository, context.cwd, paths)
  const found = compareFiles(before, after).filter(({ path }) => filter(path))
  const renamed = options.has('--no-renames') ? found : await detectRenames(repository, found)
  const changes = filterKinds(renamed, options.value('--diff-filter'))
  const conflicts =
    revisions.length === 0 && !options.has('--cached') ? [...readIndex(repository).conflicts.keys()] : []
  const patch = patchOptionsOf(context, options, 'patch')
  if (!options.has('--quiet')) {
    context.out(
      conflicts
        .filter(filter)
        .map((path) => `* Unmerged path ${path}\n`)
        .join(''),
    )
    context.out(await formatChanges(repository, changes, patch))
  }
  return (options.has('--exit-code') || options.has('--quiet')) && changes.length > 0 ? 1 : 0
}

/** Puts the common ancestor in the place of the first revision. */
async function fromMergeBase(repository: Repository, revisions: string[]): Promise<void> {
  const [first, second = 'HEAD'] = revisions
  if (first === undefined) fatal('--merge-base needs a commit: git diff --merge-base main')
  const base = await repository.mergeBase(
    await requireCommit(repository, first),
    await requireCommit(repository, second),
  )
  if (base === null) fatal('no merge base found')
  revisions[0] = base
}

/** What is compared: index → files, commit → index, commit → files, or commit → commit. */
async function sidesOf(
  repository: Repository,
  revisions: readonly string[],
  isCached: boolean,
): Promise<[Files, Files]> {
  const [first, second] = revisions
  const range = /^(.*?)(\.\.\.?)(.*)$/.exec(first ?? '')
  if (range) {
    const [, from, dots, to] = range
    const [a, b] = [await requireCommit(repository, from || 'HEAD'), await requireCommit(repository, to || 'HEAD')]
    const base = dots === '...' ? await repository.mergeBase(a, b) : a
    return [await repository.files(base), await repository.files(b)]
  }
  if (first !== undefined && second !== undefined) {
    const [a, b] = [await requireCommit(repository, first), await requireCommit(repository, second)]
    return [await repository.files(a), await repository.files(b)]
  }
  const index = readIndex(repository)
  const indexed = indexFiles(index)
  const commit = first === undefined ? await repository.head() : await requireCommit(repository, first)
  if (isCached) return [await repository.files(commit), indexed]
  const tracked = await readTracked(repository, index)
  if (first !== undefined) return [await repository.files(commit), tracked]
  return [indexed, new Map([...tracked].filter(([path]) => indexed.has(path)))]
}
