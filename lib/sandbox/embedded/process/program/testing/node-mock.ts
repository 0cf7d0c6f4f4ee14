import { createFakeTimers, type FakeTimerOptions, type FakeTimers } from './fake-timers'

type Method = (this: unknown, ...values: unknown[]) => unknown

interface MockCall {
  arguments: unknown[]
  result: unknown
  error: unknown
  this: unknown
}

/** What `mock.fn()` adds to a function: `fn.mock.calls`, `callCount()`, other implementations, restoring. */
function createMock(original: Method, replacement: Method, restore: () => void): Method {
  let calls: MockCall[] = []
  let current = replacement
  const once = new Map<number, Method>()
  function mocked(this: unknown, ...values: unknown[]): unknown {
    const run = once.get(calls.length) ?? current
    const call: MockCall = { arguments: values, result: undefined, error: undefined, this: this }
    try {
      call.result = new.target ? Reflect.construct(run, values, new.target) : run.apply(this, values)
      return call.result
    } catch (error) {
      call.error = error
      throw error
    } finally {
      calls.push(call)
    }
  }
  const face = {
    get calls() {
      return [...calls]
    },
    callCount: () => calls.length,
    resetCalls: () => {
      calls = []
    },
    mockImplementation: (run: Method) => {
      current = run
    },
    mockImplementationOnce: (run: Method, onCall = calls.length) => once.set(onCall, run),
    restore: () => {
      current = original
      restore()
    },
  }
  return Object.defineProperty(mocked, 'mock', { value: face })
}

/** `mock.timers`: a clock that stands until it is moved. */
export interface NodeMockTimers {
  enable(options?: { apis?: string[]; now?: number | Date }): void
  tick(ms?: number): void
  runAll(): void
  setTime(time?: number): void
  reset(): void
}

export interface NodeMocks {
  getter(target: object, name: string, replacement?: Method): Method
  setter(target: object, name: string, replacement?: Method): Method
  timers: NodeMockTimers
  fn(original?: Method, replacement?: Method): Method
  method(target: object, name: string, replacement?: Method): Method
  reset(): void
  restoreAll(): void
}

const notEnabled = () =>
  Object.assign(new Error('Invalid state: You should enable MockTimers first by calling the .enable function'), {
    code: 'ERR_INVALID_STATE',
  })

function createMockTimers(): NodeMockTimers {
  // Made when first asked for: by then the globals are the program's.
  let made: FakeTimers | null = null
  const clocks = {
    isFake: () => made?.isFake() ?? false,
    use(options: FakeTimerOptions) {
      made ??= createFakeTimers(notEnabled)
      made.use(options)
    },
    clock() {
      if (made === null) throw notEnabled()
      return made.clock()
    },
    useReal: () => made?.useReal(),
  }
  return {
    enable({ apis = ['setInterval', 'setTimeout', 'setImmediate', 'Date'], now = 0 } = {}) {
      if (clocks.isFake()) {
        throw Object.assign(new Error('Invalid state: MockTimers is already enabled!'), { code: 'ERR_INVALID_STATE' })
      }
      const clears = apis.filter((name) => name.startsWith('set')).map((name) => name.replace('set', 'clear'))
      clocks.use({ now, toFake: [...apis, ...clears] })
    },
    tick: (ms = 1) => void clocks.clock().tick(ms),
    runAll: () => void clocks.clock().runToLast(),
    setTime: (time = 0) => clocks.clock().setSystemTime(time),
    reset: () => clocks.useReal(),
  }
}

function mockAccessor(target: object, name: string, kind: 'get' | 'set', replacement?: Method): Method {
  const own = Object.getOwnPropertyDescriptor(target, name) ?? inherited(target, name)
  const original = own?.[kind] as Method | undefined
  if (own === undefined || original === undefined) {
    throw new TypeError(`The property '${name}' has no ${kind}ter to mock`)
  }
  const hadOwn = Object.hasOwn(target, name)
  const restore = () => {
    if (hadOwn) Object.defineProperty(target, name, own)
    else Reflect.deleteProperty(target, name)
  }
  const mock = createMock(original, replacement ?? original, restore)
  Object.defineProperty(target, name, { ...own, [kind]: mock, configurable: true })
  return mock
}

function inherited(target: object, name: string): PropertyDescriptor | undefined {
  const parent = Object.getPrototypeOf(target) as object | null
  return parent === null ? undefined : (Object.getOwnPropertyDescriptor(parent, name) ?? inherited(parent, name))
}

/** `mock` of `node:test`. */
export function createNodeMocks(): NodeMocks {
  const timers = createMockTimers()
  let made: Method[] = []
  const keep = (mock: Method) => {
    made.push(mock)
    return mock
  }
  const restoreAll = () => {
    for (const mock of made) (Reflect.get(mock, 'mock') as { restore(): void }).restore()
  }
  return {
    fn: (original = () => undefined, replacement = original) => keep(createMock(original, replacement, () => {})),
    timers,
    getter: (target, name, replacement) => keep(mockAccessor(target, name, 'get', replacement)),
    setter: (target, name, replacement) => keep(mockAccessor(target, name, 'set', replacement)),
    method(target, name, replacement) {
      const own = Object.getOwnPropertyDescriptor(target, name)
      const original: unknown = Reflect.get(target, name)
      if (typeof original !== 'function') throw new TypeError(`The property '${name}' is not a function to mock`)
      const restore = () => {
        if (own === undefined) Reflect.deleteProperty(target, name)
        else Object.defineProperty(target, name, own)
      }
      const mock = createMock(original as Method, replacement ?? (original as Method), restore)
      Object.defineProperty(target, name, {
        value: mock,
        writable: true,
        configurable: true,
        enumerable: own?.enumerable ?? true,
      })
      return keep(mock)
    },
    reset() {
      timers.reset()
      restoreAll()
      made = []
    },
    restoreAll,
  }
}
