import { plural } from '@/lib/base'
import type { CodeFinding } from '@/lib/safety'
import type { Diagnostic, TestCase, TestReport } from '@/lib/sandbox'
import type { Verification } from '../events'

const maxShown = 10
const maxErrorLines = 14
const maxSlower = 3
const maxErrorCharacters = 900

/**
 * The result as the model reads it. The first line is a stable interface: models and tests look for
 * `verification: tests <passed>/<total> passed`.
 */
export function describeVerification({ tests, affected, types, findings, notChecked }: Verification): string {
  const reason = (what: string) => notChecked.find((entry) => entry.what === what)?.why ?? 'unknown'
  const parts = [
    tests
      ? `${summarizeTests(tests)}${affected ? ` (${plural(affected.length, 'affected file')})` : ''}`
      : `tests not checked (${reason('tests')})`,
    types
      ? types.errors.length === 0
        ? 'types ok'
        : plural(types.errors.length, 'type error')
      : `types not checked (${reason('types')})`,
    findings
      ? findings.length === 0
        ? 'scan ok'
        : `scan: ${plural(findings.length, 'finding')}`
      : `scan not done (${reason('scan')})`,
  ]
  const details = [
    ...(tests ? [...describeFailures(tests), ...describeSlower(tests)] : []),
    ...capped(types?.errors ?? [], describeDiagnostic),
    ...capped(findings ?? [], describeFinding),
  ]
  return [`verification: ${parts.join(' · ')}`, ...details].join('\n')
}

/** `tests 4/6 passed, 2 failed`: skipped ones do not count. */
export function summarizeTests(report: TestReport): string {
  const broken = report.suites.filter((suite) => suite.error !== undefined).length
  return [
    `tests ${report.passed}/${report.passed + report.failed} passed`,
    report.failed > 0 ? `${report.failed} failed` : '',
    report.skipped > 0 ? `${report.skipped} skipped` : '',
    broken > 0 ? `${plural(broken, 'test file')} did not load` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

export function describeFailures(report: TestReport): string[] {
  const broken = report.suites.filter((suite) => suite.error !== undefined)
  const failed = report.suites.flatMap(({ file, tests }) =>
    tests.filter(({ status }) => status === 'failed').map((test) => ({ file, test })),
  )
  return [
    ...capped(broken, ({ file, error = '' }) => `✗ ${file} did not load\n${excerpt(error)}`),
    ...capped(failed, ({ file, test }) => `✗ ${test.name} (${placeOf(file, test)})\n${excerpt(test.error ?? '')}`),
  ]
}

/** One line, when tests that pass became slow. */
export function describeSlower({ slower = [] }: TestReport): string[] {
  if (slower.length === 0) return []
  const shown = slower
    .slice(0, maxSlower)
    .map(
      ({ file, name, durationMs, usualMs }) =>
        `${name} (${file}) ${Math.round(durationMs)} ms, was ${Math.round(usualMs)}`,
    )
  const more = slower.length > maxSlower ? `; and ${slower.length - maxSlower} more` : ''
  return [`slower than before: ${shown.join('; ')}${more}`]
}

export function describeDiagnostic({ path, line, column, severity, code, message }: Diagnostic): string {
  return `${path}:${line}:${column} ${severity} ${code}: ${message}`
}

function describeFinding({ path, line, rule, severity, message }: CodeFinding): string {
  return `${path}:${line} ${rule} (${severity}): ${message}`
}

function placeOf(file: string, { location }: TestCase): string {
  return location ? `${location.file}:${location.line}` : file
}

function excerpt(error: string): string {
  const lines = error.trim().split('\n')
  const cut = lines.slice(0, maxErrorLines).join('\n').slice(0, maxErrorCharacters)
  return indent(cut.length < error.trim().length ? `${cut}\n…` : cut)
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}

function capped<Item>(items: readonly Item[], describe: (item: Item) => string): string[] {
  const shown = items.slice(0, maxShown).map(describe)
  return items.length > maxShown ? [...shown, `… and ${items.length - maxShown} more`] : shown
}
