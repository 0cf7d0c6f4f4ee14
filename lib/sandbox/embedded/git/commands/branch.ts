import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { appendReflog } from '../reflog'
import { comparePaths, type Repository } from '../repository'
import { peel, requireCommit } from '../revision'

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
    },
    values: { '--contains': [], '--format': [] },
    optional: ['--color', '--column', '--sort', '--merged', '--no-merged'],
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
  if (options.has('-r')) return 0
  const question = ['--merged', '--no-merged', '--contains'].find((name) => options.has(name))
  if (words.length === 0 || options.has('--list') || question) {
    const commit = question && (await requireCommit(repository, options.value(question) || words[0] || 'HEAD'))
    const isShown = async (ref: string) => {
      if (commit === undefined) return true
      const tip = (await repository.ref(ref)) ?? ''
      const [older, newer] = question === '--contains' ? [commit, tip] : [tip, commit]
      return ((await repository.mergeBase(older, newer)) === older) !== (question === '--no-merged')
    }
    const patterns = question ? [] : words
    return listBranches(context, repository, { patterns, isVerbose: options.has('--verbose'), isShown })
  }
  const [name = '', start = 'HEAD'] = words
  await createBranch(context, repository, { name, start, force: options.has('--force') })
  return 0
}

interface BranchList {
  patterns: readonly string[]
  isVerbose: boolean
  isShown(ref: string): Promise<boolean>
}

async function listBranches(
  { out, paint }: GitContext,
  repository: Repository,
  { patterns, isVerbose, isShown }: BranchList,
): Promise<number> {
  const current = repository.branch()
  const tests = patterns.map(
    (pattern) => new RegExp(`^${pattern.replaceAll(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*')}$`),
  )
  const all = (await repository.branches()).filter(
    (name) => tests.length === 0 || tests.some((test) => test.test(name)),
  )
  const head = await repository.head()
  const rows: { name: string; isCurrent: boolean; ref: string }[] = []
  for (const name of all) {
    const ref = `refs/heads/${name}`
    if (await isShown(ref)) rows.push({ name, isCurrent: name === current, ref })
  }
  if (current === null && head !== null) {
    rows.unshift({ name: `(HEAD detached at ${head.slice(0, 7)})`, isCurrent: true, ref: 'HEAD' })
  }
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  for (const { name, isCurrent, ref } of rows) {
    const shown = isCurrent ? paint.green(name) : name
    const mark = isCurrent ? '*' : ' '
    if (!isVerbose) {
      out(`${mark} ${shown}\n`)
      continue
    }
    const oid = (await repository.ref(ref)) ?? ''
    out(
      `${mark} ${shown}${' '.repeat(width - name.length)} ${oid.slice(0, 7)} ${subjectOf((await repository.commit(oid)).message)}\n`,
    )
  }
  return 0
}

export interface NewBranch {
  name: string
  start: string
  force: boolean
}

/** Answers the commit that the branch stands on. */
export async function createBranch(
  context: GitContext,
  repository: Repository,
  { name, start, force }: NewBranch,
): Promise<string> {
  assertBranchName(name)
  const head = await repository.head()
  if (start === 'HEAD' && head === null) fatal(`not a valid object name: '${repository.branch()}'`)
  const existing = await repository.ref(`refs/heads/${name}`)
  if (existing !== null && !force) fatal(`a branch named '${name}' already exists`)
  if (existing !== null && repository.branch() === name)
    fatal(`cannot force update the branch '${name}' used by worktree at '${repository.root}'`)
  const oid = await requireCommit(repository, start).catch(() => fatal(`not a valid object name: '${start}'`))
  const ref = `refs/heads/${name}`
  await repository.writeRef(ref, oid)
  const message = `branch: Created from ${start}`
  appendReflog(repository, [ref], { before: existing, after: oid, message, identity: context.identity('committer') })
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
