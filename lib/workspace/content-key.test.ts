import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { contentKey, sha256 } from './content-key'

test('agrees with Node for every length around the block borders', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff)
    expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
  }
})

test('hashes a view into a larger buffer', () => {
  const view = new Uint8Array(1_000_003).fill(7).subarray(3)
  expect(sha256(view)).toBe(createHash('sha256').update(view).digest('hex'))
})

test('tells text from bytes, and lone surrogates from each other', () => {
  const keys = ['', 'a\ud800', 'a\ud801', 'a\ufffd', new Uint8Array(), new Uint8Array([97])].map(contentKey)
  expect(new Set(keys).size).toBe(keys.length)
  expect(contentKey('abc')).toBe(contentKey(['a', 'bc'].join('')))
})
