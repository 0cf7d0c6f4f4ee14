import type { Change } from '../changes'
import type { GitCommand, GitContext } from '../context'
import { parseOptions } from '../options'
import { createPathFilter, relativeTo } from '../pathspec'
import { porcelainStatus } from '../porcelain-status'
import type { Repository } from '../repository'
import { conflictCode, readStatus, type StatusFacts } from '../status-facts'
import { distanceTo, formatDistance, trackedBy, upstreamText } from '../upstream'

export const status: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '--short': ['-s'], '--branch': ['-b'], '--long': [], '-z': [], '--no-renames': [] },
    optional: ['--porcelain', '--untracked-files', '--ignored', '--column'],
    values: { '-u': [] },
  })
  const repository = context.repository()
  const mode = options.value('--untracked-files') ?? options.value('-u') ?? 'normal'
  const facts = await readStatus(repository, {
    untracked: mode === 'no' ? 'no' : mode === 'all' || mode === '' ? 'all' : 'normal',
    withIgnored: options.has('--ignored') && options.value('--ignored') !== 'no',
  })
  const filter = createPathFilter(repository, context.cwd, [...options.words, ...(options.paths ?? [])])
  const shown: StatusFacts = {
    ...facts,
    staged: facts.staged.filter(({ path }) => filter(path)),
    unstaged: facts.unstaged.filter(({ path }) => filter(path)),
    untracked: facts.untracked.filter(filter),
    ignored: facts.ignored.filter(filter),
    conflicts: facts.conflicts.filter(([path]) => filter(path)),
  }
  const end = options.has('-z') ? '\0' : '\n'
  if (/^v?2$/.test(options.value('--porcelain') ?? '')) {
    context.out(await porcelainStatus(context, shown, { isBranch: options.has('--branch'), end }))
    return 0
  }
  const isPorcelain = options.has('--porcelain')
  const isShort = options.has('--short') || isPorcelain || options.has('-z')
  const shortOptions = { isPorcelain, isBranch: options.has('--branch'), end }
  context.out(
    isShort ? await shortStatus(context, shown, shortOptions) : (await longStatus(context, repository, shown)).text,
  )
  return 0
}

async function shortStatus(
  context: GitContext,
  { staged, unstaged, untracked, ignored, conflicts, head }: StatusFacts,
  { isPorcelain, isBranch, end }: { isPorcelain: boolean; isBranch: boolean; end: string },
): Promise<string> {
  const repository = context.repository()
  const paint = isPorcelain ? { red: String, green: String } : context.paint
  const show = (path: string) => {
    const name = isPorcelain ? path : relativeTo(repository, context.cwd, path)
    return end === '\n' && /[\s"]/.test(name) ? JSON.stringify(name) : name
  }
  const rows = new Map<string, { index: string; tree: string; name: string }>()
  for (const { path, status: code, from } of staged) {
    const name = from === undefined ? show(path) : `${show(from)} -> ${show(path)}`
    rows.set(path, { index: code, tree: ' ', name })
  }
  for (const { path, status: code } of unstaged) {
    rows.set(path, { index: rows.get(path)?.index ?? ' ', tree: code, name: rows.get(path)?.name ?? show(path) })
  }
  for (const [path, sides] of conflicts) {
    const code = conflictCode(sides)
    rows.set(path, { index: code[0] ?? 'U', tree: code[1] ?? 'U', name: show(path) })
  }
  const lines = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { index, tree, name }]) => `${paint.green(index)}${paint.red(tree)} ${name}${end}`)
  const branch = repository.branch()
  const title = branch === null ? 'HEAD (no branch)' : head === null ? `No commits yet on ${branch}` : branch
  if (isBranch) lines.unshift(`## ${title}${await followedBy(context, head)}${end}`)
  const others = (code: string, paths: readonly string[]) =>
    paths.map((path) => `${paint.red(code)} ${show(path)}${end}`).join('')
  return lines.join('') + others('??', untracked) + others('!!', ignored)
}

/** `...origin/main [ahead 1]` */
async function followedBy(context: GitContext, head: string | null): Promise<string> {
  const repository = context.repository()
  const tracked = trackedBy(context, repository.branch())
  if (!tracked || head === null) return ''
  const distance = await distanceTo(repository, head, tracked.name)
  const text = distance === null ? 'gone' : formatDistance(distance)
  return `...${tracked.name}${text === '' ? '' : ` [${text}]`}`
}

const words: Record<Change['status'], string> = {
  A: 'new file',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'typechange',
}
const conflictWords: Record<string, string> = {
  DD: 'both deleted',
  AU: 'added by us',
  UD: 'deleted by them',
  UA: 'added by them',
  DU: 'deleted by us',
  AA: 'both added',
  UU: 'both modified',
}

