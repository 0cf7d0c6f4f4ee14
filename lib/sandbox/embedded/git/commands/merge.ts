import { compareFiles, detectRenames } from '../changes'
import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { readIndex, writeIndex } from '../index-file'
import { type FileMerge, mergeFiles } from '../merge-files'
import { moveHead, subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { formatChanges, formatSummary } from '../patch-text'
import type { Files, Repository } from '../repository'
import { requireCommit } from '../revision'
import { resetFiles, switchFiles } from '../switch-files'
import { indexFiles } from '../working-tree'
import { commit, forgetMidway, reportCommit } from './commit'

export const merge: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--no-ff': [],
      '--ff-only': [],
      '--ff': [],
      '--abort': [],
      '--continue': [],
      '--squash': [],
      '--no-commit': [],
      '--no-edit': [],
      '--edit': ['-e'],
      '--quiet': ['-q'],
      '--no-stat': ['-n'],
    },
    values: { '-m': [], '--strategy-option': ['-X'], '--strategy': ['-s'] },
    optional: ['--stat'],
  })
  const repository = context.repository()
  if (options.has('--abort')) return abort(repository, 'MERGE_HEAD', 'There is no merge to abort (MERGE_HEAD missing).')
  if (options.has('--continue')) {
    if (repository.readText('MERGE_HEAD') === null) fatal('There is no merge in progress (MERGE_HEAD missing).')
    return commit({ ...context, args: [] })
  }
  if (options.has('--strategy-option') || options.has('--strategy'))
    fatal('Merge strategies are not available here; only the default is.')
  const [name, ...others] = options.words
  if (name === undefined) fatal('No remote for the current branch.')
  if (others.length > 0) fatal('Merging several branches at once is not available here; merge them one by one.')
  if (repository.readText('MERGE_HEAD') !== null) {
    throw new GitFailure(
      'fatal: You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.',
    )
  }
  const theirs = await requireCommit(repository, name).catch(() => {
    throw new GitFailure(`merge: ${name} - not something we can merge`, 1)
  })
  const ours = await repository.head()
  if (ours === null) {
    await switchFiles(repository, readIndex(repository), {
      from: new Map(),
      to: await repository.files(theirs),
      action: 'merge',
    })
    await moveHead(context, theirs, `initial pull`)
    return 0
  }
  const base = await repository.mergeBase(ours, theirs)
  if (base === null) fatal('refusing to merge unrelated histories')
  if (base === theirs) {
    context.out('Already up to date.\n')
    return 0
  }
  const isForward = base === ours && !options.has('--no-ff') && !options.has('--squash')
  if (isForward) return fastForward(context, repository, { ours, theirs, name, isQuiet: options.has('--no-stat') })
  if (options.has('--ff-only')) {
    throw new GitFailure(
      "hint: Diverging branches can't be fast-forwarded, you need to either:\nhint:\nhint: \tgit merge --no-ff\nhint:\nhint: or:\nhint:\nhint: \tgit rebase\nhint:\nfatal: Not possible to fast-forward, aborting.",
    )
  }
  const index = readIndex(repository)
  assertStagedClean(await repository.files(ours), indexFiles(index), 'merge')
  const merged = await mergeFiles(repository, {
    base: await repository.files(base),
    ours: await repository.files(ours),
    theirs: await repository.files(theirs),
    names: ['HEAD', name],
  })
  await takeIn(repository, ours, merged, 'merge')
  const into = repository.branch()
  const isMain = into === 'master' || into === (context.config('init.defaultBranch') ?? 'main')
  const isBranch = (await repository.ref(`refs/heads/${name}`)) !== null
  const kind = isBranch ? 'branch' : (await repository.ref(`refs/tags/${name}`)) !== null ? 'tag' : 'commit'
  const suffix = into === null ? ' into HEAD' : isMain ? '' : ` into ${into}`
  const message = options.value('-m') ?? `Merge ${kind} '${name}'${suffix}`
  if (!options.has('--squash')) repository.writeText('MERGE_HEAD', `${theirs}\n`)
  if (options.has('--no-ff')) repository.writeText('MERGE_MODE', 'no-ff')
  const listed = [...merged.conflicts.keys()].map((path) => `#\t${path}\n`).join('')
  repository.writeText('MERGE_MSG', `${message}\n${listed === '' ? '' : `\n# Conflicts:\n${listed}`}`)
  for (const line of merged.messages) context.out(`${line}\n`)
  if (merged.conflicts.size > 0) {
    context.out('Automatic merge failed; fix conflicts and then commit the result.\n')
    return 1
  }
  if (options.has('--squash')) {
    context.out(
      'Squash commit -- not updating HEAD\nAutomatic merge went well; stopped before committing as requested\n',
    )
    return 0
  }
  if (options.has('--no-commit')) {
    context.out('Automatic merge went well; stopped before committing as requested\n')
    return 0
  }
  const tree = await repository.writeTree(sorted(merged.files))
  const people = { author: context.identity('author'), committer: context.identity('committer') }
  const oid = await repository.writeCommit({ tree, parents: [ours, theirs], ...people, message: `${message}\n` })
  await moveHead(context, oid, `merge ${name}: Merge made by the 'ort' strategy.`)
  forgetMidway(repository)
  if (options.has('--quiet')) return 0
  context.out(`Merge made by the 'ort' strategy.\n`)
  if (!options.has('--no-stat')) await reportFiles(context, ours, oid)
  return 0
}

