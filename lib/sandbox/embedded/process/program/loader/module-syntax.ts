import identifyShadowedGlobals from 'sucrase/dist/esm/identifyShadowedGlobals.js'
import { parse } from 'sucrase/dist/esm/parser/index.js'
import { IdentifierRole, isTopLevelDeclaration, type Token } from 'sucrase/dist/esm/parser/tokenizer/index.js'
import { TokenType } from 'sucrase/dist/esm/parser/tokenizer/types.js'
import type { Replacement } from './emit'
import { type Source, toSyntaxError } from './source'

/** `imported` is `*` for a namespace; `local` is null for a re-export, whose outer name is `exported`. */
export interface ImportedName {
  specifier: string
  imported: string
  local: string | null
  exported: string | null
  index: number
}

/** What merging needs to know of one ES module. */
export interface ModuleSyntax {
  source: Source
  imported: ImportedName[]
  /** Specifiers of `export * from`. */
  stars: string[]
  /** Exported name → local name. An anonymous default has the local name given to `readModule`. */
  exported: Map<string, string>
  declared: Set<string>
  /** Functions declared at the top, which exist before anything runs: local name → the name they must show. */
  functions: Map<string, string>
  /** Every name the module mentions in any scope. */
  mentioned: Set<string>
  tokens: readonly Token[]
  /**
   * Imports removed, exports turned into plain declarations, and names changed as asked. With `keepsThis`, a name may
   * become a property: calls of it still pass no `this`.
   */
  rewrite(rename: (name: string) => string, keepsThis?: boolean): Replacement[]
}

const renamed = new Set<IdentifierRole | null>([IdentifierRole.Access, IdentifierRole.TopLevelDeclaration])
const renamedShorthand = new Set<IdentifierRole | null>([
  IdentifierRole.ObjectShorthand,
  IdentifierRole.ObjectShorthandTopLevelDeclaration,
])

function parseCode({ code, path }: Source) {
  try {
    return parse(code, false, false, false)
  } catch (error) {
    throw toSyntaxError(path, error)
  }
}

export function readModule(source: Source, defaultName: string): ModuleSyntax {
  const { code } = source
  const { tokens, scopes } = parseCode(source)
  const nameOf = (token: Token) => code.slice(token.start, token.end)
  const isIdentifier = (token: Token) =>
    token.type === TokenType.name && token.identifierRole !== null && token.identifierRole !== IdentifierRole.ObjectKey
  const statements = source.imports.filter(({ d }) => d === -1)
  const { imported, stars } = readImports(source)
  const declarations = readExports(code, tokens, statements, defaultName)
  const declared = new Set(tokens.filter((token) => isTopLevelDeclaration(token)).map(nameOf))
  if (declarations.usesDefaultName) declared.add(defaultName)

  return {
    source,
    imported,
    stars,
    exported: declarations.exported,
    declared,
    functions: new Map([
      ...topLevel(tokens, TokenType._function).map(({ name }) => [nameOf(name), nameOf(name)] as const),
      ...declarations.anonymousFunctions.map((name) => [name, 'default'] as const),
    ]),
    mentioned: new Set(tokens.filter(isIdentifier).map(nameOf)),
    tokens,
    rewrite(rename, keepsThis = false) {
      const locals = new Set([...declared, ...imported.flatMap(({ local }) => local ?? [])])
      const changed = new Set([...locals].filter((name) => rename(name) !== name))
      identifyShadowedGlobals({ tokens, identifierNameForToken: nameOf }, scopes, changed)
      const classes = topLevel(tokens, TokenType._class).filter(({ name }) => changed.has(nameOf(name)))
      const removed: Replacement[] = [
        ...classes.flatMap(({ keyword, name, end }) => [
          // A class keeps the name it was given, under the name it has here.
          { start: keyword.start, end: keyword.start, text: `let ${rename(nameOf(name))} = ` },
          { start: name.start, end: name.end, text: nameOf(name) },
          { start: end, end, text: ';' },
        ]),
        ...statements.map(({ ss, se }) => ({
          start: ss,
          end: se,
          text: `;${code.slice(ss, se).replace(/[^\n]/g, '')}`,
        })),
        ...declarations.removed(rename),
      ]
      const isRemoved = ({ start }: Token) => removed.some((range) => start >= range.start && start < range.end)
      const names = tokens.flatMap((token, index): Replacement[] => {
        const name = nameOf(token)
        if (!isIdentifier(token) || token.shadowsGlobal || !changed.has(name) || isRemoved(token)) return []
        const { start, end } = token
        if (renamed.has(token.identifierRole)) {
          const text = keepsThis && isCalled(tokens, index) ? `(0, ${rename(name)})` : rename(name)
          const isHazard = text !== rename(name) && startsStatementByNewline(code, tokens, index)
          return [{ start, end, text: isHazard ? `;${text}` : text }]
        }
        return renamedShorthand.has(token.identifierRole) ? [{ start, end, text: `${name}: ${rename(name)}` }] : []
      })
      return [...removed, ...names]
    },
  }
}

