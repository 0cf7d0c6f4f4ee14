import type { Binding, BindingContext } from './context'

/** Keeps SIGINT from ending the process while code runs that may be interrupted, and remembers that it came. */
export function createSigintWatchdog(context: BindingContext): Binding {
  let depth = 0
  let isPending = false
  let stopListening: (() => void) | undefined

  return {
    startSigintWatchdog() {
      if (depth++ > 0) return
      isPending = false
      stopListening = context.host.kernel?.onSignal('SIGINT', () => {
        isPending = true
      })
    },
    /** Whether a signal came since it was last asked. */
    stopSigintWatchdog(): boolean {
      const wasPending = isPending
      isPending = false
      if (--depth === 0) stopListening?.()
      return wasPending
    },
    watchdogHasPendingSigint: () => isPending,
  }
}
