import { type Countable, countableParts } from './countable'

/** Counts texts elsewhere: in a Worker, in a test at once. */
export type CountTexts = (texts: readonly string[]) => Promise<readonly number[]>

export interface TokenCount {
  tokens: number
  /** Counted by the tokenizer, with nothing in it that only the model's server can count. */
  exact: boolean
}

/**
 * What each item of a thread weighs. Looking up never waits and never counts: an item nobody has counted yet is
 * estimated from its length, so that a step of the loop costs nothing here.
 */
export interface TokenLedger {
  tokensOf(item: Countable): TokenCount
  /** Of all items together. */
  sum(items: readonly Countable[]): TokenCount
  /** Has what is new counted; resolves when it is. Never rejects: without a tokenizer the estimates stay. */
  count(items: readonly Countable[]): Promise<void>
}

const charactersPerToken = 4

export function createTokenLedger(countTexts: CountTexts | null = null): TokenLedger {
  // Items are immutable and live as long as their thread.
  const known = new WeakMap<Countable, TokenCount>()
  const underway = new WeakMap<Countable, Promise<void>>()

  const tokensOf = (item: Countable): TokenCount => {
    const found = known.get(item)
    if (found) return found
    const { text, extra } = countableParts(item)
    const estimate = { tokens: extra + Math.ceil(text.length / charactersPerToken), exact: false }
    known.set(item, estimate)
    return estimate
  }

  const countNew = async (items: readonly Countable[], counter: CountTexts) => {
    const parts = items.map(countableParts)
    const counts = await counter(parts.map(({ text }) => text))
    for (const [index, item] of items.entries()) {
      const { extra, guessed } = parts[index] ?? { extra: 0, guessed: true }
      known.set(item, { tokens: extra + (counts[index] ?? 0), exact: !guessed })
      counted.add(item)
    }
  }
  const counted = new WeakSet<Countable>()

  return {
    tokensOf,
    sum(items) {
      let tokens = 0
      let exact = true
      for (const item of items) {
        const each = tokensOf(item)
        tokens += each.tokens
        exact &&= each.exact
      }
      return { tokens, exact }
    },
    async count(items) {
      if (countTexts === null) return
      const fresh = items.filter((item) => !counted.has(item) && !underway.has(item))
      if (fresh.length > 0) {
        const work = countNew(fresh, countTexts)
          // Estimates stay and the next call tries again.
          .catch(() => undefined)
          .finally(() => {
            for (const item of fresh) underway.delete(item)
          })
        for (const item of fresh) underway.set(item, work)
      }
      await Promise.all(new Set(items.flatMap((item) => underway.get(item) ?? [])))
    },
  }
}
