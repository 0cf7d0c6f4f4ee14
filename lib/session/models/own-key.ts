import { createStore, type StoreApi } from '@/lib/base'
import { ownKeyHeader } from '@/lib/models'
import { type PageStorage, tryStorage } from '../page-storage'

/** `memory`: gone with the page · `tab`: kept in this tab's session storage, so that a reload does not ask again. */
export type OwnKeyPlace = 'none' | 'memory' | 'tab'

/**
 * A key of the user's own. It is in no state, event or project: only this closure and, when the user says so, the
 * tab's session storage hold it, and only `headers` gives it out, for one request to our own route.
 */
export interface OwnKey {
  state: StoreApi<{ place: OwnKeyPlace }>
  set(key: string, options: { keepInTab: boolean }): void
  forget(): void
  headers(): Record<string, string>
}

const storageKey = 'vitrine:own-model-key'

export function createOwnKey(storage: () => PageStorage): OwnKey {
  let key = tryStorage(() => storage().getItem(storageKey)) ?? null
  const state = createStore<{ place: OwnKeyPlace }>(() => ({ place: key === null ? 'none' : 'tab' }))
  return {
    state,
    set(next, { keepInTab }) {
      key = next
      tryStorage(() => storage().removeItem(storageKey))
      const isKept = keepInTab && tryStorage(() => storage().setItem(storageKey, next)) !== null
      state.setState({ place: isKept ? 'tab' : 'memory' })
    },
    forget() {
      key = null
      tryStorage(() => storage().removeItem(storageKey))
      state.setState({ place: 'none' })
    },
    headers: (): Record<string, string> => (key === null ? {} : { [ownKeyHeader]: key }),
  }
}

// One a page: going from one project to another must not ask for the key again.
let ofPage: OwnKey | undefined

export function ownKeyOfPage(): OwnKey {
  ofPage ??= createOwnKey(() => sessionStorage)
  return ofPage
}
