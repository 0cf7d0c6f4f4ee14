import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  onTestFailed,
  onTestFinished,
  suite,
  test,
} from '@vitest/runner'
import { chai } from './expect'
import { type TestTools, unsupported } from './vi'

type Call = (...values: unknown[]) => unknown
type Face = Record<string, unknown>

/** `import … from 'vitest'`. */
export function createVitestFace(expect: unknown, { vi }: TestTools): Face {
  const typeOnly: unknown = new Proxy(() => typeOnly, { get: () => typeOnly })
  return {
    describe,
    suite,
    it: test,
    test,
    beforeAll,
    beforeEach,
    afterAll,
    afterEach,
    onTestFailed,
    onTestFinished,
    expect,
    assert: chai.assert,
    chai,
    should: chai.should,
    vi,
    vitest: vi,
    assertType: () => {},
    // Types are checked by the type checker; at run time these only have to be callable.
    expectTypeOf: typeOnly,
    bench: () => unsupported('bench'),
    inject: () => undefined,
  }
}

/** What vitest puts on `globalThis` with `globals: true`. */
export const vitestGlobals = [
  'describe',
  'suite',
  'it',
  'test',
  'beforeAll',
  'beforeEach',
  'afterAll',
  'afterEach',
  'onTestFailed',
  'onTestFinished',
  'expect',
  'assert',
  'chai',
  'vi',
  'vitest',
  'expectTypeOf',
  'assertType',
]

/** `import … from '@jest/globals'`, and Jest's globals. */
export function createJestFace(expect: unknown, tools: TestTools): Face {
  const jest: Face = { ...tools.vi }
  for (const name of [
    'mock',
    'unmock',
    'doMock',
    'dontMock',
    'createMockFromModule',
    'isolateModules',
    'resetModules',
    'requireActual',
    'requireMock',
  ]) {
    jest[name] = () => unsupported(`jest.${name}`)
  }
  Object.assign(jest, {
    useFakeTimers(options?: { now?: number | Date }) {
      ;(tools.vi.useFakeTimers as Call)(options === undefined ? undefined : { now: options.now })
      return jest
    },
    getSeed: () => 0,
    now: () => Date.now(),
    setTimeout: () => jest,
    retryTimes: () => jest,
  })
  const runTest = withDone(test as unknown as Call)
  const it = Object.assign(runTest, {
    each: Reflect.get(test, 'each'),
    only: Object.assign(withDone(test.only as unknown as Call), { each: test.only.each }),
    skip: Object.assign(withDone(test.skip as unknown as Call), { each: test.skip.each }),
    todo: test.todo,
    failing: test.fails,
    concurrent: test.concurrent,
  })
  return {
    jest,
    expect,
    describe,
    it,
    test: it,
    fit: it.only,
    xit: it.skip,
    xtest: it.skip,
    fdescribe: describe.only,
    xdescribe: describe.skip,
    beforeAll: withDone(beforeAll as unknown as Call),
    beforeEach: withDone(beforeEach as unknown as Call),
    afterAll: withDone(afterAll as unknown as Call),
    afterEach: withDone(afterEach as unknown as Call),
  }
}

/** Jest gives a test that has a parameter the callback `done`. */
function withDone(register: Call): Call {
  return (...values) =>
    register(
      ...values.map((value) => {
        if (typeof value !== 'function' || value.length === 0) return value
        const run = value as (done: Call) => unknown
        return () =>
          new Promise<void>((resolve, reject) => {
            const done = (error?: unknown) =>
              error === undefined ? resolve() : reject(error instanceof Error ? error : new Error(String(error)))
            try {
              run(Object.assign(done, { fail: done }))
            } catch (error) {
              reject(error)
            }
          })
      }),
    )
}
