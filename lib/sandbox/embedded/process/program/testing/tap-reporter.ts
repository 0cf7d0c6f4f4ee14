import type { TestCase } from '../../../../types'
import type { RunResult } from './run-files'
import type { SuiteResult } from './suite-result'

/** Node of the tree that a test's name (`a > b > c`) spells. */
interface Group {
  name: string
  groups: Group[]
  tests: TestCase[]
}

/** TAP version 13, nested as vitest's `tap` or one line a test as its `tap-flat`. */
export function toTap({ results }: RunResult, isFlat: boolean): string {
  if (!isFlat)
    return `TAP version 13\n1..${results.length}\n${results.map((result, index) => fileTap(result, index + 1)).join('')}`
  const all = results.flatMap(({ suite }) => suite.tests.map((test) => ({ file: suite.file, test })))
  const lines = all.map(({ file, test }, index) => testTap(test, `${file} > ${test.name}`, index + 1))
  return `TAP version 13\n1..${all.length}\n${lines.join('')}`
}

function fileTap({ suite, titles, failures, durationMs }: SuiteResult, number: number): string {
  const root: Group = { name: suite.file, groups: [], tests: [] }
  for (const [index, test] of suite.tests.entries()) {
    const names = titles[index] ?? [test.name]
    let group = root
    for (const name of names.slice(0, -1)) {
      const known = group.groups.find((child) => child.name === name)
      const next = known ?? { name, groups: [], tests: [] }
      if (known === undefined) group.groups.push(next)
      group = next
    }
    group.tests.push({ ...test, name: names.at(-1) ?? '' })
  }
  const state = failures.length > 0 ? 'not ok' : 'ok'
  return groupTap(root, number, `${state} ${number} - ${suite.file} # time=${durationMs.toFixed(2)}ms`)
}

function groupTap({ groups, tests }: Group, _number: number, head: string): string {
  const lines = [
    ...tests.map((test, index) => testTap(test, test.name, index + 1)),
    ...groups.map((group, index) => {
      const isBad = hasFailure(group)
      const number = tests.length + index + 1
      return groupTap(group, number, `${isBad ? 'not ok' : 'ok'} ${number} - ${group.name}`)
    }),
  ]
  const body = `1..${lines.length}\n${lines.join('')}`
  return `${head} {\n${body.replace(/^(?=.)/gm, '    ')}}\n`
}

const hasFailure = ({ groups, tests }: Group): boolean =>
  tests.some(({ status }) => status === 'failed') || groups.some(hasFailure)

function testTap({ status, durationMs, error, location }: TestCase, name: string, number: number): string {
  const note = status === 'skipped' ? ' # SKIP' : status === 'todo' ? ' # TODO' : ` # time=${durationMs.toFixed(2)}ms`
  const head = `${status === 'failed' ? 'not ok' : 'ok'} ${number} - ${name}${note}\n`
  if (error === undefined) return head
  const [message = ''] = error.split('\n')
  const at =
    location === undefined ? '' : `  at: ${JSON.stringify(`${location.file}:${location.line}:${location.column}`)}\n`
  return `${head}    ---\n    error:\n      message: ${JSON.stringify(message)}\n  ${at}    ...\n`
}
