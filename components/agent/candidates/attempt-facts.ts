import type { CandidateView, RecordedChange, TurnView, Verification } from '@/lib/agent'
import type { Usage } from '@/lib/models'
import { attemptHints } from '@/lib/prompts/attempts'
import { isTestPath } from '@/lib/safety'
import { diffStat } from '@/lib/workspace'

/** What is known of an attempt, while it runs and after. */
export interface AttemptFacts {
  /** From 1. */
  number: number
  /** How it goes about it. */
  approach: string
  turn: TurnView | null
  usage: Usage | null
  verification: Verification | null
  tests: { passed: number; total: number } | null
  lines: { additions: number; deletions: number }
  /** Tests that were there before and that it changed or removed: passing those proves less. */
  alteredTests: string[]
  /** What it does now, or how it ended. */
  status: string
}

export function attemptFacts(candidate: CandidateView): AttemptFacts {
  const { index, thread, result } = candidate
  const turn = thread.turns[0] ?? null
  const verification = result ? result.verification : (turn?.footer.verification ?? null)
  const report = verification?.tests ?? null
  return {
    number: index + 1,
    approach: attemptHints[index]?.title ?? '',
    turn,
    usage: result?.usage ?? turn?.footer.usage ?? null,
    verification,
    tests: report && { passed: report.passed, total: report.passed + report.failed },
    lines: linesOf(result?.changes ?? []),
    alteredTests: (result?.changes ?? []).flatMap(({ path, before }) =>
      before !== null && isTestPath(path) ? [path] : [],
    ),
    status: statusOf(candidate, turn),
  }
}

/** Milliseconds so far; null before it has begun. */
export function elapsedMs({ result, thread }: CandidateView, now: number): number | null {
  const turn = thread.turns[0]
  if (result) return turn ? result.durationMs : null
  return turn ? Math.max(0, now - turn.startedAt) : null
}

/** Both sides as text; null where one is not. */
export function sidesOf({ before, after }: RecordedChange): { before: string; after: string } | null {
  const isText = (data: RecordedChange['before']) => data === null || typeof data === 'string'
  return isText(before) && isText(after) ? { before: String(before ?? ''), after: String(after ?? '') } : null
}

function linesOf(changes: readonly RecordedChange[]): { additions: number; deletions: number } {
  const sum = { additions: 0, deletions: 0 }
  for (const change of changes) {
    const sides = sidesOf(change)
    const { additions, deletions } = sides ? diffStat(sides.before, sides.after) : { additions: 0, deletions: 0 }
    sum.additions += additions
    sum.deletions += deletions
  }
  return sum
}

function statusOf({ state, result }: CandidateView, turn: TurnView | null): string {
  switch (state) {
    case 'waiting':
      return 'waiting for its turn'
    case 'running':
      return turn ? activityOf(turn) : 'starting'
    case 'failed':
      return result?.limit ? 'stopped at a limit' : 'failed'
    case 'stopped':
      return turn === null ? 'not begun' : 'stopped'
    case 'done':
      if (result === null || result.changes.length === 0) return 'answered, changed nothing'
      return result.verification?.verified ? 'verified' : 'not verified'
  }
}

function activityOf(turn: TurnView): string {
  if (turn.status !== 'running') return 'checking'
  const last = turn.parts.findLast((part) => part.type === 'tool' || part.type === 'text')
  if (last?.type === 'text') return last.streaming ? 'writing' : 'thinking'
  if (last?.type !== 'tool') return 'thinking'
  if (last.state === 'writing') return 'writing'
  return last.state === 'running' ? firstLine(last.title) : 'thinking'
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
