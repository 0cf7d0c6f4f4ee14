import { withMappedPlaces } from '../mapped-places'
import type { LogLevel, LogValue } from '../messages'
import { tellIde } from './tell'

const maxEntries = 50
const maxDepth = 4
const levels: readonly LogLevel[] = ['debug', 'log', 'info', 'warn', 'error']

/** Brings what the page logs and what it throws to the IDE. The browser's own console gets it as well. */
export function captureConsole(): void {
  for (const level of levels) {
    const original = console[level]
    console[level] = (...values: unknown[]) => {
      original.apply(console, values)
      log(level, values)
    }
  }
  const { assert, table, trace, count, countReset, group, groupCollapsed } = console
  console.assert = (condition?: boolean, ...values: unknown[]) => {
    assert.apply(console, [condition, ...values] as Parameters<typeof assert>)
    if (!condition) log('error', ['Assertion failed:', ...values])
  }
  console.table = (...values: Parameters<typeof table>) => {
    table.apply(console, values)
    log('log', values.slice(0, 1))
  }
  console.trace = (...values: unknown[]) => {
    trace.apply(console, values)
    log('log', ['Trace:', ...values, new Error().stack ?? ''])
  }
  for (const [name, original] of Object.entries({ group, groupCollapsed })) {
    Reflect.set(console, name, (...values: unknown[]) => {
      original.apply(console, values)
      log('log', values)
    })
  }
  const counts = new Map<string, number>()
  console.count = (label = 'default') => {
    count.call(console, label)
    counts.set(label, (counts.get(label) ?? 0) + 1)
    log('log', [`${label}: ${counts.get(label)}`])
  }
  console.countReset = (label = 'default') => {
    countReset.call(console, label)
    counts.delete(label)
  }
  addEventListener('error', (event) => {
    if (!(event instanceof ErrorEvent)) return
    const at = `${event.filename}:${event.lineno}:${event.colno}`
    const thrown = event.error instanceof Error ? (event.error.stack ?? '') : `${event.message}\n    at ${at}`
    const stack = withMappedPlaces(withPlace(thrown, at))
    tellIde({ kind: 'error', message: event.message.replace(/^Uncaught /, ''), stack })
  })
  addEventListener('unhandledrejection', ({ reason }) => {
    const isError = reason instanceof Error
    const message = isError ? `${reason.name}: ${reason.message}` : `Unhandled rejection: ${textOf(reason)}`
    tellIde({ kind: 'error', message, stack: isError ? withMappedPlaces(reason.stack ?? '') : '' })
  })
}

/** A syntax error's stack does not say where it is; its event does. */
function withPlace(stack: string, at: string): string {
  return stack.includes('\n    at ') ? stack : `${stack}\n    at ${at}`
}

function log(level: LogLevel, values: readonly unknown[]) {
  const [first, ...rest] = values
  const shown = typeof first === 'string' && first.includes('%') ? formatted(first, rest) : values
  const isPlain = shown.every((value) => typeof value !== 'object' && typeof value !== 'function')
  tellIde({
    kind: 'console',
    level,
    text: shown.map(textOf).join(' '),
    values: isPlain ? [] : shown.map((value) => toLogValue(value)),
  })
}

/** `%s`, `%d` and the like; styles (`%c`) are dropped. */
function formatted(format: string, values: readonly unknown[]): unknown[] {
  const left = [...values]
  const text = format.replace(/%([sdifoOc%])/g, (whole, kind: string) => {
    if (kind === '%') return '%'
    if (left.length === 0) return whole
    const value = left.shift()
    if (kind === 'c') return ''
    if (kind === 'd' || kind === 'i') return String(Math.trunc(Number(value)))
    return kind === 'f' ? String(Number(value)) : textOf(value)
  })
  return [text, ...left]
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return withMappedPlaces(value.stack ?? String(value))
  if (typeof value === 'function') return `ƒ ${value.name || 'anonymous'}()`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Element) return nameOfElement(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

function nameOfElement(element: Element): string {
  return element.cloneNode(false) instanceof Element
    ? (element.cloneNode(false) as Element).outerHTML.slice(0, 200)
    : ''
}

function toLogValue(value: unknown, depth = 0, seen: readonly object[] = []): LogValue {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value.slice(0, 1000))
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Element) {
    return textOf(value).slice(0, 2000)
  }
  const text = labelOf(value)
  if (seen.includes(value)) return '[circular]'
  if (depth >= maxDepth) return text
  const entries = entriesOf(value).slice(0, maxEntries)
  return { text, entries: entries.map(([key, entry]) => [key, toLogValue(entry, depth + 1, [...seen, value])]) }
}

function labelOf(value: object): string {
  if (Array.isArray(value)) return `Array(${value.length})`
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`
  const name = Reflect.getPrototypeOf(value)?.constructor?.name ?? 'Object'
  return value instanceof Date ? `Date ${value.toISOString()}` : name
}

function entriesOf(value: object): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([key, entry]) => [textOf(key), entry])
  if (value instanceof Set) return [...value].map((entry, index) => [String(index), entry])
  return Object.keys(value).map((key) => {
    try {
      return [key, Reflect.get(value, key)]
    } catch (error) {
      return [key, `[${String(error)}]`]
    }
  })
}
