import type { ModelFailure } from '@/lib/models'

/** Tries after the first failed one, until a step succeeds. */
export const maxRetries = 5
const firstDelayMs = 500
const maxDelayMs = 60_000

/**
 * How long to wait before try `attempt` (1 is the first retry): what the server asked for, else 0.5 s doubling,
 * each up to 20 % longer so that clients do not come back together; never more than a minute.
 */
export function retryDelayMs(failure: ModelFailure, attempt: number, random: number = Math.random()): number {
  const base = failure.delayMs ?? firstDelayMs * 2 ** (attempt - 1)
  return Math.min(maxDelayMs, Math.round(base * (1 + random * 0.2)))
}
