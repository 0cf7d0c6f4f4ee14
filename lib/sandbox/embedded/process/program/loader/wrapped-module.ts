import type { Token } from 'sucrase/dist/esm/parser/tokenizer/index.js'
import { TokenType } from 'sucrase/dist/esm/parser/tokenizer/types.js'
import { exportName, importName, metaName, type Replacement, replaceAll, rewriteDynamic } from './emit'
import { type ImportedName, type ModuleSyntax, readModule } from './module-syntax'
import { type PositionMap, positionsOfEdits } from './positions'
import type { Source } from './source'

/** Names that the wrapper gives to the code inside, beside the loader's own. */
export const wrapperNames = {
  exports: '__vi_export__',
  star: '__vi_export_star__',
  import: '__vi_import__',
  tools: '__test_tools__',
} as const

export interface WrappedModule {
  /** An expression: `(meta, import, export, exportStar, importStatic, tools, jest, require, module, …) => function () …`. */
  code: string
  positions: PositionMap
  imported: readonly ImportedName[]
  hasExports: boolean
}

/** What stands first, whatever the order written: mocks need it. */
const testLibraries = new Set(['vitest', '@jest/globals'])
const hoistable = /\b(vi|vitest|jest)\s*\.\s*(mock|unmock|hoisted|deepUnmock|enableAutomock|disableAutomock)\s*\(/
const hoistedMethods = /^(mock|unmock|hoisted|deepUnmock|enableAutomock|disableAutomock)$/
const pathOfMock = /\.\s*(mock|doMock|unmock|doUnmock|importActual|importMock)\s*\(\s*$/

/**
 * An ES module as a function, as test runners run it: imports are objects that are looked at on use, so that
 * modules can be replaced, spied on and loaded again; calls of `vi.mock` and its like come before the imports.
 * Lines stay where they are.
 */
export function wrapModule(source: Source, mode: 'sync' | 'async'): WrappedModule {
  const syntax = readModule(source, '__vi_default__')
  const objects = new Map<string, string>()
  for (const { n: specifier, d } of source.imports) {
    if (d === -1 && specifier !== undefined && !objects.has(specifier)) {
      objects.set(specifier, `__vi_import_${objects.size}__`)
    }
  }
  const locals = new Map(
    syntax.imported.flatMap((name) => (name.local === null ? [] : [[name.local, accessOf(name, objects)] as const])),
  )
  const hoisted = hoistable.test(source.code) ? findHoisted(syntax.tokens, source.code) : []
  const edits = [
    ...syntax.rewrite((name) => locals.get(name) ?? name, true).filter((edit) => !isInToolToken(edit, hoisted)),
    ...rewriteDynamic(source).filter(({ start }) => !isPathOfMock(source.code, start)),
    ...pathsOfMocks(source),
    ...hoisted.flatMap((statement) => statement.edits),
  ]
  const isAsync = mode === 'async'
  const head = headOf(syntax, objects, locals, { hoisted, isAsync })
  return {
    code: `${head}${replaceAll(source.code, edits)}\n})`,
    positions: positionsOfEdits(source.code, edits, head.length),
    imported: syntax.imported,
    hasExports:
      syntax.exported.size + syntax.stars.length > 0 || syntax.imported.some(({ exported }) => exported !== null),
  }
}

/** CommonJS stays as it is but for `jest.mock` calls, which go first. Null when there are none. */
export function hoistMocksOfCommonJs(source: Source): { head: string; code: string; edits: Replacement[] } | null {
  if (!hoistable.test(source.code)) return null
  const hoisted = findHoisted(readModule({ ...source, imports: [] }, '__vi_default__').tokens, source.code)
  if (hoisted.length === 0) return null
  const edits = hoisted.flatMap((statement) => statement.edits)
  return {
    head: hoisted.map((statement) => statement.call(false)).join(''),
    code: replaceAll(source.code, edits),
    edits,
  }
}

/** Test runners give ES modules the names of CommonJS as well. */
const parameters = [
  metaName,
  importName,
  ...Object.values(wrapperNames),
  'jest',
  'require',
  'module',
  '__filename',
  '__dirname',
].join(', ')

interface HeadOptions {
  hoisted: readonly Hoisted[]
  isAsync: boolean
}

function headOf(
  syntax: ModuleSyntax,
  objects: Map<string, string>,
  locals: Map<string, string>,
  { hoisted, isAsync }: HeadOptions,
): string {
  const { exports, star } = wrapperNames
  const exported = [...syntax.exported].map(
    ([name, local]) => `${exports}(${JSON.stringify(name)}, () => ${locals.get(local) ?? local});`,
  )
  const passedOn = syntax.imported.flatMap((name) =>
    name.exported === null ? [] : [`${exports}(${JSON.stringify(name.exported)}, () => ${accessOf(name, objects)});`],
  )
  const load = (specifier: string) =>
    `const ${objects.get(specifier)} = ${isAsync ? 'await ' : ''}${wrapperNames.import}(${JSON.stringify(specifier)});`
  const specifiers = [...objects.keys()]
  const statements = [
    '"use strict";',
    ...exported,
    ...passedOn,
    ...specifiers.filter((specifier) => testLibraries.has(specifier)).map(load),
    ...hoisted.map((statement) => statement.call(isAsync)),
    ...specifiers.filter((specifier) => !testLibraries.has(specifier)).map(load),
    ...syntax.stars.map((specifier) => `${star}(${objects.get(specifier)});`),
    ...[...syntax.functions]
      .filter(([own, shown]) => own !== shown)
      .map(([own, shown]) => `Object.defineProperty(${own}, "name", { value: "${shown}", configurable: true });`),
  ]
  return `((${parameters}) => ${isAsync ? 'async ' : ''}function (exports) {${statements.join('')}`
}

function accessOf({ specifier, imported }: ImportedName, objects: Map<string, string>): string {
  const object = objects.get(specifier) ?? ''
  if (imported === '*') return object
  const name = exportName(imported)
  return name.startsWith('"') ? `${object}[${name}]` : `${object}.${name}`
}

interface Hoisted {
  edits: Replacement[]
  /** The tool's own name, which the edit replaces. */
  tool: Token
  /** The statement that runs it. */
  call(isAsync: boolean): string
}

const isInToolToken = ({ start }: Replacement, hoisted: readonly Hoisted[]) =>
  hoisted.some(({ tool }) => start === tool.start)

/** Top-level calls such as `vi.mock(…)` become function declarations, which exist before all else of the module. */
function findHoisted(tokens: readonly Token[], code: string): Hoisted[] {
  const found: Hoisted[] = []
  const text = (index: number) => code.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0)
  let depth = 0
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token
    if (openers.has(token.type)) depth++
    if (closers.has(token.type)) depth--
    const isCall =
      depth === 0 &&
      /^(vi|vitest|jest)$/.test(text(index)) &&
      text(index + 1) === '.' &&
      hoistedMethods.test(text(index + 2)) &&
      text(index + 3) === '('
    if (!isCall) continue
    const first = startOfStatement(index, text)
    const last = endOfCalls(tokens, index + 3, text)
    if (first === null || last === null) continue
    found.push(toHoisted({ tokens, first, index, last, text }, found.length))
    index = last
  }
  return found
}

