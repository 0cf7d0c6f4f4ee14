import { VitrineError } from './errors'

/** Combines signals and time-outs (milliseconds) into one signal; `undefined` entries are ignored. */
export function mergeSignals(...sources: (AbortSignal | number | undefined)[]): AbortSignal {
  const signals = sources
    .filter((source) => source !== undefined)
    .map((source) => (typeof source === 'number' ? AbortSignal.timeout(source) : source))
  return AbortSignal.any(signals)
}

export function isAbort(error: unknown): boolean {
  return (
    (error instanceof DOMException && error.name === 'AbortError') ||
    (error instanceof VitrineError && error.code === 'aborted')
  )
}

/** Waits `ms` milliseconds; rejects with an `AbortError` as soon as `signal` aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
