import { compareFiles, detectRenames } from '../changes'
import { formatCommit } from '../commit-text'
import type { GitCommand, GitContext } from '../context'
import { fatal, GitFailure } from '../failure'
import { walkHistory } from '../history-walk'
import { readIndex } from '../index-file'
import { mergeFiles } from '../merge-files'
import { moveHead } from '../move-head'
import { type Options, parseOptions } from '../options'
import { createPaint } from '../paint'
import { formatChanges, formatSummary } from '../patch-text'
import type { Repository } from '../repository'
import { requireCommit } from '../revision'
import { switchFiles } from '../switch-files'
import { assertStagedClean, sorted, takeIn } from '../take-in'
import { upstreamOf } from '../upstream'
import { indexFiles } from '../working-tree'
import { commit, forgetMidway, readMessageFile } from './commit'
import { resetMerge } from './reset'

/** What `git pull` takes too. */
export const mergeFlags = {
  '--no-ff': [],
  '--ff-only': [],
  '--ff': [],
  '--squash': [],
  '--no-squash': [],
  '--commit': [],
  '--no-commit': [],
  '--no-edit': [],
  '--edit': ['-e'],
  '--quiet': ['-q'],
  '--verbose': ['-v'],
  '--no-stat': ['-n'],
  '--no-verify': [],
  '--allow-unrelated-histories': [],
} as const
export const mergeValues = { '--strategy-option': ['-X'], '--strategy': ['-s'] } as const

export const merge: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { ...mergeFlags, '--abort': [], '--continue': [], '--quit': [] },
    values: { ...mergeValues, '-m': ['--message'], '-F': ['--file'] },
    optional: ['--stat'],
  })
  const repository = context.repository()
  const isMidway = repository.readText('MERGE_HEAD') !== null
  if (options.has('--quit')) {
    forgetMidway(repository)
    return 0
  }
  if (options.has('--abort')) {
    if (!isMidway) fatal('There is no merge to abort (MERGE_HEAD missing).')
    await resetMerge(repository, await repository.head())
    forgetMidway(repository)
    return 0
  }
  if (options.has('--continue')) {
    if (!isMidway) fatal('There is no merge in progress (MERGE_HEAD missing).')
    return commit({ ...context, args: [] })
  }
  const [name = upstreamOf(context), ...others] = options.words
  if (name === null) fatal('No remote for the current branch.')
  if (others.length > 0) fatal('Merging several branches at once is not available here; merge them one by one.')
  const theirs = await requireCommit(repository, name).catch(() => {
    throw new GitFailure(`merge: ${name} - not something we can merge`, 1)
  })
  const file = options.value('-F')
  const message = options.value('-m') ?? (file === undefined ? undefined : await readMessageFile(context, file))
  return mergeCommit(context, { theirs, name, options, ...(message !== undefined && { message }) })
}

interface Wanted {
  theirs: string
  /** What the messages call it. */
  name: string
  message?: string
  options: Options
}

/** Merges a commit into HEAD. */
export async function mergeCommit(context: GitContext, wanted: Wanted): Promise<number> {
  const { theirs, name, options } = wanted
  const repository = context.repository()
  assertNotMidway(repository)
  const ours = await repository.head()
  if (ours === null) return firstCommit(context, repository, theirs)
  const base = await repository.mergeBase(ours, theirs)
  if (base === null && !options.has('--allow-unrelated-histories')) fatal('refusing to merge unrelated histories')
  if (base === theirs) {
    if (!options.has('--quiet'))
      context.out(`Already up to date.${options.has('--squash') ? ' (nothing to squash)' : ''}\n`)
    return 0
  }
  const keepsOurs = options.value('--strategy') === 'ours'
  if (base === ours && !options.has('--no-ff') && !keepsOurs)
    return fastForward(context, repository, { ours, theirs, name, options })
  if (options.has('--ff-only')) throw new GitFailure(notForward)
  const favor = favorOf(options)
  const ourFiles = await repository.files(ours)
  assertStagedClean(ourFiles, indexFiles(readIndex(repository)), 'merge')
  const merged = await mergeFiles(repository, {
    base: await repository.files(base),
    ours: ourFiles,
    theirs: await repository.files(keepsOurs ? base : theirs),
    names: ['HEAD', name],
    favor,
  })
  await takeIn(repository, ourFiles, merged, 'merge')
  const message = wanted.message ?? (await titleOf(context, name))
  await noteMerge(repository, { ...wanted, ours, message, conflicts: [...merged.conflicts.keys()] })
  for (const line of merged.messages) context.out(`${line}\n`)
  const isSquash = options.has('--squash')
  if (isSquash && !options.has('--quiet')) context.out('Squash commit -- not updating HEAD\n')
  if (merged.conflicts.size > 0) {
    context.out('Automatic merge failed; fix conflicts and then commit the result.\n')
    return 1
  }
  if (isSquash || options.has('--no-commit')) {
    context.err('Automatic merge went well; stopped before committing as requested\n')
    return 0
  }
  const tree = await repository.writeTree(sorted(merged.files))
  const people = { author: context.identity('author'), committer: context.identity('committer') }
  const oid = await repository.writeCommit({
    tree,
    parents: [ours, theirs],
    ...people,
    message: `${message.trimEnd()}\n`,
  })
  const made = `Merge made by the '${keepsOurs ? 'ours' : 'ort'}' strategy.`
  await moveHead(context, oid, `merge ${name}: ${made}`)
  forgetMidway(repository)
  if (options.has('--quiet')) return 0
  context.out(`${made}\n`)
  if (!options.has('--no-stat')) await reportFiles(context, ours, oid)
  return 0
}