interface Forward {
  ours: string
  theirs: string
  name: string
  isQuiet: boolean
}

async function fastForward(context: GitContext, repository: Repository, { ours, theirs, name, isQuiet }: Forward) {
  const index = readIndex(repository)
  context.out(`Updating ${ours.slice(0, 7)}..${theirs.slice(0, 7)}\n`)
  await switchFiles(repository, index, {
    from: await repository.files(ours),
    to: await repository.files(theirs),
    action: 'merge',
  })
  await moveHead(context, theirs, `merge ${name}: Fast-forward`)
  context.out('Fast-forward\n')
  if (!isQuiet) await reportFiles(context, ours, theirs)
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

function assertStagedClean(committed: Files, indexed: Files, action: string): void {
  const staged = compareFiles(committed, indexed)
  if (staged.length === 0) return
  const paths = staged.map(({ path }) => `\t${path}\n`).join('')
  throw new GitFailure(
    `error: Your local changes to the following files would be overwritten by ${action}:\n${paths}Please commit your changes or stash them before you ${action}.\nAborting`,
    action === 'merge' ? 2 : 1,
  )
}

/** Brings a merge's result into index and working tree, conflicts included. */
async function takeIn(
  repository: Repository,
  ours: string,
  merged: FileMerge,
  action: 'merge' | 'cherry-pick' | 'revert',
) {
  const index = readIndex(repository)
  await switchFiles(repository, index, { from: await repository.files(ours), to: merged.files, action })
  for (const [path, sides] of merged.conflicts) {
    index.entries.delete(path)
    index.conflicts.set(path, sides)
  }
  await writeIndex(repository, index)
}

function sorted(files: Files): [string, { oid: string; mode: number }][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1))
}

async function abort(repository: Repository, name: string, message: string): Promise<number> {
  if (repository.readText(name) === null) fatal(message)
  const head = await repository.head()
  await resetFiles(repository, readIndex(repository), await repository.files(head))
  forgetMidway(repository)
  return 0
}

export const cherryPick: GitCommand = (context) => transplant(context, 'cherry-pick')
export const revert: GitCommand = (context) => transplant(context, 'revert')

