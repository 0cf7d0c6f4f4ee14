import type { FromKernel, KernelEvent } from '../protocol'

const flushIntervalMs = 8

/**
 * Events for the IDE page, in order. The first leaves at once; under load they are joined, so that a flood of output
 * costs the page one message in 8 ms.
 */
export function createEventQueue(post: (events: FromKernel) => void): (event: KernelEvent) => void {
  let waiting: FromKernel = []
  let lastFlush = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    clearTimeout(timer)
    timer = undefined
    lastFlush = performance.now()
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
    if (event.type === 'answer' || performance.now() - lastFlush > flushIntervalMs) flush()
    else timer ??= setTimeout(flush, flushIntervalMs)
  }
}
