import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { appendReflog } from '../reflog'
import { remoteUrls } from '../remotes'
import { comparePaths, type Repository } from '../repository'
import { peel, requireCommit } from '../revision'
import { distanceTo, follow, formatDistance, remoteBranchOf, setConfig, trackedBy } from '../upstream'
import { forEachRef } from './refs'

export const branch: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '-d': ['--delete'],
      '-D': [],
      '-m': ['--move'],
      '-M': [],
      '--list': ['-l'],
      '--all': ['-a'],
      '--verbose': ['-v'],
      '--force': ['-f'],
      '--show-current': [],
      '-r': ['--remotes'],
      '--unset-upstream': [],
      '--no-track': [],
    },
    values: { '--contains': [], '--set-upstream-to': ['-u'], '--format': [], '--sort': [] },
    optional: ['--color', '--no-color', '--merged', '--no-merged', '--track'],
  })
  const repository = context.repository()
  const { words } = options
  if (options.has('--show-current')) {
    const name = repository.branch()
    if (name !== null) context.out(`${name}\n`)
    return 0
  }
  if (options.has('-d') || options.has('-D'))
    return deleteBranches(context, words, options.has('-D') || options.has('--force'))
  if (options.has('-m') || options.has('-M')) return renameBranch(repository, words, options.has('-M'))
  const upstream = options.value('--set-upstream-to')
  if (upstream !== undefined) return setUpstream(context, upstream, words[0])
  if (options.has('--unset-upstream')) return unsetUpstream(context, words[0])
  const question = ['--merged', '--no-merged', '--contains'].find((name) => options.has(name))
  const [format, sort] = [options.value('--format'), options.value('--sort')]
  if (format !== undefined) {
    const folders = [
      ...(options.has('-r') ? [] : ['refs/heads']),
      ...(options.has('-r') || options.has('--all') ? ['refs/remotes'] : []),
    ]
    const args = [`--format=${format}`, ...(sort === undefined ? [] : [`--sort=${sort}`]), ...folders]
    return forEachRef({ ...context, args })
  }
  const kinds = { locals: !options.has('-r'), remotes: options.has('-r') || options.has('--all') }
  if (words.length === 0 || options.has('--list') || question || kinds.remotes) {
    const commit = question && (await requireCommit(repository, options.value(question) || words[0] || 'HEAD'))
    const isShown = async (ref: string) => {
      if (commit === undefined) return true
      const tip = (await repository.ref(ref)) ?? ''
      const [older, newer] = question === '--contains' ? [commit, tip] : [tip, commit]
      return ((await repository.mergeBase(older, newer)) === older) !== (question === '--no-merged')
    }
    const patterns = question ? [] : words
    return listBranches(context, repository, {
      patterns,
      detail: options.all('--verbose').length,
      isShown,
      sort,
      ...kinds,
    })
  }
  const [name = '', start = 'HEAD'] = words
  if (options.has('--force')) assertElsewhere(repository, name)
  await createBranch(context, repository, {
    name,
    start,
    force: options.has('--force'),
    follows: !options.has('--no-track'),
  })
  return 0
}

interface BranchList {
  patterns: readonly string[]
  /** `-v` shows the commits, `-vv` what is followed too. */
  detail: number
  locals: boolean
  remotes: boolean
  sort: string | undefined
  isShown(ref: string): Promise<boolean>
}

interface Row {
  name: string
  ref: string
  kind: 'current' | 'local' | 'remote'
}

async function listBranches(context: GitContext, repository: Repository, list: BranchList): Promise<number> {
  const { out, paint } = context
  const { patterns, detail, locals, remotes, sort, isShown } = list
  const current = repository.branch()
  const tests = patterns.map(
    (pattern) => new RegExp(`^${pattern.replaceAll(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*')}$`),
  )
  const head = await repository.head()
  const rows: Row[] = []
  const add = async (name: string, ref: string, kind: Row['kind'], tested = name) => {
    if (tests.length > 0 && !tests.some((test) => test.test(tested))) return
    if (await isShown(ref)) rows.push({ name, ref, kind })
  }
  if (locals && current === null && head !== null && tests.length === 0)
    rows.push({ name: `(HEAD detached at ${head.slice(0, 7)})`, ref: 'HEAD', kind: 'current' })
  if (locals)
    for (const name of await repository.branches())
      await add(name, `refs/heads/${name}`, name === current ? 'current' : 'local')
  if (remotes)
    for (const remote of remoteUrls(context).keys())
      for (const branch of await repository.remoteBranches(remote)) {
        const name = `${remote}/${branch}`
        await add(locals ? `remotes/${name}` : name, `refs/remotes/${name}`, 'remote', name)
      }
  if (sort !== undefined) await sortRows(repository, rows, sort)
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  for (const { name, ref, kind } of rows) {
    const shown = kind === 'current' ? paint.green(name) : kind === 'remote' ? paint.red(name) : name
    const mark = kind === 'current' ? '*' : ' '
    const target = /^ref: refs\/remotes\/(.*)/.exec(repository.readText(ref) ?? '')?.[1]
    const gap = detail > 0 ? ' '.repeat(width - name.length) : ''
    if (target !== undefined && ref !== 'HEAD') out(`${mark} ${shown}${gap} -> ${target.trim()}\n`)
    else if (detail === 0) out(`${mark} ${shown}\n`)
    else {
      const oid = (await repository.ref(ref)) ?? ''
      const followed = kind === 'remote' ? '' : await describeUpstream(context, { name, oid, isNamed: detail > 1 })
      out(`${mark} ${shown}${gap} ${oid.slice(0, 7)} ${followed}${subjectOf((await repository.commit(oid)).message)}\n`)
    }
  }
  return 0
}

