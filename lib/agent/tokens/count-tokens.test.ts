import { readFileSync } from 'node:fs'
import { countTokens as countWhole } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { countTokens } from './count-tokens'

describe('countTokens', () => {
  it.each([
    ['', 0],
    ['hello world', 2],
    ['日本語', 2],
    ['<|endoftext|>', 7],
  ])('knows the vocabulary: %j', (text, expected) => {
    expect(countTokens(text)).toBe(expected)
  })

  it('counts long code in pieces as it would count it whole', () => {
    const code = readFileSync(new URL('../loop.ts', import.meta.url), 'utf8')
    const long = code.repeat(4)
    expect(countTokens(long)).toBe(countWhole(long))
  })

  it('counts prose in pieces to within one in a thousand', () => {
    const prose = 'The total of a cart is the sum of its items, and it never goes below zero. '.repeat(300)
    expect(Math.abs(countTokens(prose) - countWhole(prose))).toBeLessThanOrEqual(countWhole(prose) / 1000)
  })

  it.each([
    ['one endless word', 'a'.repeat(100_000)],
    ['one line of emoji', '😀'.repeat(20_000)],
    ['white space alone', ' '.repeat(100_000)],
  ])('needs no quadratic time for %s', (_, text) => {
    const startedAt = performance.now()
    expect(countTokens(text)).toBeGreaterThan(0)
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })
})
