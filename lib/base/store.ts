/** Observable state without React; components read it through `components/use-store.ts`. */
export { createStore, type StoreApi } from 'zustand/vanilla'

/** A plain broadcast: announces that something happened. Never use it to make something happen. */
export interface Emitter<Event> {
  emit(event: Event): void
  subscribe(listener: (event: Event) => void): () => void
}

export function createEmitter<Event>(): Emitter<Event> {
  const listeners = new Set<(event: Event) => void>()
  return {
    emit(event) {
      // An observer cannot break what it observes; its failure is reported, not swallowed.
      for (const listener of [...listeners]) {
        try {
          listener(event)
        } catch (error) {
          reportError(error)
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function reportError(error: unknown) {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error)
  else console.error(error)
}
