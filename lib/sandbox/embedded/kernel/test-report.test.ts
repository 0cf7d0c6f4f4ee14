import { expect, it } from 'vitest'
import { isTestReport } from './test-report'

const test = { name: 'adds', status: 'passed', durationMs: 1 }
const report = { passed: 1, failed: 0, skipped: 0, durationMs: 1, suites: [{ file: 'a.test.ts', tests: [test] }] }
const withTest = (more: object) => ({ ...report, suites: [{ file: 'a.test.ts', tests: [{ ...test, ...more }] }] })

it.each([report, { ...report, suites: [] }, withTest({ error: 'x', location: { file: 'a.ts', line: 1, column: 1 } })])(
  'takes a report in its shape',
  (value) => expect(isTestReport(value)).toBe(true),
)

it.each([
  null,
  'passed',
  [],
  { ...report, passed: '1' },
  { ...report, suites: {} },
  { ...report, suites: [null] },
  { ...report, suites: [{ file: 'a.test.ts' }] },
  withTest({ name: { toString: 'x' } }),
  withTest({ status: 'constructor' }),
  withTest({ error: new Error('x') }),
  withTest({ location: 'a.ts:1' }),
  { ...report, slower: [] },
])('refuses %j', (value) => expect(isTestReport(value)).toBe(false))
