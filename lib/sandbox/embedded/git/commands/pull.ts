import type { GitCommand, GitContext } from '../context'
import { fatal, GitFailure } from '../failure'
import { type Options, parseOptions } from '../options'
import { defaultRemote, isAncestor, openRemote } from '../remotes'
import { trackedBy } from '../upstream'
import { type Fetched, fetchFlags, fetchFrom } from './fetch'
import { mergeCommit, mergeFlags, mergeValues } from './merge'
import { rebase } from './rebase'

export const pull: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { ...mergeFlags, ...fetchFlags, '-r': [], '--no-rebase': [], '--autostash': [], '--no-autostash': [] },
    values: { ...mergeValues, '--depth': [] },
    optional: ['--rebase'],
  })
  const repository = context.repository()
  const [named, ...refspecs] = options.words
  const tracked = trackedBy(context, repository.branch())
  const name = named ?? defaultRemote(context)
  if (name === null) throw new GitFailure(`${noTracking(repository.branch(), '<remote>')}\n`, 1)
  const fetched = await fetchFrom(context, openRemote(context, name), {
    refspecs,
    prunes: options.has('--prune'),
    withTags: !options.has('--no-tags'),
    isQuiet: options.has('--quiet'),
  })
  const [taken, ...others] = fetched
  if (!taken) throw new GitFailure(noTracking(repository.branch(), tracked?.remote ?? name), 1)
  if (others.length > 0) fatal('Merging several branches at once is not available here; pull them one by one.')
  return bringIn(context, taken, options)
}

async function bringIn(context: GitContext, taken: Fetched, options: Options): Promise<number> {
  const repository = context.repository()
  const setting = context.config(`branch.${repository.branch()}.rebase`) ?? context.config('pull.rebase')
  const given = options.value('--rebase')
  const isRebase =
    !options.has('--no-rebase') &&
    (options.has('-r') || (given === undefined ? setting !== undefined && setting !== 'false' : given !== 'false'))
  const head = await repository.head()
  const isForward = head === null || (await isAncestor(repository, head, taken.oid))
  const isBehind = head !== null && (await isAncestor(repository, taken.oid, head))
  if (isRebase && !isForward && !isBehind)
    return rebase({ ...context, args: [...(options.has('--autostash') ? ['--autostash'] : []), taken.oid] })
  const isDecided =
    ['--ff', '--no-ff', '--no-rebase', '--ff-only', '--rebase', '--squash'].some((name) => options.has(name)) ||
    ['pull.rebase', 'pull.ff'].some((key) => context.config(key) !== undefined)
  if (!isForward && !isBehind && !isDecided) throw new GitFailure(undecided)
  const kept = context.config('pull.ff') === 'only' && !options.has('--no-rebase')
  const choices: Options = kept ? { ...options, has: (name) => name === '--ff-only' || options.has(name) } : options
  const into = repository.branch()
  const isMain = into === 'master' || into === (context.config('init.defaultBranch') ?? 'main')
  const message = `Merge ${taken.label}${into === null ? ' into HEAD' : isMain ? '' : ` into ${into}`}`
  return mergeCommit(context, { theirs: taken.oid, name: taken.oid, message, options: choices })
}

function noTracking(branch: string | null, remote: string): string {
  if (branch === null)
    return 'You are not currently on a branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n'
  return `There is no tracking information for the current branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=${remote}/<branch> ${branch}\n`
}

const undecided = [
  'You have divergent branches and need to specify how to reconcile them.',
  'You can do so by running one of the following commands sometime before',
  'your next pull:',
  '',
  '  git config pull.rebase false  # merge',
  '  git config pull.rebase true   # rebase',
  '  git config pull.ff only       # fast-forward only',
  '',
  'You can replace "git config" with "git config --global" to set a default',
  'preference for all repositories. You can also pass --rebase, --no-rebase,',
  'or --ff-only on the command line to override the configured default per',
  'invocation.',
]
  .map((line) => `hint: ${line}`.trimEnd())
  .concat('fatal: Need to specify how to reconcile divergent branches.')
  .join('\n')
