import { fail } from './failure'
import { subjectOf } from './move-head'
import type { Repository } from './repository'
import { requireCommit } from './revision'

const actions = ['pick', 'reword', 'edit', 'squash', 'fixup', 'exec', 'break', 'drop', 'noop'] as const
type Action = (typeof actions)[number]

/** One line of the list that a rebase works through. */
export type RebaseStep =
  | { action: Exclude<Action, 'exec' | 'break' | 'noop'>; oid: string; subject: string }
  | { action: 'exec'; line: string }
  | { action: 'break' | 'noop' }

const short: Record<string, Action> = {
  p: 'pick',
  r: 'reword',
  e: 'edit',
  s: 'squash',
  f: 'fixup',
  x: 'exec',
  b: 'break',
  d: 'drop',
}

export function formatSteps(steps: readonly RebaseStep[]): string {
  return steps
    .map((step) => {
      if (step.action === 'exec') return `exec ${step.line}\n`
      return 'oid' in step ? `${step.action} ${step.oid.slice(0, 7)} ${step.subject}\n` : `${step.action}\n`
    })
    .join('')
}

export async function parseSteps(repository: Repository, text: string): Promise<RebaseStep[]> {
  const steps: RebaseStep[] = []
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
    const action = short[word] ?? actions.find((known) => known === word)
    if (action === undefined) fail(`invalid command '${word}' in the list: ${line}`)
    if (action === 'exec') steps.push({ action, line: rest })
    else if (action === 'break' || action === 'noop') steps.push({ action })
    else {
      const name = rest.replace(/^-[cC]\s+/, '').split(/\s/)[0] ?? ''
      const oid = await requireCommit(repository, name)
      steps.push({ action, oid, subject: subjectOf((await repository.commit(oid)).message) })
    }
  }
  return steps
}

export const listHelp = `
# Commands:
# p, pick <commit> = use commit
# r, reword <commit> = use commit, but edit the commit message
# e, edit <commit> = use commit, but stop for amending
# s, squash <commit> = use commit, but meld into previous commit
# f, fixup <commit> = like "squash" but keep only the previous commit's log message
# x, exec <command> = run command (the rest of the line) using shell
# b, break = stop here (continue rebase later with 'git rebase --continue')
# d, drop <commit> = remove commit
#
# These lines can be re-ordered; they are executed from top to bottom.
`

/** Commits whose subject begins with \`fixup!\` or \`squash!\` behind the one that they name. */
export function autosquash(steps: readonly RebaseStep[]): RebaseStep[] {
  const ordered: RebaseStep[] = []
  for (const step of steps) {
    const [, action, target] =
      ('oid' in step && /^(fixup|squash)! (?:(?:fixup|squash)! )*(.*)$/.exec(step.subject)) || []
    const isNamed = (other: RebaseStep) =>
      'oid' in other && (other.subject.startsWith(target ?? '') || other.oid.startsWith(target ?? ' '))
    const at = target === undefined ? -1 : ordered.findIndex(isNamed)
    if (at === -1 || !('oid' in step)) {
      ordered.push(step)
      continue
    }
    let end = at + 1
    while (['fixup', 'squash'].includes(ordered[end]?.action ?? '')) end++
    ordered.splice(end, 0, { ...step, action: action === 'fixup' ? 'fixup' : 'squash' })
  }
  return ordered
}
