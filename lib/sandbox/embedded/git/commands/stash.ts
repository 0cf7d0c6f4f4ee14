import { compareFiles, detectRenames } from '../changes'
import type { GitCommand, GitContext } from '../context'
import { diffFlags, diffValues, patchOptionsOf } from '../diff-options'
import { fail, fatal, GitFailure } from '../failure'
import { readIndex, writeIndex } from '../index-file'
import { mergeFiles } from '../merge-files'
import { parseOptions } from '../options'
import { formatChanges } from '../patch-text'
import { dropReflogEntry, readReflog } from '../reflog'
import { comparePaths, type FileEntry, type Files, type Repository } from '../repository'
import { requireCommit } from '../revision'
import { switchFiles } from '../switch-files'
import { indexFiles, obstacleAbove, readFileEntry, readTracked, setEntries, standing, writeFile } from '../working-tree'
import { switchBranch } from './checkout'
import { createStash, noteStash, pushStash, stashRef } from './stash-push'
import { status } from './status'

export const stash: GitCommand = async (context) => {
  const [word = 'push', ...rest] = context.args
  const isCommand = /^(push|save|pop|apply|list|drop|show|clear|branch|create|store)$/.test(word)
  if (!isCommand && !word.startsWith('-'))
    fatal(`subcommand wasn't specified; 'push' can't be assumed due to unexpected token '${word}'`)
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
    case 'branch':
      return toBranch(inner, repository)
    case 'create':
      return createStash(inner, repository)
    case 'store':
      return store(inner, repository)
    default:
      return pushStash(inner, repository, command === 'save')
  }
}

function find(repository: Repository, args: readonly string[]): { index: number; oid: string } {
  const word = args.find((candidate) => !candidate.startsWith('-')) ?? '0'
  const number = /^(?:stash@\{)?(\d+)\}?$/.exec(word)?.[1]
  if (number === undefined) fatal(`'${word}' is not a stash-like commit`)
  const entries = readReflog(repository, stashRef)
  if (entries.length === 0) throw new GitFailure('No stash entries found.', 1)
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

/** `git stash branch`: the stash where it was made, on a branch of its own. */
async function toBranch(context: GitContext, repository: Repository): Promise<number> {
  const [name, ...rest] = context.args
  if (name === undefined) fail('No branch name specified')
  const { oid } = find(repository, rest)
  const [base = ''] = (await repository.commit(oid)).parents
  await switchBranch({ ...context, args: ['-c', name, base] })
  return apply({ ...context, args: ['--index', ...rest] }, repository, true)
}

async function store(context: GitContext, repository: Repository): Promise<number> {
  const options = parseOptions(context.args, { flags: { '--quiet': ['-q'] }, values: { '-m': ['--message'] } })
  const oid = await requireCommit(repository, options.words[0] ?? '')
  const message = options.value('-m') ?? 'Created via "git stash store".'
  await noteStash(context, { oid, message })
  return 0
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
  // A file that was only deleted comes back where the stash has it changed.
  const ours = new Map(indexFiles(index))
  for (const [path, entry] of tracked) if (ours.has(path)) ours.set(path, entry)
  const merge = await mergeFiles(repository, {
    base: await repository.files(base),
    ours: indexFiles(index),
    theirs: await repository.files(oid),
    names: ['Updated upstream', 'Stashed changes'],
  })
  const staged = options.has('--index')
    ? await stagedBy(repository, { base, indexCommit, ours: indexFiles(index) })
    : null
  const before = new Map(index.entries)
  const head = await repository.files(await repository.head())
  const tell = async () => {
    if (!options.has('--quiet')) await status({ ...context, args: [] })
  }
  try {
    await switchFiles(repository, index, {
      from: ours,
      to: withLocal(ours, indexFiles(index), merge.files),
      action: 'merge',
    })
  } catch (error) {
    if (error instanceof GitFailure) await tell()
    throw error
  }
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
  if (staged && merge.conflicts.size === 0) setEntries(index, staged)
  await writeIndex(repository, index)
  for (const message of merge.messages) context.out(`${message}\n`)
  const unbrought = untracked === undefined ? null : await bringUntracked(repository, untracked)
  await tell()
  if (unbrought) throw unbrought
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

/** The index with what the stash had staged. */
async function stagedBy(
  repository: Repository,
  { base, indexCommit, ours }: { base: string; indexCommit: string; ours: Files },
): Promise<Files> {
  const sides = { base: await repository.files(base), ours, theirs: await repository.files(indexCommit) }
  const { files, conflicts } = await mergeFiles(repository, { ...sides, names: ['', ''] })
  if (conflicts.size > 0) fail('conflicts in index. Try without --index.')
  return files
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

/** Brings the files that were not tracked, or, where another one stands in the place of one, none. */
async function bringUntracked(repository: Repository, commit: string): Promise<GitFailure | null> {
  const files = await repository.files(commit)
  const index = readIndex(repository)
  const blocked: string[] = []
  for (const [path, { oid }] of files) {
    const present = await readFileEntry(repository, path, index)
    const isFree = obstacleAbove(repository, path) === null && !standing(repository.fs, `${repository.root}/${path}`)
    if (!isFree && present?.oid !== oid) blocked.push(path)
  }
  if (blocked.length === 0) for (const [path, entry] of files) await writeFile(repository, path, entry)
  const lines = blocked.map((path) => `${path} already exists, no checkout\n`)
  return blocked.length === 0
    ? null
    : new GitFailure(`${lines.join('')}error: could not restore untracked files from stash`, 1)
}

async function show(context: GitContext, repository: Repository): Promise<number> {
  const options = parseOptions(context.args, {
    flags: { ...diffFlags, '--include-untracked': ['-u'], '--only-untracked': [] },
    values: diffValues,
    optional: ['--stat'],
  })
  const { oid } = find(repository, options.words)
  const { parents } = await repository.commit(oid)
  const untracked = await repository.files(parents[2] ?? null)
  const isWhole = options.has('--include-untracked') || options.has('--only-untracked')
  const tracked = compareFiles(await repository.files(parents[0] ?? null), await repository.files(oid))
  const changes = [
    ...(options.has('--only-untracked') ? [] : tracked),
    ...(isWhole ? compareFiles(new Map(), untracked) : []),
  ].sort((a, b) => comparePaths(a.path, b.path))
  context.out(
    await formatChanges(repository, await detectRenames(repository, changes), patchOptionsOf(context, options, 'stat')),
  )
  return 0
}
