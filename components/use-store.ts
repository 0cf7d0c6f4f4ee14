import { useStore as useZustandStore } from 'zustand'
import type { StoreApi } from '@/lib/base'

/** The one bridge from stores to React. `select` must return the same value for the same state: no fresh objects. */
export function useStore<State, Value>(store: StoreApi<State>, select: (state: State) => Value): Value {
  return useZustandStore(store, select)
}
