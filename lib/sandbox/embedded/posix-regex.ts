/** How a pattern is written: as grep's, as `grep -E`'s, as `grep -P`'s, or as plain text. */
export type PatternSyntax = 'basic' | 'extended' | 'perl' | 'fixed'

/** The source of a JavaScript pattern (with the `u` flag, but for `perl`) that matches the same; throws a sentence. */
function toJsPattern(pattern: string, syntax: PatternSyntax): string {
  switch (syntax) {
    case 'fixed':
      return escapeText(pattern)
    case 'perl':
      return fromPerl(pattern)
    default:
      return fromPosix(pattern, syntax === 'extended')
  }
}

export interface MatcherOptions {
  syntax: PatternSyntax
  ignoresCase: boolean
  /** Whole words, or whole lines. */
  whole: 'word' | 'line' | null
}

/** Finds any of the patterns in a line; throws a sentence. */
export function createMatcher(patterns: readonly string[], { syntax, ignoresCase, whole }: MatcherOptions): RegExp {
  // A carriage return is a character like any other.
  const flags = `gs${ignoresCase ? 'i' : ''}`
  // No pattern at all matches nothing.
  const any = patterns.map((pattern) => `(?:${toJsPattern(pattern, syntax)})`).join('|') || '(?!)'
  const letter = syntax === 'perl' ? '\\w' : '[\\p{L}\\p{N}_]'
  const source = whole === 'line' ? `^(?:${any})$` : whole === 'word' ? `(?<!${letter})(?:${any})(?!${letter})` : any
  try {
    return syntax === 'perl' ? perlPattern(source, flags) : new RegExp(source, `${flags}u`)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Error(error.message.replace(/^Invalid regular expression: .*: /, ''))
  }
}

/** As code points where the pattern allows it: Perl lets any character follow a backslash. */
function perlPattern(source: string, flags: string): RegExp {
  const [, inline = ''] = /^\(\?:\(\?([is]+)\)/.exec(source) ?? []
  const rest = inline === '' ? source : source.replace(`(?${inline})`, '')
  const all = [...new Set(`${flags}${inline}`)].join('')
  try {
    return new RegExp(rest, `${all}u`)
  } catch {
    return new RegExp(rest, all)
  }
}

const escapeText = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const classes: Record<string, string> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}\\p{N}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`\\{-~',
  print: '\\x20-\\x7e\\u{a0}-\\u{10ffff}',
  graph: '\\x21-\\x7e\\u{a1}-\\u{10ffff}',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

const escapes: Record<string, string> = {
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  '`': '^',
  "'": '$',
}

function fromPosix(pattern: string, isExtended: boolean): string {
  let out = ''
  /** Nothing stands before that `*` could repeat. */
  let isStart = true
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0)
    const next = pattern[at + 1]
    const wasStart: boolean = isStart
    isStart = false
    if (character === '[') {
      const end = endOfBrackets(pattern, at)
      out += fromBrackets(pattern.slice(at + 1, end))
      at = end
    } else if (character === '\\') {
      if (next === undefined) throw new Error('Trailing backslash')
      at += 1
      if (!isExtended && '(){}|+?'.includes(next)) {
        const isRepeat = '+?{'.includes(next)
        out += isRepeat && wasStart ? escapeText(next) : next
        isStart = next === '(' || next === '|'
        depth += next === '(' ? 1 : next === ')' ? -1 : 0
      } else if (/[1-9wWsSbB]/.test(next)) out += `\\${next}`
      else out += escapes[next] ?? escapeText(next)
    } else if (character === '*') out += wasStart ? '\\*' : '*'
    else if (character === '^') {
      out += isExtended || wasStart ? '^' : '\\^'
      isStart = isExtended || wasStart
    } else if (character === '$') {
      const rest = pattern.slice(at + 1)
      out += isExtended || rest === '' || /^\\[)|]/.test(rest) ? '$' : '\\$'
    } else if ('(){}|+?'.includes(character)) {
      const isLiteral =
        !isExtended ||
        (character === '{' && !/^\{\d*(,\d*)?\}/.test(pattern.slice(at))) ||
        (character === '}' && !/\{\d*(,\d*)?$/.test(pattern.slice(0, at))) ||
        (character === ')' && depth === 0) ||
        ('*+?{'.includes(character) && wasStart)
      out += isLiteral ? `\\${character}` : character
      if (isLiteral) continue
      isStart = character === '(' || character === '|'
      depth += character === '(' ? 1 : character === ')' ? -1 : 0
    } else if (character === '/') out += '\\/'
    else {
      out += character
      at += character.length - 1
    }
  }
  if (depth > 0) throw new Error('Unmatched ( or \\(')
  return out.replaceAll(/\{,(\d+)\}/g, '{0,$1}')
}

/** Where the list that opens at `start` ends: a `]` right at its beginning is one of its characters. */
function endOfBrackets(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at += 1
  if (pattern[at] === ']') at += 1
  while (at < pattern.length && pattern[at] !== ']') {
    const named = /^\[([.:=])/.exec(pattern.slice(at, at + 2))
    const end = named ? pattern.indexOf(`${named[1]}]`, at + 2) : -1
    at = end === -1 ? at + 1 : end + 2
  }
  if (at >= pattern.length) throw new Error('Unmatched [, [^, [:, [., or [=')
  return at
}

function fromBrackets(inner: string): string {
  const isNegated = inner.startsWith('^')
  const list = isNegated ? inner.slice(1) : inner
  const parts = list.replaceAll(/\[:(\w+):\]|\[[.=](.)[.=]\]|[\\[\]^]/g, (text, name?: string, single?: string) => {
    if (name !== undefined) {
      const known = classes[name]
      if (known === undefined) throw new Error('Invalid character class name')
      return known
    }
    return single === undefined ? `\\${text}` : `\\${single}`
  })
  // A hyphen first, last, or beside a class stands for itself.
  const source = parts.replace(/^-/, '\\-').replace(/-$/, '\\-').replaceAll('&&', '&\\&')
  return `[${isNegated ? '^' : ''}${source}]`
}

function fromPerl(pattern: string): string {
  const unsupported = /(?<!\\)(?:[*+?}]\+|\(\?>|\(\?R\)|\(\?[&|])/.exec(pattern)
  if (unsupported) throw new Error(`the pattern uses ${unsupported[0]}, which is not supported here; leave it out`)
  const source = pattern
    .replaceAll('\\h', '[ \\t]')
    .replaceAll(/\\x\{([0-9a-fA-F]+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll('\\A', '^')
    .replaceAll(/\\[zZ]/g, '$')
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\[:(\w+):\]/g, (text, name: string) => classes[name] ?? text)
  // What stands before \K has to match and is no part of the match.
  const keep = source.lastIndexOf('\\K')
  return keep === -1 ? source : `(?<=${source.slice(0, keep)})${source.slice(keep + 2)}`
}
