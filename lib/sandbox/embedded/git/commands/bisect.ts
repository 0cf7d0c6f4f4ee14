import { quote } from '../../shell/quote'
import type { GitCommand, GitContext } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { type WalkedCommit, walkHistory } from '../history-walk'
import { subjectOf } from '../move-head'
import type { Repository } from '../repository'
import { requireCommit } from '../revision'
import { runLine } from '../run-line'
import { checkout } from './checkout'
import { show } from './log'

// As git keeps it: where HEAD was, what is known of which commit, and what was said.
const startFile = 'BISECT_START'
const logFile = 'BISECT_LOG'
const refs = 'refs/bisect'

type Verdict = 'bad' | 'good' | 'skip'
const verdicts: Record<string, Verdict> = { bad: 'bad', new: 'bad', good: 'good', old: 'good', skip: 'skip' }

/** `git bisect`: which commit brought a fault, by halves. */
export const bisect: GitCommand = async (context) => {
  const [word = '', ...args] = context.args
  const repository = context.repository()
  const verdict = verdicts[word]
  if (word === 'start') return start(context, repository, args)
  if (word === 'reset') return reset(context, repository, args[0])
  if (word !== 'log' && verdict === undefined && word !== 'run')
    fail(`git bisect ${word || '<command>'} is not available here; start, good, bad, skip, run, log and reset are`, 1)
  if (repository.readText(startFile) === null) throw new GitFailure('You need to start by "git bisect start"\n', 1)
  if (word === 'log') {
    context.out(repository.readText(logFile) ?? '')
    return 0
  }
  if (word === 'run') return run(context, repository, args)
  for (const name of args.length > 0 ? args : ['HEAD'])
    await mark(repository, verdict as Verdict, await requireCommit(repository, name))
  return next(context, repository)
}

async function start(context: GitContext, repository: Repository, words: readonly string[]): Promise<number> {
  const names = words.filter((word) => !word.startsWith('-'))
  if (words.includes('--')) fail('git bisect start with paths is not available here', 129)
  const commits: string[] = []
  for (const name of names) commits.push(await requireCommit(repository, name))
  const head = await repository.head()
  if (head === null) fatal('bad HEAD - I need a HEAD')
  const before = repository.readText(startFile)?.trim()
  forget(repository)
  repository.writeText(startFile, `${before ?? repository.branch() ?? head}\n`)
  repository.writeText(logFile, '')
  const [bad, ...good] = commits
  if (bad !== undefined) await mark(repository, 'bad', bad)
  for (const oid of good) await mark(repository, 'good', oid)
  repository.writeText(logFile, `git bisect start${commits.map((oid) => ` '${oid}'`).join('')}\n`, { append: true })
  return next(context, repository)
}

function forget(repository: Repository): void {
  for (const name of [startFile, logFile, refs]) repository.remove(name)
}

async function mark(repository: Repository, verdict: Verdict, oid: string): Promise<void> {
  await repository.writeRef(verdict === 'bad' ? `${refs}/bad` : `${refs}/${verdict}-${oid}`, oid)
  const subject = subjectOf((await repository.commit(oid)).message)
  repository.writeText(logFile, `# ${verdict}: [${oid}] ${subject}\ngit bisect ${verdict} ${oid}\n`, { append: true })
}

/** The commits of that verdict. */
function marked(repository: Repository, verdict: 'good' | 'skip'): string[] {
  const folder = `${repository.gitdir}/${refs}`
  const names = repository.fs.exists(folder) ? repository.fs.readdir(folder) : []
  return names.filter((name) => name.startsWith(`${verdict}-`)).map((name) => name.slice(verdict.length + 1))
}

