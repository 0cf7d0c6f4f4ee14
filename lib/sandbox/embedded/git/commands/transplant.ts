import { compareFiles } from '../changes'
import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { walkHistory } from '../history-walk'
import { readIndex } from '../index-file'
import { mergeFiles } from '../merge-files'
import { moveHead, subjectOf } from '../move-head'
import { type Options, parseOptions } from '../options'
import type { Commit, Repository } from '../repository'
import { parseRange, requireCommit } from '../revision'
import { assertStagedClean, sorted, takeIn } from '../take-in'
import { indexFiles } from '../working-tree'
import { commit, forgetMidway, reportCommit } from './commit'
import { resetMerge } from './reset'
import { status } from './status'

type Action = 'cherry-pick' | 'revert'

export const cherryPick: GitCommand = (context) => transplant(context, 'cherry-pick')
export const revert: GitCommand = (context) => transplant(context, 'revert')

// What a series still has to do lies where git keeps it.
const folder = 'sequencer'
const stateOf = (action: Action) => (action === 'revert' ? 'REVERT_HEAD' : 'CHERRY_PICK_HEAD')

async function transplant(context: GitContext, action: Action): Promise<number> {
  const options = parseOptions(context.args, {
    flags: {
      '--abort': [],
      '--continue': [],
      '--skip': [],
      '--quit': [],
      '--no-commit': ['-n'],
      '--no-edit': [],
      '--edit': ['-e'],
      '--signoff': ['-s'],
      '--allow-empty': [],
      '--keep-redundant-commits': [],
      '-x': [],
    },
    values: { '-m': ['--mainline'], '-X': ['--strategy-option'] },
  })
  const repository = context.repository()
  const midway = (['--abort', '--continue', '--skip', '--quit'] as const).find((name) => options.has(name))
  if (midway) return goOnWith(context, repository, { action, midway })
  if (options.words.length === 0) fatal(`usage: git ${action} <commit>...`)
  const oids = await commitsOf(repository, options.words, action)
  if (oids.length === 0) fail(`empty commit set passed\nfatal: ${action} failed`, 128)
  const settings = settingsOf(options)
  const isSeries = oids.length > 1 || options.words.some((word) => word.includes('..'))
  if (isSeries && !settings.noCommit) {
    const head = await repository.head()
    repository.writeText(`${folder}/head`, `${head}\n`)
    repository.writeText(`${folder}/opts.json`, JSON.stringify(settings))
  }
  return workThrough(context, repository, { action, oids, settings })
}

interface Settings {
  noCommit: boolean
  /** `-x`: the message says where the change comes from. */
  isNoted: boolean
  isSigned: boolean
  /** Commits that were empty from the start. */
  keepsEmpty: boolean
  /** Commits that become empty here. */
  keepsRedundant: boolean
  /** Which parent of a merge its change is seen from. */
  mainline?: number
  favor?: 'ours' | 'theirs'
}

function settingsOf(options: Options): Settings {
  const [mainline, favor] = [options.value('-m'), options.value('-X')]
  if (mainline !== undefined && !/^[1-9]\d*$/.test(mainline))
    fatal(`option \`mainline' expects a number greater than zero`)
  if (favor !== undefined && favor !== 'ours' && favor !== 'theirs')
    fatal(`-X ${favor} is not available here; -X ours and -X theirs are.`)
  return {
    noCommit: options.has('--no-commit'),
    isNoted: options.has('-x'),
    isSigned: options.has('--signoff'),
    keepsEmpty: options.has('--allow-empty') || options.has('--keep-redundant-commits'),
    keepsRedundant: options.has('--keep-redundant-commits'),
    ...(mainline !== undefined && { mainline: Number(mainline) }),
    ...(favor !== undefined && { favor }),
  }
}

/** A range is taken from its oldest commit on, or reverted from its newest; commits by name are in the order given. */
async function commitsOf(repository: Repository, words: readonly string[], action: Action): Promise<string[]> {
  if (!words.some((word) => word.includes('..') || word.startsWith('^')))
    return Promise.all(
      words.map((word) => requireCommit(repository, word).catch(() => fatal(`bad revision '${word}'`))),
    )
  const range = await parseRange(repository, words).catch(() => fatal(`bad revision '${words.join(' ')}'`))
  const walked = await walkHistory(repository, { range, filter: null, isTopological: true })
  const oids = walked.map(({ oid }) => oid)
  return action === 'revert' ? oids : oids.reverse()
}

