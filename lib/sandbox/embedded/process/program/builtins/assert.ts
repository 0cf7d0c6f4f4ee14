import { createTwoFilesPatch } from 'diff'
import { inspect } from '../node/inspect'
import { isDeepEqual } from './deep-equal'

interface Details {
  message?: string | Error
  actual: unknown
  expected: unknown
  operator: string
}

export class AssertionError extends Error {
  override readonly name = 'AssertionError'
  readonly code = 'ERR_ASSERTION'
  readonly generatedMessage: boolean
  readonly actual: unknown
  readonly expected: unknown
  readonly operator: string

  constructor({ message, actual, expected, operator }: Details) {
    super(typeof message === 'string' ? message : describe(actual, expected, operator))
    this.generatedMessage = message === undefined
    this.actual = actual
    this.expected = expected
    this.operator = operator
    for (const key of ['name', 'generatedMessage', 'code', 'actual', 'expected', 'operator']) {
      const value: unknown = Reflect.get(this, key)
      Object.defineProperty(this, key, { value, enumerable: key !== 'name', writable: true, configurable: true })
    }
  }
}

const headlines: Record<string, string> = {
  strictEqual: 'Expected values to be strictly equal:',
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
}

function describe(actual: unknown, expected: unknown, operator: string): string {
  const headline = headlines[operator]
  const shown = { actual: inspect(actual, { depth: 10 }), expected: inspect(expected, { depth: 10 }) }
  if (headline === undefined) return `${shown.actual} ${operator} ${shown.expected}`
  if (operator.startsWith('not')) return `${headline}\n\n${shown.expected}`
  const isShort =
    !shown.actual.includes('\n') && !shown.expected.includes('\n') && shown.actual.length + shown.expected.length < 40
  if (isShort) return `${headline}\n\n${shown.actual} !== ${shown.expected}\n`
  return `${headline}\n+ actual - expected\n\n${lineDiff(shown.expected, shown.actual)}`
}

function lineDiff(expected: string, actual: string): string {
  const patch = createTwoFilesPatch('', '', `${expected}\n`, `${actual}\n`, '', '', { context: 3 })
  return patch
    .split('\n')
    .slice(4)
    .filter((line) => !line.startsWith('@@') && line !== '')
    .map((line) => `${line[0]} ${line.slice(1)}`)
    .join('\n')
}

type Message = string | Error | undefined
type Expected = RegExp | ErrorConstructor | object | ((error: unknown) => boolean) | undefined

function fail(details: Details): never {
  if (details.message instanceof Error) throw details.message
  throw new AssertionError(details)
}

function check(holds: boolean, details: Details) {
  if (!holds) fail(details)
}

function matchesError(error: unknown, expected: Expected): boolean {
  if (expected === undefined) return true
  if (expected instanceof RegExp) return expected.test(String(error))
  if (typeof expected === 'function') {
    const isClass = expected.prototype !== undefined && (expected === Error || expected.prototype instanceof Error)
    if (isClass) return error instanceof (expected as ErrorConstructor)
    return (expected as (error: unknown) => boolean)(error) === true
  }
  return Object.entries(expected).every(([key, value]) => {
    const own: unknown = Reflect.get(Object(error), key)
    return value instanceof RegExp && typeof own === 'string' ? value.test(own) : isDeepEqual(own, value, true)
  })
}

function checkThrown(
  operator: string,
  thrown: { error: unknown } | null,
  expected: Expected | string,
  message: Message,
) {
  const text = typeof expected === 'string' ? expected : message
  if (thrown === null) {
    const kind = operator === 'rejects' ? 'rejection' : 'exception'
    fail({
      message: text === undefined ? `Missing expected ${kind}.` : `Missing expected ${kind}: ${text}`,
      actual: undefined,
      expected,
      operator,
    })
  }
  if (typeof expected === 'string' || matchesError(thrown.error, expected)) return
  if (typeof expected === 'function' && thrown.error instanceof Error) throw thrown.error
  const shown = inspect(thrown.error instanceof Error ? thrown.error.message : thrown.error)
  fail({
    message: message ?? `The error does not match: expected ${inspect(expected)}, got ${shown}`,
    actual: thrown.error,
    expected,
    operator,
  })
}

function thrownBy(run: () => unknown): { error: unknown } | null {
  try {
    run()
    return null
  } catch (error) {
    return { error }
  }
}

