import { compareFiles } from '../changes'
import { chooseHunks, type Question, resultOf } from '../choose-hunks'
import type { GitCommand, GitContext } from '../context'
import { fatal, GitFailure } from '../failure'
import { type Index, readIndex, writeIndex } from '../index-file'
import { moveHead, subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { createPathFilter } from '../pathspec'
import type { Files, Repository } from '../repository'
import { requireCommit, resolveRevision } from '../revision'
import { readStatus } from '../status-facts'
import { assertNothingInTheWay, resetFiles } from '../switch-files'
import { indexFiles, readFileEntry, removeFile, setEntries, stageResult, writeFile } from '../working-tree'
import { forgetMidway } from './commit'

const modes = ['hard', 'soft', 'keep', 'merge', 'mixed'] as const

export const reset: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--soft': [],
      '--mixed': [],
      '--hard': [],
      '--quiet': ['-q'],
      '--keep': [],
      '--merge': [],
      '--patch': ['-p'],
    },
  })
  const repository = context.repository()
  const [first, ...others] = options.words
  const isRevision = first !== undefined && (await resolveRevision(repository, first)) !== null
  const paths = [...(isRevision ? others : options.words), ...(options.paths ?? [])]
  const mode = modes.find((name) => options.has(`--${name}`)) ?? 'mixed'
  if (options.has('--patch')) return unstageHunks(context, isRevision ? first : 'HEAD', paths)
  if (paths.length > 0) {
    if (mode !== 'mixed' && !isRevision && options.paths === null) await requireCommit(repository, first ?? '')
    if (mode !== 'mixed') fatal(`Cannot do ${mode} reset with paths.`)
    const isCertain = isRevision || options.paths !== null
    await unstage(context, isRevision ? first : 'HEAD', { words: paths, isCertain })
  } else {
    if (first !== undefined && !isRevision) await requireCommit(repository, first)
    const quiet: GitContext = { ...context, out: () => undefined }
    await resetTo(options.has('--quiet') ? quiet : context, first ?? 'HEAD', mode)
  }
  if (mode === 'mixed' && !options.has('--quiet')) await reportUnstaged(context, repository)
  return 0
}

type Mode = (typeof modes)[number]

async function resetTo(context: GitContext, revision: string, mode: Mode) {
  const repository = context.repository()
  const head = await repository.head()
  const oid = head === null && revision === 'HEAD' ? null : await requireCommit(repository, revision)
  if (mode === 'soft' && repository.readText('MERGE_HEAD') !== null)
    fatal('Cannot do a soft reset in the middle of a merge.')
  const files = await repository.files(oid)
  const index = readIndex(repository)
  if (mode === 'keep' || mode === 'merge') {
    await assertKeepable(repository, index, { files, mode, revision })
    await keepingReset(repository, index, { files, mode, revision })
  }
  if (oid !== null) {
    const old = repository.readText('ORIG_HEAD')
    if (head !== null && old !== head) repository.writeText('ORIG_HEAD', `${head}\n`)
    await moveHead(context, oid, `reset: moving to ${revision}`)
  }
  if (mode === 'hard') await resetFiles(repository, index, files)
  if (mode === 'mixed') {
    setEntries(index, files)
    await writeIndex(repository, index)
  }
  forgetMidway(repository)
  if (mode === 'hard' && oid !== null) {
    context.out(`HEAD is now at ${oid.slice(0, 7)} ${subjectOf((await repository.commit(oid)).message)}\n`)
  }
}

interface Kept {
  files: Files
  mode: 'keep' | 'merge'
  revision: string
}

/** `git reset --merge`, which ends a merge or a pick: changes that it did not touch and that are not staged stay. */
export async function resetMerge(repository: Repository, oid: string | null): Promise<void> {
  const index = readIndex(repository)
  const kept: Kept = { files: await repository.files(oid), mode: 'merge', revision: oid ?? 'HEAD' }
  await assertKeepable(repository, index, kept)
  await keepingReset(repository, index, kept)
}

