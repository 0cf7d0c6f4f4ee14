import { format as prettyFormat } from '@vitest/pretty-format'

type Register = (name: string, run: (...values: unknown[]) => unknown, timeout?: number) => unknown

/** `test.each(table)(title, fn)` as Jest has it: `%p`, `%#`, `$variable`, one-dimensional and template tables. */
export function createEach(register: Register) {
  return (table: readonly unknown[] | TemplateStringsArray, ...values: unknown[]) =>
    (title: string, run: (...values: unknown[]) => unknown, timeout?: number) => {
      const rows = 'raw' in table ? readTemplate(table as TemplateStringsArray, values) : [...table]
      if (rows.length === 0) throw new Error('Error: `.each` called with an empty Array of table data.')
      rows.forEach((row, index) => {
        const isTemplate = 'raw' in table
        const args = isTemplate || !Array.isArray(row) ? [row] : (row as unknown[])
        const name = isRecord(row)
          ? withVariables(withPlaceholders(title, args, index), row, index)
          : withPlaceholders(title, args, index)
        register(name, bindRow(run, args), timeout)
      })
    }
}

/** The length stays: one parameter more than the row has is the callback `done`. */
function bindRow(run: (...values: unknown[]) => unknown, args: readonly unknown[]) {
  const wantsDone = run.length > args.length
  return wantsDone ? (done: unknown) => run(...args, done) : () => run(...args)
}

function readTemplate([heading = '']: TemplateStringsArray, values: readonly unknown[]): Record<string, unknown>[] {
  const names = heading
    .trim()
    .split('|')
    .map((name) => name.trim().split(/\s/)[0] ?? '')
  const rows: Record<string, unknown>[] = []
  for (let start = 0; start + names.length <= values.length; start += names.length) {
    rows.push(Object.fromEntries(names.map((name, index) => [name, values[start + index]])))
  }
  return rows
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const pretty = (value: unknown) => prettyFormat(value, { maxDepth: 1, min: true })

function withPlaceholders(title: string, args: readonly unknown[], index: number): string {
  let next = 0
  return title.replace(/%([psdifjoO#$%])/g, (all, kind: string) => {
    if (kind === '%') return '%'
    if (kind === '#') return String(index)
    if (kind === '$') return String(index + 1)
    if (next >= args.length) return all
    return show(kind, args[next++])
  })
}

function show(kind: string, value: unknown): string {
  switch (kind) {
    case 'd':
      return typeof value === 'bigint' ? `${value}n` : String(Number(value))
    case 'i':
      return String(Number.parseInt(String(value), 10))
    case 'f':
      return String(Number.parseFloat(String(value)))
    case 'j':
      return JSON.stringify(value) ?? 'undefined'
    case 's':
      return typeof value === 'object' && value !== null ? pretty(value) : String(value)
    default:
      return pretty(value)
  }
}

function withVariables(title: string, row: Record<string, unknown>, index: number): string {
  return title.replace(/\$([\w#]+(?:\.\w+)*)/g, (all, path: string) => {
    if (path === '#') return String(index)
    const [first = ''] = path.split('.')
    if (!(first in row)) return all
    const value = path.split('.').reduce<unknown>((current, key) => Reflect.get(Object(current), key), row)
    return typeof value === 'string' ? (path.includes('.') ? value : pretty(value)) : pretty(value)
  })
}
