import type { TestCase, TestReport } from '../../../../types'
import type { Colors } from './colors'
import type { RunResult } from './run-files'
import type { SuiteResult } from './suite-result'

/** Text as `node --test` prints it with the spec reporter. */
export function createSpecReporter(colors: Colors) {
  const { dim, green, red, cyan } = colors

  function line(test: TestCase): string {
    const names = test.name.split(' > ')
    const mark = { passed: green('✔'), failed: red('✖'), skipped: dim('﹣'), todo: cyan('⚠') }[test.status]
    return `${'  '.repeat(names.length - 1)}${mark} ${names.at(-1)} ${dim(`(${test.durationMs.toFixed(3)}ms)`)}${noteOf(test)}\n`
  }

  function groupLines(suite: SuiteResult['suite']): string {
    let open: string[] = []
    let out = ''
    for (const test of suite.tests) {
      const groups = test.name.split(' > ').slice(0, -1)
      const shared = groups.findIndex((name, index) => name !== open[index])
      const isSubtest = suite.tests.some(({ name }) => name === groups.join(' > '))
      for (let depth = shared === -1 ? groups.length : shared; depth < groups.length; depth++) {
        if (!isSubtest) out += `${'  '.repeat(depth)}▶ ${groups[depth]}\n`
      }
      open = groups
      out += line(test)
    }
    return out
  }

  return {
    file: ({ suite }: SuiteResult) =>
      suite.error === undefined ? groupLines(suite) : `${groupLines(suite)}${red('✖')} ${suite.file}\n`,
    end({ report, results, unhandled }: RunResult, durationMs: number): string {
      const totals = nodeTotals(report, durationMs)
      const details = results.flatMap(({ suite, failures }) =>
        failures.map(({ name, failure }) => {
          const { headline, diff, location, frame } = failure
          const where = location == null ? suite.file : `${location.file}:${location.line}:${location.column}`
          const body = [headline, diff, frame].filter((part) => part !== '').join('\n\n')
          return `\ntest at ${where}\n${red('✖')} ${name === '' ? suite.file : name}\n${body.replace(/^(?=.)/gm, '  ')}\n`
        }),
      )
      const errors = unhandled.map(({ failure: { headline } }) => `\n${red('✖')} Unhandled: ${headline}\n`)
      const failing = [...details, ...errors]
      return `${totals.map((row) => `ℹ ${row}\n`).join('')}${failing.length === 0 ? '' : `\n${red('✖')} failing tests:\n${failing.join('')}`}`
    },
  }
}

/** The closing lines of every report of `node --test`. */
export function nodeTotals(report: TestReport, durationMs: number): string[] {
  const all = report.suites.flatMap(({ tests }) => tests)
  const count = (status: TestCase['status']) => all.filter((test) => test.status === status).length
  const groups = new Set(all.map(({ name }) => name.split(' > ').slice(0, -1).join(' > ')).filter(Boolean))
  return [
    `tests ${all.length}`,
    `suites ${groups.size}`,
    `pass ${count('passed')}`,
    `fail ${report.failed}`,
    'cancelled 0',
    `skipped ${count('skipped')}`,
    `todo ${count('todo')}`,
    `duration_ms ${durationMs.toFixed(3)}`,
  ]
}

export const noteOf = ({ status }: TestCase): string =>
  status === 'skipped' ? ' # SKIP' : status === 'todo' ? ' # TODO' : ''
