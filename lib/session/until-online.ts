import { untilAborted } from '@/lib/base'

/** See `TurnDependencies.untilOnline`. The browser only knows whether there is any network at all. */
export function untilOnline(signal: AbortSignal): Promise<void> | null {
  if (navigator.onLine) return null
  return untilAborted(
    new Promise((resolve) => {
      window.addEventListener('online', () => resolve(), { once: true, signal })
    }),
    signal,
  )
}
