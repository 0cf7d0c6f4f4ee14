import { describe, expect, test } from 'vitest'
import { visiblePieces } from './hidden-characters'

describe('visiblePieces', () => {
  test('names a bidirectional override inside a command', () => {
    expect(visiblePieces('npm \u202etset')).toEqual([
      { text: 'npm ', hidden: false },
      { text: 'U+202E', hidden: true },
      { text: 'tset', hidden: false },
    ])
  })

  test('names zero-width, tag, control and no-break characters', () => {
    const names = visiblePieces('\u200b\u{e0041}\u001b\r\u00a0\ufeff').map((piece) => piece.text)
    expect(names).toEqual(['U+200B', 'U+E0041', 'U+001B', 'U+000D', 'U+00A0', 'U+FEFF'])
  })

  test('leaves tabs, newlines, accents, emoji and other scripts alone', () => {
    const text = 'a\tb\nc é ß 日本語 שלום 🙂'
    expect(visiblePieces(text)).toEqual([{ text, hidden: false }])
  })
})
