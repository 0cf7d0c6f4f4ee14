import { type Clock, type FakeMethod, type FakeTimers as Library, withGlobal } from '@sinonjs/fake-timers'

export interface FakeTimerOptions {
  now?: number | Date
  toFake?: string[]
  toNotFake?: string[]
  loopLimit?: number
  shouldAdvanceTime?: boolean
  advanceTimeDelta?: number
  shouldClearNativeTimers?: boolean
}

export interface FakeTimers {
  isFake(): boolean
  use(options?: FakeTimerOptions): void
  useReal(): void
  setSystemTime(time?: number | Date | string): void
  mockedTime(): Date | null
  realNow(): number
  /** Throws, in the words of the runner, when the clock is the real one. */
  clock(): Clock
  count(): number
}

const notFaked = new Set(['nextTick', 'queueMicrotask'])

/** The clock that a test moves; by itself `setSystemTime` replaces only `Date`. */
export function createFakeTimers(complain: () => Error): FakeTimers {
  const RealDate = Date
  const library: Library = withGlobal(globalThis as Parameters<typeof withGlobal>[0])
  let clock: Clock | null = null
  let dateOnly: Clock | null = null

  function useReal() {
    clock?.uninstall()
    dateOnly?.uninstall()
    clock = null
    dateOnly = null
  }

  return {
    isFake: () => clock !== null,
    use({ toFake, toNotFake = [], now = dateOnly?.now ?? RealDate.now(), ...options } = {}) {
      useReal()
      const names = toFake ?? Object.keys(library.timers).filter((name) => !notFaked.has(name))
      clock = library.install({
        loopLimit: 10_000,
        ...options,
        now,
        toFake: names.filter((name) => !toNotFake.includes(name)) as FakeMethod[],
        ignoreMissingTimers: true,
        shouldClearNativeTimers: options.shouldClearNativeTimers ?? true,
      })
    },
    useReal,
    setSystemTime(time = RealDate.now()) {
      const date = new RealDate(time)
      if (clock !== null) return clock.setSystemTime(date)
      dateOnly?.uninstall()
      dateOnly = library.install({ now: date, toFake: ['Date'], ignoreMissingTimers: true })
    },
    mockedTime: () => (clock === null && dateOnly === null ? null : new RealDate((clock ?? dateOnly)?.now ?? 0)),
    realNow: () => RealDate.now(),
    clock() {
      if (clock === null) throw complain()
      return clock
    },
    count: () => clock?.countTimers() ?? 0,
  }
}