/** Checks out the commit in the middle, or tells which one it is. */
async function next(context: GitContext, repository: Repository): Promise<number> {
  const bad = await repository.ref(`${refs}/bad`)
  const good = marked(repository, 'good')
  if (bad === null || good.length === 0) {
    const known =
      bad !== null
        ? ' good commit(s), bad commit known'
        : good.length > 0
          ? ' bad commit, 1 good commit known'
          : ' both good and bad commits'
    context.out(`status: waiting for${known}\n`)
    repository.writeText(logFile, `# status: waiting for${known}\n`, { append: true })
    return 0
  }
  const range = { include: [bad], exclude: good }
  const suspects = await walkHistory(repository, { range, filter: null, isTopological: true })
  const first = suspects[0]
  if (!first) fail('the good commits contain the bad one; perhaps they are the wrong way round', 1)
  if (suspects.length === 1) {
    context.out(`${bad} is the first bad commit\n`)
    await show({ ...context, args: ['--stat', '--no-color', bad] })
    repository.writeText(logFile, `# first bad commit: [${bad}] ${subjectOf(first.message)}\n`, { append: true })
    return 0
  }
  const middle = chooseMiddle(suspects, new Set(marked(repository, 'skip')))
  if (middle === null) {
    const list = suspects.map(({ oid }) => `${oid}\n`).join('')
    context.out(`There are only 'skip'ped commits left to test.\nThe first bad commit could be any of:\n${list}`)
    throw new GitFailure('We cannot bisect more!', 2)
  }
  const left = suspects.length - middle.weight - 1
  const steps = stepsFor(suspects.length)
  const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
  context.out(`Bisecting: ${plural(left, 'revision')} left to test after this (roughly ${plural(steps, 'step')})\n`)
  const code = await checkout({ ...context, args: ['-q', '--detach', middle.commit.oid], out: () => undefined })
  if (code === 0) context.out(`[${middle.commit.oid}] ${subjectOf(middle.commit.message)}\n`)
  return code
}

/** The commit that halves the suspects best but for those skipped; `weight` is how many of them the very best has below it. */
function chooseMiddle(suspects: readonly WalkedCommit[], skipped: ReadonlySet<string>) {
  const below = new Map<string, Set<string>>()
  const found: { commit: WalkedCommit; weight: number; value: number }[] = []
  for (const commit of [...suspects].reverse()) {
    const all = new Set([commit.oid])
    for (const parent of commit.shownParents) for (const each of below.get(parent) ?? []) all.add(each)
    below.set(commit.oid, all)
    found.push({ commit, weight: all.size, value: Math.min(all.size, suspects.length - all.size) })
  }
  const isHalf = ({ weight }: { weight: number }) => weight > 1 && Math.abs(2 * weight - suspects.length) <= 1
  const ranked = [...found.filter(isHalf), ...[...found].sort((a, b) => b.value - a.value)]
  const chosen = ranked.find(({ commit, value }) => value > 0 && !skipped.has(commit.oid))
  return chosen ? { commit: chosen.commit, weight: ranked[0]?.weight ?? 1 } : null
}

/** About how many tests that many suspects take. */
function stepsFor(count: number): number {
  if (count < 3) return 0
  const power = Math.floor(Math.log2(count))
  const whole = 2 ** power
  return whole < 3 * (count - whole) ? power : power - 1
}

/** Tests with a command until the commit is found: 0 is good, 125 skips, more than 127 ends it. */
async function run(context: GitContext, repository: Repository, words: readonly string[]): Promise<number> {
  if (words.length === 0) fail("'git bisect run' failed: no command provided.", 1)
  const line = words.map(quote).join(' ')
  for (;;) {
    context.out(`running ${words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')}\n`)
    const code = await runLine(context, line)
    if (code > 127)
      throw new GitFailure(`error: bisect run failed: exit code ${code} from '${line}' is < 0 or >= 128`, code)
    const verdict = code === 0 ? 'good' : code === 125 ? 'skip' : 'bad'
    await mark(repository, verdict, (await repository.head()) ?? '')
    const parts: string[] = []
    const step = await next({ ...context, out: (text) => void parts.push(text) }, repository)
    const told = parts.join('')
    context.out(told)
    if (step !== 0) return step
    if (told.includes(' is the first bad commit\n')) {
      context.out('bisect found first bad commit\n')
      return 0
    }
  }
}

async function reset(context: GitContext, repository: Repository, name: string | undefined): Promise<number> {
  const start = repository.readText(startFile)?.trim()
  if (start === undefined) {
    context.out('We are not bisecting.\n')
    return 0
  }
  const code = await checkout({ ...context, args: [name ?? start] })
  if (code === 0) forget(repository)
  return code
}
