import { type Change, compareFiles } from '../changes'
import { type Choice, chooseHunks, resultOf } from '../choose-hunks'
import type { GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { type Index, readIndex, writeIndex } from '../index-file'
import { mergeText } from '../merge-text'
import { subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { createPathFilter } from '../pathspec'
import { appendReflog } from '../reflog'
import { type FileEntry, type Files, isBinary, type Repository } from '../repository'
import { assertNothingInTheWay, resetFiles } from '../switch-files'
import { sorted } from '../take-in'
import {
  indexFiles,
  listUntracked,
  readFileEntry,
  readTracked,
  removeFile,
  stageFile,
  storeResult,
  trackedPaths,
  writeFile,
} from '../working-tree'
import { forgetMidway } from './commit'

export const stashRef = 'refs/stash'

/** `git stash push`, and `save`, whose words are the message. */
export async function pushStash(context: GitContext, repository: Repository, isSave: boolean): Promise<number> {
  const options = parseOptions(context.args, {
    flags: {
      '--include-untracked': ['-u'],
      '--keep-index': ['-k'],
      '--quiet': ['-q'],
      '--all': ['-a'],
      '--staged': ['-S'],
      '--patch': ['-p'],
    },
    values: { '-m': ['--message'] },
  })
  const head = await repository.head()
  if (head === null) fatal('You do not have the initial commit yet')
  const index = readIndex(repository)
  const tracked = await readTracked(repository, index)
  const words = isSave ? [] : [...options.words, ...(options.paths ?? [])]
  const filter = createPathFilter(repository, context.cwd, words)
  const committed = await repository.files(head)
  const indexed = indexFiles(index)
  const present = new Map([...tracked].filter(([path]) => indexed.has(path)))
  const unknown = listUntracked(repository, index, { withIgnored: options.has('--all') })
  const takesUntracked = options.has('--include-untracked') || options.has('--all')
  if (!takesUntracked)
    for (const word of words)
      if (!trackedPaths(index).some(createPathFilter(repository, context.cwd, [word])))
        fail(`pathspec '${word}' did not match any file(s) known to git\nDid you forget to 'git add'?`)
  const taken = takesUntracked ? [...unknown.visible, ...unknown.ignored] : []
  // A repository of its own stays where it is.
  const untracked = taken.filter((path) => filter(path) && !path.endsWith('/'))
  const isPatch = options.has('--patch')
  const choices = isPatch
    ? await chooseForStash(
        context,
        compareFiles(committed, present).filter(({ path }) => filter(path)),
      )
    : []
  if (isPatch && choices.length === 0) {
    context.err('No changes selected\n')
    return 1
  }
  const isStaged = options.has('--staged')
  const work = isStaged ? new Map(indexed) : new Map([...committed].filter(([path]) => isPatch || !filter(path)))
  if (!isPatch && !isStaged)
    for (const [path, entry] of workFiles({ committed, indexed, present })) if (filter(path)) work.set(path, entry)
  for (const choice of choices) {
    const result = resultOf(choice, false)
    if (result) work.set(choice.change.path, await storeResult(repository, result))
    else work.delete(choice.change.path)
  }
  const stagedPaths = compareFiles(committed, indexed).filter(({ path }) => filter(path))
  if (isStaged && stagedPaths.length === 0 && compareFiles(indexed, present).length > 0) {
    context.err('No staged changes\n')
    return 1
  }
  if (stagedPaths.length === 0 && compareFiles(committed, work).length === 0 && untracked.length === 0) {
    context.out('No local changes to save\n')
    return 0
  }
  if (index.conflicts.size > 0) {
    const lines = [...index.conflicts.keys()].map((path) => `${path}: needs merge\n`)
    context.out(lines.join(''))
    throw new GitFailure('', 1)
  }
  if (isStaged) await assertRemovable(repository, index, { committed, indexed, present })
  const target = options.has('--keep-index') ? indexed : committed
  if (!isStaged && !isPatch)
    await assertNothingInTheWay(repository, index, {
      files: new Map([...target].filter(([path]) => filter(path))),
      isGoing: (path) => indexed.has(path) || untracked.includes(path),
    })
  const given = options.value('-m') ?? (isSave ? options.words.join(' ') : '')
  const made = await writeStash(context, repository, { head, indexed, work, untracked, given })
  await noteStash(context, made)
  const { message } = made
  for (const path of untracked) removeFile(repository, path)
  const saved = () => options.has('--quiet') || context.out(`Saved working directory and index state ${message}\n`)
  if (isPatch) {
    for (const choice of choices) {
      const result = resultOf(choice, true)
      if (result) await writeFile(repository, choice.change.path, await storeResult(repository, result))
      else removeFile(repository, choice.change.path)
    }
    saved()
    return 0
  }
  if (isStaged) {
    await removeStaged(repository, { committed, indexed, present })
    saved()
    return 0
  }
  if (words.length > 0) await restoreOnly(repository, filter, target)
  else {
    await resetFiles(repository, index, target)
    forgetMidway(repository)
  }
  saved()
  return 0
}

interface StashParts {
  head: string
  indexed: Files
  work: Files
  untracked: readonly string[]
  /** The message; git makes one when there is none. */
  given: string
}

/** The commits of a stash: work, index, and files that are not tracked. */
async function writeStash(context: GitContext, repository: Repository, parts: StashParts) {
  const { head, indexed, work, untracked, given } = parts
  for (const { oid } of work.values()) await repository.store(oid)
  const where = repository.branch() ?? '(no branch)'
  const title = `${head.slice(0, 7)} ${subjectOf((await repository.commit(head)).message)}`
  const message = given === '' ? `WIP on ${where}: ${title}` : `On ${where}: ${given}`
  const people = { author: context.identity('author'), committer: context.identity('committer') }
  const write = async (files: Iterable<[string, FileEntry]>, parents: string[], text: string) =>
    repository.writeCommit({ ...people, tree: await repository.writeTree(files), parents, message: text })
  const parents = [head, await write(indexed, [head], `index on ${where}: ${title}\n`)]
  if (untracked.length > 0) {
    const files: [string, FileEntry][] = []
    for (const path of untracked) {
      const { oid, mode } = await stageFile(repository, path)
      files.push([path, { oid, mode }])
    }
    parents.push(await write(files, [], `untracked files on ${where}: ${title}\n`))
  }
  return { oid: await write(sorted(work), parents, message), message }
}

/** Puts a stash on top of the others. */
export async function noteStash(
  context: GitContext,
  { oid, message }: { oid: string; message: string },
): Promise<void> {
  const repository = context.repository()
  const before = await repository.ref(stashRef)
  await repository.writeRef(stashRef, oid)
  appendReflog(repository, [stashRef], { before, after: oid, message, identity: context.identity('committer') })
}

/** `git stash create`: the stash's id; nothing else changes. */
export async function createStash(context: GitContext, repository: Repository): Promise<number> {
  const head = await repository.head()
  if (head === null) fatal('You do not have the initial commit yet')
  const index = readIndex(repository)
  const indexed = indexFiles(index)
  const present = await readTracked(repository, index)
  if (index.conflicts.size > 0) fail([...index.conflicts.keys()].map((path) => `${path}: needs merge`).join('\n'))
  const committed = await repository.files(head)
  const work = workFiles({ committed, indexed, present })
  if (compareFiles(committed, work).length === 0 && compareFiles(committed, indexed).length === 0) return 0
  const { oid } = await writeStash(context, repository, {
    ...{ head, indexed, work },
    untracked: [],
    given: context.args.join(' '),
  })
  context.out(`${oid}\n`)
  return 0
}

/** The files that a stash keeps: as they are, or, of one that was never committed and is gone, as it is staged. */
function workFiles({ committed, indexed, present }: Staged): Map<string, FileEntry> {
  const work = new Map<string, FileEntry>()
  for (const [path, staged] of indexed) {
    const entry = present.get(path) ?? (committed.has(path) ? undefined : staged)
    if (entry) work.set(path, entry)
  }
  return work
}

interface Staged {
  committed: Files
  indexed: Files
  present: Files
}

/** A file as it is without what is staged of it; null where both touch the same lines. */
async function withoutStaged(repository: Repository, path: string, { committed, indexed, present }: Staged) {
  const [before, staged, now] = [committed.get(path), indexed.get(path), present.get(path)]
  if (now?.oid === staged?.oid) return { entry: before }
  if (!now || !staged) return null
  const theirs = before ? await repository.blob(before.oid) : new Uint8Array()
  const sides = { ours: await repository.blob(now.oid), theirs }
  if (Object.values(sides).some(isBinary)) return null
  const merged = mergeText(await repository.blob(staged.oid), sides, { names: ['', ''] })
  if (merged.conflicts > 0) return null
  return { entry: { oid: await repository.hash(merged.content), mode: now.mode } }
}

async function assertRemovable(repository: Repository, index: Index, staged: Staged): Promise<void> {
  for (const { path, after } of compareFiles(staged.committed, staged.indexed))
    if (
      !(await withoutStaged(repository, path, staged)) ||
      (after === null && (await readFileEntry(repository, path, index)) !== null)
    )
      throw new GitFailure(
        `error: patch failed: ${path}:1\nerror: ${path}: patch does not apply\nCannot remove worktree changes`,
        1,
      )
}

async function removeStaged(repository: Repository, staged: Staged): Promise<void> {
  const index = readIndex(repository)
  for (const { path, before } of compareFiles(staged.committed, staged.indexed)) {
    const { entry } = (await withoutStaged(repository, path, staged)) ?? {}
    const written = entry && (await writeFile(repository, path, entry))
    if (!entry) removeFile(repository, path)
    if (!before) index.entries.delete(path)
    else index.entries.set(path, written?.oid === before.oid ? written : { ...before, size: 0, mtimeMs: 0 })
  }
  await writeIndex(repository, index)
}

async function chooseForStash(context: GitContext, changes: readonly Change[]): Promise<Choice[]> {
  const choices: Choice[] = []
  await chooseHunks(context, { changes, question: { verb: 'Stash', isReverse: false } }, async (choice) => {
    choices.push(choice)
  })
  return choices
}

/** Brings only the matching files back. */
async function restoreOnly(
  repository: Repository,
  filter: (path: string) => boolean,
  target: ReadonlyMap<string, FileEntry>,
) {
  const index = readIndex(repository)
  for (const path of new Set([...index.entries.keys(), ...target.keys()])) {
    if (!filter(path)) continue
    const entry = target.get(path)
    if (entry) index.entries.set(path, await writeFile(repository, path, entry))
    else {
      index.entries.delete(path)
      removeFile(repository, path)
    }
  }
  await writeIndex(repository, index)
}
