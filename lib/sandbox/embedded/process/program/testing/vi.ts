import { clearAllMocks, fn, isMockFunction, resetAllMocks, restoreAllMocks, spyOn } from '@vitest/spy'
import { automock } from './automock'
import { createFakeTimers, type FakeTimerOptions } from './fake-timers'
import type { ModuleRunner } from './module-runner'
import { createStubs, retry } from './tools'

export interface TestTools {
  /** `vi` as a module of the project sees it: paths are relative to that module. */
  viFor(importer: string): object
  vi: Record<string, unknown>
  /** Undoes what a test file did to globals, clocks and mocks. */
  reset(): void
}

export interface ToolsContext {
  env: Record<string, string>
  /** The modules of the file that runs now. */
  modules(): ModuleRunner
  /** Timer options of the config. */
  fakeTimers: FakeTimerOptions
  setConfig(config: Record<string, unknown>): void
  resetConfig(): void
}

type Run = (...values: never[]) => unknown

export function createTestTools(context: ToolsContext): TestTools {
  const { env, modules } = context
  const timers = createFakeTimers(
    () =>
      new Error(
        'A function to advance timers was called but the timers APIs are not mocked. Call `vi.useFakeTimers()` in the test file first.',
      ),
  )
  const stubs = createStubs(env)
  const chained =
    (run: Run) =>
    (...values: unknown[]) => {
      const result = run(...(values as never[]))
      return result instanceof Promise ? result.then(() => vi) : vi
    }
  const moveOn = (ms: number) => {
    if (timers.isFake()) timers.clock().tick(ms)
  }
  const steps = (count = 1) => Array.from({ length: count })

  const vi: Record<string, unknown> = {
    fn,
    spyOn,
    isMockFunction,
    mocked: (value: unknown) => value,
    mockObject: (value: object, { spy = false } = {}) => automock(value, spy ? 'spy' : 'automock'),
    clearAllMocks: chained(clearAllMocks),
    resetAllMocks: chained(resetAllMocks),
    restoreAllMocks: chained(restoreAllMocks),
    useFakeTimers: chained((options?: FakeTimerOptions) => timers.use({ ...context.fakeTimers, ...options })),
    useRealTimers: chained(() => timers.useReal()),
    isFakeTimers: timers.isFake,
    setSystemTime: chained(timers.setSystemTime),
    getMockedSystemTime: timers.mockedTime,
    getRealSystemTime: timers.realNow,
    advanceTimersByTime: chained((ms: number) => void timers.clock().tick(ms)),
    advanceTimersByTimeAsync: chained((ms: number) => timers.clock().tickAsync(ms)),
    advanceTimersToNextTimer: chained((count?: number) => {
      const clock = timers.clock()
      for (const _ of steps(count)) {
        clock.next()
        clock.tick(0)
      }
    }),
    advanceTimersToNextTimerAsync: chained(async (count?: number) => {
      const clock = timers.clock()
      for (const _ of steps(count)) {
        await clock.nextAsync()
        clock.tick(0)
      }
    }),
    advanceTimersToNextFrame: chained(() => void timers.clock().runToFrame()),
    runAllTimers: chained(() => void timers.clock().runAll()),
    runAllTimersAsync: chained(() => timers.clock().runAllAsync()),
    runOnlyPendingTimers: chained(() => void timers.clock().runToLast()),
    runOnlyPendingTimersAsync: chained(() => timers.clock().runToLastAsync()),
    runAllTicks: chained(() => timers.clock().runMicrotasks()),
    clearAllTimers: chained(() => timers.clock().reset()),
    getTimerCount: timers.count,
    setTimerTickMode: chained((mode: 'manual' | 'nextTimerAsync' | 'interval', delta?: number) =>
      timers
        .clock()
        .setTickMode(
          mode === 'interval'
            ? { mode, ...(delta === undefined ? {} : { delta }) }
            : { mode: mode === 'manual' ? 'manual' : 'nextAsync' },
        ),
    ),
    stubGlobal: chained(stubs.setGlobal),
    unstubAllGlobals: chained(stubs.unsetGlobals),
    stubEnv: chained(stubs.setVariable),
    unstubAllEnvs: chained(stubs.unsetVariables),
    waitFor: (attempt: () => unknown, timeLimit?: number | object) =>
      retry({ attempt, isDone: () => true, timeLimit, onWait: moveOn, timedOut: 'Timed out in waitFor!' }),
    waitUntil: (attempt: () => unknown, timeLimit?: number | object) =>
      retry({ attempt, isDone: Boolean, timeLimit, onWait: moveOn, timedOut: 'Timed out in waitUntil!' }),
    hoisted: (make: () => unknown) => make(),
    resetModules: chained(() => modules().resetModules()),
    dynamicImportSettled: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
    setConfig: (config: Record<string, unknown>) => context.setConfig(config),
    resetConfig: () => context.resetConfig(),
  }

  function viFor(importer: string): object {
    const own: Record<string, unknown> = Object.create(vi)
    const set = (specifier: string, mock: Parameters<ModuleRunner['mocks']['set']>[1]) =>
      modules().mocks.set(modules().find(specifier, importer).id, mock)
    const mock = (specifier: unknown, given?: unknown) => {
      if (typeof specifier !== 'string')
        throw new TypeError('vi.mock expects a string or import("…") as its first argument.')
      if (typeof given === 'function') set(specifier, { kind: 'factory', factory: given as () => unknown, specifier })
      else set(specifier, { kind: Reflect.get(Object(given), 'spy') === true ? 'spy' : 'automock' })
    }
    const unmock = (specifier: string) => set(specifier, { kind: 'actual' })
    return Object.assign(own, {
      mock,
      doMock: mock,
      unmock,
      doUnmock: unmock,
      importActual: (specifier: string) => modules().importFrom(specifier, importer, 'actual'),
      importMock: (specifier: string) => modules().importFrom(specifier, importer, 'mock'),
    })
  }

  return {
    vi,
    viFor,
    reset() {
      timers.useReal()
      restoreAllMocks()
      stubs.unsetGlobals()
      stubs.unsetVariables()
    },
  }
}