async function workThrough(
  context: GitContext,
  repository: Repository,
  { action, oids, settings }: { action: Action; oids: readonly string[]; settings: Settings },
): Promise<number> {
  const isSeries = repository.readText(`${folder}/head`) !== null
  for (const [index, oid] of oids.entries()) {
    if (isSeries)
      repository.writeText(
        `${folder}/todo`,
        oids
          .slice(index)
          .map((each) => `${each}\n`)
          .join(''),
      )
    await transplantOne(context, repository, { action, oid, ...settings })
  }
  repository.remove(folder)
  return 0
}

async function goOnWith(
  context: GitContext,
  repository: Repository,
  { action, midway }: { action: Action; midway: '--abort' | '--continue' | '--skip' | '--quit' },
): Promise<number> {
  // Giving up ends whichever of the two has begun.
  const state = midway === '--abort' ? (['CHERRY_PICK_HEAD', 'REVERT_HEAD'] as const) : [stateOf(action)]
  const stopped = state.map((name) => repository.readText(name)?.trim()).find((oid) => oid !== undefined)
  const start = repository.readText(`${folder}/head`)?.trim()
  if (stopped === undefined && start === undefined) {
    if (midway === '--quit') return 0
    const known = midway === '--abort' || midway === '--continue' ? 'cherry-pick or revert' : action
    throw new GitFailure(`error: no ${known} in progress\nfatal: ${action} failed`)
  }
  if (midway === '--abort') {
    await resetMerge(repository, start ?? (await repository.head()))
    if (start !== undefined) await moveHead(context, start, `reset: moving to ${start}`)
  }
  if (midway === '--skip') {
    await resetMerge(repository, await repository.head())
    forgetMidway(repository)
  }
  if (midway === '--continue' && stopped !== undefined) {
    const code = await commit({ ...context, args: [] })
    if (code !== 0) return code
  }
  if (midway === '--abort' || midway === '--quit') {
    if (midway === '--abort') forgetMidway(repository)
    else repository.remove(stateOf(action))
    repository.remove(folder)
    return 0
  }
  const [, ...oids] = (repository.readText(`${folder}/todo`) ?? '').split('\n').filter(Boolean)
  const settings = JSON.parse(repository.readText(`${folder}/opts.json`) ?? '{}') as Settings
  return workThrough(context, repository, { action, oids, settings })
}

interface Transplant extends Partial<Settings> {
  action: Action
  oid: string
  /** A change that is there already is left out instead of failing. */
  skipEmpty?: boolean
  /** What the logs call it. */
  logAs?: string
}

/** One commit's change, or its opposite, as a commit on top of HEAD. */
export async function transplantOne(context: GitContext, repository: Repository, wanted: Transplant): Promise<void> {
  const { action, oid, noCommit = false, skipEmpty = false, logAs = action, favor } = wanted
  const isRevert = action === 'revert'
  const picked = await repository.commit(oid)
  const parent = parentOf(picked, wanted)
  const head = await repository.head()
  if (head === null) fatal('there is no commit to work on yet')
  const [parentFiles, ownFiles] = [await repository.files(parent), await repository.files(oid)]
  const subject = subjectOf(picked.message)
  const short = `${oid.slice(0, 7)} (${subject})`
  const index = readIndex(repository)
  if (noCommit && index.conflicts.size > 0) fail(`your index file is unmerged.\nfatal: ${action} failed`, 128)
  const ours = noCommit ? indexFiles(index) : await repository.files(head)
  if (!noCommit) assertStagedClean(ours, indexFiles(index), action)
  const merged = await mergeFiles(repository, {
    base: isRevert ? ownFiles : parentFiles,
    ours,
    theirs: isRevert ? parentFiles : ownFiles,
    names: ['HEAD', isRevert ? (parent === null ? '(empty tree)' : `parent of ${short}`) : short],
    favor,
  })
  await takeIn(repository, ours, merged, action)
  const message = messageOf(context, picked, wanted)
  for (const line of merged.messages) context.out(`${line}\n`)
  if (merged.conflicts.size > 0) {
    if (!noCommit || isRevert) repository.writeText(stateOf(action), `${oid}\n`)
    const listed = [...merged.conflicts.keys()].map((path) => `#\t${path}\n`).join('')
    repository.writeText('MERGE_MSG', `${message}\n# Conflicts:\n${listed}`)
    throw new GitFailure(conflictText(action, `${oid.slice(0, 7)}... ${subject}`, noCommit), 1)
  }
  if (noCommit) {
    if (isRevert) repository.writeText(stateOf(action), `${oid}\n`)
    repository.writeText('MERGE_MSG', message)
    return
  }
  const isEmpty = compareFiles(ours, merged.files).length === 0
  const wasEmpty = compareFiles(parentFiles, ownFiles).length === 0
  if (isEmpty && skipEmpty && !wasEmpty) return
  if (isEmpty && !(wasEmpty ? wanted.keepsEmpty : wanted.keepsRedundant)) {
    await stopAtEmpty(context, wanted, message)
  }
  const made = await repository.writeCommit({
    tree: await repository.writeTree(sorted(merged.files)),
    parents: [head],
    author: isRevert ? context.identity('author') : picked.author,
    committer: context.identity('committer'),
    message,
  })
  repository.remove('MERGE_MSG')
  await moveHead(context, made, `${logAs}: ${subjectOf(message)}`)
  await reportCommit(context, made, { withDate: true })
}

