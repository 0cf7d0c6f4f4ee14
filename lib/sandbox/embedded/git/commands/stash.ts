import { type Change, compareFiles, detectRenames } from '../changes'
import { type Choice, chooseHunks, resultOf } from '../choose-hunks'
import type { GitCommand, GitContext } from '../context'
import { patchOptionsOf } from '../diff-options'
import { fail, fatal, GitFailure } from '../failure'
import { readIndex, writeIndex } from '../index-file'
import { mergeFiles } from '../merge-files'
import { subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { formatChanges } from '../patch-text'
import { createPathFilter } from '../pathspec'
import { appendReflog, dropReflogEntry, readReflog } from '../reflog'
import type { FileEntry, Repository } from '../repository'
import { resetFiles, switchFiles } from '../switch-files'
import {
  indexFiles,
  listUntracked,
  readTracked,
  removeFile,
  stageFile,
  standing,
  storeResult,
  writeFile,
} from '../working-tree'
import { status } from './status'

const stashRef = 'refs/stash'

export const stash: GitCommand = async (context) => {
  const [word = 'push', ...rest] = context.args
  const isCommand = /^(push|save|pop|apply|list|drop|show|clear)$/.test(word)
  const command = isCommand ? word : 'push'
  const args = isCommand ? rest : context.args
  const inner = { ...context, args }
  const repository = context.repository()
  switch (command) {
    case 'list':
      for (const [index, { message }] of readReflog(repository, stashRef).entries())
        context.out(`stash@{${index}}: ${message}\n`)
      return 0
    case 'clear':
      repository.remove(stashRef)
      repository.remove(`logs/${stashRef}`)
      return 0
    case 'drop': {
      const { index, oid } = find(repository, args)
      await drop(repository, index)
      context.out(`Dropped ${nameOf(args, index)} (${oid})\n`)
      return 0
    }
    case 'show':
      return show(inner, repository)
    case 'apply':
      return apply(inner, repository, false)
    case 'pop':
      return pop(inner, repository)
    default:
      return push(inner, repository, command === 'save')
  }
}

async function push(context: GitContext, repository: Repository, isSave: boolean): Promise<number> {
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
  if (options.has('--staged'))
    fatal('--staged is not available here; git stash -p asks for each hunk, git stash -- <paths> takes files')
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
  const taken =
    options.has('--include-untracked') || options.has('--all') ? [...unknown.visible, ...unknown.ignored] : []
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
  const work = new Map([...committed].filter(([path]) => isPatch || !filter(path)))
  for (const [path, entry] of present) if (!isPatch && filter(path)) work.set(path, entry)
  for (const choice of choices) {
    const result = resultOf(choice, false)
    if (result) work.set(choice.change.path, await storeResult(repository, result))
    else work.delete(choice.change.path)
  }
  const isClean = compareFiles(committed, work).length === 0 && compareFiles(committed, indexed).length === 0
  if (isClean && untracked.length === 0) {
    context.out('No local changes to save\n')
    return 0
  }
  for (const { oid } of work.values()) await repository.store(oid)
  const given = options.value('-m') ?? (isSave ? options.words.join(' ') : '')
  const where = repository.branch() ?? '(no branch)'
  const title = `${head.slice(0, 7)} ${subjectOf((await repository.commit(head)).message)}`
  const message = given === '' ? `WIP on ${where}: ${title}` : `On ${where}: ${given}`
  const identity = context.identity('committer')
  const people = { author: context.identity('author'), committer: identity }
  const indexCommit = await repository.writeCommit({
    ...people,
    tree: await repository.writeTree(indexed),
    parents: [head],
    message: `index on ${where}: ${title}\n`,
  })
  const parents = [head, indexCommit]
  if (untracked.length > 0) {
    const files: [string, FileEntry][] = []
    for (const path of untracked) {
      const { oid, mode } = await stageFile(repository, path)
      files.push([path, { oid, mode }])
    }
    const tree = await repository.writeTree(files)
    parents.push(
      await repository.writeCommit({
        ...people,
        tree,
        parents: [],
        message: `untracked files on ${where}: ${title}\n`,
      }),
    )
  }
  const oid = await repository.writeCommit({
    ...people,
    tree: await repository.writeTree(sorted(work)),
    parents,
    message,
  })
  const before = await repository.ref(stashRef)
  await repository.writeRef(stashRef, oid)
  appendReflog(repository, [stashRef], { before, after: oid, message, identity })
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
  const target = new Map(options.has('--keep-index') ? indexed : committed)
  if (words.length > 0) for (const [path, entry] of present) if (!filter(path)) target.set(path, entry)
  if (words.length > 0) await restoreOnly(repository, filter, committed)
  else await resetFiles(repository, index, target)
  saved()
  return 0
}

async function chooseForStash(context: GitContext, changes: readonly Change[]): Promise<Choice[]> {
  const choices: Choice[] = []
  await chooseHunks(context, { changes, question: { verb: 'Stash', isReverse: false } }, async (choice) => {
    choices.push(choice)
  })
  return choices
}

/** Brings only the matching files back to what is committed. */
async function restoreOnly(
  repository: Repository,
  filter: (path: string) => boolean,
  committed: ReadonlyMap<string, FileEntry>,
) {
  const index = readIndex(repository)
  for (const path of [...index.entries.keys()].filter(filter)) {
    const entry = committed.get(path)
    if (entry) index.entries.set(path, await writeFile(repository, path, entry))
    else {
      index.entries.delete(path)
      removeFile(repository, path)
    }
  }
  await writeIndex(repository, index)
}

function sorted(files: ReadonlyMap<string, FileEntry>): [string, FileEntry][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1))
}

