import type { TokenPrice, Usage } from '../types'

/** US dollars for a response; null when the price or the usage is not known. */
export function costOf(usage: Usage | null, price: TokenPrice | null | undefined): number | null {
  if (usage === null || !price) return null
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens)
  const dollars =
    (usage.inputTokens - cached) * price.input + cached * price.cachedInput + usage.outputTokens * price.output
  return dollars / 1_000_000
}
