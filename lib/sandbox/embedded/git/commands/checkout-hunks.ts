import { toLatin1 } from '@/lib/base'
import { splitLines } from '@/lib/workspace/diff'
import { compareFiles } from '../changes'
import { type Choice, chooseHunks, type Question, resultOf } from '../choose-hunks'
import type { GitContext } from '../context'
import { fits } from '../hunks'
import { type Index, readIndex, writeIndex } from '../index-file'
import { createPathFilter } from '../pathspec'
import type { Repository } from '../repository'
import { requireCommit } from '../revision'
import { indexFiles, readTracked, removeFile, stageResult, storeResult, writeFile } from '../working-tree'

interface HunkCheckout {
  /** A revision; null takes what the index has. */
  source: string | null
  words: readonly string[]
  toIndex: boolean
}

/** `git checkout -p` and `git restore -p`: takes hunks back from the files, or brings those of another commit. */
export async function checkoutHunks(context: GitContext, { source, words, toIndex }: HunkCheckout): Promise<number> {
  const repository = context.repository()
  const index = readIndex(repository)
  const oid = source === null ? null : await requireCommit(repository, source)
  const isReverse = oid === null || oid === (await repository.head())
  const base = oid === null ? indexFiles(index) : await repository.files(oid)
  const tracked = await readTracked(repository, index)
  const filter = createPathFilter(repository, context.cwd, words)
  const changes = (isReverse ? compareFiles(base, tracked) : compareFiles(tracked, base)).filter(
    ({ path, status }) => filter(path) && !index.conflicts.has(path) && !(oid === null && status === 'A'),
  )
  const where = toIndex ? 'index and worktree' : 'worktree'
  const question: Question = isReverse
    ? { verb: 'Discard', place: ` from ${where}`, isReverse }
    : { verb: 'Apply', place: ` to ${where}`, isReverse, prefixes: ['b/', 'a/'] }
  return chooseHunks(context, { changes, question }, async (choice, ask) => {
    const { path } = choice.change
    const result = resultOf(choice, isReverse)
    if (toIndex && !(await takeIntoIndex({ repository, index, choice, isReverse }))) {
      context.err('The selected hunks do not apply to the index!\n')
      if (!(await ask('Apply them to the worktree anyway? '))) {
        context.err('Nothing was applied.\n')
        return
      }
    }
    if (result === null) removeFile(repository, path)
    else {
      const written = await writeFile(repository, path, await storeResult(repository, result))
      if (index.entries.get(path)?.oid === written.oid) index.entries.set(path, written)
    }
    await writeIndex(repository, index)
  })
}

interface IndexTaking {
  repository: Repository
  index: Index
  choice: Choice
  isReverse: boolean
}

/** The hunks are those of the file; whether the index has their lines too. */
async function takeIntoIndex({ repository, index, choice, isReverse }: IndexTaking): Promise<boolean> {
  const { path, before, after } = choice.change
  const shown = isReverse ? after : before
  const indexed = index.entries.get(path)
  const text = indexed ? splitLines(toLatin1(await repository.blob(indexed.oid))) : []
  const isFit = choice.taken.every((hunk) => typeof hunk === 'object' && fits(text, hunk, isReverse))
  if (indexed?.oid !== shown?.oid && !isFit) return false
  const onIndex = { ...choice, [isReverse ? 'after' : 'before']: text }
  await stageResult(repository, index, path, resultOf(onIndex, isReverse))
  return true
}
