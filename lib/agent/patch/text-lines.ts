/** A line of a file with its own ending: LF, CRLF, a lone CR, or none for an unterminated last line. */
export interface SourceLine {
  text: string
  ending: string
}

export function splitSource(content: string): SourceLine[] {
  const lines: SourceLine[] = []
  for (const match of content.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)) {
    const [whole, text = '', ending = ''] = match
    if (whole !== '') lines.push({ text, ending })
  }
  return lines
}

/** The file's first ending: added lines take it, as formatters do. */
export function preferredEnding(lines: readonly SourceLine[]): string {
  return lines[0]?.ending || '\n'
}

// Rust's `char::is_whitespace`: with U+0085, without U+FEFF, unlike JavaScript's `trim`.
const space = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const leading = new RegExp(`^${space}`)
const trailing = new RegExp(`${space}$`)

export function trimEnd(text: string): string {
  return isVisible(text.charCodeAt(text.length - 1)) ? text : text.replace(trailing, '')
}

export function trim(text: string): string {
  return trimEnd(isVisible(text.charCodeAt(0)) ? text : text.replace(leading, ''))
}

/** A printable ASCII character: most lines begin and end with one, and need no pattern matching. */
function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f
}

/** The text without surrounding space and with typographic dashes, quotes and spaces as ASCII. */
export function plainPunctuation(text: string): string {
  if (/^[\t -~]*$/.test(text)) return trim(text)
  return trim(text)
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g, ' ')
}

/** The lines of patch text, without endings (of carriage returns two, as the Codex CLI does); a final newline does not make a line. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r{1,2}$/, ''))
  if (lines.at(-1) === '') lines.pop()
  return lines
}