/** What `git status` says; `git commit` says it too when there is nothing to commit. */
export async function longStatus(context: GitContext, repository: Repository, facts: StatusFacts) {
  const { paint, cwd } = context
  const { staged, unstaged, untracked, ignored, conflicts, head } = facts
  const show = (path: string) => relativeTo(repository, cwd, path)
  const branch = repository.branch()
  const isMerging = repository.readText('MERGE_HEAD') !== null
  const picked = repository.readText('CHERRY_PICK_HEAD')?.trim()
  const reverted = repository.readText('REVERT_HEAD')?.trim()
  const parts = [branch === null ? `${paint.red('HEAD detached at ')}${head?.slice(0, 7)}\n` : `On branch ${branch}\n`]
  const followed = await upstreamText(context, branch, head)
  if (followed !== '') parts.push(`${followed}\n`)
  if (head === null) parts.push('\nNo commits yet\n')
  if (isMerging && conflicts.length > 0) {
    parts.push(
      'You have unmerged paths.\n  (fix conflicts and run "git commit")\n  (use "git merge --abort" to abort the merge)\n',
    )
  } else if (isMerging) {
    parts.push('All conflicts fixed but you are still merging.\n  (use "git commit" to conclude merge)\n')
  } else if (picked)
    parts.push(transplantText(repository, 'cherry-pick', { oid: picked, hasConflicts: conflicts.length > 0 }))
  else if (reverted)
    parts.push(transplantText(repository, 'revert', { oid: reverted, hasConflicts: conflicts.length > 0 }))
  const unstage = head === null ? 'git rm --cached <file>...' : 'git restore --staged <file>...'
  const section = (title: string, hints: string[], lines: string[], separated: boolean) => {
    if (lines.length === 0) return
    const begin = separated ? '\n' : ''
    parts.push(`${begin}${title}:\n${hints.map((hint) => `  (${hint})\n`).join('')}${lines.join('')}`)
  }
  const isSpecial = head === null || isMerging || picked !== undefined || reverted !== undefined
  const line = (color: (text: string) => string) => (change: Change) => {
    const name = change.from === undefined ? show(change.path) : `${show(change.from)} -> ${show(change.path)}`
    return `\t${color(`${`${words[change.status]}:`.padEnd(12)}${name}`)}\n`
  }
  let isFirst = !isSpecial
  const add = (title: string, hints: string[], lines: string[]) => {
    section(title, hints, lines, !isFirst)
    if (lines.length > 0) isFirst = false
  }
  add(
    'Changes to be committed',
    isMerging || picked !== undefined ? [] : [`use "${unstage}" to unstage`],
    staged.map(line(paint.green)),
  )
  const conflictLines = conflicts.map(([path, sides]) => {
    const text = `${`${conflictWords[conflictCode(sides)]}:`.padEnd(17)}${show(path)}`
    return `\t${paint.red(text)}\n`
  })
  const hasDeletion = conflicts.some(([, sides]) => !sides[2] || !sides[3])
  const resolve = `use "git add${hasDeletion ? '/rm' : ''} <file>..." ${hasDeletion ? 'as appropriate ' : ''}to mark resolution`
  const unmergedHints = isMerging || picked !== undefined ? [resolve] : [`use "${unstage}" to unstage`, resolve]
  add('Unmerged paths', unmergedHints, conflictLines)
  const update = unstaged.some((change) => change.status === 'D') ? 'git add/rm <file>...' : 'git add <file>...'
  const restore = 'use "git restore <file>..." to discard changes in working directory'
  add(
    'Changes not staged for commit',
    [`use "${update}" to update what will be committed`, restore],
    unstaged.map(line(paint.red)),
  )
  const include = 'use "git add <file>..." to include in what will be committed'
  const listed = (paths: readonly string[]) => paths.map((path) => `\t${paint.red(show(path))}\n`)
  add('Untracked files', [include], listed(untracked))
  add('Ignored files', [include.replace('add', 'add -f')], listed(ignored))
  const summary = summaryOf(facts, isMerging)
  if (summary !== '') parts.push(isFirst && !isSpecial ? summary : `\n${summary}`)
  else parts.push('\n')
  return { text: parts.join(''), summary }
}

/** What a pick or a revert that has stopped waits for. */
function transplantText(
  repository: Repository,
  action: 'cherry-pick' | 'revert',
  { oid, hasConflicts }: { oid: string; hasConflicts: boolean },
): string {
  const isSeries = repository.readText('sequencer/todo') !== null
  const [name, doing] = action === 'revert' ? ['Revert', 'reverting'] : ['Cherry-pick', 'cherry-picking']
  const title = isSeries ? `${name} currently in progress.` : `You are currently ${doing} commit ${oid.slice(0, 7)}.`
  const run = `"git ${action} --continue"`
  const todo = hasConflicts
    ? `fix conflicts and run ${run}`
    : isSeries
      ? `run ${run} to continue`
      : `all conflicts fixed: run ${run}`
  return `${title}\n  (${todo})\n  (use "git ${action} --skip" to skip this patch)\n  (use "git ${action} --abort" to cancel the ${action} operation)\n`
}

function summaryOf({ staged, unstaged, untracked, conflicts, head }: StatusFacts, isMidway: boolean): string {
  if (staged.length > 0) return ''
  if (unstaged.length > 0 || conflicts.length > 0) {
    return 'no changes added to commit (use "git add" and/or "git commit -a")\n'
  }
  if (untracked.length > 0) {
    return 'nothing added to commit but untracked files present (use "git add" to track)\n'
  }
  if (isMidway) return ''
  if (head === null) return 'nothing to commit (create/copy files and use "git add" to track)\n'
  return 'nothing to commit, working tree clean\n'
}