/** By name, or by the date of the commits; with a `-` the other way round. */
async function sortRows(repository: Repository, rows: Row[], key: string): Promise<void> {
  const isDate = /^-?(?:committer|author|creator)date$/.test(key)
  if (!isDate && !/^-?refname$/.test(key)) fatal(`unknown field name: ${key.replace(/^-/, '')}`)
  const times = new Map<Row, number>()
  for (const row of rows)
    times.set(row, (await repository.commit((await repository.ref(row.ref)) ?? '')).committer.timestamp)
  const sign = key.startsWith('-') ? -1 : 1
  rows.sort((a, b) => sign * (isDate ? (times.get(a) ?? 0) - (times.get(b) ?? 0) : comparePaths(a.name, b.name)))
}

/** `[origin/main: ahead 1] `, or what of it differs. */
async function describeUpstream(
  context: GitContext,
  { name, oid, isNamed }: { name: string; oid: string; isNamed: boolean },
): Promise<string> {
  const tracked = trackedBy(context, name)
  if (!tracked) return ''
  const distance = await distanceTo(context.repository(), oid, tracked.name)
  const text = distance === null ? 'gone' : formatDistance(distance)
  const parts = [...(isNamed ? [tracked.name] : []), ...(text === '' ? [] : [text])]
  return parts.length === 0 ? '' : `[${parts.join(': ')}] `
}

async function setUpstream(context: GitContext, upstream: string, given: string | undefined): Promise<number> {
  const repository = context.repository()
  const branch =
    given ?? repository.branch() ?? fatal('could not set upstream of HEAD when it does not point to any branch')
  const there = await remoteBranchOf(context, upstream)
  const isLocal = there === null && (await repository.ref(`refs/heads/${upstream}`)) !== null
  if (there === null && !isLocal)
    throw new GitFailure(
      `fatal: the requested upstream branch '${upstream}' does not exist\nhint: \nhint: If you are planning on basing your work on an upstream\nhint: branch that already exists at the remote, you may need to\nhint: run "git fetch" to retrieve it.`,
    )
  follow(repository, branch, there ?? { remote: '.', branch: upstream })
  context.out(`branch '${branch}' set up to track '${upstream}'.\n`)
  return 0
}

function unsetUpstream(context: GitContext, given: string | undefined): number {
  const branch = given ?? context.repository().branch()
  if (!trackedBy(context, branch)) fatal(`Branch '${branch}' has no upstream information`)
  for (const name of ['remote', 'merge']) setConfig(context.repository(), `branch.${branch}.${name}`, null)
  return 0
}

export interface NewBranch {
  name: string
  start: string
  force: boolean
  /** Whether it follows the remote branch that it starts at. */
  follows?: boolean
}

export async function assertFree(repository: Repository, { name, force }: Pick<NewBranch, 'name' | 'force'>) {
  assertBranchName(name)
  if (!force && (await repository.ref(`refs/heads/${name}`)) !== null) fatal(`a branch named '${name}' already exists`)
}

function assertElsewhere(repository: Repository, name: string): void {
  if (repository.branch() === name)
    fatal(`cannot force update the branch '${name}' used by worktree at '${repository.root}'`)
}

