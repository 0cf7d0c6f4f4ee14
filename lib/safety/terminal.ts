const maxLineLength = 16_384
const maxSequenceLength = 64

/**
 * What ordinary text ends at: control characters, and those that hide or reorder text. Looked for one by one: a pattern
 * for a whole run of text keeps a place to go back to for each character, and megabytes overflow its stack.
 */
const special = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

/** Runs of bells and the like, which do nothing in a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is dropped
const silent = /[\u0000-\u0007\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]+/y

/** Only a control character can end a control string. */
const stringEnd = /\p{Cc}/gu

/** C1 controls are the 8-bit spellings of ESC sequences. */
const c1: Record<string, string> = {
  '\u009b': '[',
  '\u009d': ']',
  '\u0090': 'P',
  '\u009e': '^',
  '\u009f': '_',
  '\u0098': 'X',
}

interface TerminalFilterOptions {
  /**
   * Width of the terminal. With it, programs may move the cursor within the lines that they have written, as menus and
   * progress bars do; what stood there before them is out of their reach.
   */
  columns?: () => number
}

interface TerminalFilter {
  push(chunk: string): string
  /** Another program writes from here on. */
  begin(): void
}

type State = 'text' | 'escape' | 'sequence' | 'string' | 'string-escape'

/**
 * Lets through what a test run needs to look right and drops everything that acts: an allowlist.
 * Kept: text, tab, LF, CR, BS, colours (SGR without “conceal”) and erase-line.
 * Dropped: titles, links, clipboard, cursor movement, other screens, queries whose answer would be typed as input, bells.
 * With `columns`, cursor movement within the program's own lines is kept too.
 * Characters that hide or reorder text are spelled out, and lines are cut at 16 KB. For people; the agent gets the raw text.
 */
export function createTerminalFilter({ columns }: TerminalFilterOptions = {}): TerminalFilter {
  let state: State = 'text'
  let sequence = ''
  let lineLength = 0
  /** How many lines above the cursor are the program's own. */
  let ownRows = 0
  /** How many below it are. */
  let rowsBelow = 0

  const text = (part: string): string => {
    const room = maxLineLength - lineLength
    const width = columns?.() ?? Number.POSITIVE_INFINITY
    ownRows += Math.floor((lineLength + part.length) / width) - Math.floor(lineLength / width)
    lineLength += part.length
    if (room <= 0) return ''
    return part.length <= room ? part : `${part.slice(0, room)}… (line cut)`
  }

  /** What is not there yet is made by a line feed only. */
  const down = (rows: number, made = 0) => {
    const there = Math.min(rows, rowsBelow)
    rowsBelow -= there
    ownRows += Math.max(there, made)
    return there
  }

  const control = (char: string): string => {
    if (char === '\n' || char === '\r') {
      lineLength = 0
      if (char === '\n') down(1, 1)
      return char
    }
    if (char === '\t') return text(char)
    if (char === '\b') return char
    if (char === '\u001b') state = 'escape'
    else if (char in c1) enter(c1[char] ?? '')
    else if (/\p{Cc}/u.test(char)) return ''
    else return text(`‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`)
    return ''
  }

  const enter = (kind: string) => {
    sequence = ''
    if (kind === '[') state = 'sequence'
    else if (']PX^_'.includes(kind)) state = 'string'
    // `ESC ( B` and the like have one more byte; any other escape is a single byte.
    else state = /[ #%()*+\-./]/.test(kind) ? 'string-escape' : 'text'
  }

  const inSequence = (char: string): string => {
    if (char >= '@' && char <= '~') {
      state = 'text'
      return allowedSequence(sequence, char) || (columns ? move(sequence, char) : '')
    }
    if (char < ' ' || char > '~') {
      state = 'text'
      return control(char)
    }
    if (sequence.length <= maxSequenceLength) sequence += char
    return ''
  }

  const move = (parameters: string, final: string): string => {
    if (/^\?25[hl]$/.test(parameters + final)) return `\u001b[?25${final}`
    if (final === 'H' && /^(?:1?;?1?)$/.test(parameters)) return `${up(ownRows)}\r`
    if (!/^\d{0,4}$/.test(parameters)) return ''
    // The screen of a program is what it has written.
    if (final === 'J' && parameters === '2') return `${up(ownRows)}\r\u001b[J`
    if (final === 'J') return parameters === '' || parameters === '0' ? '\u001b[J' : ''
    if ('CDG'.includes(final)) return `\u001b[${parameters}${final}`
    const rows = Number(parameters || 1)
    if (final === 'B' || final === 'E') {
      const there = down(rows)
      return there > 0 ? `\u001b[${there}${final}` : ''
    }
    if (final !== 'A' && final !== 'F') return ''
    return up(rows) + (final === 'F' ? '\r' : '')
  }

  const up = (rows: number): string => {
    const reachable = Math.min(rows, ownRows)
    ownRows -= reachable
    rowsBelow += reachable
    lineLength = 0
    return reachable > 0 ? `\u001b[${reachable}A` : ''
  }

  /** Ends at BEL, ST or, so that a cut string cannot swallow what follows, at a line feed. */
  const inString = (char: string): string => {
    if (char === '\u0007' || char === '\u009c') state = 'text'
    else if (char === '\u001b') state = 'string-escape'
    else if (char === '\n') {
      state = 'text'
      return control(char)
    }
    return ''
  }

  const step = (char: string): string => {
    if (state === 'text') return control(char)
    if (state === 'sequence') return inSequence(char)
    if (state === 'string') return inString(char)
    if (state === 'escape') enter(char)
    else state = 'text'
    return ''
  }

  return {
    begin() {
      ownRows = 0
      rowsBelow = 0
    },
    push(chunk) {
      let out = ''
      let at = 0
      while (at < chunk.length) {
        if (state === 'text') {
          special.lastIndex = at
          const end = special.exec(chunk)?.index ?? chunk.length
          if (end > at) {
            out += text(chunk.slice(at, end))
            at = end
            continue
          }
          silent.lastIndex = at
          if (silent.test(chunk)) {
            at = silent.lastIndex
            continue
          }
        }
        if (state === 'string') {
          stringEnd.lastIndex = at
          at = stringEnd.exec(chunk)?.index ?? chunk.length
          if (at === chunk.length) break
        }
        const char = String.fromCodePoint(chunk.codePointAt(at) ?? 0)
        out += step(char)
        at += char.length
      }
      return out
    },
  }
}

/** The whole text at once; see `createTerminalFilter` for output that arrives in pieces. */
export function sanitizeTerminal(text: string): string {
  return createTerminalFilter().push(text)
}

function allowedSequence(parameters: string, final: string): string {
  if (parameters.length > maxSequenceLength) return ''
  if (final === 'K' && /^[0-2]?$/.test(parameters)) return `\u001b[${parameters}K`
  if (final !== 'm' || !/^[\d;:]*$/.test(parameters)) return ''
  const kept = withoutConceal(parameters.split(';'))
  return kept.length === 0 ? '' : `\u001b[${kept.join(';')}m`
}

/** Drops 8 (conceal) but keeps the 8 of `38;5;8`, which is a colour. */
function withoutConceal(parameters: string[]): string[] {
  const kept: string[] = []
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i] ?? ''
    const isColour = /^(?:38|48|58)$/.test(parameter)
    const length = isColour ? (parameters[i + 1] === '5' ? 3 : parameters[i + 1] === '2' ? 5 : 1) : 1
    if (Number(parameter) !== 8 || parameter === '') kept.push(...parameters.slice(i, i + length))
    i += length - 1
  }
  return kept
}
