import { describe, expect, it } from 'vitest'
import { emptyLine, type Line, type LineAction, lineActions, lineText } from './line-editor'

/** Types the input and returns the line, with `|` at the cursor, and the actions that are not changes. */
function typed(input: string): { line: string; actions: LineAction['type'][] } {
  let line: Line = emptyLine
  const actions: LineAction['type'][] = []
  for (const action of lineActions(input, () => line)) {
    if (action.type === 'change') line = action.line
    else actions.push(action.type)
  }
  return { line: lineText({ ...line, characters: line.characters.toSpliced(line.cursor, 0, '|') }), actions }
}

const [left, home, end, backspace] = ['\x1b[D', '\x01', '\x05', '\x7f']

describe('line editor', () => {
  it('inserts at the cursor', () => {
    expect(typed(`nde${left}${left}o`).line).toBe('no|de')
  })

  it('steps over and deletes whole characters', () => {
    expect(typed(`a😀b${left}${left}x`).line).toBe('ax|😀b')
    expect(typed(`a😀${backspace}`).line).toBe('a|')
  })

  it('knows the keys of a shell', () => {
    expect(typed(`npm test${home}x${end}y`).line).toBe('xnpm testy|')
    expect(typed('node src/main.ts\x17').line).toBe('node src/main.|')
    expect(typed('one two\x1bb\x0b').line).toBe('one |')
    expect(typed('one two\x15').line).toBe('|')
  })

  it('stays inside the line', () => {
    expect(typed(`${left}${backspace}\x1b[3~a\x1b[C`).line).toBe('a|')
  })

  it('turns pasted lines into submits, in order', () => {
    expect(typed('ls\r\npwd\r')).toEqual({ line: 'lspwd|', actions: ['submit', 'submit'] })
  })

  it('means end of input by Ctrl+D only on an empty line', () => {
    expect(typed('\x04').actions).toEqual(['end'])
    expect(typed(`ab${home}\x04`)).toEqual({ line: '|b', actions: [] })
  })

  it('ignores keys it does not know', () => {
    expect(typed('a\x1b[15~\x1bOP\x07b')).toEqual({ line: 'ab|', actions: [] })
  })
})
