import { describe, expect, it } from 'vitest'
import { TestTimes } from './test-times'
import type { TestReport } from './types'

const report = (times: Record<string, number>, status: 'passed' | 'failed' = 'passed'): TestReport => ({
  passed: 1,
  failed: 0,
  skipped: 0,
  durationMs: 1,
  suites: [
    { file: 'a.test.ts', tests: Object.entries(times).map(([name, durationMs]) => ({ name, status, durationMs })) },
  ],
})

function after(runs: number[], next: number) {
  const times = new TestTimes()
  for (const ms of runs) times.compare(report({ sums: ms }))
  return times.compare(report({ sums: next }))
}

describe('TestTimes', () => {
  it('names a test that takes much longer than it usually does', () => {
    expect(after([50, 60, 55], 300)).toEqual([{ file: 'a.test.ts', name: 'sums', durationMs: 300, usualMs: 55 }])
  })

  it.each([
    ['too few earlier runs', [50, 60], 300],
    ['less than twice as long', [500, 500, 500], 900],
    ['twice as long, but by little', [20, 20, 20], 110],
    ['no longer than a run before', [50, 400, 50, 50], 380],
  ])('says nothing: %s', (_, runs, next) => expect(after(runs, next)).toEqual([]))

  it('says it again while it lasts, then takes it as it is', () => {
    const times = new TestTimes()
    const told = [50, 50, 50, 400, 420, 410, 405, 415].map((ms) => times.compare(report({ sums: ms })).length)
    expect(told).toEqual([0, 0, 0, 1, 1, 1, 0, 0])
  })

  it('takes a run in which many tests are slower for a busy machine', () => {
    const times = new TestTimes()
    for (let run = 0; run < 3; run++) times.compare(report({ a: 50, b: 50, c: 50 }))
    expect(times.compare(report({ a: 300, b: 300, c: 50 }))).toEqual([])
    expect(times.compare(report({ a: 300, b: 50, c: 50 }))).toHaveLength(1)
  })

  it('learns nothing from tests that fail', () => {
    const times = new TestTimes()
    for (let run = 0; run < 3; run++) times.compare(report({ sums: 50 }, 'failed'))
    expect(times.compare(report({ sums: 400 }))).toEqual([])
  })
})
