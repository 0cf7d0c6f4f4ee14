import {
  ASYMMETRIC_MATCHERS_OBJECT,
  addCustomEqualityTesters,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'
import { getCurrentTest, type Test } from '@vitest/runner'
import { addSerializer } from '@vitest/snapshot'
import { realTimers } from '../node/timers'

type Expect = Record<string, unknown> & ((value: unknown, message?: string) => Chai.Assertion)

/** What the engine asks of an expect, whoever's it is. */
export interface ExpectFace {
  expect: unknown
  /** An expect of its own for one test, where the runner has such a thing. */
  forTest?(test: Test): unknown
  beforeTest(test: Test): void
  /** Throws when the test promised assertions it did not make. */
  afterTest(own: unknown): void
}

const freshState = {
  assertionCalls: 0,
  isExpectingAssertions: false,
  isExpectingAssertionsError: null,
  expectedAssertionsNumber: null,
  expectedAssertionsNumberErrorGen: null,
}

const asStatic = (expect: Expect) => expect as unknown as Parameters<typeof setState>[1]
const stateOf = (expect: Expect) => getState(asStatic(expect) as never)

/** The expect API of vitest over its own matchers, for the running test or a given one. */
function createExpect(testPath: () => string, test?: Test): Expect {
  const expect = ((value: unknown, message?: string) => {
    setState({ assertionCalls: stateOf(expect).assertionCalls + 1 }, asStatic(expect))
    const assertion = chai.expect(value, message)
    const current = test ?? getCurrentTest()
    const withTest: unknown = Reflect.get(assertion, 'withTest')
    return current !== undefined && typeof withTest === 'function' ? withTest.call(assertion, current) : assertion
  }) as unknown as Expect
  Object.assign(expect, chai.expect, Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT))
  setState({ ...freshState, currentTestName: test?.fullTestName ?? '' }, asStatic(expect))

  const extendWith = Reflect.get(chai.expect, 'extend') as (target: Expect, matchers: object) => void
  const extend = (matchers: object) => extendWith.call(chai.expect, expect, matchers)
  Object.assign(expect, {
    getState: () => ({ ...stateOf(expect), testPath: testPath() }),
    setState: (state: object) => setState(state, asStatic(expect)),
    assert: chai.assert,
    extend,
    addEqualityTesters: addCustomEqualityTesters,
    soft: (value: unknown, message?: string) => withContext(expect(value, message), { soft: true }),
    poll: createPoll(expect),
    unreachable: (message?: string) => chai.assert.fail(`expected${message ? ` "${message}" ` : ' '}not to be reached`),
    assertions(count: number) {
      const toError = () =>
        new Error(`expected number of assertions to be ${count}, but got ${stateOf(expect).assertionCalls}`)
      setState({ expectedAssertionsNumber: count, expectedAssertionsNumberErrorGen: toError }, asStatic(expect))
    },
    hasAssertions() {
      const error = new Error('expected any number of assertion, but got none')
      setState({ isExpectingAssertions: true, isExpectingAssertionsError: error }, asStatic(expect))
    },
    addSnapshotSerializer: addSerializer,
  })
  extend(customMatchers)
  return expect
}

function withContext(assertion: Chai.Assertion, context: object): Chai.Assertion {
  const method = Reflect.get(assertion, 'withContext') as (context: object) => Chai.Assertion
  return method.call(assertion, context)
}

/** `expect.poll(fn).toBe(x)`: tries again until the matcher holds or the time is over. */
function createPoll(expect: Expect) {
  return (
    read: () => unknown,
    { interval = 50, timeout = 1000, message }: { interval?: number; timeout?: number; message?: string } = {},
  ) => {
    const attempt = (path: string[], values: unknown[]) => async () => {
      const endsAt = realTimers.now() + timeout
      for (;;) {
        try {
          let target: unknown = expect(await read(), message)
          for (const key of path.slice(0, -1)) target = Reflect.get(Object(target), key)
          const matcher = Reflect.get(Object(target), path.at(-1) ?? '') as (...values: unknown[]) => unknown
          return await matcher.apply(target, values)
        } catch (error) {
          if (realTimers.now() >= endsAt) throw error
          await new Promise((resolve) => realTimers.setTimeout(resolve, interval))
        }
      }
    }
    const chain = (path: string[]): unknown =>
      new Proxy(() => {}, {
        get: (_, key) => chain([...path, String(key)]),
        apply: (_target, _this, values: unknown[]) => attempt(path, values)(),
      })
    return chain([])
  }
}

/** Throws when the test promised assertions it did not make. */
function checkAssertionCounts(expect: Expect) {
  const state = stateOf(expect)
  const {
    expectedAssertionsNumber,
    expectedAssertionsNumberErrorGen,
    isExpectingAssertions,
    isExpectingAssertionsError,
  } = state
  if (expectedAssertionsNumber != null && state.assertionCalls !== expectedAssertionsNumber) {
    throw expectedAssertionsNumberErrorGen?.() ?? new Error('wrong number of assertions')
  }
  if (isExpectingAssertions && state.assertionCalls === 0) throw isExpectingAssertionsError
}

let hasMatchers = false

/** Teaches chai the matchers, once a Worker. */
export function installMatchers(): void {
  if (hasMatchers) return
  hasMatchers = true
  chai.use(JestExtend)
  chai.use(JestChaiExpect)
  chai.use(JestAsymmetricMatchers)
}

/** Makes the expect that test files see; once a process. */
export function installExpect(testPath: () => string): ExpectFace {
  installMatchers()
  const expect = createExpect(testPath)
  Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true })
  return {
    expect,
    forTest: (test) => createExpect(testPath, test),
    beforeTest: (test) => setState({ ...freshState, currentTestName: test.fullTestName }, asStatic(expect)),
    afterTest: (own) => checkAssertionCounts((own as Expect | undefined) ?? expect),
  }
}

export { chai }
