import type { RunResult } from './run-files'

/** The JSON of Jest's and vitest's `--json` reporters. */
export function toJsonReport({ report, results, unhandled }: RunResult, root: string, startedAt: number): string {
  const status = { passed: 'passed', failed: 'failed', skipped: 'skipped', todo: 'todo' }
  const all = report.suites.flatMap(({ tests }) => tests)
  const badFiles = results.filter(({ failures }) => failures.length > 0).length
  return `${JSON.stringify({
    numTotalTestSuites: report.suites.length,
    numPassedTestSuites: report.suites.length - badFiles,
    numFailedTestSuites: badFiles,
    numTotalTests: all.length,
    numPassedTests: report.passed,
    numFailedTests: all.filter((test) => test.status === 'failed').length,
    numPendingTests: all.filter((test) => test.status === 'skipped').length,
    numTodoTests: all.filter((test) => test.status === 'todo').length,
    startTime: startedAt,
    success: report.failed === 0 && unhandled.length === 0,
    testResults: results.map(({ suite, titles, durationMs, failures }) => ({
      name: `${root}/${suite.file}`,
      status: failures.length > 0 ? 'failed' : 'passed',
      message: suite.error ?? '',
      startTime: startedAt,
      endTime: startedAt + durationMs,
      assertionResults: suite.tests.map((test, index) => {
        const names = titles[index] ?? [test.name]
        return {
          ancestorTitles: names.slice(0, -1),
          title: names.at(-1) ?? '',
          fullName: names.join(' '),
          status: status[test.status],
          duration: test.durationMs,
          failureMessages: test.error === undefined ? [] : [test.error],
          ...(test.location === undefined
            ? {}
            : { location: { line: test.location.line, column: test.location.column } }),
        }
      }),
    })),
  })}\n`
}
