import type { Test } from '@vitest/runner'
import { addSerializer } from '@vitest/snapshot'
import { expect } from 'expect'
import type { ExpectFace } from './expect'
import { withOldNames } from './jest-old-names'
import type { SnapshotMatch } from './snapshots'
import { titlesOf } from './titles'

interface Context {
  isNot: boolean
  promise: string
  error?: Error
  utils: {
    matcherHint(name: string, received?: string, expected?: string, options?: object): string
    diff(a: unknown, b: unknown, options?: object): string | null
  }
}

interface JestExpectOptions {
  match: SnapshotMatch
  testPath(): string
  /** Whether the names of Jest 29 and before hold, too. */
  hasOldNames: boolean
}

/** Jest's own expect, with snapshots added: the messages are Jest's. */
export function createJestExpect({ match, testPath, hasOldNames }: JestExpectOptions): ExpectFace {
  const compare = (context: Context, name: string, more: Parameters<SnapshotMatch>[0]) => {
    if (context.isNot)
      throw new Error(`${context.utils.matcherHint(`not.${name}`)}\n\nSnapshot matchers cannot be used with not`)
    const result = match({ ...more, ...(context.error === undefined ? {} : { error: context.error }) })
    if (result.pass) return { pass: true, message: () => '' }
    const { diff, matcherHint } = context.utils
    const shown = diff(result.expected, result.actual, {
      aAnnotation: 'Snapshot',
      bAnnotation: 'Received',
      expand: false,
      includeChangeCounts: true,
    })
    const message = () =>
      `${matcherHint(name, undefined, '')}\n\nSnapshot name: \`${result.name}\`\n\n${shown ?? result.message}`
    return { pass: false, message, name }
  }
  const texts = (values: unknown[]) => {
    const properties = values.find((value) => typeof value === 'object' && value !== null) as object | undefined
    const text = values.find((value) => typeof value === 'string') as string | undefined
    return { properties, text }
  }
  const inline = (values: unknown[]) => {
    const { properties, text } = texts(values)
    return {
      isInline: true,
      ...(properties === undefined ? {} : { properties }),
      ...(text === undefined ? {} : { inlineSnapshot: text }),
    }
  }
  const stored = (values: unknown[]) => {
    const { properties, text } = texts(values)
    return { ...(properties === undefined ? {} : { properties }), ...(text === undefined ? {} : { message: text }) }
  }
  expect.extend({
    toMatchSnapshot(this: unknown, received: unknown, ...values: unknown[]) {
      return compare(this as Context, 'toMatchSnapshot', { received, ...stored(values) })
    },
    toMatchInlineSnapshot(this: unknown, received: unknown, ...values: unknown[]) {
      return compare(this as Context, 'toMatchInlineSnapshot', {
        received,
        ...inline(values),
        assertionName: 'toMatchInlineSnapshot',
      })
    },
    toThrowErrorMatchingSnapshot(this: unknown, received: unknown, ...values: unknown[]) {
      return compare(this as Context, 'toThrowErrorMatchingSnapshot', {
        received: messageOfThrown(received, this as Context),
        ...stored(values),
      })
    },
    toThrowErrorMatchingInlineSnapshot(this: unknown, received: unknown, ...values: unknown[]) {
      return compare(this as Context, 'toThrowErrorMatchingInlineSnapshot', {
        received: messageOfThrown(received, this as Context),
        ...inline(values),
        assertionName: 'toThrowErrorMatchingInlineSnapshot',
      })
    },
  })
  Reflect.set(expect, 'addSnapshotSerializer', addSerializer)
  const fresh = {
    assertionCalls: 0,
    expectedAssertionsNumber: null,
    isExpectingAssertions: false,
    suppressedErrors: [],
  }
  return {
    expect: hasOldNames ? withOldNames(expect) : expect,
    beforeTest: (test: Test) =>
      expect.setState({ ...fresh, currentTestName: titlesOf(test).join(' '), testPath: testPath() } as never),
    afterTest() {
      const [first] = expect.extractExpectedAssertionsErrors()
      if (first !== undefined) throw Object.assign(first.error, {})
    },
  }
}

function messageOfThrown(received: unknown, { promise }: Context): unknown {
  if (promise !== '' || typeof received !== 'function') return received instanceof Error ? received.message : received
  try {
    received()
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
  throw new Error('Received function did not throw')
}