/** A change that is there already. */
async function stopAtEmpty(context: GitContext, { action, oid }: Transplant, message: string): Promise<never> {
  const repository = context.repository()
  const isPick = action === 'cherry-pick'
  if (isPick) {
    repository.writeText(stateOf(action), `${oid}\n`)
    repository.writeText('MERGE_MSG', message)
  }
  await status({ ...context, args: [] })
  throw new GitFailure(
    isPick
      ? "The previous cherry-pick is now empty, possibly due to conflict resolution.\nIf you wish to commit it anyway, use:\n\n    git commit --allow-empty\n\nOtherwise, please use 'git cherry-pick --skip'"
      : '',
    1,
  )
}

function parentOf({ oid, parents }: Commit, { action, mainline }: Transplant): string | null {
  const failed = `\nfatal: ${action} failed`
  if (parents.length > 1 && mainline === undefined)
    fail(`commit ${oid} is a merge but no -m option was given.${failed}`, 128)
  if (parents.length < 2 && mainline !== undefined)
    fail(`mainline was specified but commit ${oid} is not a merge.${failed}`, 128)
  const parent = parents[(mainline ?? 1) - 1]
  if (parent === undefined && mainline !== undefined)
    fail(`commit ${oid} does not have parent ${mainline}${failed}`, 128)
  return parent ?? null
}

function messageOf(context: GitContext, picked: Commit, { action, isNoted, isSigned, mainline }: Transplant): string {
  const { oid, parents, message } = picked
  const aside = mainline === undefined ? '' : `, reversing\nchanges made to ${parents[mainline - 1]}`
  const text = action === 'revert' ? `Revert "${subjectOf(message)}"\n\nThis reverts commit ${oid}${aside}.\n` : message
  const { name, email } = context.identity('committer')
  const trailers = [
    ...(isNoted && action === 'cherry-pick' ? [`(cherry picked from commit ${oid})`] : []),
    ...(isSigned ? [`Signed-off-by: ${name} <${email}>`] : []),
  ]
  if (trailers.length === 0) return text
  const isTrailer = /^(?:[\w-]+: .+|\(cherry picked from commit .*)$/.test(text.trimEnd().split('\n').at(-1) ?? '')
  const hasBody = text.trimEnd().includes('\n\n')
  return `${text.trimEnd()}\n${isTrailer && hasBody ? '' : '\n'}${trailers.join('\n')}\n`
}

function conflictText(action: Action, commitText: string, noCommit: boolean): string {
  const verb = action === 'revert' ? 'revert' : 'apply'
  const hints = noCommit
    ? ['after resolving the conflicts, mark the corrected paths', "with 'git add <paths>' or 'git rm <paths>'"]
    : [
        'After resolving the conflicts, mark them with',
        '"git add/rm <pathspec>", then run',
        `"git ${action} --continue".`,
        `You can instead skip this commit with "git ${action} --skip".`,
        `To abort and get back to the state before "git ${action}",`,
        `run "git ${action} --abort".`,
      ]
  return [`error: could not ${verb} ${commitText}`, ...hints.map((hint) => `hint: ${hint}`)].join('\n')
}
