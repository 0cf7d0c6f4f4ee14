import type { TurnMode } from '@/lib/agent'
import { createStore, type StoreApi } from '@/lib/base'
import type { Session } from '@/lib/session/types'

const memoryKey = 'agent.mode'
const stores = new WeakMap<Session, StoreApi<{ mode: TurnMode }>>()

/** The mode of the next message: one store a session; kept with the project. */
export function turnMode(session: Session): StoreApi<{ mode: TurnMode }> {
  const known = stores.get(session)
  if (known) return known
  const store = createStore(() => ({ mode: session.memory.get<TurnMode>(memoryKey) ?? 'edit' }))
  store.subscribe(({ mode }) => session.memory.set(memoryKey, mode))
  stores.set(session, store)
  return store
}
