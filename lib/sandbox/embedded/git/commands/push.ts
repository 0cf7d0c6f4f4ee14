import type { GitCommand, GitContext } from '../context'
import { fatal, GitFailure } from '../failure'
import { type Options, parseOptions } from '../options'
import {
  copyObjects,
  defaultRemote,
  formatRefLines,
  hasObject,
  isAncestor,
  openRemote,
  type RefLine,
  type Remote,
} from '../remotes'
import type { Repository } from '../repository'
import { peel, resolveRevision } from '../revision'
import { follow, trackedBy } from '../upstream'

export const push: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--set-upstream': ['-u'],
      '--force': ['-f'],
      '--tags': [],
      '--follow-tags': [],
      '--all': [],
      '--delete': ['-d'],
      '--dry-run': ['-n'],
      '--quiet': ['-q'],
      '--verbose': ['-v'],
      '--no-verify': [],
    },
    optional: ['--force-with-lease', '--porcelain'],
  })
  const [named, ...words] = options.words
  const name = named ?? defaultRemote(context)
  if (name === null) throw new GitFailure(noDestination)
  const remote = openRemote(context, name)
  const wanted = await wantedRefs(context, { remote, words, options })
  const moves = await Promise.all(wanted.map((each) => judge(context, remote, { ...each, options })))
  if (!options.has('--dry-run')) await carryOut(context, remote, moves)
  const told = moves.filter(({ line }) => line.sign !== '=')
  if (!options.has('--quiet') || told.some(({ line }) => line.sign === '!'))
    context.err(
      told.length === 0
        ? 'Everything up-to-date\n'
        : `To ${remote.url}\n${formatRefLines(
            told.map(({ line }) => line),
            0,
          )}`,
    )
  const quiet: GitContext = { ...context, out: () => undefined }
  if (options.has('--set-upstream')) followPushed(options.has('--quiet') ? quiet : context, remote, moves)
  const rejected = moves.find(({ line }) => line.sign === '!')
  if (!rejected) return 0
  throw new GitFailure(`error: failed to push some refs to '${remote.url}'${rejected.advice ?? ''}`, 1)
}

interface Wanted {
  /** The commit here; null deletes. */
  oid: string | null
  from: string
  /** The full name there. */
  to: string
  isForced: boolean
}

interface Question {
  remote: Remote
  words: readonly string[]
  options: Options
}

