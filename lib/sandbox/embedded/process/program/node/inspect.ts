/** How `console.log` and `util.inspect` show values: Node's layout for what programs print every day. */

export interface InspectOptions {
  depth?: number | null
  colors?: boolean
  showHidden?: boolean
  compact?: boolean | number
  breakLength?: number
  sorted?: boolean
}

export const customInspect = Symbol.for('nodejs.util.inspect.custom')

const styles = {
  number: [33, 39],
  bigint: [33, 39],
  boolean: [33, 39],
  string: [32, 39],
  symbol: [32, 39],
  undefined: [90, 39],
  null: [1, 22],
  special: [36, 39],
  date: [35, 39],
  regexp: [31, 39],
} as const

interface Context {
  depth: number
  colors: boolean
  showHidden: boolean
  breakLength: number
  compact: number
  sorted: boolean
  seen: object[]
  circular: Map<object, number>
  indent: number
  /** The level of the object shown last; decides what still fits on one line. */
  currentDepth: number
  options: InspectOptions
}

export function inspect(value: unknown, options: InspectOptions = {}): string {
  const context: Context = {
    depth: options.depth === null ? Number.POSITIVE_INFINITY : (options.depth ?? 2),
    colors: options.colors ?? false,
    showHidden: options.showHidden ?? false,
    breakLength: options.breakLength ?? 80,
    compact:
      options.compact === false ? 0 : options.compact === true || options.compact === undefined ? 3 : options.compact,
    sorted: options.sorted ?? false,
    seen: [],
    circular: new Map(),
    indent: 0,
    currentDepth: 0,
    options,
  }
  return show(value, context, 0)
}
inspect.custom = customInspect
inspect.defaultOptions = { depth: 2, colors: false }

function paint(text: string, style: keyof typeof styles, context: Context): string {
  const [on, off] = styles[style]
  return context.colors ? `\u001b[${on}m${text}\u001b[${off}m` : text
}

function show(value: unknown, context: Context, level: number): string {
  switch (typeof value) {
    case 'string':
      return paint(quote(value), 'string', context)
    case 'number':
      return paint(Object.is(value, -0) ? '-0' : String(value), 'number', context)
    case 'bigint':
      return paint(`${value}n`, 'bigint', context)
    case 'boolean':
      return paint(String(value), 'boolean', context)
    case 'undefined':
      return paint('undefined', 'undefined', context)
    case 'symbol':
      return paint(value.toString(), 'symbol', context)
    default:
      return value === null ? paint('null', 'null', context) : showObject(value as object, context, level)
  }
}

export function quote(text: string): string {
  const mark = !text.includes("'")
    ? "'"
    : !text.includes('"')
      ? '"'
      : !text.includes('`') && !text.includes('${')
        ? '`'
        : "'"
  let out = ''
  for (const char of text) {
    const code = char.charCodeAt(0)
    if (char === mark || char === '\\') out += `\\${char}`
    else if (code < 32 || code === 127) out += escapes[char] ?? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
    else out += char
  }
  return mark + out + mark
}

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v' }

function showObject(value: object, context: Context, level: number): string {
  const custom = Reflect.get(value, customInspect)
  if (typeof custom === 'function' && custom !== inspect) {
    const depth = context.depth - level
    const shown: unknown = custom.call(value, depth, { ...context.options, depth, stylize: String }, inspect)
    if (shown !== value)
      return typeof shown === 'string'
        ? shown.replaceAll('\n', `\n${' '.repeat(context.indent)}`)
        : show(shown, context, level)
  }
  if (context.seen.includes(value)) {
    const id = context.circular.get(value) ?? context.circular.size + 1
    context.circular.set(value, id)
    return paint(`[Circular *${id}]`, 'special', context)
  }
  context.seen.push(value)
  const text = showBody(value, context, level)
  context.seen.pop()
  const id = context.circular.get(value)
  return id === undefined ? text : `${paint(`<ref *${id}>`, 'special', context)} ${text}`
}

/** What an object is called in front of its braces, how its entries are found and which brackets hold them. */
interface Shape {
  prefix: string
  open: string
  close: string
  /** Shown instead of braces when there are no entries. */
  base: string
  entries: () => string[]
  /** Keys that `entries` has shown. */
  skips: (key: string) => boolean
}

function showBody(value: object, context: Context, level: number): string {
  if (level > context.depth && !isEmpty(value)) {
    const name = constructorName(value) ?? '[Object: null prototype]'
    return paint(Array.isArray(value) ? '[Array]' : `[${tagged(value, name)}]`, 'special', context)
  }
  const shape = shapeOf(value, context, level)
  if (!isEmpty(value)) context.currentDepth = level
  context.indent += 2
  const items = [...shape.entries(), ...propertiesOf(value, context, level, shape)]
  context.indent -= 2
  if (items.length === 0) return shape.base !== '' ? shape.base : `${shape.prefix}${shape.open}${shape.close}`
  return layOut(items, shape, { value, context, level })
}

