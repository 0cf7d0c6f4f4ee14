import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeSpans, type Mark, wordMarks } from './code-spans'

describe('spans of a line', () => {
  test('change where the token or the mark changes', () => {
    const tokens = [
      { start: 0, kind: 'keyword.ts' },
      { start: 5, kind: '' },
      { start: 8, kind: 'number.ts' },
    ]
    expect(codeSpans('const = 12', tokens, [[8, 9]])).toEqual([
      { text: 'const', kind: 'keyword', marked: false },
      { text: ' = ', kind: '', marked: false },
      { text: '1', kind: 'number', marked: true },
      { text: '2', kind: 'number', marked: false },
    ])
  })

  test('together are the line, whatever tokens and marks say', () => {
    const place = fc.nat(40)
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }),
        fc.array(place),
        fc.array(fc.tuple(place, place)),
        (text, starts, marks) => {
          const tokens = starts.sort((a, b) => a - b).map((start) => ({ start, kind: 'string' }))
          const spans = codeSpans(text, tokens, marks as Mark[])
          expect(spans.map((span) => span.text).join('')).toBe(text)
        },
      ),
    )
  })
})

describe('marks', () => {
  test('show the words that changed, on both sides', () => {
    const marks = wordMarks(['  return cents - percent'], ['  return cents * percent'])
    expect(marks).toEqual({ removed: [[[15, 16]]], added: [[[15, 16]]] })
  })

  test('are none where lines have little in common, or their number differs', () => {
    expect(wordMarks(['const a = 1'], ['throw new Error(message)'])).toEqual({ removed: [[]], added: [[]] })
    expect(wordMarks(['a'], ['a', 'b'])).toEqual({ removed: [[]], added: [[], []] })
  })
})
