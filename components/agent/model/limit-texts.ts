import { type LimitName, type LimitScope, type Limits, limitNames, limitScopes } from '@/lib/agent/limits/limits'

/** Limits as they stand in fields: time in minutes, large numbers as `10M` or `200k`, empty for none. */
export type LimitTexts = Record<LimitScope, Record<LimitName, string>>

export function toTexts(limits: Limits): LimitTexts {
  const text = (scope: LimitScope, name: LimitName): string => {
    const amount = limits[scope][name]
    if (amount === null) return ''
    return name === 'seconds' ? String(Number((amount / 60).toFixed(2))) : shortOf(amount)
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
    return name === 'seconds' ? amountOf(text) * 60 : amountOf(text)
  }
  return { ok: true, limits: mapLimits(amount) }
}

/** Without the zeros that nobody can count, where that loses nothing. */
function shortOf(amount: number): string {
  if (amount >= 1_000_000 && amount % 10_000 === 0) return `${amount / 1_000_000}M`
  return amount >= 10_000 && amount % 100 === 0 ? `${amount / 1000}k` : String(amount)
}

/** NaN when it is no number. */
function amountOf(text: string): number {
  const [, digits, unit = ''] = /^([\d.]+)\s*([km]?)$/i.exec(text.trim()) ?? []
  const factor = { k: 1000, m: 1_000_000 }[unit.toLowerCase()] ?? 1
  // Rounded: 1.1M is no whole number by itself.
  return digits === undefined ? Number.NaN : Number((Number(digits) * factor).toFixed(6))
}

function problemWith(name: LimitName, text: string): string | null {
  if (text.trim() === '') return null
  const amount = amountOf(text)
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
