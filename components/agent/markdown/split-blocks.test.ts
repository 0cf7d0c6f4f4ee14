import { describe, expect, test } from 'vitest'
import { splitBlocks } from './split-blocks'

describe('splitBlocks', () => {
  test('cuts between paragraphs, headings and fences, and keeps every character', () => {
    const text = '# Title\n\nOne\ntwo\n\n\n```ts\nconst a = 1\n\nconst b = 2\n```\n\nEnd'
    expect(splitBlocks(text)).toEqual([
      '# Title\n\n',
      'One\ntwo\n\n\n',
      '```ts\nconst a = 1\n\nconst b = 2\n```\n\n',
      'End',
    ])
    expect(splitBlocks(text).join('')).toBe(text)
  })

  test('keeps a loose list and its indented code together', () => {
    const text = '1. first\n\n   more\n\n2. second\n\n    code\n\nafter'
    expect(splitBlocks(text)).toEqual(['1. first\n\n   more\n\n2. second\n\n    code\n\n', 'after'])
  })

  test('does not close a fence at a shorter or a different one', () => {
    const text = '````md\n```\n\n~~~\n````\n\nafter'
    expect(splitBlocks(text)).toHaveLength(2)
  })

  test('keeps text with link definitions whole', () => {
    const text = 'See [a][1].\n\n[1]: https://example.org\n'
    expect(splitBlocks(text)).toEqual([text])
  })

  test('leaves finished blocks as they were while the text grows', () => {
    const text = 'One\n\n- a\n- b\n\n```\nx\n\ny\n```\n\nTwo **bold**\n\nThree'
    let before: string[] = []
    for (let end = 1; end <= text.length; end++) {
      const now = splitBlocks(text.slice(0, end))
      expect(now.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1))
      before = now
    }
  })
})
