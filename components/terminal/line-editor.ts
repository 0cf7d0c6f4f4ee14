/** The line being typed. `cursor` counts code points, so that arrows step over whole characters. */
export interface Line {
  characters: readonly string[]
  cursor: number
}

export const emptyLine: Line = { characters: [], cursor: 0 }

export type LineAction =
  | { type: 'change'; line: Line }
  | { type: 'submit' }
  | { type: 'history'; step: -1 | 1 }
  | { type: 'complete' }
  | { type: 'interrupt' }
  | { type: 'end' }
  | { type: 'clear' }
  | { type: 'search' }

const wordBreak = /[\s/.,;:|&]/

function insert({ characters, cursor }: Line, text: string): Line {
  const added = [...text]
  return { characters: characters.toSpliced(cursor, 0, ...added), cursor: cursor + added.length }
}

function remove({ characters, cursor }: Line, from: number, to: number): Line {
  const [start, end] = [Math.max(0, from), Math.min(characters.length, to)]
  return {
    characters: characters.toSpliced(start, end - start),
    cursor: cursor > start ? Math.max(start, cursor - (end - start)) : cursor,
  }
}

function wordStart({ characters, cursor }: Line): number {
  let at = cursor
  while (at > 0 && wordBreak.test(characters[at - 1] ?? '')) at -= 1
  while (at > 0 && !wordBreak.test(characters[at - 1] ?? '')) at -= 1
  return at
}

function wordEnd({ characters, cursor }: Line): number {
  let at = cursor
  while (at < characters.length && wordBreak.test(characters[at] ?? '')) at += 1
  while (at < characters.length && !wordBreak.test(characters[at] ?? '')) at += 1
  return at
}

const to = (line: Line, cursor: number): Line => ({
  ...line,
  cursor: Math.max(0, Math.min(line.characters.length, cursor)),
})

/** Keys as a terminal sends them, with what they do to the line: the usual Emacs keys of a shell. */
const lineKeys: Record<string, (line: Line) => Line> = {
  '\x7f': (line) => remove(line, line.cursor - 1, line.cursor),
  '\b': (line) => remove(line, line.cursor - 1, line.cursor),
  '\x1b[3~': (line) => remove(line, line.cursor, line.cursor + 1),
  '\x1b[D': (line) => to(line, line.cursor - 1),
  '\x1b[C': (line) => to(line, line.cursor + 1),
  '\x02': (line) => to(line, line.cursor - 1),
  '\x06': (line) => to(line, line.cursor + 1),
  '\x1b[H': (line) => to(line, 0),
  '\x1bOH': (line) => to(line, 0),
  '\x01': (line) => to(line, 0),
  '\x1b[F': (line) => to(line, Infinity),
  '\x1bOF': (line) => to(line, Infinity),
  '\x05': (line) => to(line, Infinity),
  '\x1bb': (line) => to(line, wordStart(line)),
  '\x1b[1;5D': (line) => to(line, wordStart(line)),
  '\x1bf': (line) => to(line, wordEnd(line)),
  '\x1b[1;5C': (line) => to(line, wordEnd(line)),
  '\x17': (line) => remove(line, wordStart(line), line.cursor),
  '\x1b\x7f': (line) => remove(line, wordStart(line), line.cursor),
  '\x15': (line) => remove(line, 0, line.cursor),
  '\x0b': (line) => remove(line, line.cursor, line.characters.length),
}

const commandKeys: Record<string, LineAction> = {
  '\r': { type: 'submit' },
  '\n': { type: 'submit' },
  '\t': { type: 'complete' },
  '\x03': { type: 'interrupt' },
  '\x0c': { type: 'clear' },
  '\x12': { type: 'search' },
  '\x1b[A': { type: 'history', step: -1 },
  '\x1bOA': { type: 'history', step: -1 },
  '\x10': { type: 'history', step: -1 },
  '\x1b[B': { type: 'history', step: 1 },
  '\x1bOB': { type: 'history', step: 1 },
  '\x0e': { type: 'history', step: 1 },
}

/** Splits what xterm sent (one key, or pasted text) into keys and text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal input is made of control characters
const tokens = /\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b[\x20-\x7f]|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g

/** What a piece of input does to the line, one action at a time; the caller applies each before asking for the next. */
export function* lineActions(input: string, current: () => Line): Generator<LineAction> {
  for (const [token] of input.replaceAll('\r\n', '\r').matchAll(tokens)) {
    const line = current()
    if (token === '\x04') {
      // Ctrl+D deletes forward, and on an empty line means “end of input”.
      yield line.characters.length === 0
        ? { type: 'end' }
        : { type: 'change', line: remove(line, line.cursor, line.cursor + 1) }
      continue
    }
    const command = commandKeys[token]
    const edit = lineKeys[token]
    if (command) yield command
    else if (edit) yield { type: 'change', line: edit(line) }
    else if (token >= ' ' && !token.startsWith('\x7f')) yield { type: 'change', line: insert(line, token) }
  }
}

export function toLine(text: string): Line {
  const characters = [...text]
  return { characters, cursor: characters.length }
}

export function lineText(line: Line): string {
  return line.characters.join('')
}
