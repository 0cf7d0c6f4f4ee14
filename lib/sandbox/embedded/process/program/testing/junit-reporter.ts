import type { RunResult } from './run-files'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
const escapeXml = (text: string) =>
  text.replace(/[^\P{Cc}\t\n\r]/gu, '').replace(/[&<>"']/g, (char) => escapes[char] ?? char)
const seconds = (ms: number) => (ms / 1000).toFixed(3)

/** The XML of JUnit, with the attributes that vitest and Node write. */
export function toJunit({ report, results }: RunResult, suiteName: string, startedAt: Date): string {
  const all = report.suites.flatMap(({ tests }) => tests)
  const failed = all.filter(({ status }) => status === 'failed').length
  const suites = results.map(({ suite, durationMs, failures }) => {
    const { tests } = suite
    const bad = tests.filter(({ status }) => status === 'failed').length
    const skipped = tests.filter(({ status }) => status === 'skipped' || status === 'todo').length
    const cases = tests.map((test) => {
      const failure = failures.find(({ name }) => name === test.name)?.failure
      const body =
        test.status === 'failed'
          ? `>\n            <failure message="${escapeXml(failure?.headline ?? '')}" type="${escapeXml(failure?.headline.split(':')[0] ?? 'Error')}">\n${escapeXml(test.error ?? '')}\n            </failure>\n        </testcase>`
          : test.status === 'passed'
            ? '>\n        </testcase>'
            : '>\n            <skipped/>\n        </testcase>'
      return `        <testcase classname="${escapeXml(suite.file)}" name="${escapeXml(test.name)}" time="${seconds(test.durationMs)}"${body}`
    })
    const errors =
      suite.error === undefined
        ? []
        : [
            `        <testcase classname="${escapeXml(suite.file)}" name="${escapeXml(suite.file)}" time="0">\n            <error message="${escapeXml(suite.error.split('\n')[0] ?? '')}">${escapeXml(suite.error)}</error>\n        </testcase>`,
          ]
    return `    <testsuite name="${escapeXml(suite.file)}" timestamp="${startedAt.toISOString()}" hostname="vitrine" tests="${tests.length}" failures="${bad}" errors="${errors.length}" skipped="${skipped}" time="${seconds(durationMs)}">\n${[...cases, ...errors].join('\n')}\n    </testsuite>`
  })
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<testsuites name="${suiteName}" tests="${all.length}" failures="${failed}" errors="${report.failed - failed}" time="${seconds(report.durationMs)}">\n${suites.join('\n')}\n</testsuites>\n`
}
