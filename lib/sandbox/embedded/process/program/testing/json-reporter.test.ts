import { expect, it } from 'vitest'
import { toJsonReport } from './json-reporter'
import { toReport } from './suite-result'

it('keeps titles whole that look like several', () => {
  const suite = {
    file: 'a.test.ts',
    tests: [{ name: 'order > of plugins > octets > 255', status: 'passed', durationMs: 1 } as const],
  }
  const result = { suite, titles: [['order > of plugins', 'octets > 255']], failures: [], durationMs: 1, project: '' }
  const run = { report: toReport([suite], 1), results: [result], unhandled: [], coverage: null, snapshots: {} }
  const { testResults } = JSON.parse(toJsonReport(run as unknown as Parameters<typeof toJsonReport>[0], '/p', 0))
  expect(testResults[0].assertionResults[0]).toMatchObject({
    ancestorTitles: ['order > of plugins'],
    title: 'octets > 255',
    fullName: 'order > of plugins octets > 255',
  })
})
