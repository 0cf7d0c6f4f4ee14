import type { AgentEvent, ReviewUse } from '../events'
import { paidFor } from '../tokens/usage'
import { type LimitHit, type LimitName, type LimitScope, type Limits, limitNames, limitScopes } from './limits'

/** What was used. */
export interface Spent {
  steps: number
  tokens: number
  seconds: number
  dollars: number
}

export const nothingSpent: Spent = { steps: 0, tokens: 0, seconds: 0, dollars: 0 }

/** Reads off a thread's events what they used, and how limits were raised. Deltas may be among them. */
export interface Meter {
  readonly spent: Spent
  note(event: AgentEvent): void
  /** Time that has passed since the last event, in seconds: nothing has noted it yet. */
  sinceLast(now: number): number
  raisedBy(scope: LimitScope, limit: LimitName): number
}

/** What the user took to decide is not the agent's time, nor is a pause that a notice tells of. */
const answers = new Set<AgentEvent['type']>(['approval-decision', 'question-answer', 'candidates-picked', 'notice'])
const beginnings = new Set<AgentEvent['type']>(['turn-start', 'limit-raised'])

export function createMeter(events: readonly AgentEvent[] = []): Meter {
  const spent = { ...nothingSpent }
  const raises = new Map<string, number>()
  let earlierSteps = 0
  let turn = { id: '', steps: 0 }
  let last: AgentEvent | null = null

  const countStep = (turnId: string, step: number) => {
    if (turn.id !== turnId) {
      earlierSteps += turn.steps
      turn = { id: turnId, steps: 0 }
    }
    turn.steps = step
    spent.steps = earlierSteps + step
  }

  /** A review has its own time, beside that of turns or between them. */
  const countReview = ({ usage, cost = 0, durationMs }: ReviewUse) => {
    earlierSteps += 1
    spent.steps += 1
    spent.tokens += usage?.totalTokens ?? 0
    spent.dollars += cost
    spent.seconds += durationMs / 1000
  }

  const meter: Meter = {
    spent,
    note(event) {
      if (event.type === 'review-step') {
        countReview(event)
        return
      }
      const isPause = last === null || last.type === 'turn-end' || answers.has(event.type) || beginnings.has(event.type)
      if (last !== null && !isPause) spent.seconds += Math.max(0, event.at - last.at) / 1000
      last = event
      if (event.type === 'step-start') countStep(event.turnId, event.step)
      if (event.type === 'limit-raised') {
        const key = `${event.scope} ${event.limit}`
        raises.set(key, (raises.get(key) ?? 0) + event.by)
      }
      // Attempts run side by side: what they use counts, their steps and hours do not add up.
      const paid = paidFor(event.type === 'candidate-event' ? event.event : event)
      spent.tokens += paid?.usage.totalTokens ?? 0
      spent.dollars += paid?.cost ?? 0
    },
    sinceLast: (now) => (last === null ? 0 : Math.max(0, now - last.at) / 1000),
    raisedBy: (scope, limit) => raises.get(`${scope} ${limit}`) ?? 0,
  }
  for (const event of events) meter.note(event)
  return meter
}

export function addSpent(a: Spent, b: Spent): Spent {
  return {
    steps: a.steps + b.steps,
    tokens: a.tokens + b.tokens,
    seconds: a.seconds + b.seconds,
    dollars: a.dollars + b.dollars,
  }
}

/** The first limit that what was spent has reached. */
export function findHit(
  limits: Limits,
  spent: Readonly<Record<LimitScope, Spent>>,
  raisedBy: Meter['raisedBy'],
): LimitHit | null {
  for (const scope of limitScopes) {
    for (const limit of limitNames) {
      const by = limits[scope][limit]
      if (by === null) continue
      const allowed = by + raisedBy(scope, limit)
      if (spent[scope][limit] >= allowed) return { scope, limit, allowed, by }
    }
  }
  return null
}
