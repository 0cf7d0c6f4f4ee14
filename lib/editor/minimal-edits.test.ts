import { describe, expect, it } from 'vitest'
import { minimalEdits, type TextEdit } from './minimal-edits'

function applied(before: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .reverse()
    .reduce((text, { start, end, text: next }) => text.slice(0, start) + next + text.slice(end), before)
}

describe('minimalEdits', () => {
  it('changes nothing when the texts are equal', () => {
    expect(minimalEdits('a\nb', 'a\nb')).toEqual([])
  })

  it('touches only the characters that differ', () => {
    expect(minimalEdits('const total = 1\n', 'const total = 12\n')).toEqual([{ start: 15, end: 15, text: '2' }])
  })

  it('leaves the lines between two distant changes alone', () => {
    const before = 'one\ntwo\nthree\nfour\nfive\n'
    expect(minimalEdits(before, 'ONE\ntwo\nthree\nfour\nFIVE\n')).toEqual([
      { start: 0, end: 3, text: 'ONE' },
      { start: 19, end: 23, text: 'FIVE' },
    ])
  })

  it('does not split a surrogate pair', () => {
    // 😀 and 😁 share their first code unit.
    expect(minimalEdits('a😀b', 'a😁b')).toEqual([{ start: 1, end: 3, text: '😁' }])
  })

  it.each([7, 21, 99, 2026])('turns one random text into another (seed %i)', (seed) => {
    let state = seed
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state % below
    }
    const randomText = () => Array.from({ length: random(60) }, () => 'ab\nc\r'[random(5)]).join('')
    for (let round = 0; round < 200; round++) {
      const [before, after] = [randomText(), randomText()]
      expect(applied(before, minimalEdits(before, after))).toBe(after)
    }
  })
})