async function wantedRefs(context: GitContext, { remote, words, options }: Question): Promise<Wanted[]> {
  const repository = context.repository()
  const isForced = options.has('--force') || options.has('--force-with-lease')
  const own = async (ref: string) => ({
    oid: await repository.ref(ref),
    from: ref.replace(/^refs\/\w+\//, ''),
    to: ref,
    isForced,
  })
  const tags = options.has('--tags')
    ? await Promise.all((await repository.tags()).map((tag) => own(`refs/tags/${tag}`)))
    : []
  if (options.has('--all'))
    return [...tags, ...(await Promise.all((await repository.branches()).map((branch) => own(`refs/heads/${branch}`))))]
  if (words.length > 0)
    return [...(await Promise.all(words.map((word) => readRefspec(context, remote, { word, options })))), ...tags]
  if (options.has('--tags')) return tags
  if (options.has('--delete')) fatal("--delete doesn't make sense without any refs")
  const branch = repository.branch()
  if (branch === null)
    fatal(
      `You are not currently on a branch.\nTo push the history leading to the current (detached HEAD)\nstate now, use\n\n    git push ${remote.name ?? '<remote>'} HEAD:<name-of-remote-branch>\n`,
    )
  const tracked = trackedBy(context, branch)
  const isKnown = tracked !== null && tracked.remote === (remote.name ?? remote.url)
  const isFree =
    options.has('--set-upstream') ||
    context.config('push.default') === 'current' ||
    context.config('push.autosetupremote') === 'true'
  if (!isKnown && !isFree) throw new GitFailure(noUpstream(branch, remote.name ?? remote.url))
  if (isKnown && tracked.branch !== branch && context.config('push.default') !== 'upstream')
    throw new GitFailure(otherName(tracked.branch, tracked.remote))
  return [await own(`refs/heads/${branch}`)]
}

async function readRefspec(
  context: GitContext,
  remote: Remote,
  { word, options }: { word: string; options: Options },
): Promise<Wanted> {
  const repository = context.repository()
  const [, plus, from = '', given] = /^(\+?)([^:]*)(?::(.*))?$/.exec(word) ?? []
  const isForced = plus === '+' || options.has('--force') || options.has('--force-with-lease')
  const isDelete = options.has('--delete') || (from === '' && given !== undefined)
  const source = from === 'HEAD' || from === '@' ? (repository.branch() ?? 'HEAD') : from
  const target = options.has('--delete') ? from : (given ?? source)
  const known = (await refOf(remote.repository, target)) ?? (await refOf(repository, source)) ?? 'refs/heads/'
  const folder = target.startsWith('refs/') ? '' : (/^refs\/\w+\//.exec(known)?.[0] ?? '')
  const to = `${folder}${target}`
  if (isDelete) return { oid: null, from: target, to, isForced }
  const oid = (await repository.ref(`refs/heads/${source}`)) ?? (await resolveRevision(repository, source))
  if (oid === null)
    throw new GitFailure(
      `error: src refspec ${from} does not match any\nerror: failed to push some refs to '${remote.url}'`,
      1,
    )
  return { oid, from, to, isForced }
}

async function refOf(repository: Repository, name: string): Promise<string | null> {
  for (const ref of [`refs/heads/${name}`, `refs/tags/${name}`]) if ((await repository.ref(ref)) !== null) return ref
  return null
}

interface Move extends Wanted {
  before: string | null
  line: RefLine
  advice?: string
}

/** Whether the remote takes the ref, and what is said of it. */
async function judge(context: GitContext, remote: Remote, wanted: Wanted & { options: Options }): Promise<Move> {
  const { oid, to, isForced, options } = wanted
  const ours = context.repository()
  const before = await remote.repository.ref(to)
  const short = to.replace(/^refs\/(?:heads|tags)\//, '')
  const line = (sign: RefLine['sign'], summary: string, note?: string): RefLine => ({
    ...{ sign, summary, from: wanted.from, to: short },
    ...(note !== undefined && { note }),
  })
  const move = { ...wanted, before }
  const isOpen = !remote.repository.isBare && remote.repository.headRef() === to
  if (oid === null) {
    if (before === null)
      throw new GitFailure(
        `error: unable to delete '${wanted.from}': remote ref does not exist\nerror: failed to push some refs to '${remote.url}'`,
        1,
      )
    if (remote.repository.headRef() === to)
      return {
        ...move,
        line: { ...line('!', '[remote rejected]', 'deletion of the current branch prohibited'), from: short, to: '' },
      }
    return { ...move, line: { sign: '-', summary: '[deleted]', from: short, to: '' } }
  }
  if (before === oid) return { ...move, line: line('=', '[up to date]') }
  if (options.has('--force-with-lease') && !options.has('--force')) {
    const known = await ours.ref(`refs/remotes/${remote.name}/${short}`)
    if (known !== before) return { ...move, line: line('!', '[rejected]', 'stale info') }
  }
  if (isOpen) {
    context.err(checkedOut(to))
    return { ...move, line: line('!', '[remote rejected]', 'branch is currently checked out') }
  }
  if (before === null) return { ...move, line: line('*', to.startsWith('refs/tags/') ? '[new tag]' : '[new branch]') }
  const isKnown = await hasObject(ours, before)
  const isForward = isKnown && to.startsWith('refs/heads/') && (await isAncestor(ours, before, await peel(ours, oid)))
  const [old, now] = [before.slice(0, 7), oid.slice(0, 7)]
  if (isForward) return { ...move, line: line(' ', `${old}..${now}`) }
  if (isForced) return { ...move, line: line('+', `${old}...${now}`, 'forced update') }
  if (to.startsWith('refs/tags/'))
    return {
      ...move,
      line: line('!', '[rejected]', 'already exists'),
      advice: '\nhint: Updates were rejected because the tag already exists in the remote.',
    }
  const isOwn = to === ours.headRef()
  return isKnown
    ? { ...move, line: line('!', '[rejected]', 'non-fast-forward'), advice: behind(isOwn) }
    : { ...move, line: line('!', '[rejected]', 'fetch first'), advice: fetchFirst }
}

async function carryOut(context: GitContext, remote: Remote, moves: readonly Move[]): Promise<void> {
  const ours = context.repository()
  copyObjects(ours, remote.repository)
  for (const { oid, to, line } of moves) {
    if (line.sign === '!') continue
    const own = remote.name === null ? null : to.replace(/^refs\/heads\//, `refs/remotes/${remote.name}/`)
    const isBranch = to.startsWith('refs/heads/')
    if (oid === null) {
      await remote.repository.deleteRef(to)
      if (own !== null && isBranch) await ours.deleteRef(own)
    } else {
      await remote.repository.writeRef(to, oid)
      if (own !== null && isBranch) await ours.writeRef(own, oid)
    }
  }
}

function followPushed(context: GitContext, remote: Remote, moves: readonly Move[]): void {
  for (const { from, oid, to, line } of moves) {
    const branch = from === 'HEAD' ? (context.repository().branch() ?? '') : from.replace(/^refs\/heads\//, '')
    if (oid === null || line.sign === '!' || !to.startsWith('refs/heads/')) continue
    const there = to.replace(/^refs\/heads\//, '')
    follow(context.repository(), branch, { remote: remote.name ?? remote.url, branch: there })
    context.out(`branch '${branch}' set up to track '${remote.name ?? remote.url}/${there}'.\n`)
  }
}

const noDestination =
  'fatal: No configured push destination.\nEither specify the URL from the command-line or configure a remote repository using\n\n    git remote add <name> <url>\n\nand then push using the remote name\n\n    git push <name>\n'

const noUpstream = (branch: string, remote: string) =>
  `fatal: The current branch ${branch} has no upstream branch.\nTo push the current branch and set the remote as upstream, use\n\n    git push --set-upstream ${remote} ${branch}\n\nTo have this happen automatically for branches without a tracking\nupstream, see 'push.autoSetupRemote' in 'git help config'.\n`

const otherName = (there: string, remote: string) =>
  `fatal: The upstream branch of your current branch does not match\nthe name of your current branch.  To push to the upstream branch\non the remote, use\n\n    git push ${remote} HEAD:${there}\n\nTo push to the branch of the same name on the remote, use\n\n    git push ${remote} HEAD\n\nTo choose either option permanently, see push.default in 'git help config'.\n\nTo avoid automatically configuring an upstream branch when its name\nwon't match the local branch, see option 'simple' of branch.autoSetupMerge\nin 'git help config'.\n`

const behind = (isOwn: boolean) =>
  isOwn
    ? "\nhint: Updates were rejected because the tip of your current branch is behind\nhint: its remote counterpart. Integrate the remote changes (e.g.\nhint: 'git pull ...') before pushing again.\nhint: See the 'Note about fast-forwards' in 'git push --help' for details."
    : "\nhint: Updates were rejected because a pushed branch tip is behind its remote\nhint: counterpart. Check out this branch and integrate the remote changes\nhint: (e.g. 'git pull ...') before pushing again.\nhint: See the 'Note about fast-forwards' in 'git push --help' for details."

const fetchFirst =
  "\nhint: Updates were rejected because the remote contains work that you do\nhint: not have locally. This is usually caused by another repository pushing\nhint: to the same ref. You may want to first integrate the remote changes\nhint: (e.g., 'git pull ...') before pushing again.\nhint: See the 'Note about fast-forwards' in 'git push --help' for details."

const checkedOut = (ref: string) =>
  [
    `error: refusing to update checked out branch: ${ref}`,
    'error: By default, updating the current branch in a non-bare repository',
    'is denied, because it will make the index and work tree inconsistent',
    "with what you pushed, and will require 'git reset --hard' to match",
    'the work tree to HEAD.',
    '',
    'git clone --bare makes a repository without a work tree, which takes all.',
  ]
    .map((line) => (line === '' ? 'remote: \n' : `remote: ${line}        \n`))
    .join('')
