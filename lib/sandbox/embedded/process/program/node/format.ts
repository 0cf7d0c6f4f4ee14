import { type InspectOptions, inspect } from './inspect'

/** `util.format`: `%s %d %i %f %j %o %O %c %%`, the rest appended with spaces. */
export function format(...values: unknown[]): string {
  return formatWithOptions({}, ...values)
}

export function formatWithOptions(options: InspectOptions, ...values: unknown[]): string {
  const [template, ...rest] = values
  if (typeof template !== 'string') return values.map((value) => display(value, options)).join(' ')
  let next = 0
  const text =
    rest.length === 0
      ? template
      : template.replace(/%[sdifjoOc%]/g, (directive) => {
          if (directive === '%%') return '%'
          if (next >= rest.length) return directive
          return substitute(directive, rest[next++], options)
        })
  return [text, ...rest.slice(next).map((value) => display(value, options))].join(' ')
}

const display = (value: unknown, options: InspectOptions) =>
  typeof value === 'string' ? value : inspect(value, options)

function substitute(directive: string, value: unknown, options: InspectOptions): string {
  switch (directive) {
    case '%s':
      return toText(value, options)
    case '%d':
      return typeof value === 'bigint'
        ? `${value}n`
        : typeof value === 'symbol'
          ? 'NaN'
          : inspect(Number(value), options)
    case '%i':
      return typeof value === 'bigint' ? `${value}n` : String(Number.parseInt(String(value), 10))
    case '%f':
      return typeof value === 'symbol' ? 'NaN' : String(Number.parseFloat(String(value)))
    case '%j':
      return toJson(value)
    case '%o':
      return inspect(value, { ...options, showHidden: true, depth: 4 })
    case '%O':
      return inspect(value, options)
    default:
      return ''
  }
}

function toText(value: unknown, options: InspectOptions): string {
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (typeof value !== 'object' || value === null) return String(value)
  const own = Reflect.get(value, 'toString')
  const isOwn = typeof own === 'function' && own !== Object.prototype.toString && own !== Array.prototype.toString
  if (isOwn && (value instanceof Error || !isBuiltinObject(value))) return String(value)
  return inspect(value, { ...options, depth: 0, colors: false, compact: 3 })
}

const isBuiltinObject = (value: object) =>
  [Map, Set, Date, RegExp, Promise].some((Builtin) => value instanceof Builtin) || ArrayBuffer.isView(value)

function toJson(value: unknown): string {
  try {
    return String(JSON.stringify(value))
  } catch (error) {
    if (error instanceof TypeError && /circular/i.test(error.message)) return '[Circular]'
    throw error
  }
}
