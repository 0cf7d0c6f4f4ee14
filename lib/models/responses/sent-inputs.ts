import type { ResponseItem } from '../types'

/** By this header the server says what to name in the next request. */
export const keptInputHeader = 'x-vitrine-kept-input'

/** Remembers what the server keeps of the inputs it got, so that a turn sends only what is new with each step. */
export interface SentInputs {
  /** The longest beginning of `input` that the server keeps; an `id` of null names none. */
  find(input: readonly ResponseItem[]): { id: string | null; length: number }
  remember(id: string, input: readonly ResponseItem[]): void
  forget(id: string): void
}

/** Room for the attempts of one turn and some conversations beside it. */
const maxRemembered = 32

export function createSentInputs(): SentInputs {
  const remembered = new Map<string, readonly ResponseItem[]>()
  return {
    find(input) {
      let best: { id: string | null; length: number } = { id: null, length: 0 }
      for (const [id, items] of remembered) {
        if (items.length > best.length && isBeginning(items, input)) best = { id, length: items.length }
      }
      return best
    },
    remember(id, input) {
      remembered.set(id, input)
      const [oldest] = remembered.keys()
      if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest)
    },
    forget: (id) => void remembered.delete(id),
  }
}

/** History is only ever added to: the same items are the same objects. Others are sent again, which is never wrong. */
function isBeginning(items: readonly ResponseItem[], input: readonly ResponseItem[]): boolean {
  return items.length <= input.length && items.every((item, index) => item === input[index])
}
