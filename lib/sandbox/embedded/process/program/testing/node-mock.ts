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

export interface NodeMocks {
  fn(original?: Method, replacement?: Method): Method
  method(target: object, name: string, replacement?: Method): Method
  reset(): void
  restoreAll(): void
}

/** `mock` of `node:test`. */
export function createNodeMocks(): NodeMocks {
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
      restoreAll()
      made = []
    },
    restoreAll,
  }
}
