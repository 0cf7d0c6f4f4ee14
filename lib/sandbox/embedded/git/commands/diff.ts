import { type Change, compareFiles, detectRenames, filterKinds } from '../changes'
import { formatCombined } from '../combined-diff'
import type { GitCommand } from '../context'
import { diffFlags, diffValues, patchOptionsOf } from '../diff-options'
import { fatal } from '../failure'
import { type ConflictSides, readIndex } from '../index-file'
import { type Options, parseOptions } from '../options'
import { formatChanges, type PatchOptions } from '../patch-text'
import { createPathFilter } from '../pathspec'
import { comparePaths, type FileEntry, type Files, type Repository } from '../repository'
import { requireCommit } from '../revision'
import { splitWords } from '../revision-words'
import { checkWhitespace } from '../whitespace-check'
import { indexFiles, readFileEntry, readTracked } from '../working-tree'

export const diff: GitCommand = async (context) => {
  const repository = context.repository()
  const options = parseOptions(context.args, {
    flags: {
      ...diffFlags,
      '--cached': ['--staged'],
      '--exit-code': [],
      '--quiet': ['-q'],
      '--merge-base': [],
      '--check': [],
      '--base': ['-1'],
      '--ours': ['-2'],
      '--theirs': ['-3'],
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
  const patch = patchOptionsOf(context, options, 'patch')
  const kinds = options.value('--diff-filter')
  const isOfFiles = revisions.length === 0 && !options.has('--cached')
  const unmerged = isOfFiles ? await readUnmerged(repository, filter) : []
  const isShown = ({ change }: Unmerged) => filterKinds([{ ...change, status: 'U' }], kinds).length > 0
  const view = { unmerged: unmerged.filter(isShown), patch, side: sideOf(options) }
  const beside =
    patch.format === 'patch'
      ? []
      : filterKinds(
          unmerged.map(({ change }) => change),
          kinds,
        )
  if (options.has('--check')) {
    const problems = await checkWhitespace(repository, [...changes, ...unmerged.map(({ change }) => change)])
    context.out(problems)
    return problems === '' ? 0 : 2
  }
  if (!options.has('--quiet')) {
    context.out(await formatUnmerged(repository, view))
    const all = [...changes, ...beside].sort((a, b) => comparePaths(a.path, b.path))
    context.out(await formatChanges(repository, all, patch))
  }
  const isFound = changes.length > 0 || unmerged.length > 0
  return (options.has('--exit-code') || options.has('--quiet')) && isFound ? 1 : 0
}

interface Unmerged {
  path: string
  sides: ConflictSides
  file: FileEntry | null
  /** The file beside our side. */
  change: Change
}

async function readUnmerged(repository: Repository, filter: (path: string) => boolean): Promise<Unmerged[]> {
  const index = readIndex(repository)
  return Promise.all(
    [...index.conflicts]
      .filter(([path]) => filter(path))
      .map(async ([path, sides]) => {
        const file = await readFileEntry(repository, path, index)
        return { path, sides, file, change: { status: 'M', path, before: sides[2] ?? null, after: file } }
      }),
  )
}

/** The side that `--base`, `--ours` or `--theirs` names; 0 for both. */
const sideOf = (options: Options) => ['--base', '--ours', '--theirs'].findIndex((name) => options.has(name)) + 1

interface UnmergedView {
  unmerged: readonly Unmerged[]
  patch: PatchOptions
  side: number
}

/** What of conflicts shows: the files beside both sides, or beside one. */
async function formatUnmerged(repository: Repository, { unmerged, patch, side }: UnmergedView): Promise<string> {
  if (patch.format === 'name-only') return unmerged.map(({ path }) => `${path}\n`).join('')
  if (patch.format === 'name-status') return unmerged.map(({ path }) => `U\t${path}\n`).join('')
  if (patch.format !== 'patch') return ''
  const [combined, others]: [string[], string[]] = [[], []]
  for (const { path, sides, file } of unmerged) {
    if (side === 0 && sides[2] && sides[3] && file) {
      const both = { path, parents: [sides[2], sides[3]], result: file, isLoose: true }
      combined.push(await formatCombined(repository, both, patch.paint))
      continue
    }
    others.push(`* Unmerged path ${path}\n`)
    const before = side === 0 ? sides[2] : sides[side as 1 | 2 | 3]
    if (!before && side === 0) continue
    const changed = compareFiles(new Map(before ? [[path, before]] : []), new Map(file ? [[path, file]] : []))
    others.push(await formatChanges(repository, changed, patch))
  }
  return [...combined, ...others].join('')
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