interface Span {
  tokens: readonly Token[]
  first: number
  /** Of the tool's name. */
  index: number
  last: number
  text(index: number): string
}

function toHoisted({ tokens, first, index, last, text }: Span, count: number): Hoisted {
  const name = `__hoisted_${count}__`
  const tool = tokens[index] as Token
  const start = tokens[first] as Token
  const end = (tokens[last] as Token).end
  const isAwaited = text(index - 1) === 'await'
  const isDeclaration = /^(const|let|var)$/.test(text(first))
  const pattern = tokens.slice(first + 1, index).filter((_, offset) => text(first + 1 + offset) !== 'await')
  const names = isDeclaration ? declaredIn(pattern.slice(0, -1), text, first + 1) : []
  const open = `${isAwaited ? 'async ' : ''}function ${name}() { ${isDeclaration ? '(' : ''}`
  return {
    tool,
    edits: [
      { start: start.start, end: isDeclaration ? start.end : start.start, text: open },
      { start: tool.start, end: tool.end, text: wrapperNames.tools },
      { start: end, end, text: `${isDeclaration ? ')' : ''} }` },
    ],
    call: (isAsync) =>
      `${names.length === 0 ? '' : `let ${names.join(', ')};`}${isAwaited && isAsync ? 'await ' : ''}${name}();`,
  }
}

/** The names that a pattern binds: keys before a colon and defaults are none. */
function declaredIn(tokens: readonly Token[], text: (index: number) => string, offset: number): string[] {
  return tokens.flatMap((token, index) => {
    const isName = token.type === TokenType.name && text(offset + index + 1) !== ':'
    return isName && text(offset + index - 1) !== '=' ? [text(offset + index)] : []
  })
}

function startOfStatement(index: number, text: (index: number) => string): number | null {
  let first = index
  if (text(first - 1) === 'await') first--
  if (text(first - 1) !== '=') return /^[.=(,:?]$|^(return|new|typeof)$/.test(text(first - 1)) ? null : first
  while (first > 0 && !/^(const|let|var|;)$/.test(text(first))) first--
  return /^(const|let|var)$/.test(text(first)) ? first : null
}

/** The last token of `mock(…)`, also of a chain of them. */
function endOfCalls(tokens: readonly Token[], open: number, text: (index: number) => string): number | null {
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    const { type } = tokens[index] as Token
    if (openers.has(type)) depth++
    if (!closers.has(type) || --depth > 0) continue
    const isChained = text(index + 1) === '.' && hoistedMethods.test(text(index + 2)) && text(index + 3) === '('
    if (!isChained) return index
    index += 2
  }
  return null
}

const openers = new Set([TokenType.braceL, TokenType.parenL, TokenType.bracketL, TokenType.dollarBraceL])
const closers = new Set([TokenType.braceR, TokenType.parenR, TokenType.bracketR])

const isPathOfMock = (code: string, start: number) => pathOfMock.test(code.slice(Math.max(0, start - 40), start))

/** `vi.mock(import('./x'))` names the module, it does not load it. */
function pathsOfMocks({ code, imports }: Source): Replacement[] {
  return imports.flatMap(({ d, n, ss, se }) =>
    d > -1 && n !== undefined && isPathOfMock(code, ss) ? [{ start: ss, end: se, text: JSON.stringify(n) }] : [],
  )
}
