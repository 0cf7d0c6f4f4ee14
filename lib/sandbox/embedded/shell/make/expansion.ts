import { closingBracket } from '@/lib/base'

/** What a text of a makefile is read with. */
export interface Scope {
  /** The value of a variable as it is written; undefined for one that is not set. */
  lookup(name: string): Variable | undefined
  /** `$(shell …)`: the output of a command line. */
  shell(line: string): Promise<string>
  /** `$(eval …)`: reads a text as lines of the makefile. */
  evaluate(text: string): Promise<void>
  /** `$(wildcard …)`: the files that a pattern names. */
  glob(pattern: string): string[]
  absolute(path: string): string
  exists(path: string): boolean
  /** `$(info …)` and `$(warning …)`. */
  tell(kind: 'info' | 'warning', text: string): void
  /** What is being read: `Makefile:3`, the variables that stand in one another, and how many texts read one another. */
  cursor: { place: string; variables: Set<string>; nesting: number }
}

export interface Variable {
  value: string
  /** `=`: the value is read again at each use. */
  isRecursive: boolean
  /** `target: export NAME = value` */
  isExported?: boolean
  /** `target: private NAME = value`: not for what the target needs. */
  isPrivate?: boolean
  origin: 'file' | 'environment' | 'environment override' | 'command line' | 'override' | 'automatic' | 'default'
  /** `undefine`d: what the environment says is gone, too. */
  isGone?: boolean
  /** Where it is set: `Makefile:3`. */
  place?: string
}

/** Ends the run. */
export class MakeFailure extends Error {
  constructor(
    message: string,
    /** Says already where it stands, or that it is no new error. */
    readonly isWhole = false,
  ) {
    super(message)
  }
}

/** What is wrong with the text that is being read. */
export function failureAt({ cursor }: Pick<Scope, 'cursor'>, message: string): MakeFailure {
  return cursor.place === '' ? new MakeFailure(message) : new MakeFailure(`${cursor.place}: *** ${message}`, true)
}

/** The text with its variables and functions replaced. */
export async function expand(text: string, scope: Scope, depth = 0): Promise<string> {
  if (depth > maxDepth) throw failureAt(scope, 'Texts stand too deeply in one another.  Stop.')
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char !== '$') {
      result += char
      continue
    }
    const next = text[++at]
    if (next === undefined) return `${result}$`
    if (next === '$') result += '$'
    else if (next === '(' || next === '{') {
      const end = closingBracket(text, at)
      const inside = text.slice(at + 1, end)
      if (end === text.length) throw unterminated(inside, next, scope)
      result += await reference(inside, { open: next, scope, depth })
      at = end
    } else result += await readVariable(next, scope, depth)
  }
  return result
}

const maxDepth = 500

function unterminated(inside: string, open: string, scope: Scope): MakeFailure {
  const [, name = ''] = call.exec(inside) ?? []
  const isFunction = Object.hasOwn(functions, name)
  const what = isFunction
    ? `unterminated call to function '${name}': missing '${open === '(' ? ')' : '}'}'`
    : 'unterminated variable reference'
  return failureAt(scope, `${what}.  Stop.`)
}

async function readVariable(name: string, scope: Scope, depth: number): Promise<string> {
  const variable = scope.lookup(name)
  if (!variable?.isRecursive) return variable?.value ?? ''
  const { cursor } = scope
  const { place } = cursor
  cursor.place = variable.place ?? place
  if (cursor.variables.has(name))
    throw failureAt(scope, `Recursive variable '${name}' references itself (eventually).  Stop.`)
  cursor.variables.add(name)
  const value = await expand(variable.value, scope, depth + 1)
  cursor.variables.delete(name)
  cursor.place = place
  return value
}

interface Reference {
  /** The bracket before it. */
  open: string
  scope: Scope
  depth: number
}

const call = /^([a-z-]+)[ \t]+([\s\S]*)$/