function isCalled(tokens: readonly Token[], index: number): boolean {
  if (tokens[index - 1]?.type === TokenType._new) return false
  const next = tokens[index + 1]
  if (next?.type === TokenType.questionDot) return tokens[index + 2]?.type === TokenType.parenL
  return next?.type === TokenType.parenL || next?.type === TokenType.backQuote
}

const endsOfExpressions = new Set([
  TokenType.name,
  TokenType.num,
  TokenType.bigint,
  TokenType.string,
  TokenType.regexp,
  TokenType.backQuote,
  TokenType.bracketR,
  TokenType.parenR,
  TokenType.braceR,
  TokenType._this,
  TokenType._null,
  TokenType._true,
  TokenType._false,
  TokenType._super,
  TokenType.postIncDec,
])
const headedByParens = new Set([TokenType._if, TokenType._while, TokenType._for, TokenType._with])

/** Whether a parenthesis put here would continue the line before, which ends without a semicolon. */
function startsStatementByNewline(code: string, tokens: readonly Token[], index: number): boolean {
  const previous = tokens[index - 1]
  if (previous === undefined || !endsOfExpressions.has(previous.type)) return false
  if (!code.slice(previous.end, tokens[index]?.start).includes('\n')) return false
  if (previous.type !== TokenType.parenR) return true
  let depth = 0
  for (let at = index - 1; at >= 0; at--) {
    const type = tokens[at]?.type
    if (type === TokenType.parenR) depth++
    if (type !== TokenType.parenL || --depth > 0) continue
    const before = tokens[at - 1]?.type
    return before === undefined || !headedByParens.has(before)
  }
  return true
}

