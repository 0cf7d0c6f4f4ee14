import type { CandidateResult } from './events'
import { changedLines, rankCandidates } from './rank'

/** Nothing that ranks before the size of the change can be better: all tests ran and pass, types and scan are clean. */
export function isFullyVerified({ status, verification }: Pick<CandidateResult, 'status' | 'verification'>): boolean {
  if (status !== 'done' || !verification?.verified) return false
  const { tests, affected, types, findings } = verification
  return tests !== null && affected === null && (types?.errors.length ?? 0) === 0 && (findings?.length ?? 0) === 0
}

/**
 * Why an attempt need not go on, or null. Beside a fully verified one it could only win with a smaller change, so it is
 * stopped once its own is larger (a change that shrinks again is rare, and worth less than the tokens); one that has not
 * begun need not begin.
 */
export function whyStop(leader: CandidateResult, attempt: { index: number; lines: number | null }): string | null {
  const name = `Attempt ${leader.index + 1}`
  if (attempt.lines === null) return `${name} is fully verified, so this one was not begun.`
  const lines = changedLines(leader.changes)
  const isBehind = attempt.lines > lines || (attempt.lines === lines && attempt.index > leader.index)
  return isBehind ? `${name} is fully verified with a smaller change, so this one could no longer win.` : null
}

/** The verified attempt that is hardest to beat. */
export function leaderOf(results: readonly CandidateResult[]): CandidateResult | null {
  const verified = results.filter(isFullyVerified)
  const best = rankCandidates(verified)[0]
  return verified.find(({ index }) => index === best) ?? null
}