async function reference(inside: string, { open, scope, depth }: Reference): Promise<string> {
  const [, name = '', args = ''] = call.exec(inside) ?? []
  const apply = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (apply) return apply({ args: splitArguments(args, open), scope, depth })
  if (name === 'file') throw failureAt(scope, '$(file …) is not available here; let a recipe write the file.  Stop.')
  const replacement = /^([^:]+):([^=]*)=(.*)$/s.exec(inside)
  if (replacement) {
    const [, variable = '', from = '', to = ''] = replacement
    const value = await readVariable(await expand(variable, scope, depth), scope, depth)
    const [old, now] = [await expand(from, scope, depth), await expand(to, scope, depth)]
    return old.includes('%') ? substitute(value, old, now) : substitute(value, `%${old}`, `%${now}`)
  }
  return readVariable(await expand(inside, scope, depth), scope, depth)
}

/** At commas that stand in no brackets of the kind that holds them. */
function splitArguments(text: string, open: string): string[] {
  const close = open === '(' ? ')' : '}'
  const parts: string[] = []
  let [depth, start] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === open) depth++
    else if (char === close) depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

/** Texts between blanks. */
export const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean)

/** What stands for `%`; null when the word does not match. */
export function stemOf(pattern: string, word: string): string | null {
  const at = pattern.indexOf('%')
  if (at === -1) return pattern === word ? '' : null
  const [start, end] = [pattern.slice(0, at), pattern.slice(at + 1)]
  const matches = word.startsWith(start) && word.endsWith(end) && word.length >= start.length + end.length
  return matches ? word.slice(start.length, word.length - end.length) : null
}

function substitute(text: string, from: string, to: string): string {
  return wordsOf(text)
    .map((word) => {
      const stem = stemOf(from, word)
      return stem === null ? word : to.replace('%', () => stem)
    })
    .join(' ')
}

interface Call {
  args: readonly string[]
  scope: Scope
  depth: number
}

type Apply = (call: Call) => Promise<string>

/** A function of texts: its arguments are read first; the last takes the rest, commas too. */
const of =
  (count: number, work: (args: string[], scope: Scope) => string | string[]): Apply =>
  async ({ args, scope, depth }) => {
    const taken = args.length > count ? [...args.slice(0, count - 1), args.slice(count - 1).join(',')] : args
    const values: string[] = []
    for (const arg of taken) values.push(await expand(arg, scope, depth))
    const result = work([...values, ...new Array(Math.max(0, count - values.length)).fill('')], scope)
    return typeof result === 'string' ? result : result.join(' ')
  }

/** A function of each word. */
const each = (work: (word: string, scope: Scope) => string | string[]) =>
  of(1, ([text = ''], scope) => wordsOf(text).flatMap((word) => work(word, scope)))

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1) || './'
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const suffixOf = (path: string) => /\.[^./]*$/.exec(path)?.[0] ?? ''
const isOneOf = (patterns: string, word: string) => wordsOf(patterns).some((pattern) => stemOf(pattern, word) !== null)

