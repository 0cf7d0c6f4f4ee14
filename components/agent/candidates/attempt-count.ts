import { createStore, type StoreApi } from '@/lib/base'
import type { Session } from '@/lib/session/types'

/** What the picker offers; the page API takes any number from 1 to 8. */
export const attemptCounts = [1, 2, 4, 8] as const

export const maxAttempts = 8

type AttemptCount = (typeof attemptCounts)[number]

const memoryKey = 'agent.attempts'
interface AttemptChoice {
  count: AttemptCount
  /** The picker's list is open. */
  isChoosing: boolean
}

const stores = new WeakMap<Session, StoreApi<AttemptChoice>>()

/** How many attempts the next message is worth: one store a session, for the picker and the palette; kept with the project. */
export function attemptCount(session: Session): StoreApi<AttemptChoice> {
  const known = stores.get(session)
  if (known) return known
  const saved = session.memory.get<number>(memoryKey)
  const store = createStore<AttemptChoice>(() => ({
    count: attemptCounts.find((each) => each === saved) ?? 1,
    isChoosing: false,
  }))
  store.subscribe(({ count }) => session.memory.set(memoryKey, count))
  stores.set(session, store)
  return store
}

export function describeAttempts(count: number): string {
  return count === 1 ? 'The next message gets one attempt.' : `The next message gets ${count} attempts, side by side.`
}

export function nextAttemptCount(count: AttemptCount): AttemptCount {
  return attemptCounts[(attemptCounts.indexOf(count) + 1) % attemptCounts.length] ?? 1
}