/** Empty things and leaves are shown at any depth. */
function isEmpty(value: object): boolean {
  const size: unknown = value instanceof Map || value instanceof Set ? value.size : 0
  return size === 0 && Object.keys(value).length === 0 && (!Array.isArray(value) || value.length === 0)
}

interface Place {
  value: object
  context: Context
  level: number
}

/** One line while it is short and at most three levels deep, else one entry a line (Node's reduceToSingleString). */
function layOut(items: string[], { base, prefix, open, close }: Shape, { value, context, level }: Place): string {
  const head = base === '' ? `${prefix}${open}` : `${base} ${open}`
  const rows = Array.isArray(value) || ArrayBuffer.isView(value) ? inColumns(items, value, context) : items
  if (context.currentDepth - level < context.compact && rows.length === items.length) {
    const start = rows.length + context.indent + `${prefix}${open}`.length + base.length + 10
    const total = rows.reduce((sum, row) => sum + plainLength(row), rows.length + start)
    const line = rows.join(', ')
    if (total <= context.breakLength && !line.includes('\n') && !base.includes('\n')) {
      return `${head} ${line} ${close}`
    }
  }
  const pad = ' '.repeat(context.indent)
  return `${head}\n${pad}  ${rows.join(`,\n${pad}  `)}\n${pad}${close}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what is measured away
const plainLength = (text: string) => text.replace(/\u001b\[\d+m/g, '').length

/** More than six short entries stand in columns, numbers to the right (Node's groupArrayElements). */
function inColumns(items: string[], value: object, context: Context): string[] {
  if (items.length <= 6 || context.compact < 1) return items
  const values = Array.from(value as ArrayLike<unknown>)
  const own = values.length > 100 ? items.slice(0, 100) : items
  const lengths = own.map(plainLength)
  const longest = Math.max(...lengths) + 2
  const total = lengths.reduce((sum, length) => sum + length, 0) + own.length * 2
  if (longest * 3 + context.indent >= context.breakLength || !(total / longest > 5 || longest <= 8)) return items
  const biased = Math.max(longest - 3 - Math.sqrt(longest - total / items.length), 1)
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * own.length) / biased),
    Math.floor((context.breakLength - context.indent) / longest),
    context.compact * 4,
    15,
  )
  if (columns <= 1) return items
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lengths.filter((_length, index) => index % columns === column)),
  )
  const isNumeric = values.every((entry) => typeof entry === 'number' || typeof entry === 'bigint')
  const rows: string[] = []
  for (let start = 0; start < own.length; start += columns) {
    const row = own.slice(start, start + columns)
    const cells = row.map((item, column) => {
      const isLast = column === row.length - 1
      const pad = ' '.repeat((widths[column] ?? 0) - plainLength(item))
      if (isNumeric) return pad + item + (isLast ? '' : ', ')
      return isLast ? item : `${item}, ${pad}`
    })
    rows.push(cells.join(''))
  }
  return [...rows, ...items.slice(own.length)]
}

function shapeOf(value: object, context: Context, level: number): Shape {
  const name = constructorName(value)
  const title = tagged(value, name ?? '[Object: null prototype]')
  const braces = { open: '{', close: '}', base: '', entries: () => [] as string[], skips: () => false }
  const inner = (item: unknown) => show(item, context, level + 1)
  if (Array.isArray(value)) {
    const prefix = name === 'Array' ? '' : `${name ?? '[Array: null prototype]'}(${value.length}) `
    return {
      ...braces,
      prefix,
      open: '[',
      close: ']',
      entries: () => arrayEntries(value, inner, context),
      skips: isIndex,
    }
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = Array.from(value as unknown as ArrayLike<number | bigint>)
    return {
      ...braces,
      prefix: `${name}(${items.length}) `,
      open: '[',
      close: ']',
      entries: () => arrayEntries(items, inner, context),
      skips: isIndex,
    }
  }
  if (value instanceof Map) {
    const entries = () => [...value].map(([key, item]) => `${inner(key)} => ${inner(item)}`)
    return { ...braces, prefix: `${name}(${value.size}) `, entries }
  }
  if (value instanceof Set)
    return { ...braces, prefix: `${name}(${value.size}) `, entries: () => [...value].map(inner) }
  if (typeof value === 'function')
    return { ...braces, prefix: '', base: paint(functionTitle(value), 'special', context) }
  if (value instanceof Date) {
    const text = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
    return { ...braces, prefix: '', base: paint(text, 'date', context) }
  }
  if (value instanceof RegExp) return { ...braces, prefix: '', base: paint(String(value), 'regexp', context) }
  if (value instanceof Error) return { ...braces, prefix: '', base: errorText(value, context), skips: isErrorKey }
  if (value instanceof Promise)
    return { ...braces, prefix: `${name} `, entries: () => [paint('<pending>', 'special', context)] }
  if (value instanceof WeakMap || value instanceof WeakSet) {
    return { ...braces, prefix: `${name} `, entries: () => [paint('<items unknown>', 'special', context)] }
  }
  if (value instanceof ArrayBuffer) {
    const bytes = Array.from(new Uint8Array(value), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    return {
      ...braces,
      prefix: 'ArrayBuffer ',
      entries: () => [`[Uint8Contents]: <${bytes}>`, `byteLength: ${inner(value.byteLength)}`],
    }
  }
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    const base = `[${name}: ${show(value.valueOf(), { ...context, colors: false }, level)}]`
    return { ...braces, prefix: '', base: paint(base, 'special', context), skips: isIndex }
  }
  if (isArguments(value)) {
    return {
      ...braces,
      prefix: '[Arguments] ',
      open: '[',
      close: ']',
      entries: () => arrayEntries(Array.from(value), inner, context),
      skips: isIndex,
    }
  }
  return { ...braces, prefix: title === 'Object' ? '' : `${title} ` }
}

const isIndex = (key: string) => /^(0|[1-9]\d*)$/.test(key)
const isErrorKey = (key: string) => key === 'stack' || key === 'message'
const isArguments = (value: object): value is ArrayLike<unknown> & object =>
  Object.prototype.toString.call(value) === '[object Arguments]'

function arrayEntries(items: readonly unknown[], inner: (item: unknown) => string, context: Context): string[] {
  const out: string[] = []
  for (let index = 0; index < items.length && out.length < 100; index++) {
    if (index in items) {
      out.push(inner(items[index]))
      continue
    }
    let holes = 1
    while (index + holes < items.length && !(index + holes in items)) holes++
    out.push(paint(`<${holes} empty item${holes === 1 ? '' : 's'}>`, 'undefined', context))
    index += holes - 1
  }
  if (items.length > 100) out.push(`... ${items.length - 100} more item${items.length === 101 ? '' : 's'}`)
  return out
}

function propertiesOf(value: object, context: Context, level: number, shape: Shape): string[] {
  const keys = Reflect.ownKeys(value).filter((key) => {
    if (typeof key === 'string' && shape.skips(key)) return false
    if (value instanceof Error && key === 'cause') return true
    return context.showHidden || Object.prototype.propertyIsEnumerable.call(value, key)
  })
  if (context.sorted) keys.sort((a, b) => String(a).localeCompare(String(b)))
  return keys.map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    const isHidden = descriptor?.enumerable === false
    const label = typeof key === 'symbol' ? `[${paint(key.toString(), 'symbol', context)}]` : keyLabel(key, context)
    const shown = isHidden ? `[${typeof key === 'symbol' ? label.slice(1, -1) : String(key)}]` : label
    return `${shown}: ${propertyValue(descriptor, context, level)}`
  })
}

function propertyValue(descriptor: PropertyDescriptor | undefined, context: Context, level: number): string {
  if (descriptor?.get !== undefined) {
    return paint(descriptor.set === undefined ? '[Getter]' : '[Getter/Setter]', 'special', context)
  }
  if (descriptor?.set !== undefined) return paint('[Setter]', 'special', context)
  return show(descriptor?.value, context, level + 1)
}

const keyLabel = (key: string, context: Context) =>
  /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : paint(quote(key), 'string', context)

function constructorName(value: object): string | null {
  for (let object: object | null = value; object !== null; object = Object.getPrototypeOf(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, 'constructor')
    if (typeof descriptor?.value === 'function' && descriptor.value.name !== '') return descriptor.value.name as string
  }
  return null
}

function tagged(value: object, name: string): string {
  const tag: unknown = Reflect.get(value, Symbol.toStringTag)
  return typeof tag === 'string' && tag !== '' && tag !== name
    ? `${name === '[Object: null prototype]' && tag === 'Module' ? '[Module: null prototype]' : `${name} [${tag}]`}`
    : name
}

function functionTitle(value: object): string {
  const source = Function.prototype.toString.call(value)
  const name = String(Reflect.get(value, 'name') ?? '')
  if (/^class\b/.test(source)) {
    const parent: unknown = Object.getPrototypeOf(value)
    const parentName = typeof parent === 'function' && parent.name !== '' ? ` extends ${parent.name}` : ''
    return `[class ${name || '(anonymous)'}${parentName}]`
  }
  const kind = constructorName(value) ?? 'Function'
  return name === '' ? `[${kind} (anonymous)]` : `[${kind}: ${name}]`
}

function errorText(error: Error, context: Context): string {
  const stack =
    typeof error.stack === 'string' && error.stack !== '' ? error.stack : `[${Error.prototype.toString.call(error)}]`
  const text = /\n\s+at /.test(stack) ? stack : stack.startsWith('[') ? stack : `[${stack}]`
  return text.replaceAll('\n', `\n${' '.repeat(context.indent)}`)
}
