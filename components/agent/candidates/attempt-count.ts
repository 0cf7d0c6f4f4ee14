import { createStore, type StoreApi } from '@/lib/base'
import type { Session } from '@/lib/session/types'

/** What the picker offers; the page API takes any number from 1 to 8. */
export const attemptCounts = [1, 2, 4, 8] as const

type AttemptCount = (typeof attemptCounts)[number]

const memoryKey = 'agent.attempts'
const stores = new WeakMap<Session, StoreApi<{ count: AttemptCount }>>()

/** How many attempts the next message is worth: one store a session, for the picker and the palette; kept with the project. */
export function attemptCount(session: Session): StoreApi<{ count: AttemptCount }> {
  const known = stores.get(session)
  if (known) return known
  const saved = session.memory.get<number>(memoryKey)
  const store = createStore<{ count: AttemptCount }>(() => ({
    count: attemptCounts.find((each) => each === saved) ?? 1,
  }))
  store.subscribe(({ count }) => session.memory.set(memoryKey, count))
  stores.set(session, store)
  return store
}

export function nextAttemptCount(count: AttemptCount): AttemptCount {
  return attemptCounts[(attemptCounts.indexOf(count) + 1) % attemptCounts.length] ?? 1
}
