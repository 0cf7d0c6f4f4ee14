import { clearAllMocks, fn, isMockFunction, resetAllMocks, restoreAllMocks, spyOn } from '@vitest/spy'
import { nodeError } from '../loader/errors'
import { realTimers } from '../node/timers'
import { createFakeTimers } from './fake-timers'

export interface TestTools {
  /** `vi`, shared with `jest` where the two agree. */
  vi: Record<string, unknown>
  /** Undoes what a test file did to globals, clocks and mocks. */
  reset(): void
}

/** A promise-making retry loop on the real clock, fake time moved along. */
async function retry<Value>(
  attempt: () => Value | Promise<Value>,
  isDone: (value: Value) => boolean,
  options: number | { timeout?: number; interval?: number },
  onWait: (ms: number) => void,
): Promise<Value> {
  const { timeout = 1000, interval = 50 } = typeof options === 'number' ? { timeout: options } : options
  const endsAt = realTimers.now() + timeout
  let waited = 0
  for (;;) {
    let failure: unknown = new Error('Timed out in waitUntil!')
    try {
      const value = await attempt()
      if (isDone(value)) return value
    } catch (error) {
      failure = error
    }
    if (waited >= timeout || realTimers.now() >= endsAt + timeout) throw failure
    await new Promise((resolve) => realTimers.setTimeout(resolve, interval))
    waited += interval
    onWait(interval)
  }
}

export function createTestTools(
  env: Record<string, string>,
  importActual: (path: string) => Promise<unknown>,
): TestTools {
  const timers = createFakeTimers()
  const stubbedGlobals = new Map<PropertyKey, PropertyDescriptor | undefined>()
  const stubbedEnv = new Map<string, string | undefined>()
  const isTimed = () => {
    if (!timers.isFake()) throw new Error('Timers are not mocked. Try calling "vi.useFakeTimers()" first.')
  }
  const moveOn = (ms: number) => {
    if (timers.isFake()) timers.advance(ms)
  }

  function unstubAllGlobals() {
    for (const [name, descriptor] of stubbedGlobals) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
    stubbedGlobals.clear()
    return vi
  }
  function unstubAllEnvs() {
    for (const [name, value] of stubbedEnv) {
      if (value === undefined) delete env[name]
      else env[name] = value
    }
    stubbedEnv.clear()
    return vi
  }
  const chained =
    (run: (...values: never[]) => unknown) =>
    (...values: unknown[]) => {
      run(...(values as never[]))
      return vi
    }
  const clocked =
    (run: (...values: never[]) => unknown) =>
    (...values: unknown[]) => {
      isTimed()
      const result = run(...(values as never[]))
      return result instanceof Promise ? result.then(() => vi) : vi
    }

  const vi: Record<string, unknown> = {
    fn,
    spyOn,
    isMockFunction,
    mocked: (value: unknown) => value,
    clearAllMocks: chained(clearAllMocks),
    resetAllMocks: chained(resetAllMocks),
    restoreAllMocks: chained(restoreAllMocks),
    useFakeTimers: chained((options?: Parameters<typeof timers.use>[0]) => timers.use(options)),
    useRealTimers: chained(() => timers.useReal()),
    isFakeTimers: timers.isFake,
    setSystemTime: chained(timers.setSystemTime),
    getMockedSystemTime: () => (timers.isFake() ? new Date(timers.now()) : null),
    getRealSystemTime: timers.realNow,
    advanceTimersByTime: clocked(timers.advance),
    advanceTimersByTimeAsync: clocked(timers.advanceAsync),
    advanceTimersToNextTimer: clocked(timers.toNext),
    advanceTimersToNextTimerAsync: clocked(timers.toNextAsync),
    runAllTimers: clocked(timers.runAll),
    runAllTimersAsync: clocked(timers.runAllAsync),
    runOnlyPendingTimers: clocked(timers.runPending),
    runOnlyPendingTimersAsync: clocked(timers.runPendingAsync),
    clearAllTimers: clocked(timers.clear),
    getTimerCount: timers.count,
    stubGlobal: chained((name: PropertyKey, value: unknown) => {
      if (!stubbedGlobals.has(name)) stubbedGlobals.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true })
    }),
    unstubAllGlobals,
    stubEnv: chained((name: string, value: string | undefined) => {
      if (!stubbedEnv.has(name)) stubbedEnv.set(name, env[name])
      if (value === undefined) delete env[name]
      else env[name] = value
    }),
    unstubAllEnvs,
    waitFor: (attempt: () => unknown, options: object = {}) => retry(attempt, () => true, options, moveOn),
    waitUntil: (attempt: () => unknown, options: object = {}) => retry(attempt, Boolean, options, moveOn),
    hoisted: (make: () => unknown) => make(),
    importActual,
    setConfig: () => vi,
    resetConfig: () => vi,
  }
  for (const name of ['mock', 'doMock', 'unmock', 'doUnmock', 'importMock', 'resetModules', 'mockObject']) {
    vi[name] = () => unsupported(`vi.${name}`)
  }
  return {
    vi,
    reset() {
      timers.useReal()
      restoreAllMocks()
      unstubAllGlobals()
      unstubAllEnvs()
    },
  }
}

export function unsupported(name: string): never {
  throw nodeError(
    'ERR_FEATURE_UNAVAILABLE',
    `${name} is not available in this sandbox yet: replacing modules needs support from the loader. Pass the dependency in, or use spyOn on an object.`,
  )
}
