import { encodeUtf8, toLatin1 } from '@/lib/base'

/** The classes of a bracket expression (`[[:alpha:]]`), of ASCII as git's. */
const classes: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: ' \\t\\n\\r',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}

const literal = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`)

/**
 * A pattern of git (gitignore(5), gitglossary(7) on pathspecs) as a test of whole paths; null for one that matches
 * nothing, such as an open bracket. With `acrossFolders`, `*` and `?` match `/` too, as in pathspecs.
 */
export function wildmatch(
  pattern: string,
  options: { acrossFolders?: boolean } = {},
): ((path: string) => boolean) | null {
  const expression = toExpression(bytesOf(pattern), options)
  return expression && ((path) => expression.test(bytesOf(path)))
}

/** A character for a byte: `?` and brackets stand for one byte of UTF-8. */
const bytesOf = (text: string) => (/[^\0-\x7f]/.test(text) ? toLatin1(encodeUtf8(text)) : text)

function toExpression(pattern: string, { acrossFolders = false }): RegExp | null {
  const one = acrossFolders ? '[^]' : '[^/]'
  // Git compares the plain text in front apart, so that what follows begins a pattern: `a**/b` is deep, `?a**/b` is not.
  const firstSpecial = pattern.search(/[*?[\\]/)
  let source = ''
  let at = 0
  while (at < pattern.length) {
    const char = pattern[at] ?? ''
    if (char === '\\') {
      if (at + 1 === pattern.length) return null
      source += literal(pattern[at + 1] ?? '')
      at += 2
    } else if (char === '?') {
      source += one
      at += 1
    } else if (char === '*') {
      let end = at
      while (pattern[end] === '*') end++
      const isDeep = end - at > 1 && (at === firstSpecial || pattern[at - 1] === '/')
      const slash = /^\\?\//.exec(pattern.slice(end))?.[0] ?? ''
      if (!acrossFolders && isDeep && slash !== '') {
        source += slash === '/' ? '(?:[^]*/)?' : '[^]*/'
        end += slash.length
      } else source += acrossFolders || (isDeep && end === pattern.length) ? '[^]*' : '[^/]*'
      at = end
    } else if (char === '[') {
      const bracket = readBracket(pattern, at)
      if (!bracket) return null
      source += acrossFolders ? bracket.source : `(?!/)${bracket.source}`
      at = bracket.end
    } else {
      source += literal(char)
      at += 1
    }
  }
  return new RegExp(`^${source}$`)
}

/** The bracket expression that starts at `start`; null when it does not end or names an unknown class. */
function readBracket(pattern: string, start: number): { source: string; end: number } | null {
  let at = start + 1
  const isNegated = pattern[at] === '!' || pattern[at] === '^'
  if (isNegated) at++
  const first = at
  let source = ''
  while (at < pattern.length && (pattern[at] !== ']' || at === first)) {
    const named = /^\[:([^\]]*):\]/.exec(pattern.slice(at))
    if (named) {
      const members = classes[named[1] ?? '']
      if (members === undefined) return null
      source += members
      at += named[0].length
      continue
    }
    const low = readMember(pattern, at)
    const isRange = pattern[low.end] === '-' && low.end + 1 < pattern.length && pattern[low.end + 1] !== ']'
    const high = isRange ? readMember(pattern, low.end + 1) : low
    source += literal(low.char)
    if (low.char < high.char) source += `-${literal(high.char)}`
    at = high.end
  }
  if (pattern[at] !== ']') return null
  // Of nothing there is no member, and all are not in it.
  return { source: isNegated ? `[^${source}]` : source === '' ? '(?!)' : `[${source}]`, end: at + 1 }
}

function readMember(pattern: string, at: number): { char: string; end: number } {
  const start = pattern[at] === '\\' && at + 1 < pattern.length ? at + 1 : at
  return { char: pattern[start] ?? '', end: start + 1 }
}
