import { diffStat } from '@/lib/workspace'
import type { CandidateResult, RecordedChange } from './events'

/** What one attempt can be ahead of another by, in the order in which it counts. */
export type RankReason = 'finished' | 'verified' | 'tests' | 'types' | 'scan' | 'work' | 'size' | 'order'

type Ranked = Pick<CandidateResult, 'index' | 'status' | 'verification' | 'changes'>

/**
 * The attempts' indexes, best first: finished, verified, tests, type errors, findings, size of the change, index.
 * Pure: the same results give the same order, whatever order they came in.
 */
export function rankCandidates(results: readonly Ranked[]): number[] {
  const keys = new Map(results.map((result) => [result.index, keysOf(result)]))
  return results
    .map(({ index }) => index)
    .sort((a, b) => compareKeys(keys.get(a) ?? [], keys.get(b) ?? [])?.difference ?? 0)
}

/** Why `ahead` stands before `behind`: the first thing in which they differ. */
export function rankReason(ahead: Ranked, behind: Ranked): RankReason {
  return compareKeys(keysOf(ahead), keysOf(behind))?.reason ?? 'order'
}

/** Added and removed lines; a binary file counts as one. */
export function changedLines(changes: readonly RecordedChange[]): number {
  return changes.reduce((sum, { before, after }) => {
    if (isBinary(before) || isBinary(after)) return sum + 1
    const { additions, deletions } = diffStat(before ?? '', after ?? '')
    return sum + additions + deletions
  }, 0)
}

/** Attempts that came to nothing cannot be taken. */
export function canBeTaken({ status, changes }: Pick<CandidateResult, 'status' | 'changes'>): boolean {
  return status === 'done' || (status === 'failed' && changes.length > 0)
}

type Key = [reason: RankReason, value: number]

/** Less is better in each. */
function keysOf({ index, status, verification, changes }: Ranked): Key[] {
  const tests = verification?.tests ?? null
  const broken = tests?.suites.filter((suite) => suite.error !== undefined).length ?? 0
  const ranAll = tests !== null && verification?.affected === null
  const findings = verification?.findings ?? []
  return [
    ['finished', status === 'done' ? 0 : canBeTaken({ status, changes }) ? 1 : 2],
    ['verified', verification?.verified ? 0 : 1],
    ['tests', tests === null ? Number.POSITIVE_INFINITY : tests.failed + broken],
    ['tests', ranAll ? 0 : 1],
    // Between two that each ran a part of the tests, the one that ran more has shown more.
    ['tests', ranAll ? 0 : -(tests?.passed ?? 0)],
    ['types', verification?.types?.errors.length ?? 0],
    ['scan', findings.filter(({ severity }) => severity === 'high').length],
    ['scan', findings.length],
    ['work', changes.length > 0 ? 0 : 1],
    ['size', changedLines(changes)],
    ['order', index],
  ]
}

function compareKeys(a: readonly Key[], b: readonly Key[]): { reason: RankReason; difference: number } | null {
  for (const [place, [reason, value]] of a.entries()) {
    const other = b[place]?.[1] ?? value
    if (value !== other) return { reason, difference: value < other ? -1 : 1 }
  }
  return null
}

function isBinary(data: RecordedChange['before']): data is { base64: string } {
  return typeof data === 'object' && data !== null
}
