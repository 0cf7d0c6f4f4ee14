/** What may be used up; null sets no limit. */
export interface LimitSet {
  /** Responses of the model. */
  steps: number | null
  /** In and out, cached ones too. */
  tokens: number | null
  /** Waiting for the user does not count. */
  seconds: number | null
  /** US dollars; nothing counts against it while the model's price is not known. */
  dollars: number | null
}

export type LimitName = keyof LimitSet
export type LimitScope = 'turn' | 'thread'
export type Limits = Record<LimitScope, LimitSet>

export const limitNames: readonly LimitName[] = ['steps', 'tokens', 'seconds', 'dollars']
export const limitScopes: readonly LimitScope[] = ['turn', 'thread']

/** Far beyond ordinary work: they are there for what goes wrong unseen. */
export const defaultLimits: Limits = {
  turn: { steps: 60, tokens: 10_000_000, seconds: 30 * 60, dollars: 5 },
  thread: { steps: 1_000, tokens: 100_000_000, seconds: 8 * 3600, dollars: 25 },
}

/** A limit that was met. */
export interface LimitHit {
  scope: LimitScope
  limit: LimitName
  /** With all that it was raised by. */
  allowed: number
  /** What “Continue” raises it by: the limit as it is set. */
  by: number
}

/** The limits among what storage gave, or the defaults. */
export function readLimits(value: unknown): Limits {
  const isSet = (set: unknown) =>
    typeof set === 'object' && set !== null && limitNames.every((name) => name in set && isAmount(set[name as never]))
  const isLimits =
    typeof value === 'object' && value !== null && limitScopes.every((scope) => isSet(value[scope as never]))
  return isLimits ? (value as Limits) : defaultLimits
}

function isAmount(value: unknown): boolean {
  return value === null || (typeof value === 'number' && value > 0 && Number.isFinite(value))
}
