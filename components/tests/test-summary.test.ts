import { describe, expect, it } from 'vitest'
import type { TestReport } from '@/lib/sandbox'
import { filterReport, formatMs, suiteStatus } from './test-summary'

const report: TestReport = {
  passed: 1,
  failed: 1,
  skipped: 0,
  durationMs: 5,
  suites: [
    { file: 'a.test.ts', tests: [{ name: 'adds', status: 'passed', durationMs: 1 }] },
    { file: 'b.test.ts', tests: [{ name: 'subtracts', status: 'failed', durationMs: 1 }] },
    { file: 'c.test.ts', error: 'SyntaxError', tests: [] },
  ],
}
const files = (filter: string, failedOnly = false) => filterReport(report, filter, failedOnly).map(({ file }) => file)

describe('filterReport', () => {
  it('puts what failed first', () => expect(files('')).toEqual(['b.test.ts', 'c.test.ts', 'a.test.ts']))
  it('finds tests by name and by file', () => {
    expect(files('SUBTR')).toEqual(['b.test.ts'])
    expect(files('a.test')).toEqual(['a.test.ts'])
  })
  it('leaves out what passed when asked', () => expect(files('', true)).toEqual(['b.test.ts', 'c.test.ts']))
})

it('counts a file that does not load as failed', () => {
  expect(suiteStatus({ file: 'x', error: 'boom', tests: [] })).toBe('failed')
})

it('writes durations for people', () => {
  expect([0, 0.42, 12.4, 1250].map(formatMs)).toEqual(['0 ms', '0.4 ms', '12 ms', '1.25 s'])
})
