import { plural } from '@/lib/base'
import type { TurnResult } from '../events'
import type { LimitHit, LimitName } from './limits'

const codes: Record<LimitName, string> = {
  steps: 'step_limit',
  tokens: 'token_limit',
  seconds: 'time_limit',
  dollars: 'cost_limit',
}

/** `60 steps`, `10,000,000 tokens`, `30 minutes`, `$5.00`. */
export function describeAmount(limit: LimitName, amount: number): string {
  if (limit === 'dollars') return `$${amount.toFixed(2)}`
  if (limit === 'seconds') return amount % 60 === 0 ? plural(amount / 60, 'minute') : plural(amount, 'second')
  const unit = limit === 'steps' ? 'step' : 'token'
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? unit : `${unit}s`}`
}

export function limitError(hit: LimitHit): NonNullable<TurnResult['error']> {
  const what = hit.scope === 'turn' ? 'turn' : 'conversation'
  return {
    code: codes[hit.limit],
    message: `This ${what} reached its limit of ${describeAmount(hit.limit, hit.allowed)}.`,
    action: 'Look at what was done, then continue, or say what to do differently.',
    limit: hit,
  }
}
