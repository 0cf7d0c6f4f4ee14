import {
  afterAll,
  afterEach,
  aroundAll,
  aroundEach,
  beforeAll,
  beforeEach,
  describe,
  onTestFailed,
  onTestFinished,
  suite,
  test,
} from '@vitest/runner'
import { chai } from './expect'
import { createEach } from './jest-each'
import { withTimeLimit } from './jest-time-limit'

type Call = (...values: unknown[]) => unknown
export type Face = Record<string, unknown>

/** `import … from 'vitest'`, but for `vi`, which each module has of its own. */
export function createVitestFace(expect: unknown, provided: ReadonlyMap<string, unknown>): Face {
  const typeOnly: unknown = new Proxy(() => typeOnly, { get: () => typeOnly })
  const bench = () => {
    throw new Error('bench() runs only with `vitest bench`, which is not available here.')
  }
  return Object.defineProperty(
    {
      describe,
      suite,
      it: test,
      test,
      beforeAll,
      beforeEach,
      afterAll,
      afterEach,
      aroundAll,
      aroundEach,
      onTestFailed,
      onTestFinished,
      expect,
      assert: chai.assert,
      chai,
      should: chai.should,
      createExpect: expect,
      assertType: () => {},
      // Types are checked by the type checker; at run time these only have to be callable.
      expectTypeOf: typeOnly,
      bench: Object.assign(bench, { skip: () => {}, todo: () => {}, only: bench }),
      inject: (key: string) => provided.get(key),
    },
    '__esModule',
    { value: true },
  )
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
  'aroundAll',
  'aroundEach',
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

/** `import … from '@jest/globals'`, and Jest's globals, but for `jest`, which each module has of its own. */
export function createJestFace(expect: unknown, timeLimit: () => number): Face {
  const register = (target: unknown) => {
    const run = withDone(target as Call, timeLimit, 'test')
    return Object.assign(run, { each: createEach(run as never) })
  }
  const failing = Object.assign(register(test.fails), {
    only: register(test.only.fails),
    skip: register(test.skip.fails),
  })
  const concurrent = Object.assign(register(test.concurrent), {
    only: register(test.concurrent.only),
    skip: register(test.concurrent.skip),
    failing: register(test.concurrent.fails),
  })
  const it = Object.assign(register(test), {
    only: Object.assign(register(test.only), { failing: failing.only }),
    skip: Object.assign(register(test.skip), { failing: failing.skip }),
    todo: test.todo,
    failing,
    concurrent,
  })
  const group = (target: unknown) => {
    const run: Call = (name, body) => (target as Call)(titleOf(name), body)
    return Object.assign(run, { each: createEach(run as never) })
  }
  const describeJest = Object.assign(group(describe), { only: group(describe.only), skip: group(describe.skip) })
  const hook = (target: unknown) => withDone(target as Call, timeLimit, 'hook')
  const face = {
    expect,
    describe: describeJest,
    it,
    test: it,
    fit: it.only,
    xit: it.skip,
    xtest: it.skip,
    fdescribe: describeJest.only,
    xdescribe: describeJest.skip,
    beforeAll: hook(beforeAll),
    beforeEach: hook(beforeEach),
    afterAll: hook(afterAll),
    afterEach: hook(afterEach),
  }
  return Object.defineProperty(face, '__esModule', { value: true })
}

/** Jest takes functions, classes and numbers as titles, too. */
const titleOf = (name: unknown) => (typeof name === 'function' ? name.name : String(name))

/** Jest gives a test that has a parameter the callback `done`; a `this` is shared by none. */
function withDone(register: Call, timeLimit: () => number, what: 'test' | 'hook'): Call {
  return (...values) => {
    const index = what === 'hook' || typeof values[1] !== 'function' ? 0 : 1
    const body = values[index]
    if (typeof body !== 'function') return register(...values)
    const own = values[index + 1]
    const run = body.length === 0 ? withoutContext(body as Call, what === 'hook') : withCallback(body as Call)
    const limit = typeof own === 'number' ? () => own : timeLimit
    const limited = withTimeLimit(run, limit, { what, made: new Error() })
    // No time limit of the runner's own: one below zero only says what ours is.
    const told = typeof own === 'number' ? -own : 0
    return index === 0 ? register(limited, told) : register(titleOf(values[0]), limited, told)
  }
}

/** Jest tests get no argument; what they return must be a promise or nothing. */
function withoutContext(run: Call, isHook: boolean): Call {
  return () => {
    const result = run()
    const isThenable =
      typeof result === 'object' && result !== null && typeof Reflect.get(result, 'then') === 'function'
    if (result === undefined || isThenable || isHook) return isThenable ? result : undefined
    throw new Error(`test functions can only return Promise or undefined.\nReturned value: ${String(result)}`)
  }
}

function withCallback(run: Call): Call {
  return () =>
    new Promise<void>((resolve, reject) => {
      const fail = (error: unknown) =>
        reject(error instanceof Error ? error : new Error(`Failed: ${JSON.stringify(error)}`))
      const done = (error?: unknown) => (error === undefined || error === null ? resolve() : fail(error))
      try {
        run(Object.assign(done, { fail }))
      } catch (error) {
        reject(error)
      }
    })
}
