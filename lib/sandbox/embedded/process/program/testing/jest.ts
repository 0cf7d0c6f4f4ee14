import { ModuleMocker } from 'jest-mock'
import type { TestConfig } from './config'
import { createFakeTimers, type FakeTimerOptions } from './fake-timers'
import type { ModuleRunner } from './module-runner'
import type { ToolsContext } from './vi'

export interface JestTools {
  /** `jest` as one module sees it: paths are relative to that module. */
  jestFor(importer: string): object
  automock(module: unknown): unknown
  beforeTest(config: Pick<TestConfig, 'clearMocks' | 'resetMocks' | 'restoreMocks' | 'resetModules'>): void
  useFakeTimers(): void
  reset(): void
}

interface JestTimerOptions {
  now?: number | Date
  doNotFake?: string[]
  timerLimit?: number
  advanceTimers?: boolean | number
  legacyFakeTimers?: boolean
}

type Run = (...values: never[]) => unknown

export function createJestTools(context: ToolsContext): JestTools {
  const { modules } = context
  const timers = createFakeTimers(
    () =>
      new Error(
        "A function to advance timers was called but the timers APIs are not replaced with fake timers. Call `jest.useFakeTimers()` in this test file or enable fake timers for all tests by setting 'fakeTimers': {'enableGlobally': true} in Jest configuration file.",
      ),
  )
  const mocker = new ModuleMocker(globalThis)
  const shared: Record<string, unknown> = {}
  const chained = (run: Run) =>
    function (this: unknown, ...values: unknown[]) {
      const result = run(...(values as never[]))
      return result instanceof Promise ? result.then(() => this) : this
    }
  function use(given?: JestTimerOptions | string) {
    const options = typeof given === 'object' ? given : {}
    const { advanceTimers, doNotFake, timerLimit, now } = options
    timers.use({
      ...context.fakeTimers,
      toFake: undefined as never,
      toNotFake: doNotFake ?? [],
      ...(now === undefined ? {} : { now }),
      loopLimit: timerLimit ?? 100_000,
      ...(advanceTimers
        ? { shouldAdvanceTime: true, advanceTimeDelta: advanceTimers === true ? 20 : advanceTimers }
        : {}),
    } as FakeTimerOptions)
  }
  const times = (count: number | undefined, step: () => unknown) => {
    for (let left = count ?? 1; left > 0; left--) step()
  }

  Object.assign(shared, {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    replaceProperty: mocker.replaceProperty.bind(mocker),
    isMockFunction: mocker.isMockFunction.bind(mocker),
    mocked: (value: unknown) => value,
    clearAllMocks: chained(() => mocker.clearAllMocks()),
    resetAllMocks: chained(() => mocker.resetAllMocks()),
    restoreAllMocks: chained(() => mocker.restoreAllMocks()),
    useFakeTimers: chained(use),
    useRealTimers: chained(() => timers.useReal()),
    setSystemTime: (time?: number | Date) => timers.setSystemTime(time),
    getRealSystemTime: timers.realNow,
    now: () => timers.mockedTime()?.getTime() ?? Date.now(),
    advanceTimersByTime: (ms: number) => void timers.clock().tick(ms),
    advanceTimersByTimeAsync: async (ms: number) => void (await timers.clock().tickAsync(ms)),
    advanceTimersToNextTimer: (count?: number) => times(count, () => timers.clock().next()),
    advanceTimersToNextTimerAsync: async (count = 1) => {
      for (let left = count; left > 0; left--) await timers.clock().nextAsync()
    },
    advanceTimersToNextFrame: () => void timers.clock().runToFrame(),
    runAllTimers: () => void timers.clock().runAll(),
    runAllTimersAsync: async () => void (await timers.clock().runAllAsync()),
    runOnlyPendingTimers: () => void timers.clock().runToLast(),
    runOnlyPendingTimersAsync: async () => void (await timers.clock().runToLastAsync()),
    runAllTicks: () => timers.clock().runMicrotasks(),
    runAllImmediates: () => void timers.clock().tick(0),
    runTimersToTime: (ms: number) => void timers.clock().tick(ms),
    clearAllTimers: () => timers.clock().reset(),
    getTimerCount: timers.count,
    getSeed: () => 1,
    isEnvironmentTornDown: () => false,
    setTimeout: chained((ms: number) => context.setConfig({ testTimeout: ms, hookTimeout: ms })),
    retryTimes: chained((count: number) => context.setConfig({ retry: count })),
    resetModules: chained(() => modules().resetModules()),
    isolateModules: chained((run: () => void) => modules().isolate(run)),
    isolateModulesAsync: (run: () => Promise<void>) => modules().isolate(run),
    enableAutomock: chained(() => {
      modules().mocks.automockAll = true
    }),
    disableAutomock: chained(() => {
      modules().mocks.automockAll = false
    }),
  })
  shared.autoMockOn = shared.enableAutomock
  shared.autoMockOff = shared.disableAutomock

  function jestFor(importer: string): object {
    const own: Record<string, unknown> = Object.create(shared)
    const set = (specifier: string, mock: Parameters<ModuleRunner['mocks']['set']>[1]) =>
      modules().mocks.set(modules().find(specifier, importer).id, mock)
    const mock = chained((specifier: string, factory?: () => unknown, options?: { virtual?: boolean }) => {
      const found = modules().find(specifier, importer)
      // As Jest: a typo in a path must not pass for a mock.
      if (found.kind === 'virtual' && options?.virtual !== true) modules().requireFrom(specifier, importer, 'actual')
      set(specifier, factory === undefined ? { kind: 'automock' } : { kind: 'factory', factory, specifier })
    })
    const unmock = chained((specifier: string) => set(specifier, { kind: 'actual' }))
    const createMockFromModule = (specifier: string) => automock(modules().requireFrom(specifier, importer, 'actual'))
    return Object.assign(own, {
      mock,
      doMock: mock,
      unmock,
      dontMock: unmock,
      deepUnmock: unmock,
      setMock: chained((specifier: string, value: unknown) =>
        set(specifier, { kind: 'factory', factory: () => value, specifier }),
      ),
      unstable_mockModule: chained((specifier: string, factory: () => unknown) =>
        set(specifier, { kind: 'factory', factory, specifier }),
      ),
      requireActual: (specifier: string) => modules().requireFrom(specifier, importer, 'actual'),
      requireMock: (specifier: string) => modules().requireFrom(specifier, importer, 'mock'),
      createMockFromModule,
      genMockFromModule: createMockFromModule,
    })
  }

  function automock(module: unknown): unknown {
    const metadata = mocker.getMetadata(module as object)
    if (metadata === null) throw new Error('A module that exports nothing cannot be mocked automatically.')
    return mocker.generateFromMetadata(metadata)
  }

  return {
    jestFor,
    automock,
    beforeTest({ clearMocks, resetMocks, restoreMocks, resetModules }) {
      if (resetModules) modules().resetModules()
      if (clearMocks) mocker.clearAllMocks()
      if (resetMocks) mocker.resetAllMocks()
      if (restoreMocks) mocker.restoreAllMocks()
    },
    useFakeTimers: () => use(),
    reset() {
      timers.useReal()
      mocker.restoreAllMocks()
    },
  }
}
