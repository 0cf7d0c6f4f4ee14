import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { walkHistory } from '../history-walk'
import { readIndex } from '../index-file'
import { moveHead, subjectOf } from '../move-head'
import { type Options, parseOptions } from '../options'
import { autosquash, formatSteps, listHelp, parseSteps, type RebaseStep } from '../rebase-list'
import { appendReflog } from '../reflog'
import type { Repository } from '../repository'
import { requireCommit, resolveRevision } from '../revision'
import { edit, findEditor, runLine } from '../run-line'
import { readStatus } from '../status-facts'
import { resetFiles, switchFiles } from '../switch-files'
import { upstreamOf } from '../upstream'
import { indexFiles } from '../working-tree'
import { bringBack, stashAway } from './autostash'
import { switchBranch } from './checkout'
import { copiedCommits, plainCommits } from './cherry'
import { forgetMidway, reportCommit } from './commit'
import { show } from './log'
import { transplantOne } from './transplant'

// What a rebase still has to do lies where git keeps it, so that it goes on in the next command.
const folder = 'rebase-merge'
const todo = `${folder}/git-rebase-todo`
/** The commit that a stop is about. */
const stoppedAt = 'REBASE_HEAD'
/** `squash` or `fixup` while a commit of that kind waits for its conflicts to be resolved; `edit` where it may be amended. */
const stopKind = `${folder}/stop-kind`

/** Commits of this branch again on top of another, one by one. */
export const rebase: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--quiet': ['-q'],
      '--interactive': ['-i'],
      '--continue': [],
      '--abort': [],
      '--skip': [],
      '--quit': [],
      '--root': [],
      '--autosquash': [],
      '--no-autosquash': [],
      '--no-verify': [],
      '--verbose': ['-v'],
      '--edit-todo': [],
      '--show-current-patch': [],
      '--autostash': [],
      '--no-autostash': [],
    },
    values: { '--onto': [], '--exec': ['-x'] },
  })
  const repository = context.repository()
  const isMidway = repository.readText(`${folder}/onto`) !== null
  for (const [name, run] of Object.entries(midway)) {
    if (!options.has(name)) continue
    if (!isMidway) fatal('No rebase in progress?')
    return run(context, repository)
  }
  if (isMidway)
    fatal('It seems that there is already a rebase in progress: git rebase --continue, --skip or --abort first.')
  const [upstreamName = upstreamOf(context) ?? undefined, branchName] = options.has('--root')
    ? [undefined, options.words[0]]
    : options.words
  if (upstreamName === undefined && !options.has('--root')) {
    context.out(withoutUpstream(repository))
    return 1
  }
  if (upstreamName !== undefined && (await resolveRevision(repository, upstreamName)) === null)
    fatal(`invalid upstream '${upstreamName}'`)
  const given = options.value('--onto')
  if (given !== undefined && (await resolveRevision(repository, given)) === null)
    fatal(`Does not point to a valid commit: ${given}`)
  const wantsStash = options.has('--autostash') || context.config('rebase.autostash') === 'true'
  if (wantsStash && !options.has('--no-autostash')) await stashAway(context, repository)
  try {
    return await begin(context, repository, { options, upstreamName, branchName })
  } catch (error) {
    // A rebase that did not begin has no end that would bring it back.
    if (repository.readText(`${folder}/onto`) === null) await bringBack(context, repository)
    throw error
  }
}

interface Beginning {
  options: Options
  upstreamName: string | undefined
  branchName: string | undefined
}

