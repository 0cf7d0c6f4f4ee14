import { extname } from '@/lib/base'
import { viewSource } from '@/lib/safety'

/** One small way to break a file. */
export interface Mutant {
  path: string
  /** 1-based. */
  line: number
  column: number
  /** What becomes what: `<` → `<=`. */
  before: string
  after: string
  /** The whole file with the break in it. */
  text: string
}

const languages = new Set(['.js', '.jsx', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts'])

/** Operators stand between spaces where code is formatted; without them `<` may open a type or a tag. */
const swaps: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '+=': '-=',
  '-=': '+=',
}
const operator = /(?<=[\w)\]'"`}] )(===|!==|==|!=|<=|>=|&&|\|\||\+=|-=|<|>|\+|-|\*|\/)(?= )/g
const condition = /\b(?:if|while) \(/g
const returned = /\breturn(?= [^;\s])/g
const integer = /(?<![\w.$])\d+(?![\w.$])/g
const truth = /(?<![\w.$])(?:true|false)(?![\w$:])/g

/** `after` is made of the source itself: the program has its strings blanked out. */
interface Break {
  at: number
  length: number
  after: (source: string) => string
}

/** Whether the language is one whose breaks are known. */
export function canMutate(path: string): boolean {
  return languages.has(extname(path)) && !path.endsWith('.d.ts')
}

/**
 * Ways to break the given lines of a file (1-based; all when null), in the order in which they stand: comparisons and
 * operators turned, conditions negated, returned values dropped, numbers off by one. Strings and comments stay. Pure.
 */
export function mutantsOf(path: string, text: string, lines: ReadonlySet<number> | null = null): Mutant[] {
  if (!canMutate(path)) return []
  const { program } = viewSource(text)
  const starts = lineStarts(text)
  const isCode = program
    .split('\n')
    .map((line) => !/^\s*(?:import|export \*|export \{|export type|type |interface )/.test(line))
  return breaksOf(program)
    .sort((a, b) => a.at - b.at || a.length - b.length)
    .flatMap(({ at, length, after: toAfter }) => {
      const line = starts.findLastIndex((start) => start <= at) + 1
      if ((lines && !lines.has(line)) || !isCode[line - 1]) return []
      const column = at - (starts[line - 1] ?? 0) + 1
      const after = toAfter(text.slice(at, at + length))
      const broken = text.slice(0, at) + after + text.slice(at + length)
      return [{ path, line, column, before: text.slice(at, at + length), after, text: broken }]
    })
}

/** At most `limit` of them, spread evenly over the whole. */
export function spread<Item>(items: readonly Item[], limit: number): Item[] {
  if (items.length <= limit) return [...items]
  return Array.from({ length: limit }, (_, index) => items[Math.floor((index * items.length) / limit)] as Item)
}

function breaksOf(program: string): Break[] {
  return [
    ...found(program, operator, (text) => swaps[text] ?? null),
    ...found(program, integer, (text) => String(Number(text) + 1)),
    ...found(program, truth, (text) => (text === 'true' ? 'false' : 'true')),
    // `void` evaluates what was to be returned and gives nothing.
    ...found(program, returned, () => 'void'),
    ...negations(program),
  ]
}

function found(program: string, pattern: RegExp, replace: (text: string) => string | null): Break[] {
  return [...program.matchAll(pattern)].flatMap((match) => {
    const after = replace(match[0])
    return after === null ? [] : [{ at: match.index, length: match[0].length, after: () => after }]
  })
}

/** `if (x)` → `if (!(x))`: the whole condition, up to its own closing parenthesis. */
function negations(program: string): Break[] {
  return [...program.matchAll(condition)].flatMap((match) => {
    const open = match.index + match[0].length
    const close = closing(program, open)
    if (close === null) return []
    return [{ at: open, length: close - open, after: (source) => `!(${source})` }]
  })
}

function closing(program: string, from: number): number | null {
  let depth = 1
  for (let at = from; at < program.length; at++) {
    if (program[at] === '(') depth++
    if (program[at] === ')' && --depth === 0) return at
  }
  return null
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
}
