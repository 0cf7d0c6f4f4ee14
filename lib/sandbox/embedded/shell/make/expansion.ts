/** What a text of a makefile is read with. */
export interface Scope {
  /** The value of a variable as it is written; undefined for one that is not set. */
  lookup(name: string): Variable | undefined
  /** `$(shell …)`: the output of a command line. */
  shell(line: string): Promise<string>
  /** `$(wildcard …)`: the files that a pattern names. */
  glob(pattern: string): string[]
  absolute(path: string): string
  exists(path: string): boolean
  /** `$(info …)` and `$(warning …)`. */
  tell(kind: 'info' | 'warning', text: string): void
  /** What is being read: `Makefile:3`. */
  cursor: { place: string }
}

export interface Variable {
  value: string
  /** `=`: the value is read again at each use. */
  isRecursive: boolean
  /** `target: export NAME = value` */
  isExported?: boolean
  origin: 'file' | 'environment' | 'command line' | 'automatic' | 'default'
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

/** The text with its variables and functions replaced. */
export async function expand(text: string, scope: Scope, depth = 0): Promise<string> {
  if (depth > 200) throw new MakeFailure(`Recursive variable references itself (eventually): ${text.slice(0, 60)}`)
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
      const end = closing(text, at)
      result += await reference(text.slice(at + 1, end), scope, depth)
      at = end
    } else result += await readVariable(next, scope, depth)
  }
  return result
}

/** Where the bracket at `at` ends. */
export function closing(text: string, at: number): number {
  const [open, close] = text[at] === '{' ? ['{', '}'] : ['(', ')']
  let depth = 0
  for (let end = at; end < text.length; end++) {
    if (text[end] === open) depth++
    else if (text[end] === close && --depth === 0) return end
  }
  throw new MakeFailure('unterminated variable reference')
}

async function readVariable(name: string, scope: Scope, depth: number): Promise<string> {
  const variable = scope.lookup(name)
  if (!variable) return ''
  return variable.isRecursive ? expand(variable.value, scope, depth + 1) : variable.value
}

async function reference(inside: string, scope: Scope, depth: number): Promise<string> {
  const call = /^([a-z-]+)[ \t]+([\s\S]*)$/.exec(inside)
  const apply = call && Object.hasOwn(functions, call[1] ?? '') ? functions[call[1] ?? ''] : undefined
  if (apply) return apply({ args: splitArguments(call?.[2] ?? ''), scope, depth })
  if (call && unknown.test(call[1] ?? ''))
    throw new MakeFailure(`$(${call[1]} …) is not available here; write what it makes into the makefile.`)
  const replacement = /^([^:]+):([^=]*)=(.*)$/s.exec(inside)
  if (replacement) {
    const [, name = '', from = '', to = ''] = replacement
    const value = await readVariable(await expand(name, scope, depth), scope, depth)
    const [old, now] = [await expand(from, scope, depth), await expand(to, scope, depth)]
    return old.includes('%') ? substitute(value, old, now) : substitute(value, `%${old}`, `%${now}`)
  }
  return readVariable(await expand(inside, scope, depth), scope, depth)
}

const unknown = /^(?:eval|file|guile|let|intcmp)$/

/** At commas that stand in no brackets. */
function splitArguments(text: string): string[] {
  const parts: string[] = []
  let [depth, start] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if ('({'.includes(char)) depth++
    else if (')}'.includes(char)) depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

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
    const values = await Promise.all(taken.map((arg) => expand(arg, scope, depth)))
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
  error: of(1, ([text = ''], { cursor }) => {
    throw new MakeFailure(`${cursor.place}: *** ${text}.  Stop.`, true)
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
    const key = await expand(name.trim(), scope, depth)
    const values = await Promise.all(given.map((arg) => expand(arg, scope, depth)))
    const numbered = Object.fromEntries([key, ...values].map((value, index) => [String(index), value]))
    return expand(scope.lookup(key)?.value ?? '', withValues(scope, numbered), depth + 1)
  },
}

/** The scope with some values of its own. */
export function withValues(scope: Scope, values: Readonly<Record<string, string>>): Scope {
  return {
    ...scope,
    lookup: (name) =>
      Object.hasOwn(values, name)
        ? { value: values[name] ?? '', isRecursive: false, origin: 'automatic' }
        : scope.lookup(name),
  }
}