/** Answers the commit that the branch stands on. */
export async function createBranch(
  context: GitContext,
  repository: Repository,
  { name, start, force, follows = true }: NewBranch,
): Promise<string> {
  await assertFree(repository, { name, force })
  const head = await repository.head()
  if (start === 'HEAD' && head === null) fatal(`not a valid object name: '${repository.branch()}'`)
  const oid = await requireCommit(repository, start).catch(() => fatal(`not a valid object name: '${start}'`))
  const ref = `refs/heads/${name}`
  const existing = await repository.ref(ref)
  await repository.writeRef(ref, oid)
  const message = `branch: Created from ${start}`
  appendReflog(repository, [ref], { before: existing, after: oid, message, identity: context.identity('committer') })
  const there = follows ? await remoteBranchOf(context, start) : null
  if (there !== null) {
    follow(repository, name, there)
    context.out(`branch '${name}' set up to track '${there.remote}/${there.branch}'.\n`)
  }
  return oid
}

function assertBranchName(name: string): void {
  const isValid = !/[\s~^:?*[\\]|\.\.|@\{|\/$|^\/|\/\/|\.lock$|\.$|^-/.test(name) && name !== '' && name !== 'HEAD'
  if (!isValid) fatal(`'${name}' is not a valid branch name`)
}

async function deleteBranches(context: GitContext, names: readonly string[], force: boolean) {
  const repository = context.repository()
  if (names.length === 0) fatal('branch name required')
  for (const name of names) {
    const ref = `refs/heads/${name}`
    const oid = await repository.ref(ref)
    if (oid === null) fail(`branch '${name}' not found.`)
    if (repository.branch() === name) fail(`Cannot delete branch '${name}' checked out at '${repository.root}'`)
    const head = await repository.head()
    const isMerged = head !== null && (await repository.mergeBase(head, oid)) === oid
    if (!force && !isMerged) {
      throw new GitFailure(
        `error: The branch '${name}' is not fully merged.\nIf you are sure you want to delete it, run 'git branch -D ${name}'.`,
        1,
      )
    }
    await repository.deleteRef(ref)
    repository.remove(`logs/${ref}`)
    context.out(`Deleted branch ${name} (was ${oid.slice(0, 7)}).\n`)
  }
  return 0
}

async function renameBranch(repository: Repository, words: readonly string[], force: boolean) {
  const [first = '', second] = words
  const current = repository.branch()
  const from = second === undefined ? current : first
  const to = second ?? first
  if (from === null) fatal('cannot rename the current branch while not on any.')
  assertBranchName(to)
  const oid = await repository.ref(`refs/heads/${from}`)
  if (oid === null && from !== current) fail(`refname refs/heads/${from} not found`)
  if (!force && to !== from && (await repository.ref(`refs/heads/${to}`)) !== null)
    fatal(`a branch named '${to}' already exists`)
  if (to !== from) assertElsewhere(repository, to)
  if (oid !== null) await repository.writeRef(`refs/heads/${to}`, oid)
  if (from === current) repository.setHead(`refs/heads/${to}`)
  const history = repository.readText(`logs/refs/heads/${from}`)
  if (history !== null) repository.writeText(`logs/refs/heads/${to}`, history)
  if (to !== from && oid !== null) {
    await repository.deleteRef(`refs/heads/${from}`)
    repository.remove(`logs/refs/heads/${from}`)
  }
  return 0
}

export const tag: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '-a': ['--annotate'], '-d': ['--delete'], '--list': ['-l'], '--force': ['-f'], '-n': [] },
    values: { '-m': ['--message'] },
    optional: ['--sort'],
  })
  const repository = context.repository()
  const [name, target = 'HEAD'] = options.words
  if (options.has('-d')) {
    for (const word of options.words) {
      const oid = await repository.ref(`refs/tags/${word}`)
      if (oid === null) fail(`tag '${word}' not found.`)
      await repository.deleteRef(`refs/tags/${word}`)
      context.out(`Deleted tag '${word}' (was ${oid.slice(0, 7)})\n`)
    }
    return 0
  }
  if (name === undefined || options.has('--list')) {
    const test = new RegExp(`^${(name ?? '*').replaceAll(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*')}$`)
    const tags = (await repository.tags()).filter((candidate) => test.test(candidate)).sort(comparePaths)
    context.out(tags.map((candidate) => `${candidate}\n`).join(''))
    return 0
  }
  if ((await repository.ref(`refs/tags/${name}`)) !== null && !options.has('--force'))
    fatal(`tag '${name}' already exists`)
  const oid = await requireCommit(repository, target)
  const messages = options.all('-m')
  if (options.has('-a') && messages.length === 0) fail('There is no editor for the tag message here; use -m.')
  const object = await peel(repository, oid)
  const written =
    messages.length === 0
      ? object
      : await repository.writeTag({
          object,
          type: 'commit',
          tag: name,
          tagger: context.identity('committer'),
          message: messages.join('\n\n'),
        })
  await repository.writeRef(`refs/tags/${name}`, written)
  return 0
}
