import type { TestReport, TestSuite } from '@/lib/sandbox'

/** `0.4 ms`, `12 ms`, `1.25 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return `${ms >= 10 || ms === 0 ? Math.round(ms) : ms.toFixed(1)} ms`
}

export function suiteStatus(suite: TestSuite): 'passed' | 'failed' | 'skipped' {
  if (suite.error || suite.tests.some(({ status }) => status === 'failed')) return 'failed'
  return suite.tests.some(({ status }) => status === 'passed') ? 'passed' : 'skipped'
}

/** Suites with the tests whose name or file contains `filter`; those that failed come first. */
export function filterReport(report: TestReport, filter: string, failedOnly: boolean): TestSuite[] {
  const wanted = filter.trim().toLowerCase()
  return report.suites
    .map((suite) => ({
      ...suite,
      tests: suite.tests.filter(
        ({ name, status }) =>
          (!failedOnly || status === 'failed') && `${suite.file} ${name}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(
      (suite) => suite.tests.length > 0 || (suite.error !== undefined && suite.file.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => Number(suiteStatus(b) === 'failed') - Number(suiteStatus(a) === 'failed'))
}
