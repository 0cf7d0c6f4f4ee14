import { IdentifierRole, isDeclaration, type Token } from 'sucrase/dist/esm/parser/tokenizer/index.js'
import { TokenType } from 'sucrase/dist/esm/parser/tokenizer/types.js'
import { globalEdits, type ParsedScript, parseScript } from '../../preview/rewrite-globals'
import { type Replacement, replaceAll } from '../../process/program/loader/emit'

/** A CommonJS file that can be a function in an ES module, just as it is. */
export interface PlainCommonJs {
  /** Body of a function of `module`, `exports`, `require` and `global`; `this` is `exports`. */
  code: string
  /** What it requires, by the names it uses. */
  required: string[]
}

/** Null where only the bundler can tell what the file needs. `defined`: names that it would replace in it. */
export function readPlainCommonJs(text: string, defined: readonly string[]): PlainCommonJs | null {
  if (!/\bexports\b/.test(text) || defined.some((name) => text.includes(name))) return null
  const parsed = parseScript(text)
  if (!parsed || parsed.tokens.some(({ type }) => type === TokenType._import || type === TokenType._export)) return null
  const script = createScript(text, parsed.tokens)
  if (declaresProcess(script) || hasHtmlComment(text, parsed.tokens) || declaresInBlocks(script, parsed)) return null
  const { edits, dropped } = modeEdits(script)
  const isDropped = ({ start }: { start: number }) => dropped.some((block) => block.start <= start && start < block.end)
  const required = requiredBy(script, isDropped)
  if (required === null) return null
  const inside = [...edits, ...globalEdits(text, parsed)].filter((edit) => !isDropped(edit))
  const code = replaceAll(text, [...inside, ...dropped])
  return isStrict(code) ? { code, required } : null
}

interface Script {
  tokens: readonly Token[]
  nameOf(index: number): string
}

function createScript(text: string, tokens: readonly Token[]): Script {
  return {
    tokens,
    nameOf: (index) => text.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0),
  }
}

/** Then not each `process` in it is Node's. */
function declaresProcess({ tokens, nameOf }: Script): boolean {
  return tokens.some((token, index) => isDeclaration(token) && nameOf(index) === 'process')
}

/** Scripts may have them, modules not. */
function hasHtmlComment(text: string, tokens: readonly Token[]): boolean {
  return tokens.some(({ type, start }) => type === TokenType.lessThan && text.startsWith('<!--', start))
}

/** Functions of a block, which code that is not strict sees around it, too. */
function declaresInBlocks({ tokens, nameOf }: Script, { scopes }: ParsedScript): boolean {
  if (/^["']use strict["']$/.test(nameOf(0))) return false
  const byStart = scopes.toSorted((a, b) => a.startTokenIndex - b.startTokenIndex || b.endTokenIndex - a.endTokenIndex)
  const open: typeof scopes = []
  let next = 0
  return tokens.some((token, index) => {
    while ((open.at(-1)?.endTokenIndex ?? Infinity) <= index) open.pop()
    for (let scope = byStart[next]; scope && scope.startTokenIndex <= index; scope = byStart[++next]) open.push(scope)
    const isNamed = token.type === TokenType._function && tokens[index + 1]?.type === TokenType.name
    return isNamed && open.at(-1)?.isFunctionScope === false
  })
}

/** `process.env.NODE_ENV` as its value, and the blocks that an `if` of it leaves out: a package's entry requires one build or the other. */
function modeEdits(script: Script): { edits: Replacement[]; dropped: Replacement[] } {
  const { tokens, nameOf } = script
  const edits: Replacement[] = []
  const dropped: Replacement[] = []
  tokens.forEach((token, index) => {
    if (nameOf(index) !== 'process' || token.identifierRole !== IdentifierRole.Access) return
    const words = [1, 2, 3, 4].map((offset) => nameOf(index + offset)).join('')
    const last = tokens[index + 4]
    if (words !== '.env.NODE_ENV' || !last) return
    edits.push({ start: token.start, end: last.end, text: '"development"' })
    const block = droppedBlock(script, index)
    if (block) dropped.push(block)
  })
  // One in another goes with it.
  return { edits, dropped: dropped.filter((block, at) => !dropped.slice(0, at).some(({ end }) => block.start < end)) }
}

/** The inside of the block that is not run where the condition of an `if` starts with token `at`. */
function droppedBlock(script: Script, at: number): Replacement | null {
  const { tokens, nameOf } = script
  const before = `${nameOf(at - 2)}${nameOf(at - 1)}`
  const test = /^([!=])==?["']production["']\){$/.exec([5, 6, 7, 8].map((offset) => nameOf(at + offset)).join(''))
  if (before !== 'if(' || !test) return null
  const end = blockEnd(tokens, at + 8)
  if (test[1] === '=') return insideOf(tokens, at + 8, end)
  return nameOf(end + 1) === 'else' && nameOf(end + 2) === '{'
    ? insideOf(tokens, end + 2, blockEnd(tokens, end + 2))
    : null
}

function blockEnd(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let index = from; index < tokens.length; index++) {
    const type = tokens[index]?.type
    if (type === TokenType.braceL || type === TokenType.dollarBraceL) depth += 1
    else if (type === TokenType.braceR && --depth === 0) return index
  }
  return tokens.length
}

/** Null where what it declares is seen outside of it. */
function insideOf(tokens: readonly Token[], from: number, to: number): Replacement | null {
  const [first, last] = [tokens[from], tokens[to]]
  if (!first || !last || tokens.slice(from, to).some(({ type }) => type === TokenType._var)) return null
  return { start: first.end, end: last.start, text: '' }
}

/** The modules that the script requires by their names; null when `require` is put to another use. */
function requiredBy({ tokens, nameOf }: Script, isDropped: (token: Token) => boolean): string[] | null {
  const names = new Set<string>()
  for (const [index, token] of tokens.entries()) {
    if (nameOf(index) !== 'require' || token.type !== TokenType.name) continue
    if (nameOf(index - 2) === 'module' && nameOf(index - 1) === '.') return null
    const isProperty = token.identifierRole === null || token.identifierRole === IdentifierRole.ObjectKey
    if (isProperty || isDropped(token)) continue
    const name = /^\((["'])([^\\]+)\1\)$/.exec([1, 2, 3].map((offset) => nameOf(index + offset)).join(''))?.[2]
    if (name === undefined || token.identifierRole !== IdentifierRole.Access) return null
    names.add(name)
  }
  return [...names]
}

/** A module is strict: one file with an octal number in it would break all of it. */
function isStrict(code: string): boolean {
  try {
    new Function('module', 'exports', 'require', 'global', `"use strict";${code}`)
    return true
  } catch {
    // The bundler writes it anew, or says what is wrong.
    return false
  }
}