async function transplant(context: GitContext, action: 'cherry-pick' | 'revert'): Promise<number> {
  const options = parseOptions(context.args, {
    flags: {
      '--abort': [],
      '--continue': [],
      '--skip': [],
      '--no-commit': ['-n'],
      '--no-edit': [],
      '--edit': ['-e'],
      '-x': [],
    },
  })
  const repository = context.repository()
  const state = action === 'revert' ? 'REVERT_HEAD' : 'CHERRY_PICK_HEAD'
  if (options.has('--abort') || options.has('--skip')) {
    return abort(repository, state, `error: no cherry-pick or revert in progress`)
  }
  if (options.has('--continue')) {
    const oid = repository.readText(state)?.trim()
    if (oid === undefined) fail('no cherry-pick or revert in progress', 128)
    const author = (await repository.commit(oid)).author
    const kept = action === 'revert' ? [] : [`--author=${author.name} <${author.email}>`]
    return commit({ ...context, args: kept })
  }
  if (options.words.length === 0) fatal(`usage: git ${action} <commit>...`)
  for (const word of options.words) {
    const code = await transplantOne(context, repository, {
      action,
      oid: await requireCommit(repository, word),
      noCommit: options.has('--no-commit'),
    })
    if (code !== 0) return code
  }
  return 0
}

interface Transplant {
  action: 'cherry-pick' | 'revert'
  oid: string
  noCommit: boolean
  /** A change that is there already is left out instead of failing. */
  skipEmpty?: boolean
  /** What the logs call it. */
  logAs?: string
}

export async function transplantOne(
  context: GitContext,
  repository: Repository,
  { action, oid, noCommit, skipEmpty = false, logAs = action }: Transplant,
): Promise<number> {
  const isRevert = action === 'revert'
  const picked = await repository.commit(oid)
  if (picked.parents.length > 1)
    fail(`commit ${oid} is a merge but no -m option was given.\nfatal: ${action} failed`, 128)
  const head = await repository.head()
  if (head === null) fatal('there is no commit to work on yet')
  const [parentFiles, ownFiles] = [await repository.files(picked.parents[0] ?? null), await repository.files(oid)]
  const subject = subjectOf(picked.message)
  const short = `${oid.slice(0, 7)} (${subject})`
  assertStagedClean(await repository.files(head), indexFiles(readIndex(repository)), action)
  const merged = await mergeFiles(repository, {
    base: isRevert ? ownFiles : parentFiles,
    ours: await repository.files(head),
    theirs: isRevert ? parentFiles : ownFiles,
    names: ['HEAD', isRevert ? `parent of ${short}` : short],
  })
  await takeIn(repository, head, merged, action)
  const message = isRevert ? `Revert "${subject}"\n\nThis reverts commit ${oid}.\n` : picked.message
  for (const line of merged.messages) context.out(`${line}\n`)
  if (merged.conflicts.size > 0) {
    repository.writeText(isRevert ? 'REVERT_HEAD' : 'CHERRY_PICK_HEAD', `${oid}\n`)
    repository.writeText('MERGE_MSG', message)
    throw new GitFailure(
      `error: could not ${isRevert ? 'revert' : 'apply'} ${oid.slice(0, 7)}... ${subject}\nhint: After resolving the conflicts, mark them with\nhint: "git add/rm <pathspec>", then run\nhint: "git ${action} --continue".\nhint: To abort and get back to the state before "git ${action}",\nhint: run "git ${action} --abort".`,
      1,
    )
  }
  if (noCommit) return 0
  if (compareFiles(await repository.files(head), merged.files).length === 0) {
    if (skipEmpty) return 0
    fail(`The previous ${action} is now empty, possibly due to conflict resolution.`)
  }
  const author = isRevert ? context.identity('author') : picked.author
  const tree = await repository.writeTree(sorted(merged.files))
  const made = await repository.writeCommit({
    tree,
    parents: [head],
    author,
    committer: context.identity('committer'),
    message,
  })
  await moveHead(context, made, `${logAs}: ${subjectOf(message)}`)
  await reportCommit(context, made, { withDate: true })
  return 0
}
