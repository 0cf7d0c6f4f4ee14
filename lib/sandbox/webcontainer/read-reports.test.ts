import { expect, it } from 'vitest'
import { fromTree, toTree } from './file-tree'
import { readJsonReport, readTscOutput } from './read-reports'

const assertion = (status: string, title: string, more = {}) => ({ ancestorTitles: ['sum'], title, status, ...more })

it('reads a JSON test report with paths relative to the project', () => {
  const report = {
    testResults: [
      {
        name: '/home/x/src/a.test.ts',
        status: 'failed',
        assertionResults: [
          assertion('passed', 'adds', { duration: 2 }),
          assertion('failed', 'fails', { failureMessages: ['expected 1 to be 2'], location: { line: 5, column: 3 } }),
          assertion('pending', 'waits'),
        ],
      },
      { name: '/home/x/b.test.ts', status: 'failed', message: 'cannot be parsed', assertionResults: [] },
    ],
  }
  expect(readJsonReport(JSON.stringify(report), '/home/x', 12)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 1,
    durationMs: 12,
    suites: [
      {
        file: 'src/a.test.ts',
        tests: [
          { name: 'sum > adds', status: 'passed', durationMs: 2 },
          {
            name: 'sum > fails',
            status: 'failed',
            durationMs: 0,
            error: 'expected 1 to be 2',
            location: { file: 'src/a.test.ts', line: 5, column: 3 },
          },
          { name: 'sum > waits', status: 'skipped', durationMs: 0 },
        ],
      },
      { file: 'b.test.ts', tests: [], error: 'cannot be parsed' },
    ],
  })
})

it('reads what tsc prints', () => {
  const output = `src/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n\nFound 1 error.\n`
  expect(readTscOutput(output)).toEqual([
    {
      path: 'src/a.ts',
      line: 3,
      column: 7,
      endLine: 3,
      endColumn: 8,
      severity: 'error',
      message: "Type 'string' is not assignable to type 'number'.",
      code: 'ts(2322)',
    },
  ])
})

it('turns files into a tree and back', () => {
  const files = new Map([
    ['a.txt', '1'],
    ['deep/er/b.txt', '2'],
    ['deep/c.txt', '3'],
  ])
  expect(fromTree(toTree(files))).toEqual(files)
})
