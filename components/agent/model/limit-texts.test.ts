import { expect, test } from 'vitest'
import { defaultLimits } from '@/lib/agent/limits/limits'
import { readTexts, toTexts } from './limit-texts'
import { describeLimits, factsOf } from './model-facts'

test('limits survive the way through fields, time in minutes', () => {
  const texts = toTexts(defaultLimits)
  expect(texts.turn).toEqual({ steps: '60', tokens: '10M', seconds: '30', dollars: '5' })
  expect(readTexts(texts)).toEqual({ ok: true, limits: defaultLimits })
})

test('large numbers are written and read in short', () => {
  const texts = toTexts(defaultLimits)
  const tokens = (text: string) => readTexts({ ...texts, turn: { ...texts.turn, tokens: text } })
  for (const [text, amount] of [
    ['1.1M', 1_100_000],
    ['250 k', 250_000],
    ['1234567', 1_234_567],
  ] as const) {
    const read = tokens(text)
    expect(read).toMatchObject({ ok: true, limits: { turn: { tokens: amount } } })
    if (read.ok) expect(tokens(toTexts(read.limits).turn.tokens)).toEqual(read)
  }
})

test('an empty field sets no limit, a wrong one says what a limit is', () => {
  const texts = toTexts(defaultLimits)
  const read = readTexts({ ...texts, turn: { ...texts.turn, dollars: ' ', seconds: '0.5' } })
  expect(read).toMatchObject({ ok: true, limits: { turn: { dollars: null, seconds: 30 } } })
  for (const wrong of [{ steps: '0' }, { steps: '-3' }, { tokens: '1.5' }, { seconds: 'many' }])
    expect(readTexts({ ...texts, turn: { ...texts.turn, ...wrong } }).ok).toBe(false)
})

test('limits and prices are told in a line, and nothing is told that is not known', () => {
  expect(describeLimits(defaultLimits.thread)).toBe('1000 steps, 100M tokens, 8 h, $25')
  expect(describeLimits({ steps: null, tokens: null, seconds: null, dollars: null })).toBe('no limits')
  const model = {
    id: 'm',
    label: 'm',
    kind: 'upstream',
    freeformTools: true,
    contextWindow: null,
    price: null,
  } as const
  expect(factsOf(model)).toBe('window unknown · price unknown')
  expect(factsOf({ ...model, contextWindow: 272_000, price: { input: 5, cachedInput: 0.5, output: 30 } })).toBe(
    '272k window · $5 in, $0.5 cached, $30 out',
  )
})
