import type { TestCase } from '../../../../types'
import type { RunResult } from './run-files'
import { nodeTotals, noteOf } from './spec-reporter'

/** TAP as `node --test --test-reporter=tap` prints it: subtests indented under a comment with their name. */
export function toNodeTap({ report }: RunResult, durationMs: number): string {
  const all = report.suites.flatMap(({ tests }) => tests)
  const totals = nodeTotals(report, durationMs)
  const { text } = level(all, '')
  return `TAP version 13\n${text}${totals.map((row) => `# ${row}\n`).join('')}`
}

/** The tests below one group, and how many lines of their own they make. */
function level(tests: readonly TestCase[], prefix: string): { text: string; isFine: boolean } {
  const names = [...new Set(tests.map(({ name }) => name.slice(prefix.length).split(' > ')[0] ?? ''))]
  const lines = names.map((name, index) => {
    const own = tests.find((test) => test.name === prefix + name)
    const below = tests.filter((test) => test.name.startsWith(`${prefix}${name} > `))
    const inner = below.length === 0 ? null : level(below, `${prefix}${name} > `)
    const isFine = (own === undefined || own.status !== 'failed') && (inner?.isFine ?? true)
    const details = `  ---\n  duration_ms: ${(own?.durationMs ?? 0).toFixed(3)}\n  type: '${own === undefined ? 'suite' : 'test'}'\n${errorOf(own)}  ...\n`
    const text = `# Subtest: ${name}\n${inner === null ? '' : inner.text.replace(/^(?=.)/gm, '    ')}${isFine ? 'ok' : 'not ok'} ${index + 1} - ${name}${own ? noteOf(own) : ''}\n${details}`
    return { text, isFine }
  })
  return {
    text: `${lines.map(({ text }) => text).join('')}1..${names.length}\n`,
    isFine: lines.every(({ isFine }) => isFine),
  }
}

function errorOf(test: TestCase | undefined): string {
  if (test?.error === undefined) return ''
  const { location } = test
  const at = location === undefined ? '' : `  location: '${location.file}:${location.line}:${location.column}'\n`
  return `${at}  error: |-\n${(test.error.split('\n\n')[0] ?? '').replace(/^/gm, '    ')}\n`
}

export const toDots = ({ report }: RunResult): string =>
  `${report.suites.flatMap(({ tests }) => tests.map(({ status }) => (status === 'failed' ? 'X' : '.'))).join('')}\n`