const functions: Record<string, Apply> = {
  subst: of(3, ([from = '', to = '', text = '']) => (from === '' ? text + to : text.replaceAll(from, () => to))),
  patsubst: of(3, ([from = '', to = '', text = '']) => substitute(text, from.trim(), to.trim())),
  strip: of(1, ([text = '']) => wordsOf(text)),
  findstring: of(2, ([find = '', text = '']) => (text.includes(find) ? find : '')),
  filter: of(2, ([patterns = '', text = '']) => wordsOf(text).filter((word) => isOneOf(patterns, word))),
  'filter-out': of(2, ([patterns = '', text = '']) => wordsOf(text).filter((word) => !isOneOf(patterns, word))),
  sort: of(1, ([text = '']) => [...new Set(wordsOf(text))].sort()),
  word: of(2, ([number = '', text = '']) => wordsOf(text)[Number(number) - 1] ?? ''),
  wordlist: of(3, ([from = '', to = '', text = '']) => wordsOf(text).slice(Number(from) - 1, Number(to))),
  words: of(1, ([text = '']) => String(wordsOf(text).length)),
  firstword: of(1, ([text = '']) => wordsOf(text)[0] ?? ''),
  lastword: of(1, ([text = '']) => wordsOf(text).at(-1) ?? ''),
  dir: each(folderOf),
  notdir: each(nameOf),
  suffix: each((word) => suffixOf(word) || []),
  basename: each((word) => word.slice(0, word.length - suffixOf(word).length)),
  addsuffix: of(2, ([suffix = '', text = '']) => wordsOf(text).map((word) => word + suffix)),
  addprefix: of(2, ([prefix = '', text = '']) => wordsOf(text).map((word) => prefix + word)),
  join: of(2, ([first = '', second = '']) => {
    const [a, b] = [wordsOf(first), wordsOf(second)]
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => (a[index] ?? '') + (b[index] ?? ''))
  }),
  wildcard: each((word, { glob }) => glob(word)),
  abspath: each((word, { absolute }) => absolute(word)),
  realpath: each((word, { absolute, exists }) => (exists(word) ? absolute(word) : [])),
  error: of(1, ([text = ''], scope) => {
    throw failureAt(scope, `${text}.  Stop.`)
  }),
  warning: of(1, ([text = ''], { tell }) => {
    tell('warning', text)
    return ''
  }),
  info: of(1, ([text = ''], { tell }) => {
    tell('info', text)
    return ''
  }),
  shell: async ({ args, scope, depth }) => scope.shell(await expand(args.join(','), scope, depth)),
  origin: async ({ args, scope, depth }) => {
    const name = await expand(args.join(','), scope, depth)
    return scope.lookup(name)?.origin ?? 'undefined'
  },
  flavor: async ({ args, scope, depth }) => {
    const variable = scope.lookup(await expand(args.join(','), scope, depth))
    return variable ? (variable.isRecursive ? 'recursive' : 'simple') : 'undefined'
  },
  value: async ({ args, scope, depth }) => scope.lookup(await expand(args.join(','), scope, depth))?.value ?? '',
  if: async ({ args: [condition = '', then = '', ...otherwise], scope, depth }) => {
    const holds = (await expand(condition.trim(), scope, depth)) !== ''
    return expand(holds ? then : otherwise.join(','), scope, depth)
  },
  or: async ({ args, scope, depth }) => {
    for (const arg of args) {
      const value = await expand(arg.trim(), scope, depth)
      if (value !== '') return value
    }
    return ''
  },
  and: async ({ args, scope, depth }) => {
    let value = ''
    for (const arg of args) {
      value = await expand(arg.trim(), scope, depth)
      if (value === '') return ''
    }
    return value
  },
  foreach: async ({ args: [name = '', list = '', ...text], scope, depth }) => {
    const key = await expand(name.trim(), scope, depth)
    const results: string[] = []
    for (const word of wordsOf(await expand(list, scope, depth)))
      results.push(await expand(text.join(','), withValues(scope, { [key]: word }), depth))
    return results.join(' ')
  },
  call: async ({ args: [name = '', ...given], scope, depth }) => {
    const key = (await expand(name.trim(), scope, depth)).trim()
    const values: string[] = []
    for (const arg of given) values.push(await expand(arg, scope, depth))
    const apply = Object.hasOwn(functions, key) ? functions[key] : undefined
    // Its arguments have been read.
    if (apply) return apply({ args: values.map((value) => value.replaceAll('$', '$$$$')), scope, depth: depth + 1 })
    const variable = scope.lookup(key)
    if (!variable?.isRecursive) return variable?.value ?? ''
    // Those of a call around this one are gone.
    const numbered = [key, ...values, ...new Array<string>(Math.max(0, 9 - values.length)).fill('')]
    const own = withValues(scope, Object.fromEntries(numbered.entries()))
    // A function may call itself.
    const { cursor } = scope
    const { variables } = cursor
    cursor.variables = new Set()
    const value = await expand(variable.value, own, depth + 1)
    cursor.variables = variables
    return value
  },
  eval: async ({ args, scope, depth }) => {
    await scope.evaluate(await expand(args.join(','), scope, depth))
    return ''
  },
}

/** The scope with some values of its own. */
export function withValues(scope: Scope, values: Readonly<Record<string | number, string>>): Scope {
  return {
    ...scope,
    lookup: (name) =>
      Object.hasOwn(values, name)
        ? { value: values[name] ?? '', isRecursive: false, origin: 'automatic' }
        : scope.lookup(name),
  }
}
