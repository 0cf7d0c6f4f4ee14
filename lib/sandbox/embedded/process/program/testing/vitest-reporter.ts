import type { TestCase } from '../../../../types'
import type { Colors } from './colors'
import type { Failure } from './failure'
import type { RunResult } from './run-files'
import type { SnapshotTotals } from './snapshots'
import type { SuiteResult } from './suite-result'

/** The release whose output and behaviour is followed. */
export const vitestVersion = '4.1.12'

export interface Reporter {
  start(root: string): string
  file(result: SuiteResult): string
  end(result: RunResult, startedAt: Date, durationMs: number): string
}

/** Text as `vitest run` prints it: a line a file, a line a test (`verbose`), or a mark a test (`dot`). */
export function createVitestReporter(colors: Colors, detail: 'default' | 'verbose' | 'dot' = 'default'): Reporter {
  const { bold, dim, green, red, yellow, cyan, gray, invert } = colors
  // Vitest draws its rules with U+23AF, which the terminal's font lacks.
  const ms = (value: number) => `${Math.round(value)}ms`
  const rule = (title: string) => {
    const width = Math.max(0, 80 - title.length - 2)
    return red(
      `${'—'.repeat(Math.floor(width / 2))}${title === '' ? '——' : ` ${title} `}${'—'.repeat(Math.ceil(width / 2))}`,
    )
  }

  function testLine(test: TestCase): string {
    const mark = { passed: green('✓'), failed: red('×'), skipped: dim('↓'), todo: dim('↓') }[test.status]
    const name = test.status === 'failed' ? red(test.name) : test.status === 'passed' ? test.name : dim(test.name)
    return `   ${mark} ${name} ${test.status === 'passed' || test.status === 'failed' ? dim(ms(test.durationMs)) : ''}`.trimEnd()
  }

  const dots = { passed: green('·'), failed: red('x'), skipped: dim('-'), todo: dim('-') }
  const verboseLine = (file: string, test: TestCase) =>
    `${testLine({ ...test, name: `${file} > ${test.name}` }).slice(2)}\n`

  function file({ suite, durationMs, failures }: SuiteResult): string {
    const { tests } = suite
    const failed = tests.filter(({ status }) => status === 'failed').length
    const skipped = tests.filter(({ status }) => status === 'skipped' || status === 'todo').length
    const isBad = failures.length > 0
    const mark = isBad ? red('❯') : tests.length > 0 && skipped === tests.length ? dim('↓') : green('✓')
    const counts = [
      `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}`,
      ...(failed > 0 ? [red(`${failed} failed`)] : []),
      ...(skipped > 0 ? [yellow(`${skipped} skipped`)] : []),
    ].join(dim(' | '))
    if (detail === 'dot') return tests.map(({ status }) => dots[status]).join('')
    if (detail === 'verbose' && tests.length > 0) return tests.map((test) => verboseLine(suite.file, test)).join('')
    const head = ` ${mark} ${suite.file} ${dim('(')}${counts}${dim(')')} ${dim(ms(durationMs))}\n`
    return isBad && tests.length > 0 ? `${head}${tests.map((test) => `  ${testLine(test)}\n`).join('')}` : head
  }

  function failureText(title: string, { headline, diff, location, frame, frames }: Failure): string {
    const parts = [`${invert(red(' FAIL '))} ${title}`, red(headline)]
    if (diff !== '') parts.push('', ...diff.split('\n').map(diffLine), '')
    else parts.push('')
    if (location != null) {
      parts.push(cyan(` ❯ ${frames[0] ?? `${location.file}:${location.line}:${location.column}`}`))
      if (frame !== '') parts.push(gray(frame))
      for (const more of frames.slice(1, 6)) parts.push(gray(` ❯ ${more}`))
    }
    return parts.join('\n')
  }
  const diffLine = (line: string) => (line.startsWith('-') ? green(line) : line.startsWith('+') ? red(line) : dim(line))

  function end({ report, results, unhandled, snapshots }: RunResult, startedAt: Date, durationMs: number): string {
    const out: string[] = []
    const brokenFiles = results.filter(({ suite }) => suite.error !== undefined)
    const failures = results.flatMap(({ suite, failures }) => failures.map((entry) => ({ file: suite.file, ...entry })))
    const ofFiles = failures.filter(({ name }) => name === '')
    const ofTests = failures.filter(({ name }) => name !== '')
    const section = (title: string, entries: typeof failures) => {
      if (entries.length === 0) return
      out.push('', rule(title), '')
      entries.forEach(({ file, name, failure }, index) => {
        out.push(failureText(name === '' ? `${file} [ ${file} ]` : `${file} > ${name}`, failure), '')
        const label = `[${index + 1}/${entries.length}]—`
        out.push(dim(red(`${'—'.repeat(Math.max(0, 80 - label.length))}${label}`)), '')
      })
    }
    section(`Failed Suites ${ofFiles.length}`, ofFiles)
    section(`Failed Tests ${ofTests.length}`, ofTests)
    if (unhandled.length > 0) {
      out.push('', rule('Unhandled Errors'), '')
      for (const { file, failure } of unhandled) out.push(failureText(`${file} (unhandled)`, failure), '')
    }
    const all = report.suites.flatMap(({ tests }) => tests)
    const badFiles = results.filter(({ failures }) => failures.length > 0).length
    const skippedFiles = results.filter(
      ({ suite }) =>
        suite.tests.length > 0 && suite.tests.every(({ status }) => status === 'skipped' || status === 'todo'),
    ).length
    const status = (name: TestCase['status']) => all.filter((test) => test.status === name).length
    if (detail === 'dot') out.push('')
    out.push(...obsolete(snapshots))
    out.push(
      ...snapshotLines(snapshots),
      `${label(' Test Files')}${tally(
        [
          [badFiles, 'failed', red],
          [results.length - badFiles - skippedFiles, 'passed', green],
          [skippedFiles, 'skipped', yellow],
        ],
        results.length,
      )}`,
      `${label('      Tests')}${
        brokenFiles.length > 0 && all.length === 0
          ? dim('no tests')
          : tally(
              [
                [status('failed'), 'failed', red],
                [status('passed'), 'passed', green],
                [status('skipped'), 'skipped', yellow],
                [status('todo'), 'todo', gray],
              ],
              all.length,
            )
      }`,
      ...(unhandled.length > 0
        ? [`${label('     Errors')}${red(`${unhandled.length} error${unhandled.length === 1 ? '' : 's'}`)}`]
        : []),
      `${label('   Start at')}${startedAt.toTimeString().slice(0, 8)}`,
      `${label('   Duration')}${durationMs >= 1000 ? `${(durationMs / 1000).toFixed(2)}s` : ms(durationMs)}`,
      '',
      '',
    )
    return out.join('\n')
  }
  function snapshotLines({ added, updated, unmatched, filesRemoved }: SnapshotTotals): string[] {
    const parts = [
      ...(added > 0 ? [bold(green(`${added} written`))] : []),
      ...(updated > 0 ? [bold(green(`${updated} updated`))] : []),
      ...(unmatched > 0 ? [bold(red(`${unmatched} failed`))] : []),
      ...(filesRemoved.length > 0 ? [bold(green(`${filesRemoved.length} files removed`))] : []),
    ]
    return parts.length === 0 ? [] : [`${label('  Snapshots')}${parts.join(dim(' | '))}`]
  }

  function obsolete({ obsolete: files }: SnapshotTotals): string[] {
    const count = files.reduce((sum, { keys }) => sum + keys.length, 0)
    if (count === 0) return []
    const lines = files.flatMap(({ file: path, keys }) => [
      `             ${dim('↳')} ${path.split('/').at(-1)}`,
      ...keys.map((key) => `               · ${key}`),
    ])
    return [`${label('  Snapshots')}${bold(yellow(`${count} obsolete`))}`, ...lines]
  }

  const label = (text: string) => `${dim(text)}  `
  function tally(parts: [number, string, (text: string) => string][], total: number): string {
    const shown = parts.filter(([count]) => count > 0).map(([count, name, paint]) => bold(paint(`${count} ${name}`)))
    return `${shown.length === 0 ? dim('no tests') : shown.join(dim(' | '))} ${dim(`(${total})`)}`
  }

  return {
    start: (root) => `\n ${bold(invert(cyan(' RUN ')))} ${cyan(`v${vitestVersion}`)} ${dim(root)}\n\n`,
    file,
    end: (result, startedAt, durationMs) => `\n${end(result, startedAt, durationMs)}`,
  }
}
