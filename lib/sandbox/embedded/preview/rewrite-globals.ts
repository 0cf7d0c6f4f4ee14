import identifyShadowedGlobals from 'sucrase/dist/esm/identifyShadowedGlobals.js'
import { parse } from 'sucrase/dist/esm/parser/index.js'
import { IdentifierRole, type Token } from 'sucrase/dist/esm/parser/tokenizer/index.js'
import { TokenType } from 'sucrase/dist/esm/parser/tokenizer/types.js'
import { type Replacement, replaceAll } from '../process/program/loader/emit'

/** Names of the page that hold its location. */
const holders = new Set(['window', 'self', 'globalThis', 'document'])
export const virtualLocation = '__vitrine.location'
export const virtualWindow = '__vitrine.window'

export type ParsedScript = ReturnType<typeof parse>

/** Null where the code does not parse. */
export function parseScript(code: string): ParsedScript | null {
  try {
    return parse(code, false, false, false)
  } catch {
    return null
  }
}

/**
 * A srcdoc page cannot change its address, and `location` cannot be redefined; so code that speaks of the global
 * `location` (also as a property of `window`) is pointed at ours. Lines stay where they are. Code that does not parse
 * stays as it is: the browser reports it better.
 */
export function rewriteGlobals(code: string): string {
  if (!speaksOfGlobals(code)) return code
  const parsed = parseScript(code)
  return parsed ? replaceAll(code, globalEdits(code, parsed)) : code
}

const speaksOfGlobals = (code: string) => /\b(?:location|defaultView)\b/.test(code)

/** What `rewriteGlobals` changes. */
export function globalEdits(code: string, { tokens, scopes }: ParsedScript): Replacement[] {
  if (!speaksOfGlobals(code)) return []
  const nameOf = (token: Token | undefined) => (token ? code.slice(token.start, token.end) : '')
  const declared = new Set(tokens.filter((token) => isDeclaredAtTop(token)).map(nameOf))
  const globals = new Set([...holders, 'location'].filter((name) => !declared.has(name)))
  identifyShadowedGlobals({ tokens, identifierNameForToken: nameOf }, scopes, globals)
  const isGlobal = (token: Token, role: IdentifierRole) =>
    token.type === TokenType.name && token.identifierRole === role && !token.shadowsGlobal

  const edits: Replacement[] = []
  const replace = (start: number, end: number, text: string) => edits.push({ start, end, text })
  tokens.forEach((token, index) => {
    const name = nameOf(token)
    if (!globals.has(name) || token.start < (edits.at(-1)?.end ?? 0)) return
    if (name === 'location') {
      if (isGlobal(token, IdentifierRole.ObjectShorthand))
        replace(token.start, token.end, `location: ${virtualLocation}`)
      else if (isGlobal(token, IdentifierRole.Access)) replace(token.start, token.end, virtualLocation)
      return
    }
    if (!isGlobal(token, IdentifierRole.Access)) return
    const [dot, member] = [tokens[index + 1], tokens[index + 2]]
    if (dot && member && (dot.type === TokenType.dot || dot.type === TokenType.questionDot)) {
      if (nameOf(member) === 'location') replace(token.start, member.end, virtualLocation)
      else if (name === 'document' && nameOf(member) === 'defaultView') replace(token.start, member.end, virtualWindow)
    } else if (name !== 'document' && takesLocation(tokens, index, nameOf)) {
      replace(token.start, token.end, virtualWindow)
    }
  })
  return edits
}

function isDeclaredAtTop({ identifierRole }: Token): boolean {
  return (
    identifierRole === IdentifierRole.TopLevelDeclaration ||
    identifierRole === IdentifierRole.ObjectShorthandTopLevelDeclaration ||
    identifierRole === IdentifierRole.ImportDeclaration
  )
}

/** `const { history, location } = window` */
function takesLocation(tokens: readonly Token[], index: number, nameOf: (token: Token | undefined) => string): boolean {
  if (tokens[index - 1]?.type !== TokenType.eq || tokens[index - 2]?.type !== TokenType.braceR) return false
  for (let at = index - 3; at >= 0 && tokens[at]?.type !== TokenType.braceL; at--) {
    if (nameOf(tokens[at]) === 'location') return true
  }
  return false
}
