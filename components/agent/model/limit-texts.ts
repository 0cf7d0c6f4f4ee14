import { type LimitName, type LimitScope, type Limits, limitNames, limitScopes } from '@/lib/agent/limits/limits'

/** Limits as they stand in fields: time in minutes, empty for none. */
export type LimitTexts = Record<LimitScope, Record<LimitName, string>>

export function toTexts(limits: Limits): LimitTexts {
  const text = (scope: LimitScope, name: LimitName): string => {
    const amount = limits[scope][name]
    if (amount === null) return ''
    return String(name === 'seconds' ? Number((amount / 60).toFixed(2)) : amount)
  }
  return mapLimits(text)
}

export function readTexts(texts: LimitTexts): { ok: true; limits: Limits } | { ok: false; message: string } {
  const problem = limitScopes
    .flatMap((scope) => limitNames.map((name) => problemWith(name, texts[scope][name])))
    .find((found) => found !== null)
  if (problem) return { ok: false, message: problem }
  const amount = (scope: LimitScope, name: LimitName): number | null => {
    const text = texts[scope][name].trim()
    if (text === '') return null
    return name === 'seconds' ? Number(text) * 60 : Number(text)
  }
  return { ok: true, limits: mapLimits(amount) }
}

function problemWith(name: LimitName, text: string): string | null {
  if (text.trim() === '') return null
  const amount = Number(text)
  if (!Number.isFinite(amount) || amount <= 0) return 'A limit is a number above 0; leave the field empty for none.'
  const isWhole = name === 'steps' || name === 'tokens'
  return isWhole && !Number.isInteger(amount) ? 'Steps and tokens are whole numbers.' : null
}

function mapLimits<Value>(
  of: (scope: LimitScope, name: LimitName) => Value,
): Record<LimitScope, Record<LimitName, Value>> {
  const set = (scope: LimitScope): Record<LimitName, Value> => ({
    steps: of(scope, 'steps'),
    tokens: of(scope, 'tokens'),
    seconds: of(scope, 'seconds'),
    dollars: of(scope, 'dollars'),
  })
  return { turn: set('turn'), thread: set('thread') }
}
