import { compareFiles } from '../changes'
import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { type Index, readIndex, writeIndex } from '../index-file'
import { mergeFiles } from '../merge-files'
import { subjectOf, switchHead } from '../move-head'
import { parseOptions } from '../options'
import { createPathFilter } from '../pathspec'
import type { FileEntry, Repository } from '../repository'
import { previousBranch, requireCommit, resolveRevision } from '../revision'
import { resetFiles, switchFiles } from '../switch-files'
import { guessedRemoteBranch, upstreamText } from '../upstream'
import { indexFiles, readFileEntry, readTracked, removeFile, trackedPaths, writeFile } from '../working-tree'
import { assertFree, createBranch } from './branch'
import { checkoutHunks } from './checkout-hunks'
import { forgetMidway } from './commit'
import { unstageHunks } from './reset'

export const checkout: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--force': ['-f'],
      '--quiet': ['-q'],
      '--detach': ['-d'],
      '--ours': [],
      '--theirs': [],
      '--merge': ['-m'],
      '--no-track': [],
      '--track': ['-t'],
      '--patch': ['-p'],
    },
    values: { '-b': [], '-B': [], '--orphan': [] },
  })
  const repository = context.repository()
  const [first, ...others] = options.words
  const made = options.value('-b') ?? options.value('-B')
  if (options.has('--orphan'))
    return startOrphan(context, repository, { name: options.value('--orphan') ?? '', isEmpty: false })
  const flags = { force: options.has('--force'), quiet: options.has('--quiet'), detach: options.has('--detach') }
  if (made !== undefined) {
    return startBranch(context, repository, {
      ...flags,
      name: made,
      start: first ?? 'HEAD',
      recreate: options.has('-B'),
      follows: !options.has('--no-track'),
    })
  }
  if (options.has('--patch')) {
    const isSource = first !== undefined && (await resolveRevision(repository, first)) !== null
    const words = [...(isSource ? others : options.words), ...(options.paths ?? [])]
    return checkoutHunks(context, { source: isSource ? first : null, words, toIndex: isSource })
  }
  const side = options.has('--ours') ? 2 : options.has('--theirs') ? 3 : null
  if (side) {
    const words = [...options.words, ...(options.paths ?? [])]
    return takeSide(context, { side, words, isQuiet: options.paths !== null })
  }
  if (options.has('--merge')) {
    const words = [...options.words, ...(options.paths ?? [])]
    const isBranch =
      options.paths === null && words.length === 1 && (await resolveRevision(repository, words[0] ?? '')) !== null
    if (isBranch) fatal('git checkout --merge <branch> is not available here: git stash, git switch, git stash pop.')
    return recreateConflicts(context, words)
  }
  if (options.paths !== null) {
    return restorePaths(context, repository, {
      source: first ?? null,
      words: options.paths,
      toIndex: first !== undefined,
      isQuiet: true,
    })
  }
  if (first === undefined) {
    return flags.detach ? switchTo(context, 'HEAD', flags) : listLocalChanges(context, repository)
  }
  const isRevision = first === '-' || (await resolveRevision(repository, first)) !== null
  const isFile = context.host.fs.exists(first.startsWith('/') ? first : `${context.cwd}/${first}`)
  const guessed = isRevision || isFile || others.length > 0 ? null : await guessedRemoteBranch(context, first)
  if (guessed !== null)
    return startBranch(context, repository, { ...flags, name: first, start: guessed, recreate: false })
  if (isRevision && others.length === 0) return switchTo(context, first, flags)
  const source = isRevision ? first : null
  return restorePaths(context, repository, {
    source,
    words: isRevision ? others : options.words,
    toIndex: isRevision,
    isQuiet: flags.quiet,
  })
}