function find(repository: Repository, args: readonly string[]): { index: number; oid: string } {
  const word = args.find((candidate) => !candidate.startsWith('-')) ?? '0'
  const number = /^(?:stash@\{)?(\d+)\}?$/.exec(word)?.[1]
  if (number === undefined) fatal(`'${word}' is not a stash-like commit`)
  const entries = readReflog(repository, stashRef)
  if (entries.length === 0) fail('No stash entries found.')
  const entry = entries[Number(number)]
  if (!entry) fail(`stash@{${number}} is not a valid reference`)
  return { index: Number(number), oid: entry.after }
}

function nameOf(args: readonly string[], index: number): string {
  return args.some((word) => !word.startsWith('-')) ? `stash@{${index}}` : `refs/stash@{${index}}`
}

async function drop(repository: Repository, index: number): Promise<void> {
  dropReflogEntry(repository, stashRef, index)
  const [newest] = readReflog(repository, stashRef)
  if (newest) await repository.writeRef(stashRef, newest.after)
  else repository.remove(stashRef)
}

async function pop(context: GitContext, repository: Repository): Promise<number> {
  find(repository, context.args)
  try {
    return await apply(context, repository, true)
  } catch (error) {
    if (error instanceof GitFailure) context.out(stashIsKept)
    throw error
  }
}

const stashIsKept = 'The stash entry is kept in case you need it again.\n'

async function apply(context: GitContext, repository: Repository, isPop: boolean): Promise<number> {
  const options = parseOptions(context.args, { flags: { '--index': [], '--quiet': ['-q'] } })
  const { index: number, oid } = find(repository, options.words)
  const { parents } = await repository.commit(oid)
  const [base, indexCommit, untracked] = parents
  if (base === undefined || indexCommit === undefined) fatal(`'${oid}' is not a stash-like commit`)
  const index = readIndex(repository)
  if (index.conflicts.size > 0) fail('could not apply: you have unmerged files')
  const tracked = await readTracked(repository, index)
  const ours = new Map([...tracked].filter(([path]) => index.entries.has(path)))
  const merge = await mergeFiles(repository, {
    base: await repository.files(base),
    ours: indexFiles(index),
    theirs: await repository.files(oid),
    names: ['Updated upstream', 'Stashed changes'],
  })
  if (untracked !== undefined) await bringUntracked(repository, untracked)
  const before = new Map(index.entries)
  const head = await repository.files(await repository.head())
  await switchFiles(repository, index, {
    from: ours,
    to: withLocal(ours, indexFiles(index), merge.files),
    action: 'merge',
  })
  // As git does: without conflicts only new files stay in the index, the rest is left unstaged.
  if (merge.conflicts.size === 0) {
    for (const [path, entry] of [...index.entries]) {
      const old = before.get(path)
      if (old) index.entries.set(path, old)
      else if (head.has(path)) index.entries.set(path, { ...(head.get(path) ?? entry), size: 0, mtimeMs: 0 })
    }
    for (const [path, entry] of before) if (!index.entries.has(path)) index.entries.set(path, entry)
  } else {
    for (const [path, sides] of merge.conflicts) {
      index.entries.delete(path)
      index.conflicts.set(path, sides)
    }
  }
  await writeIndex(repository, index)
  for (const message of merge.messages) context.out(`${message}\n`)
  if (!options.has('--quiet')) await status({ ...context, args: [] })
  if (merge.conflicts.size > 0) {
    context.out(stashIsKept)
    return 1
  }
  if (isPop) {
    await drop(repository, number)
    if (!options.has('--quiet')) context.out(`Dropped ${nameOf(options.words, number)} (${oid})\n`)
  }
  return 0
}

/** What the merge changes, on top of the files as they are. */
function withLocal(
  present: ReadonlyMap<string, FileEntry>,
  from: ReadonlyMap<string, FileEntry>,
  to: ReadonlyMap<string, FileEntry>,
): Map<string, FileEntry> {
  const result = new Map(present)
  for (const { path, after } of compareFiles(from, to)) {
    if (after) result.set(path, after)
    else result.delete(path)
  }
  return result
}

async function bringUntracked(repository: Repository, commit: string): Promise<void> {
  const files = await repository.files(commit)
  for (const path of files.keys()) {
    if (standing(repository.fs, `${repository.root}/${path}`)) {
      throw new GitFailure(
        `${path} already exists, no checkout\nerror: could not restore untracked files from stash`,
        1,
      )
    }
  }
  for (const [path, entry] of files) await writeFile(repository, path, entry)
}

async function show(context: GitContext, repository: Repository): Promise<number> {
  const options = parseOptions(context.args, {
    flags: { '-p': ['--patch'], '--name-only': [], '--name-status': [] },
    optional: ['--stat'],
  })
  const { oid } = find(repository, options.words)
  const { parents } = await repository.commit(oid)
  const changes = compareFiles(await repository.files(parents[0] ?? null), await repository.files(oid))
  context.out(
    await formatChanges(repository, await detectRenames(repository, changes), patchOptionsOf(context, options, 'stat')),
  )
  return 0
}