async function begin(
  context: GitContext,
  repository: Repository,
  { options, upstreamName, branchName }: Beginning,
): Promise<number> {
  await assertClean(repository)
  if (branchName !== undefined) await switchBranch({ ...context, args: ['-q', branchName], out: () => undefined })
  const head = await repository.head()
  if (head === null) fatal('there is no commit to rebase yet')
  const upstream = upstreamName === undefined ? null : await requireCommit(repository, upstreamName)
  const ontoName = options.value('--onto') ?? upstreamName
  const isInteractive = options.has('--interactive')
  const commits = await commitsSince(repository, head, upstream)
  const chain = commits.filter(({ parents }) => parents.length < 2)
  const onto = ontoName === undefined ? await rootless(repository, chain) : await requireCommit(repository, ontoName)
  const isLinear = chain.length === commits.length
  const isCurrent = upstream !== null && isLinear && (await repository.mergeBase(head, upstream)) === onto
  if (!isInteractive && isCurrent && options.value('--exec') === undefined) {
    const where = repository.branch()
    await bringBack(context, repository)
    context.out(where === null ? 'HEAD is up to date.\n' : `Current branch ${where} is up to date.\n`)
    return 0
  }
  const others = upstream === null ? [] : await plainCommits(repository, upstream, head)
  const copied = await copiedCommits(repository, chain, others)
  for (const oid of copied) context.err(`warning: skipped previously applied commit ${oid.slice(0, 7)}\n`)
  let steps: RebaseStep[] = chain
    .filter(({ oid }) => !copied.has(oid))
    .map(({ oid, message }) => ({ action: 'pick', oid, subject: subjectOf(message) }))
  if (options.has('--autosquash') || (context.config('rebase.autosquash') === 'true' && isInteractive))
    steps = autosquash(steps)
  const line = options.value('--exec')
  if (line !== undefined) steps = steps.flatMap((step) => [step, { action: 'exec', line }])
  if (isInteractive) steps = await edited(context, steps)
  repository.writeText(`${folder}/head-name`, `${repository.headRef() ?? 'detached HEAD'}\n`)
  repository.writeText(`${folder}/orig-head`, `${head}\n`)
  repository.writeText(`${folder}/onto`, `${onto}\n`)
  repository.writeText(todo, formatSteps(steps))
  repository.writeText('ORIG_HEAD', `${head}\n`)
  const files = await repository.files(head)
  try {
    await switchFiles(repository, readIndex(repository), {
      from: files,
      to: await repository.files(onto),
      action: 'checkout',
    })
  } catch (error) {
    repository.remove(folder)
    throw error
  }
  repository.setHead(head)
  await moveHead(context, onto, `rebase (start): checkout ${ontoName ?? 'root'}`)
  return goOn(context, repository)
}

const midway: Record<string, (context: GitContext, repository: Repository) => Promise<number>> = {
  async '--continue'(context, repository) {
    await concludeStop(context, repository)
    return goOn(context, repository)
  },
  async '--skip'(context, repository) {
    await resetFiles(repository, readIndex(repository), await repository.files(await repository.head()))
    forgetStop(repository)
    return goOn(context, repository)
  },
  async '--abort'(context, repository) {
    const before = repository.readText(`${folder}/orig-head`)?.trim() ?? ''
    await resetFiles(repository, readIndex(repository), await repository.files(before))
    await returnTo(context, repository, { oid: before, verb: 'abort' })
    await bringBack(context, repository)
    return 0
  },
  async '--quit'(context, repository) {
    forgetStop(repository)
    repository.remove(folder)
    await bringBack(context, repository)
    return 0
  },
  async '--edit-todo'(context, repository) {
    const steps = await parseSteps(repository, repository.readText(todo) ?? '')
    repository.writeText(todo, formatSteps(await edited(context, steps)))
    return 0
  },
  async '--show-current-patch'(context, repository) {
    const oid = repository.readText(stoppedAt)?.trim()
    if (oid === undefined) fatal('there is no commit that the rebase stopped at')
    return show({ ...context, args: [oid] })
  },
}

/** Commits that `upstream` does not have, oldest first. */
async function commitsSince(repository: Repository, head: string, upstream: string | null) {
  const range = { include: [head], exclude: upstream === null ? [] : [upstream] }
  return (await walkHistory(repository, { range, filter: null, isTopological: true })).reverse()
}

/** For `--root`: nothing can be below the first commit, so it stays where it is. */
async function rootless(repository: Repository, chain: { oid: string }[]): Promise<string> {
  const [first] = chain.splice(0, 1)
  if (!first) return (await repository.head()) ?? ''
  return first.oid
}

function withoutUpstream(repository: Repository): string {
  const branch = repository.branch()
  const hint =
    branch === null
      ? ''
      : `If you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=<remote>/<branch> ${branch}\n\n`
  return `There is no tracking information for the current branch.\nPlease specify which branch you want to rebase against.\nSee git-rebase(1) for details.\n\n    git rebase '<branch>'\n\n${hint}`
}

async function assertClean(repository: Repository): Promise<void> {
  const { staged, unstaged, conflicts } = await readStatus(repository, { untracked: 'no' })
  const problems = []
  if (unstaged.length > 0 || conflicts.length > 0) problems.push('error: cannot rebase: You have unstaged changes.')
  if (staged.length > 0)
    problems.push(
      `error: ${problems.length > 0 ? 'additionally, your' : 'cannot rebase: Your'} index contains uncommitted changes.`,
    )
  if (problems.length > 0) throw new GitFailure(`${problems.join('\n')}\nerror: Please commit or stash them.`, 1)
}

const withoutEditor = `error: There is no editor here that could show the list of commits.
hint: Name a command that changes the file it is called with, for example
hint:   GIT_SEQUENCE_EDITOR="sed -i '2,$ s/^pick/fixup/'" git rebase -i HEAD~3
hint: or mark commits with git commit --fixup=<commit> and run
hint:   GIT_SEQUENCE_EDITOR=true git rebase -i --autosquash <commit>`

