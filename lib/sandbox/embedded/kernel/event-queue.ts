import type { FromKernel, KernelEvent } from '../protocol'

const flushIntervalMs = 8
/** So many messages leave at once, as those of short commands do; the right to each comes back in 8 ms. */
const burst = 64

/**
 * Events for the IDE page, in order. The first leave at once; under load they are joined, so that a flood of output
 * costs the page one message in 8 ms.
 */
export function createEventQueue(post: (events: FromKernel) => void): (event: KernelEvent) => void {
  let waiting: FromKernel = []
  let credit = burst
  let creditAt = performance.now()
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    credit = Math.max(0, credit - 1)
    const events = waiting
    waiting = []
    post(events)
  }

  return (event) => {
    const last = waiting.at(-1)
    if (event.type === 'files' && last?.type === 'files' && last.machine === event.machine) {
      last.changes.push(...event.changes)
    } else if (event.type !== 'processes' || last?.type !== 'processes' || last.machine !== event.machine) {
      waiting.push(event)
    }
    const now = performance.now()
    credit = Math.min(burst, credit + (now - creditAt) / flushIntervalMs)
    creditAt = now
    // The list of processes is only looked at.
    if (event.type === 'answer' || (credit >= 1 && event.type !== 'processes')) flush()
    else timer ??= setTimeout(flush, flushIntervalMs)
  }
}