export const switchBranch: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--detach': ['-d'],
      '--quiet': ['-q'],
      '--force': ['-f', '--discard-changes'],
      '--track': ['-t'],
      '--no-track': [],
    },
    values: { '-c': ['--create'], '-C': ['--force-create'], '--orphan': [] },
  })
  const repository = context.repository()
  const [target] = options.words
  const flags = { force: options.has('--force'), quiet: options.has('--quiet'), detach: options.has('--detach') }
  if (options.has('--orphan'))
    return startOrphan(context, repository, { name: options.value('--orphan') ?? '', isEmpty: true })
  if (!flags.force) assertSwitchable(repository)
  const made = options.value('-c') ?? options.value('-C')
  if (made !== undefined) {
    return startBranch(context, repository, {
      ...flags,
      name: made,
      start: target ?? 'HEAD',
      recreate: options.has('-C'),
      follows: !options.has('--no-track'),
    })
  }
  if (target === undefined) fatal('missing branch or commit argument')
  const isBranch = target === '-' || (await repository.ref(`refs/heads/${target}`)) !== null
  const guessed = isBranch || flags.detach ? null : await guessedRemoteBranch(context, target)
  if (guessed !== null)
    return startBranch(context, repository, { ...flags, name: target, start: guessed, recreate: false })
  if (!isBranch && !flags.detach) {
    const exists = (await resolveRevision(repository, target)) !== null
    if (exists) {
      throw new GitFailure(
        `fatal: a branch is expected, got commit '${target}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.`,
      )
    }
    fatal(`invalid reference: ${target}`)
  }
  return switchTo(context, target, flags)
}

/** What has begun belongs to the branch that it began on. */
function assertSwitchable(repository: Repository): void {
  const begun = (
    [
      ['MERGE_HEAD', 'merging', 'merge'],
      ['rebase-merge/onto', 'rebasing', 'rebase'],
      ['CHERRY_PICK_HEAD', 'cherry-picking', 'cherry-pick'],
      ['REVERT_HEAD', 'reverting', 'revert'],
    ] as const
  ).find(([name]) => repository.readText(name) !== null)
  if (!begun) return
  const [, doing, command] = begun
  throw new GitFailure(
    `fatal: cannot switch branch while ${doing}\nConsider "git ${command} --quit" or "git worktree add".`,
  )
}

interface SwitchFlags {
  force: boolean
  quiet: boolean
  detach: boolean
}

async function switchTo(context: GitContext, word: string, flags: SwitchFlags): Promise<number> {
  const repository = context.repository()
  const target =
    word === '-' ? (previousBranch(repository, 1) ?? fail("pathspec '-' did not match any file(s) known to git")) : word
  const say = (text: string) => flags.quiet || context.err(text)
  const ref = `refs/heads/${target}`
  const isBranch = !flags.detach && (await repository.ref(ref)) !== null
  const oid = await requireCommit(repository, isBranch ? ref : target)
  const head = await repository.head()
  const leftDetached = repository.branch() === null && head !== null && head !== oid
  await bringFiles(context, repository, oid, flags.force)
  const wasOn = repository.branch()
  await switchHead(context, isBranch ? ref : oid, oid)
  forgetMidway(repository)
  if (!flags.quiet) await listLocalChanges(context, repository)
  if (leftDetached) say(`Previous HEAD position was ${await describe(repository, head)}\n`)
  if (isBranch) {
    say(wasOn === target ? `Already on '${target}'\n` : `Switched to branch '${target}'\n`)
    if (!flags.quiet) context.out(await upstreamText(context, target, oid))
  } else {
    if (wasOn !== null) say(detachedAdvice(target))
    say(`HEAD is now at ${await describe(repository, oid)}\n`)
  }
  return 0
}

/** Index and files of another commit; what is not committed comes along, or is given up by force. */
async function bringFiles(context: GitContext, repository: Repository, oid: string | null, isForced: boolean) {
  const index = readIndex(repository)
  if (index.conflicts.size > 0 && !isForced) {
    context.out([...index.conflicts.keys()].map((path) => `${path}: needs merge\n`).join(''))
    fail('you need to resolve your current index first')
  }
  const to = await repository.files(oid)
  if (isForced) return resetFiles(repository, index, to)
  return switchFiles(repository, index, {
    from: await repository.files(await repository.head()),
    to,
    action: 'checkout',
  })
}

async function describe(repository: Repository, oid: string): Promise<string> {
  return `${oid.slice(0, 7)} ${subjectOf((await repository.commit(oid)).message)}`
}

function detachedAdvice(target: string): string {
  return `Note: switching to '${target}'.\n\nYou are in 'detached HEAD' state: commits made here belong to no branch.\nTo keep them, make one with git switch -c <new-branch-name>; to go back, git switch -.\n\n`
}

interface BranchStart extends SwitchFlags {
  name: string
  start: string
  recreate: boolean
  follows?: boolean
}

