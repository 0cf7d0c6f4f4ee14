import { cleanStack } from '../loader/stack'
import { formatWithOptions } from './format'
import { type InspectOptions, inspect } from './inspect'

export interface ConsoleStreams {
  stdout(text: string): void
  stderr(text: string): void
  colors: boolean
}

/** `console` as Node has it: log, info and debug to stdout, the rest to stderr. */
export function createConsole({ stdout, stderr, colors }: ConsoleStreams): Record<string, unknown> {
  const counts = new Map<string, number>()
  const timers = new Map<string, number>()
  let indent = ''

  const toLines = (text: string) => `${indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`)}\n`
  const write =
    (target: (text: string) => void) =>
    (...values: unknown[]) =>
      target(toLines(formatWithOptions({ colors }, ...values)))
  const log = write(stdout)
  const warn = write(stderr)

  function elapsed(label: string): string | null {
    const startedAt = timers.get(label)
    if (startedAt === undefined) {
      warn(`Warning: No such label '${label}' for console.timeEnd()`)
      return null
    }
    return toDuration(performance.now() - startedAt)
  }

  return {
    log,
    info: log,
    debug: log,
    error: warn,
    warn,
    trace(...values: unknown[]) {
      const stack = cleanStack(new Error().stack ?? '')
        .split('\n')
        .slice(1)
        .join('\n')
      const message = values.length === 0 ? 'Trace' : `Trace: ${formatWithOptions({ colors }, ...values)}`
      warn(stack === '' ? message : `${message}\n${stack}`)
    },
    dir: (value: unknown, options: InspectOptions = {}) => stdout(toLines(inspect(value, { colors, ...options }))),
    dirxml: log,
    assert(condition: unknown, ...values: unknown[]) {
      if (condition) return
      const [first, ...rest] = values
      if (values.length === 0) warn('Assertion failed')
      else if (typeof first === 'string') warn(`Assertion failed: ${first}`, ...rest)
      else warn('Assertion failed:', ...values)
    },
    group(...labels: unknown[]) {
      if (labels.length > 0) log(...labels)
      indent += '  '
    },
    groupCollapsed(...labels: unknown[]) {
      if (labels.length > 0) log(...labels)
      indent += '  '
    },
    groupEnd() {
      indent = indent.slice(2)
    },
    count(label = 'default') {
      const count = (counts.get(label) ?? 0) + 1
      counts.set(label, count)
      log(`${label}: ${count}`)
    },
    countReset: (label = 'default') => void counts.delete(label),
    time: (label = 'default') => void timers.set(label, performance.now()),
    timeLog(label = 'default', ...values: unknown[]) {
      const time = elapsed(label)
      if (time !== null) log(`${label}: ${time}`, ...values)
    },
    timeEnd(label = 'default') {
      const time = elapsed(label)
      if (time !== null) log(`${label}: ${time}`)
      timers.delete(label)
    },
    table(data: unknown, columns?: string[]) {
      const table = typeof data === 'object' && data !== null ? tableOf(data, columns) : null
      if (table === null) log(data)
      else stdout(toLines(table))
    },
    clear() {},
  }
}

function toDuration(ms: number): string {
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)}:${((ms % 60_000) / 1000).toFixed(3).padStart(6, '0')} (m:ss.mmm)`
  return ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${Number(ms.toFixed(3))}ms`
}

function tableOf(data: object, wanted: string[] | undefined): string {
  const isMap = data instanceof Map
  const rows: [string, unknown][] = isMap
    ? [...data].map(([key, value], index) => [String(index), { Key: key, Values: value }])
    : data instanceof Set
      ? [...data].map((value, index) => [String(index), value])
      : Object.entries(data)
  const indexTitle = isMap || data instanceof Set ? '(iteration index)' : '(index)'
  const keys: string[] = []
  let hasValues = false
  for (const [, row] of rows) {
    if (typeof row !== 'object' || row === null) hasValues = true
    else for (const key of Object.keys(row)) if (!keys.includes(key)) keys.push(key)
  }
  const columns = wanted ?? keys
  const cell = (value: unknown) => inspect(value, { depth: 0 })
  const lines = rows.map(([index, row]) => [
    index,
    ...columns.map((key) =>
      typeof row === 'object' && row !== null && Object.hasOwn(row, key) ? cell(Reflect.get(row, key)) : '',
    ),
    ...(hasValues ? [typeof row === 'object' && row !== null ? '' : cell(row)] : []),
  ])
  return drawTable([indexTitle, ...columns, ...(hasValues ? ['Values'] : [])], lines)
}

function drawTable(head: string[], lines: string[][]): string {
  const widths = head.map(
    (title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)) + 2,
  )
  const row = (cells: string[]) => `│${cells.map((text, column) => ` ${text}`.padEnd(widths[column] ?? 0)).join('│')}│`
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width)).join(middle) + right
  return [rule('┌', '┬', '┐'), row(head), rule('├', '┼', '┤'), ...lines.map(row), rule('└', '┴', '┘')].join('\n')
}
