import type { EventLoop } from './loop'

/**
 * What keeps a process alive, as libuv's handles do: timers, open stdin, unfinished I/O.
 * When nothing is left the process ends.
 */
export type Pending = Pick<EventLoop, 'hold' | 'count' | 'begun' | 'idle'>

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
