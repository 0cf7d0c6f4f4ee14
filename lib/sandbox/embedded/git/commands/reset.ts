import { compareFiles } from '../changes'
import { chooseHunks, type Question, resultOf } from '../choose-hunks'
import type { GitCommand, GitContext } from '../context'
import { fatal, GitFailure } from '../failure'
import { readIndex, writeIndex } from '../index-file'
import { moveHead, subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { createPathFilter } from '../pathspec'
import type { Repository } from '../repository'
import { requireCommit, resolveRevision } from '../revision'
import { readStatus } from '../status-facts'
import { resetFiles } from '../switch-files'
import { indexFiles, stageResult } from '../working-tree'
import { forgetMidway } from './commit'

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
  const isHard = options.has('--hard')
  if (options.has('--patch')) return unstageHunks(context, isRevision ? first : 'HEAD', paths)
  if (paths.length > 0) {
    if (isHard || options.has('--soft')) fatal(`Cannot do ${isHard ? 'hard' : 'soft'} reset with paths.`)
    await unstage(context, isRevision ? first : 'HEAD', paths)
  } else {
    if (first !== undefined && !isRevision) await requireCommit(repository, first)
    const quiet: GitContext = { ...context, out: () => undefined }
    await resetTo(
      options.has('--quiet') ? quiet : context,
      first ?? 'HEAD',
      isHard ? 'hard' : options.has('--soft') ? 'soft' : 'mixed',
    )
  }
  if (!isHard && !options.has('--soft') && !options.has('--quiet')) await reportUnstaged(context, repository)
  return 0
}

async function resetTo(context: GitContext, revision: string, mode: 'soft' | 'mixed' | 'hard') {
  const repository = context.repository()
  const head = await repository.head()
  const oid = head === null && revision === 'HEAD' ? null : await requireCommit(repository, revision)
  const files = await repository.files(oid)
  const index = readIndex(repository)
  if (oid !== null) {
    const old = repository.readText('ORIG_HEAD')
    if (head !== null && old !== head) repository.writeText('ORIG_HEAD', `${head}\n`)
    await moveHead(context, oid, `reset: moving to ${revision}`)
  }
  if (mode === 'hard') await resetFiles(repository, index, files)
  if (mode === 'mixed') {
    index.conflicts.clear()
    for (const change of compareFiles(indexFiles(index), files)) {
      if (change.after) index.entries.set(change.path, { ...change.after, size: 0, mtimeMs: 0 })
      else index.entries.delete(change.path)
    }
    await writeIndex(repository, index)
  }
  if (mode !== 'soft') forgetMidway(repository)
  if (mode === 'hard' && oid !== null) {
    context.out(`HEAD is now at ${oid.slice(0, 7)} ${subjectOf((await repository.commit(oid)).message)}\n`)
  }
}

async function unstage(context: GitContext, revision: string, words: readonly string[]) {
  const repository = context.repository()
  const head = await repository.head()
  const oid = revision === 'HEAD' && head === null ? null : await requireCommit(repository, revision)
  const index = readIndex(repository)
  const files = await repository.files(oid)
  const known = new Set([...files.keys(), ...index.entries.keys(), ...index.conflicts.keys()])
  for (const word of words) {
    const matches = createPathFilter(repository, context.cwd, [word])
    if (![...known].some(matches)) {
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