function readImports({ code, imports }: Source): { imported: ImportedName[]; stars: string[] } {
  const imported: ImportedName[] = []
  const stars: string[] = []
  for (const { n: specifier, d, ss, s } of imports) {
    if (d !== -1 || specifier === undefined) continue
    const clause = code.slice(ss, s).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    const isExport = clause.startsWith('export')
    const add = (name: string, outer: string) =>
      imported.push({
        specifier,
        imported: name,
        local: isExport ? null : outer,
        exported: isExport ? outer : null,
        index: s,
      })
    const star = /\*(?:\s*as\s+("[^"]*"|'[^']*'|[^\s"']+))?/.exec(clause.replace(/\{[\s\S]*\}/, ''))
    if (star?.[1] !== undefined) add('*', unquote(star[1]))
    else if (star !== null) stars.push(specifier)
    const fallback = isExport ? null : /^import\s+([^\s,{*'"]+)\s*(?:,|from\b)/.exec(clause)
    if (fallback?.[1] !== undefined) add('default', fallback[1])
    for (const part of /\{([\s\S]*)\}/.exec(clause)?.[1]?.split(',') ?? []) {
      const [name = '', outer] = part.trim().split(/\s+as\s+/)
      if (name !== '') add(unquote(name), unquote(outer ?? name))
    }
  }
  return { imported, stars }
}

const unquote = (name: string) => name.replace(/^["']|["']$/g, '')

/** Named function or class declarations of the top scope; `end` is where the body closes. */
function topLevel(tokens: readonly Token[], type: TokenType): { keyword: Token; name: Token; end: number }[] {
  return tokens.flatMap((keyword, index) => {
    if (keyword.type !== type) return []
    const name = tokens.slice(index + 1, index + 3).find((token) => token.type !== TokenType.star)
    if (name === undefined || !isTopLevelDeclaration(name)) return []
    let depth = 0
    for (const token of tokens.slice(index + 2)) {
      if (openers.has(token.type)) depth++
      if (closers.has(token.type) && --depth === 0 && token.type === TokenType.braceR) {
        return [{ keyword, name, end: token.end }]
      }
    }
    return []
  })
}

const openers = new Set([TokenType.braceL, TokenType.parenL, TokenType.bracketL, TokenType.dollarBraceL])
const closers = new Set([TokenType.braceR, TokenType.parenR, TokenType.bracketR])

interface Declarations {
  exported: Map<string, string>
  usesDefaultName: boolean
  anonymousFunctions: string[]
  removed(rename: (name: string) => string): Replacement[]
}

function readExports(
  code: string,
  tokens: readonly Token[],
  statements: readonly { ss: number; se: number }[],
  defaultName: string,
): Declarations {
  const exported = new Map<string, string>()
  const edits: ((rename: (name: string) => string) => Replacement)[] = []
  const anonymousFunctions: string[] = []
  let usesDefaultName = false
  const at = (index: number) => tokens[index] ?? tokens[tokens.length - 1]
  const text = (token: Token | undefined) => (token === undefined ? '' : code.slice(token.start, token.end))

  tokens.forEach((token, index) => {
    if (token.type !== TokenType._export || statements.some(({ ss, se }) => token.start >= ss && token.start < se))
      return
    const next = at(index + 1)
    if (next?.type === TokenType.braceL) {
      let close = index + 2
      while (at(close)?.type !== TokenType.braceR) close++
      const end = at(close)?.end ?? token.end
      for (const part of code
        .slice(next.end, end - 1)
        .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
        .split(',')) {
        const [local = '', outer] = part.trim().split(/\s+as\s+/)
        if (local !== '') exported.set(unquote(outer ?? local), local)
      }
      edits.push(() => ({ start: token.start, end, text: `;${code.slice(token.start, end).replace(/[^\n]/g, '')}` }))
      return
    }
    if (next?.type !== TokenType._default) {
      edits.push(() => ({ start: token.start, end: next?.start ?? token.end, text: '' }))
      for (const name of declaredNames(tokens, index + 1, text)) exported.set(name, name)
      return
    }
    const isAsync = text(at(index + 2)) === 'async' && at(index + 3)?.type === TokenType._function
    const keyword = at(index + (isAsync ? 3 : 2))
    const isFunction = keyword?.type === TokenType._function
    const start = at(index + 2)?.start ?? token.end
    if (!isFunction && keyword?.type !== TokenType._class) {
      usesDefaultName = true
      exported.set('default', defaultName)
      edits.push((rename) => ({ start: token.start, end: start, text: `const ${rename(defaultName)} = ` }))
      return
    }
    const afterKeyword = index + (isAsync ? 4 : 3)
    const nameIndex = isFunction && at(afterKeyword)?.type === TokenType.star ? afterKeyword + 1 : afterKeyword
    const nameToken = at(nameIndex)
    edits.push(() => ({ start: token.start, end: start, text: '' }))
    if (nameToken?.type === TokenType.name) {
      exported.set('default', text(nameToken))
      return
    }
    usesDefaultName = true
    exported.set('default', defaultName)
    if (isFunction) anonymousFunctions.push(defaultName)
    const place = at(nameIndex - 1)?.end ?? start
    edits.push((rename) => ({ start: place, end: place, text: ` ${rename(defaultName)}` }))
  })
  return { exported, usesDefaultName, anonymousFunctions, removed: (rename) => edits.map((edit) => edit(rename)) }
}

/** The names of the declaration that begins at a token: `const a = 1, { b } = c`, `function f`, `class C`. */
function declaredNames(tokens: readonly Token[], first: number, text: (token: Token | undefined) => string): string[] {
  const names: string[] = []
  let depth = 0
  for (const [offset, token] of tokens.slice(first).entries()) {
    const next = tokens.slice(first + offset + 1, first + offset + 3).find(({ type }) => type !== TokenType.star)
    const isAsync = offset === 1 && text(tokens[first]) === 'async'
    if (offset > 0 && depth === 0 && !isAsync && startsStatement(token, next)) break
    if (isTopLevelDeclaration(token)) names.push(text(token))
    if ('([{'.includes(text(token))) depth++
    if (')]}'.includes(text(token))) depth--
  }
  return names
}

const statementKeywords = new Set([
  TokenType._const,
  TokenType._let,
  TokenType._var,
  TokenType._import,
  TokenType._export,
])

/** Names of function and class expressions are not top-level declarations, so they end nothing. */
function startsStatement(token: Token, next: Token | undefined): boolean {
  if (token.type !== TokenType._function && token.type !== TokenType._class) return statementKeywords.has(token.type)
  return next !== undefined && isTopLevelDeclaration(next)
}