async function edited(context: GitContext, steps: RebaseStep[]): Promise<RebaseStep[]> {
  const editor = findEditor(context, true)
  const repository = context.repository()
  if (editor === undefined) throw new GitFailure(withoutEditor, 1)
  const list = formatSteps(steps.length > 0 ? steps : [{ action: 'noop' }])
  repository.writeText(todo, `${list}${listHelp}`)
  try {
    const chosen = await parseSteps(repository, await edit(context, editor, todo))
    if (chosen.length === 0) fail('nothing to do')
    const [first] = chosen
    if (first?.action === 'squash' || first?.action === 'fixup')
      fail(`cannot '${first.action}' without a previous commit`)
    return chosen
  } catch (error) {
    if (repository.readText(`${folder}/onto`) === null) repository.remove(folder)
    throw error
  }
}

/** Works through the list until its end or a reason to stop. */
async function goOn(context: GitContext, repository: Repository): Promise<number> {
  for (;;) {
    const [step, ...rest] = await parseSteps(repository, repository.readText(todo) ?? '')
    if (step === undefined) return finish(context, repository)
    repository.writeText(todo, formatSteps(rest))
    const code = await take(context, repository, step)
    if (code !== null) return code
  }
}

/** One step; null when the next one may follow. */
async function take(context: GitContext, repository: Repository, step: RebaseStep): Promise<number | null> {
  switch (step.action) {
    case 'noop':
    case 'drop':
      return null
    case 'break':
      return 0
    case 'exec': {
      context.err(`Executing: ${step.line}\n`)
      const code = await runLine(context, step.line)
      if (code === 0) return null
      context.err(
        `warning: execution failed: ${step.line}\nYou can fix the problem, and then run\n\n  git rebase --continue\n\n`,
      )
      return 1
    }
    case 'squash':
    case 'fixup':
      await pick(context, repository, step)
      await meld(context, repository, step.oid, step.action)
      return null
    default:
      await pick(context, repository, step)
      if (step.action === 'reword') await reword(context, repository)
      if (step.action !== 'edit') return null
      repository.writeText(stopKind, 'edit')
      context.err(
        `Stopped at ${step.oid.slice(0, 7)}...  ${step.subject}\nYou can amend the commit now, with\n\n  git commit --amend\n\nOnce you are satisfied with your changes, run\n\n  git rebase --continue\n`,
      )
      return 0
  }
}

type CommitStep = Extract<RebaseStep, { oid: string }>

async function pick(context: GitContext, repository: Repository, { action, oid, subject }: CommitStep): Promise<void> {
  const head = await repository.head()
  const isMelded = action === 'squash' || action === 'fixup'
  const { parents } = await repository.commit(oid)
  if (!isMelded && parents[0] === head) {
    const to = await repository.files(oid)
    await switchFiles(repository, readIndex(repository), { from: await repository.files(head), to, action: 'checkout' })
    return moveHead(context, oid, `rebase (${action}): ${subject}`)
  }
  const told: string[] = []
  const silent: GitContext = { ...context, out: (text) => void told.push(text) }
  try {
    const logAs = `rebase (${action})`
    const kept = { skipEmpty: true, keepsEmpty: true }
    await transplantOne(silent, repository, { action: 'cherry-pick', oid, noCommit: isMelded, logAs, ...kept })
  } catch (error) {
    if (!(error instanceof GitFailure) || repository.readText('CHERRY_PICK_HEAD') === null) {
      repository.writeText(todo, `${formatSteps([{ action, oid, subject }])}${repository.readText(todo) ?? ''}`)
      throw error
    }
    repository.remove('CHERRY_PICK_HEAD')
    repository.writeText(stoppedAt, `${oid}\n`)
    if (isMelded) repository.writeText(stopKind, action)
    context.out(told.join(''))
    throw new GitFailure(
      `error: could not apply ${oid.slice(0, 7)}... ${subject}\nhint: Resolve all conflicts manually, mark them as resolved with\nhint: "git add/rm <conflicted_files>", then run "git rebase --continue".\nhint: You can instead skip this commit: run "git rebase --skip".\nhint: To abort and get back to the state before "git rebase", run "git rebase --abort".\nCould not apply ${oid.slice(0, 7)}... ${subject}`,
      1,
    )
  }
}

/** What is staged becomes part of the commit before. */
async function meld(context: GitContext, repository: Repository, oid: string, action: 'squash' | 'fixup') {
  const head = await repository.commit((await repository.head()) ?? '')
  const added = await repository.commit(oid)
  const both = `${head.message.trimEnd()}\n\n${added.message.trimEnd().replace(/^(?:fixup|squash)! .*\n*/, '')}`
  const message = action === 'fixup' ? head.message : await editMessage(context, `${both.trimEnd()}\n`)
  await amend(context, repository, { message, logAs: `rebase (${action})` })
  if (action === 'squash') await reportCommit(context, (await repository.head()) ?? '', { withDate: true })
}