async function startBranch(context: GitContext, repository: Repository, options: BranchStart): Promise<number> {
  const { name, start, recreate, force, quiet } = options
  const say = (text: string) => quiet || context.err(text)
  const head = await repository.head()
  if (head === null && start === 'HEAD') {
    repository.setHead(`refs/heads/${name}`)
    say(`Switched to a new branch '${name}'\n`)
    return 0
  }
  await assertFree(repository, { name, force: recreate })
  const existed = (await repository.ref(`refs/heads/${name}`)) !== null
  const isHere = repository.branch() === name
  const oid = await requireCommit(repository, start)
  if (oid !== head || force) await bringFiles(context, repository, oid, force)
  await createBranch(context, repository, { name, start, force: recreate, follows: options.follows ?? true })
  await switchHead(context, `refs/heads/${name}`, oid)
  forgetMidway(repository)
  if (start !== 'HEAD' && !quiet) await listLocalChanges(context, repository)
  if (isHere) say(`Reset branch '${name}'\n`)
  else say(existed ? `Switched to and reset branch '${name}'\n` : `Switched to a new branch '${name}'\n`)
  return 0
}

interface OrphanStart {
  name: string
  /** `git switch --orphan` begins without files, `git checkout --orphan` with those that are there. */
  isEmpty: boolean
}

async function startOrphan(context: GitContext, repository: Repository, { name, isEmpty }: OrphanStart) {
  await assertFree(repository, { name, force: false })
  if (isEmpty) await bringFiles(context, repository, null, false)
  repository.setHead(`refs/heads/${name}`)
  context.err(`Switched to a new branch '${name}'\n`)
  return 0
}

/** `M	a.txt` for what a switch carried over. */
async function listLocalChanges(context: GitContext, repository: Repository): Promise<number> {
  const index = readIndex(repository)
  const committed = await repository.files(await repository.head())
  const indexed = indexFiles(index)
  const tracked = await readTracked(repository, index)
  const present = new Map([...tracked].filter(([path]) => indexed.has(path)))
  const changes = compareFiles(committed, present).filter(({ path }) => !index.conflicts.has(path))
  context.out(changes.map(({ path, status }) => `${status}\t${path}\n`).join(''))
  return 0
}

interface PathRestore {
  /** A revision; null takes what the index has. */
  source: string | null
  words: readonly string[]
  toIndex: boolean
  toTree?: boolean
  /** Does not tell how many; after `--` git never does. */
  isQuiet?: boolean
}

async function restorePaths(context: GitContext, repository: Repository, restore: PathRestore): Promise<number> {
  const { source, words, toIndex, toTree = true } = restore
  const index = readIndex(repository)
  const from = source === null ? indexFiles(index) : await repository.files(await requireCommit(repository, source))
  const known = new Set([...from.keys(), ...index.entries.keys(), ...(source === null ? index.conflicts.keys() : [])])
  for (const word of words) {
    const matches = createPathFilter(repository, context.cwd, [word])
    if (![...known].some(matches)) fail(`pathspec '${word}' did not match any file(s) known to git`)
  }
  const filter = createPathFilter(repository, context.cwd, words)
  const unmerged = [...index.conflicts.keys()].filter(filter)
  if (source === null && unmerged.length > 0) fail(`path '${unmerged[0]}' is unmerged`)
  let count = 0
  for (const path of [...known].filter(filter)) {
    const entry = from.get(path)
    if (toIndex) index.conflicts.delete(path)
    if (entry) {
      // A file that is as it should be is left alone: whoever watches it hears of nothing.
      const indexed = index.entries.get(path)
      const now = toTree ? await readFileEntry(repository, path, index) : null
      const isSame = now?.oid === entry.oid && now.mode === entry.mode && indexed?.oid === entry.oid
      if (isSame) continue
      const written = toTree ? await writeFile(repository, path, entry) : { ...entry, size: 0, mtimeMs: 0 }
      if (toIndex || source === null) index.entries.set(path, written)
      count += 1
    } else {
      // `git checkout <tree> -- <paths>` overlays; `git restore` removes what the source does not have.
      if (restore.toTree === undefined) continue
      if (toIndex) index.entries.delete(path)
      if (toTree && (toIndex || index.entries.has(path))) removeFile(repository, path)
    }
  }
  await writeIndex(repository, index)
  if (!restore.isQuiet && restore.toTree === undefined) {
    const where = source === null ? 'the index' : (await requireCommit(repository, source)).slice(0, 7)
    context.err(`Updated ${count} path${count === 1 ? '' : 's'} from ${where}\n`)
  }
  return 0
}

