import type { AgentEvent, TurnResult } from '../events'
import { limitError } from '../limits/limit-error'
import type { LimitHit } from '../limits/limits'
import type { Turn } from '../turn'
import { attemptTurnId, type EarlierAttempt } from './attempt'
import type { CandidateResult } from './events'
import { attemptEvents, foldRace } from './race-state'

export type LimitRaise = Extract<AgentEvent, { type: 'limit-raised' }>

/** The limit at which the race stands: none of its attempts came to an end, and this ended one of them. */
export function limitOf(results: readonly CandidateResult[]): LimitHit | null {
  if (results.some(({ status }) => status === 'done')) return null
  return results.find(({ limit }) => limit !== undefined)?.limit ?? null
}

/** Nothing is wrong: the attempts stopped where the user had said, and can go on from there. */
export function atLimit(
  results: readonly CandidateResult[],
  limit: LimitHit,
): Pick<TurnResult, 'status' | 'message' | 'error'> {
  const error = limitError(limit)
  const message = `None of the ${results.length} attempts came to its end. ${error.message}`
  return { status: 'failed', message: '', error: { ...error, message } }
}

export async function* raiseLimit(turn: Turn, { scope, limit, by }: LimitHit): AsyncGenerator<AgentEvent, LimitRaise> {
  const body = { type: 'limit-raised' as const, scope, limit, by }
  const event = turn.record(body)
  yield event
  return { ...event, ...body }
}

/** Set when the turn was taken up again past a limit. */
export function raiseIn(events: readonly AgentEvent[]): LimitRaise | null {
  const last = events.findLast(({ type }) => type === 'turn-end' || type === 'limit-raised')
  return last?.type === 'limit-raised' ? last : null
}

export function isOpenAtLimit(events: readonly AgentEvent[]): boolean {
  const { results, pick } = foldRace(events)
  return pick === null && limitOf([...results.values()]) !== null
}

/** What the attempts that a limit ended have behind them, each with the raise among its own events. */
export function earlierAttempts(
  results: readonly CandidateResult[],
  events: readonly AgentEvent[],
  raise: LimitRaise,
): Map<number, EarlierAttempt> {
  const earlier = new Map<number, EarlierAttempt>()
  for (const result of results) {
    if (result.limit === undefined) continue
    const own = attemptEvents(events, result.index)
    const turnId = attemptTurnId(raise.turnId, result.index)
    const raised = { ...raise, turnId, seq: (own.at(-1)?.seq ?? 0) + 1, at: Date.now() }
    earlier.set(result.index, { events: [...own, raised], result })
  }
  return earlier
}