async function reword(context: GitContext, repository: Repository): Promise<void> {
  if (findEditor(context) === undefined)
    throw new GitFailure(
      'error: There is no editor here for the new message; the commit stays as it is.\nhint: Set GIT_EDITOR, or run git commit --amend -m <message> and then git rebase --continue.',
      1,
    )
  const { message } = await repository.commit((await repository.head()) ?? '')
  await amend(context, repository, { message: await editMessage(context, message), logAs: 'rebase (reword)' })
  await reportCommit(context, (await repository.head()) ?? '', { withDate: true })
}

/** Without an editor the message stays as it was proposed. */
async function editMessage(context: GitContext, proposed: string): Promise<string> {
  const editor = findEditor(context)
  if (editor === undefined) return proposed
  context.repository().writeText('COMMIT_EDITMSG', proposed)
  const text = await edit(context, editor, 'COMMIT_EDITMSG')
  return `${text.replaceAll(/^#.*\n?/gm, '').trim()}\n`
}

async function amend(
  context: GitContext,
  repository: Repository,
  { message, logAs }: { message?: string; logAs: string },
) {
  const head = await repository.commit((await repository.head()) ?? '')
  const tree = await repository.writeTree(indexFiles(readIndex(repository)))
  const { parents, author } = head
  const text = message ?? head.message
  const oid = await repository.writeCommit({
    tree,
    parents,
    author,
    committer: context.identity('committer'),
    message: text,
  })
  await moveHead(context, oid, `${logAs}: ${subjectOf(text)}`)
}

/** What was resolved, or changed at an \`edit\`, becomes a commit before the rest follows. */
async function concludeStop(context: GitContext, repository: Repository): Promise<void> {
  const { staged, unstaged, conflicts } = await readStatus(repository, { untracked: 'no' })
  if (conflicts.length > 0) {
    context.out(conflicts.map(([path]) => `${path}: needs merge\n`).join(''))
    context.out('You must edit all merge conflicts and then\nmark them as resolved using git add\n')
    throw new GitFailure('', 1)
  }
  if (unstaged.length > 0)
    throw new GitFailure('error: cannot rebase: You have unstaged changes.\nerror: Please commit or stash them.', 1)
  const kind = repository.readText(stopKind)
  const oid = repository.readText(stoppedAt)?.trim()
  if (kind === 'squash' || kind === 'fixup') await meld(context, repository, oid ?? '', kind)
  else if (staged.length > 0 && oid !== undefined) {
    const { author, message: own } = await repository.commit(oid)
    const message = await editMessage(context, repository.readText('MERGE_MSG') ?? own)
    const tree = await repository.writeTree(indexFiles(readIndex(repository)))
    const parents = [(await repository.head()) ?? '']
    const made = await repository.writeCommit({
      tree,
      parents,
      author,
      committer: context.identity('committer'),
      message,
    })
    await moveHead(context, made, `rebase (continue): ${subjectOf(message)}`)
    await reportCommit(context, made, { withDate: false })
  } else if (staged.length > 0 && kind === 'edit') {
    await amend(context, repository, { logAs: 'rebase (amend)' })
    await reportCommit(context, (await repository.head()) ?? '', { withDate: true })
  }
  forgetStop(repository)
}

function forgetStop(repository: Repository): void {
  forgetMidway(repository)
  repository.remove(stoppedAt)
  repository.remove(stopKind)
}

async function finish(context: GitContext, repository: Repository): Promise<number> {
  const oid = (await repository.head()) ?? ''
  const name = repository.readText(`${folder}/head-name`)?.trim() ?? ''
  await returnTo(context, repository, { oid, verb: 'finish' })
  await bringBack(context, repository)
  context.err(`Successfully rebased and updated ${name}.\n`)
  return 0
}

/** HEAD on its branch again, which now stands at that commit. */
async function returnTo(context: GitContext, repository: Repository, { oid, verb }: { oid: string; verb: string }) {
  const name = repository.readText(`${folder}/head-name`)?.trim() ?? ''
  const onto = repository.readText(`${folder}/onto`)?.trim() ?? ''
  const before = await repository.head()
  const identity = context.identity('committer')
  if (name.startsWith('refs/')) {
    const old = await repository.ref(name)
    await repository.writeRef(name, oid)
    if (verb === 'finish')
      appendReflog(repository, [name], {
        before: old,
        after: oid,
        message: `rebase (finish): ${name} onto ${onto}`,
        identity,
      })
    repository.setHead(name)
    appendReflog(repository, ['HEAD'], {
      before,
      after: oid,
      message: `rebase (${verb}): returning to ${name}`,
      identity,
    })
  } else repository.setHead(oid)
  forgetStop(repository)
  repository.remove(folder)
}