/** `--keep` loses nothing that is not committed, `--merge` nothing that is not staged. */
async function assertKeepable(repository: Repository, index: Index, { files, mode, revision }: Kept): Promise<void> {
  if (mode === 'keep' && index.conflicts.size > 0) fatal('Cannot do a keep reset in the middle of a merge.')
  await assertNothingInTheWay(repository, index, {
    files: new Map([...files].filter(([path]) => !index.entries.has(path) && !index.conflicts.has(path))),
    isGoing: (path) => index.entries.has(path) && !files.has(path),
    exitCode: 128,
  })
  const from = mode === 'keep' ? await repository.files(await repository.head()) : indexFiles(index)
  for (const { path, before } of compareFiles(from, files)) {
    if (index.conflicts.has(path)) continue
    const present = await readFileEntry(repository, path, index)
    const staged = index.entries.get(path)
    const isAsBefore = present?.oid === before?.oid && staged?.oid === before?.oid
    if (!isAsBefore)
      throw new GitFailure(
        `error: Entry '${path}' not uptodate. Cannot merge.\nfatal: Could not reset index file to revision '${revision}'.`,
      )
  }
}

/** Files that differ between HEAD, or the index, and the target become the target's; others stay as they are. */
async function keepingReset(repository: Repository, index: Index, { files, mode }: Kept): Promise<void> {
  const head = await repository.files(await repository.head())
  const changed = new Set([...index.conflicts.keys(), ...compareFiles(head, files).map(({ path }) => path)])
  // What is staged is given up by `--merge`, and left in the files by `--keep`.
  if (mode === 'merge') for (const { path } of compareFiles(indexFiles(index), files)) changed.add(path)
  for (const path of changed) {
    const entry = files.get(path)
    if (entry) await writeFile(repository, path, entry)
    else removeFile(repository, path)
  }
  setEntries(index, files)
  await writeIndex(repository, index)
}

/** `isCertain`: the words can be nothing but paths, so that those that name nothing are no mistake. */
async function unstage(
  context: GitContext,
  revision: string,
  { words, isCertain }: { words: readonly string[]; isCertain: boolean },
) {
  const repository = context.repository()
  const head = await repository.head()
  const oid = revision === 'HEAD' && head === null ? null : await requireCommit(repository, revision)
  const index = readIndex(repository)
  const files = await repository.files(oid)
  const known = new Set([...files.keys(), ...index.entries.keys(), ...index.conflicts.keys()])
  for (const word of words) {
    const matches = createPathFilter(repository, context.cwd, [word])
    if (!isCertain && ![...known].some(matches)) {
      throw new GitFailure(`fatal: ambiguous argument '${word}': unknown revision or path not in the working tree.`)
    }
  }
  const filter = createPathFilter(repository, context.cwd, words)
  for (const path of [...known].filter(filter)) {
    const entry = files.get(path)
    index.conflicts.delete(path)
    if (!entry) index.entries.delete(path)
    else if (index.entries.get(path)?.oid !== entry.oid) index.entries.set(path, { ...entry, size: 0, mtimeMs: 0 })
  }
  await writeIndex(repository, index)
}

/** `git reset -p` */
export async function unstageHunks(context: GitContext, revision: string, words: readonly string[]): Promise<number> {
  const repository = context.repository()
  const head = await repository.head()
  const oid = revision === 'HEAD' && head === null ? null : await requireCommit(repository, revision)
  const index = readIndex(repository)
  const filter = createPathFilter(repository, context.cwd, words)
  const isHead = oid === head
  const sides = [await repository.files(oid), indexFiles(index)] as const
  const changes = (isHead ? compareFiles(...sides) : compareFiles(sides[1], sides[0])).filter(
    ({ path }) => filter(path) && !index.conflicts.has(path),
  )
  const question: Question = isHead
    ? { verb: 'Unstage', isReverse: true }
    : { verb: 'Apply', place: ' to index', isReverse: false, prefixes: ['b/', 'a/'] }
  return chooseHunks(context, { changes, question }, async (choice) => {
    await stageResult(repository, index, choice.change.path, resultOf(choice, isHead))
    await writeIndex(repository, index)
  })
}

async function reportUnstaged(context: GitContext, repository: Repository): Promise<void> {
  const { unstaged } = await readStatus(repository, { untracked: 'no' })
  if (unstaged.length === 0) return
  context.out(`Unstaged changes after reset:\n${unstaged.map(({ status, path }) => `${status}\t${path}\n`).join('')}`)
}
