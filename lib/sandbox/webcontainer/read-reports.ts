import type { Diagnostic, TestCase, TestReport } from '../types'

/** The part of vitest's and jest's JSON report that we read. */
interface JsonReport {
  startTime?: number
  testResults: {
    name: string
    status: string
    message?: string
    startTime?: number
    endTime?: number
    assertionResults: {
      ancestorTitles: string[]
      title: string
      status: string
      duration?: number | null
      failureMessages?: string[] | null
      location?: { line: number; column: number } | null
    }[]
  }[]
}

const statuses: Record<string, TestCase['status']> = { passed: 'passed', failed: 'failed', todo: 'todo' }

/** `root` is the absolute folder that paths are made relative to. */
export function readJsonReport(text: string, root: string, durationMs: number): TestReport {
  const report: JsonReport = JSON.parse(text)
  const relative = (path: string) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path)
  const suites = report.testResults.map((suite) => {
    const file = relative(suite.name)
    const tests = suite.assertionResults.map((test): TestCase => {
      const error = test.failureMessages?.join('\n')
      return {
        name: [...test.ancestorTitles, test.title].filter(Boolean).join(' > '),
        status: statuses[test.status] ?? 'skipped',
        durationMs: test.duration ?? 0,
        ...(error && { error }),
        ...(error && test.location && { location: { file, ...test.location } }),
      }
    })
    const brokeBeforeTests = suite.status === 'failed' && tests.every((test) => test.status !== 'failed')
    return { file, tests, ...(brokeBeforeTests && { error: suite.message || 'The file could not be loaded.' }) }
  })
  const count = (...wanted: TestCase['status'][]) =>
    suites.reduce((sum, suite) => sum + suite.tests.filter((test) => wanted.includes(test.status)).length, 0)
  const broken = suites.filter((suite) => suite.error).length
  return {
    passed: count('passed'),
    failed: count('failed') + broken,
    skipped: count('skipped', 'todo'),
    durationMs,
    suites,
  }
}

const line =
  /^(?<path>[^()\n]+)\((?<line>\d+),(?<column>\d+)\): (?<severity>error|warning) TS(?<code>\d+): (?<message>.*)$/gm

/** What `tsc --pretty false` prints. It gives no ends, so a diagnostic covers one character. */
export function readTscOutput(output: string): Diagnostic[] {
  return Array.from(output.matchAll(line), ({ groups = {} }) => {
    const place = { line: Number(groups.line), column: Number(groups.column) }
    return {
      path: groups.path ?? '',
      ...place,
      endLine: place.line,
      endColumn: place.column + 1,
      severity: groups.severity === 'warning' ? 'warning' : 'error',
      message: groups.message ?? '',
      code: `ts(${groups.code})`,
    }
  })
}
