/**
 * What keeps a process alive, as libuv's handles do: timers, open stdin, unfinished I/O.
 * When nothing is left the process ends.
 */
export interface Pending {
  /** Counts one piece of work; call the answer when it is over. */
  hold(): () => void
  readonly count: number
  /** Resolves once nothing is held over two turns of the event loop, so that promise chains can start new work. */
  idle(): Promise<void>
}

/** A turn of the event loop that user code cannot fake or see. */
export function createTurns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(null)
    })
}

export function createPending(nextTurn: () => Promise<void>): Pending {
  let count = 0
  let waiting: (() => void)[] = []
  const pending: Pending = {
    hold() {
      count++
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        count--
        if (count > 0) return
        const ready = waiting
        waiting = []
        for (const resolve of ready) resolve()
      }
    },
    get count() {
      return count
    },
    async idle() {
      for (;;) {
        if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve))
        await nextTurn()
        await nextTurn()
        if (count === 0) return
      }
    },
  }
  return pending
}

/** Makes methods that answer promises count as work: the browser does not tell us about its own threads. */
export function holdDuring(pending: Pending, target: object, methods: readonly string[]) {
  for (const method of methods) {
    const original: unknown = Reflect.get(target, method)
    if (typeof original !== 'function') continue
    Object.defineProperty(target, method, {
      configurable: true,
      writable: true,
      value(this: unknown, ...values: unknown[]) {
        const release = pending.hold()
        const result: unknown = original.apply(this, values)
        void Promise.resolve(result).then(release, release)
        return result
      },
    })
  }
}