const notForward =
  "hint: Diverging branches can't be fast-forwarded, you need to either:\nhint:\nhint: \tgit merge --no-ff\nhint:\nhint: or:\nhint:\nhint: \tgit rebase\nhint:\nfatal: Not possible to fast-forward, aborting."

function assertNotMidway(repository: Repository): void {
  if (repository.readText('MERGE_HEAD') !== null)
    throw new GitFailure(
      'fatal: You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.',
    )
  if (repository.readText('CHERRY_PICK_HEAD') !== null)
    throw new GitFailure(
      'fatal: You have not concluded your cherry-pick (CHERRY_PICK_HEAD exists).\nPlease, commit your changes before you merge.',
    )
  if (readIndex(repository).conflicts.size > 0)
    throw new GitFailure(
      "error: Merging is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\nfatal: Exiting because of an unresolved conflict.",
    )
}

function favorOf(options: Options): 'ours' | 'theirs' | undefined {
  const strategy = options.value('--strategy') ?? 'ort'
  if (!/^(?:ort|recursive|resolve|ours)$/.test(strategy))
    fatal(`The strategy ${strategy} is not available here; ort, which git takes on its own, and ours are.`)
  const favor = options.all('--strategy-option').findLast((option) => option === 'ours' || option === 'theirs')
  const unknown = options
    .all('--strategy-option')
    .find(
      (option) =>
        !/^(?:ours|theirs|patience|histogram|minimal|diff-algorithm=\w+|find-renames(?:=\d+%?)?)$/.test(option),
    )
  if (unknown !== undefined) fatal(`-X ${unknown} is not available here; -X ours and -X theirs are.`)
  return favor as 'ours' | 'theirs' | undefined
}

/** A branch without commits becomes the other one. */
async function firstCommit(context: GitContext, repository: Repository, theirs: string): Promise<number> {
  await switchFiles(repository, readIndex(repository), {
    from: new Map(),
    to: await repository.files(theirs),
    action: 'merge',
  })
  await moveHead(context, theirs, 'initial pull')
  return 0
}

async function titleOf(context: GitContext, name: string): Promise<string> {
  const repository = context.repository()
  const into = repository.branch()
  const isMain = into === 'master' || into === (context.config('init.defaultBranch') ?? 'main')
  const suffix = into === null ? ' into HEAD' : isMain ? '' : ` into ${into}`
  for (const [folder, kind] of [
    ['heads', 'branch'],
    ['tags', 'tag'],
    ['remotes', 'remote-tracking branch'],
  ]) {
    if ((await repository.ref(`refs/${folder}/${name}`)) !== null) return `Merge ${kind} '${name}'${suffix}`
  }
  return `Merge commit '${name}'${suffix}`
}

interface Noted extends Wanted {
  ours: string
  message: string
  conflicts: readonly string[]
}

/** Leaves what the commit that concludes the merge needs. */
async function noteMerge(repository: Repository, { ours, theirs, options, message, conflicts }: Noted): Promise<void> {
  const listed = conflicts.map((path) => `#\t${path}\n`).join('')
  const comment = listed === '' ? '' : `\n# Conflicts:\n${listed}`
  if (options.has('--squash')) {
    repository.writeText('SQUASH_MSG', await squashMessage(repository, ours, theirs))
    if (comment !== '') repository.writeText('MERGE_MSG', comment)
    return
  }
  repository.writeText('MERGE_HEAD', `${theirs}\n`)
  if (options.has('--no-ff')) repository.writeText('MERGE_MODE', 'no-ff')
  repository.writeText('MERGE_MSG', `${message}\n${comment}`)
}

async function squashMessage(repository: Repository, ours: string, theirs: string): Promise<string> {
  const range = { include: [theirs], exclude: [ours] }
  const commits = await walkHistory(repository, { range, filter: null, isTopological: false })
  const style = {
    format: 'medium',
    dateStyle: 'default',
    isAbbreviated: false,
    decorations: new Map(),
    paint: createPaint(false),
  }
  const texts = commits.filter(({ parents }) => parents.length < 2).map((each) => `${formatCommit(each, style)}\n`)
  return `Squashed commit of the following:\n\n${texts.join('\n')}`
}

interface Forward {
  ours: string
  theirs: string
  name: string
  options: Options
}

async function fastForward(context: GitContext, repository: Repository, { ours, theirs, name, options }: Forward) {
  const index = readIndex(repository)
  const isSquash = options.has('--squash')
  const isQuiet = options.has('--quiet')
  if (!isQuiet) context.out(`Updating ${ours.slice(0, 7)}..${theirs.slice(0, 7)}\n`)
  await switchFiles(repository, index, {
    from: await repository.files(ours),
    to: await repository.files(theirs),
    action: 'merge',
  })
  if (isSquash) repository.writeText('SQUASH_MSG', await squashMessage(repository, ours, theirs))
  else await moveHead(context, theirs, `merge ${name}: Fast-forward`)
  if (isQuiet) return 0
  context.out(`Fast-forward\n${isSquash ? 'Squash commit -- not updating HEAD\n' : ''}`)
  if (!options.has('--no-stat')) await reportFiles(context, ours, theirs)
  return 0
}

async function reportFiles(context: GitContext, from: string, to: string): Promise<void> {
  const repository = context.repository()
  const changes = await detectRenames(
    repository,
    compareFiles(await repository.files(from), await repository.files(to)),
  )
  const { paint, width } = context
  context.out(await formatChanges(repository, changes, { format: 'stat', context: 3, width, paint }))
  context.out(formatSummary(changes))
}
