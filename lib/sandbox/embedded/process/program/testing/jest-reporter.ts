import type { TestCase } from '../../../../types'
import type { Colors } from './colors'
import type { RunResult } from './run-files'
import type { SuiteResult } from './suite-result'
import type { Reporter } from './vitest-reporter'

/** Text as `jest` prints it. */
export function createJestReporter(colors: Colors): Reporter {
  const { bold, dim, green, red, yellow, invert } = colors
  const indent = (text: string, by = '    ') => text.replace(/^(?=.)/gm, by)

  function tree(tests: readonly TestCase[], titles: readonly string[][]): string {
    const out: string[] = []
    let open: string[] = []
    for (const [index, test] of tests.entries()) {
      const names = titles[index] ?? [test.name]
      const groups = names.slice(0, -1)
      const shared = groups.findIndex((name, index) => name !== open[index])
      for (let depth = shared === -1 ? groups.length : shared; depth < groups.length; depth++) {
        out.push(`${'  '.repeat(depth + 1)}${groups[depth]}`)
      }
      open = groups
      const mark = { passed: green('✓'), failed: red('✕'), skipped: yellow('○ skipped'), todo: dim('✎ todo') }[
        test.status
      ]
      const time = test.durationMs >= 1 ? dim(` (${Math.round(test.durationMs)} ms)`) : ''
      out.push(`${'  '.repeat(groups.length + 1)}${mark} ${dim(names.at(-1) ?? '')}${time}`)
    }
    return out.map((line) => `${line}\n`).join('')
  }

  function file({ suite, titles, failures }: SuiteResult): string {
    const mark = failures.length > 0 ? invert(red(' FAIL ')) : invert(green(' PASS '))
    const details = failures.map(({ name, failure }) => {
      const { headline, diff, location, frame } = failure
      const where = location == null ? '' : `\n\n${frame}\n\n  at ${location.file}:${location.line}:${location.column}`
      const title = name === '' ? 'Test suite failed to run' : name.replaceAll(' > ', ' › ')
      return `${red(`  ● ${title}`)}\n\n${indent(`${headline}${diff === '' ? '' : `\n\n${diff}`}${where}`)}\n\n`
    })
    return `${mark.trim()} ${suite.file}\n${tree(suite.tests, titles)}${details.length > 0 ? '\n' : ''}${details.join('')}`
  }

  function tally(parts: [number, string, (text: string) => string][], total: number): string {
    const shown = parts.filter(([count]) => count > 0).map(([count, name, paint]) => bold(paint(`${count} ${name}`)))
    return [...shown, `${total} total`].join(', ')
  }

  function snapshotTally({ added, updated, unmatched, matched, obsolete }: RunResult['snapshots']): string {
    const stale = obsolete.reduce((sum, { keys }) => sum + keys.length, 0)
    const parts: [number, string, (text: string) => string][] = [
      [unmatched, 'failed', red],
      [stale, 'obsolete', yellow],
      [updated, 'updated', green],
      [added, 'written', green],
      [matched, 'passed', green],
    ]
    return tally(parts, added + updated + unmatched + matched)
  }

  function end({ report, results, unhandled, snapshots }: RunResult, _startedAt: Date, durationMs: number): string {
    const all = report.suites.flatMap(({ tests }) => tests)
    const bad = results.filter(({ failures }) => failures.length > 0).length
    const status = (name: TestCase['status']) => all.filter((test) => test.status === name).length
    const counts: [number, string, (text: string) => string][] = [
      [status('failed'), 'failed', red],
      [status('skipped'), 'skipped', yellow],
      [status('todo'), 'todo', dim],
      [status('passed'), 'passed', green],
    ]
    const errors = unhandled.map(({ failure: { headline } }) => red(`Unhandled: ${headline}\n`)).join('')
    return `\n${errors}${bold('Test Suites: ')}${tally(
      [
        [bad, 'failed', red],
        [results.length - bad, 'passed', green],
      ],
      results.length,
    )}
${bold('Tests:       ')}${tally(counts, all.length)}
${bold('Snapshots:   ')}${snapshotTally(snapshots)}
${bold('Time:')}        ${(durationMs / 1000).toFixed(3)} s\n`
  }
  return { start: () => '', file, end }
}
