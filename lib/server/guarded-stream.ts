import 'server-only'
import { mergeSignals } from '@/lib/base'

export interface Guard {
  signal: AbortSignal
  /** Something arrived: the clock starts again. */
  touch(): void
  timedOut(): boolean
  end(): void
}

/** Ends a request of ours when the client leaves or the other side falls silent: before its answer, or within it. */
export function createGuard(client: AbortSignal, waits: { answerMs: number; idleMs: number }): Guard {
  const silence = new AbortController()
  const start = (ms: number) => setTimeout(() => silence.abort(), ms)
  let timer = start(waits.answerMs)
  return {
    signal: mergeSignals(client, silence.signal),
    touch() {
      clearTimeout(timer)
      timer = start(waits.idleMs)
    },
    timedOut: () => silence.signal.aborted,
    end: () => clearTimeout(timer),
  }
}

/** Passes on what arrives, up to a limit. */
export function countingStream(
  limit: number,
  guard: Guard,
  tooMuch: () => Error,
): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform(chunk, controller) {
      guard.touch()
      bytes += chunk.byteLength
      if (bytes > limit) controller.error(tooMuch())
      else controller.enqueue(chunk)
    },
    flush: () => guard.end(),
  })
}