/** The words' files, whole or in conflict; each word must name one. */
function namedPaths(context: GitContext, index: Index, words: readonly string[]): string[] {
  const repository = context.repository()
  const known = trackedPaths(index)
  for (const word of words)
    if (!known.some(createPathFilter(repository, context.cwd, [word])))
      fail(`pathspec '${word}' did not match any file(s) known to git`)
  return known.filter(createPathFilter(repository, context.cwd, words))
}

interface SideChoice {
  side: 2 | 3
  words: readonly string[]
  isQuiet: boolean
}

/** `git checkout --ours <paths>`: one side of a conflict; what is not in conflict becomes what is staged. */
async function takeSide(context: GitContext, { side, words, isQuiet }: SideChoice) {
  const repository = context.repository()
  const index = readIndex(repository)
  const paths = namedPaths(context, index, words)
  const chosen = paths.map((path) => {
    const sides = index.conflicts.get(path)
    const entry: FileEntry | undefined = sides ? sides[side] : index.entries.get(path)
    return entry ? { path, entry } : fail(`path '${path}' does not have ${side === 2 ? 'our' : 'their'} version`)
  })
  let count = 0
  for (const { path, entry } of chosen) {
    const present = await readFileEntry(repository, path, index)
    if (present?.oid === entry.oid && present.mode === entry.mode && !index.conflicts.has(path)) continue
    const written = await writeFile(repository, path, entry)
    if (index.entries.has(path)) index.entries.set(path, written)
    count += 1
  }
  await writeIndex(repository, index)
  if (!isQuiet) context.err(`Updated ${count} path${count === 1 ? '' : 's'} from the index\n`)
  return 0
}

/** `git checkout --merge <paths>`: the marks of the conflict once more. */
async function recreateConflicts(context: GitContext, words: readonly string[]): Promise<number> {
  const repository = context.repository()
  const index = readIndex(repository)
  const paths = namedPaths(context, index, words)
  let count = 0
  for (const path of paths) {
    const sides = index.conflicts.get(path)
    const staged = index.entries.get(path)
    if (!sides) {
      if (staged) index.entries.set(path, await writeFile(repository, path, staged))
      continue
    }
    const [base, ours, theirs] = ([1, 2, 3] as const).map((side) => new Map(sides[side] ? [[path, sides[side]]] : []))
    if (!ours?.size || !theirs?.size) fail(`path '${path}' does not have all necessary versions`)
    const names = ['ours', 'theirs'] as [string, string]
    const { files } = await mergeFiles(repository, { base: base ?? new Map(), ours, theirs, names })
    const entry = files.get(path)
    if (entry) await writeFile(repository, path, entry)
    count += 1
  }
  await writeIndex(repository, index)
  context.err(`Recreated ${count} merge conflict${count === 1 ? '' : 's'}\n`)
  return 0
}

export const restore: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--staged': ['-S'],
      '--worktree': ['-W'],
      '--quiet': ['-q'],
      '--ours': [],
      '--theirs': [],
      '--merge': ['-m'],
      '--patch': ['-p'],
    },
    values: { '--source': ['-s'] },
  })
  const words = [...options.words, ...(options.paths ?? [])]
  const repository = context.repository()
  if (options.has('--patch')) {
    const given = options.value('--source')
    if (!options.has('--staged')) return checkoutHunks(context, { source: given ?? null, words, toIndex: false })
    if (!options.has('--worktree')) return unstageHunks(context, given ?? 'HEAD', words)
    return checkoutHunks(context, { source: given ?? 'HEAD', words, toIndex: true })
  }
  if (words.length === 0) fatal('you must specify path(s) to restore')
  const side = options.has('--ours') ? 2 : options.has('--theirs') ? 3 : null
  if (side) return takeSide(context, { side, words, isQuiet: true })
  if (options.has('--merge')) return recreateConflicts(context, words)
  const toIndex = options.has('--staged')
  const toTree = options.has('--worktree') || !toIndex
  const head = await repository.head()
  const source = options.value('--source') ?? (toIndex && head !== null ? 'HEAD' : null)
  return restorePaths(context, repository, { source, words, toIndex, toTree })
}