async function rejectionOf(run: (() => Promise<unknown>) | Promise<unknown>): Promise<{ error: unknown } | null> {
  try {
    await (typeof run === 'function' ? run() : run)
    return null
  } catch (error) {
    return { error }
  }
}

/** `node:assert`; `strict` changes what `equal` and its relatives mean. */
export function createAssertModule(): Record<string, unknown> {
  const ok = (value: unknown, message?: Message) =>
    check(Boolean(value), {
      message: message ?? 'The expression evaluated to a falsy value',
      actual: value,
      expected: true,
      operator: '==',
    })
  const compare =
    (operator: string, holds: (a: unknown, b: unknown) => boolean) =>
    (actual: unknown, expected: unknown, message?: Message) =>
      check(holds(actual, expected), { ...(message === undefined ? {} : { message }), actual, expected, operator })

  // biome-ignore lint/suspicious/noDoubleEquals: the loose comparison is the contract
  const isLoose = (a: unknown, b: unknown) => a == b || (Number.isNaN(a) && Number.isNaN(b))
  const strictCalls = {
    strictEqual: compare('strictEqual', Object.is),
    notStrictEqual: compare('notStrictEqual', (a, b) => !Object.is(a, b)),
    deepStrictEqual: compare('deepStrictEqual', (a, b) => isDeepEqual(a, b, true)),
    notDeepStrictEqual: compare('notDeepStrictEqual', (a, b) => !isDeepEqual(a, b, true)),
  }
  const calls = {
    ...strictCalls,
    ok,
    equal: compare('==', isLoose),
    notEqual: compare('!=', (a, b) => !isLoose(a, b)),
    deepEqual: compare('deepEqual', (a, b) => isDeepEqual(a, b, false)),
    notDeepEqual: compare('notDeepEqual', (a, b) => !isDeepEqual(a, b, false)),
    match: (actual: string, expected: RegExp, message?: Message) =>
      check(expected.test(actual), {
        message:
          message ?? `The input did not match the regular expression ${expected}. Input:\n\n${inspect(actual)}\n`,
        actual,
        expected,
        operator: 'match',
      }),
    doesNotMatch: (actual: string, expected: RegExp, message?: Message) =>
      check(!expected.test(actual), {
        message:
          message ??
          `The input was expected to not match the regular expression ${expected}. Input:\n\n${inspect(actual)}\n`,
        actual,
        expected,
        operator: 'doesNotMatch',
      }),
    throws: (run: () => unknown, expected?: Expected | string, message?: Message) =>
      checkThrown('throws', thrownBy(run), expected, message),
    doesNotThrow(run: () => unknown, message?: string) {
      const thrown = thrownBy(run)
      if (thrown !== null)
        fail({
          message: message ?? `Got unwanted exception.\nActual message: ${inspect(String(thrown.error))}`,
          actual: thrown.error,
          expected: undefined,
          operator: 'doesNotThrow',
        })
    },
    rejects: async (
      run: (() => Promise<unknown>) | Promise<unknown>,
      expected?: Expected | string,
      message?: Message,
    ) => checkThrown('rejects', await rejectionOf(run), expected, message),
    async doesNotReject(run: (() => Promise<unknown>) | Promise<unknown>, message?: string) {
      const thrown = await rejectionOf(run)
      if (thrown !== null)
        fail({
          message: message ?? `Got unwanted rejection.\nActual message: ${inspect(String(thrown.error))}`,
          actual: thrown.error,
          expected: undefined,
          operator: 'doesNotReject',
        })
    },
    ifError(value: unknown) {
      if (value != null)
        throw value instanceof Error
          ? value
          : new AssertionError({
              message: `ifError got unwanted exception: ${inspect(value)}`,
              actual: value,
              expected: null,
              operator: 'ifError',
            })
    },
    fail: (message: Message = 'Failed') => fail({ message, actual: undefined, expected: undefined, operator: 'fail' }),
    AssertionError,
  }
  const strict = Object.assign((value: unknown, message?: Message) => ok(value, message), calls, {
    equal: strictCalls.strictEqual,
    notEqual: strictCalls.notStrictEqual,
    deepEqual: strictCalls.deepStrictEqual,
    notDeepEqual: strictCalls.notDeepStrictEqual,
  })
  Object.assign(strict, { strict })
  return Object.assign((value: unknown, message?: Message) => ok(value, message), calls, {
    strict,
  }) as unknown as Record<string, unknown>
}
