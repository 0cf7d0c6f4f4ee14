import { describe, expect, it } from 'vitest'
import { completeMention, findMentions, type MentionSources, mentionAt, mentionName } from './find-mentions'

const sources: MentionSources = {
  paths: ['src/cart.ts', 'src/discount.ts', 'tests/cart.test.ts'],
  symbols: () => [
    { path: 'src/cart.ts', symbol: { name: 'Cart', kind: 'type', line: 3, exported: true } },
    { path: 'src/discount.ts', symbol: { name: 'discountCart', kind: 'function', line: 1, exported: true } },
  ],
  report: {
    ...{ passed: 1, failed: 1, skipped: 0, durationMs: 1 },
    suites: [
      {
        file: 'tests/cart.test.ts',
        tests: [
          { name: 'adds up', status: 'failed', durationMs: 1, error: 'expected 1 to be 2' },
          { name: 'is empty', status: 'passed', durationMs: 1 },
        ],
      },
    ],
  },
  problems: [
    {
      ...{ path: 'src/cart.ts', line: 4, column: 1, endLine: 4, endColumn: 2 },
      ...{ severity: 'error', code: '2322', message: 'Type string is not assignable.' },
    },
  ],
  checkpoints: [
    { id: 'k1', at: 1, label: 'Before this turn', turnId: null },
    { id: 'k2', at: 2, label: 'Changed src/cart.ts', turnId: null },
  ],
}

describe('mentionAt', () => {
  it.each([
    ['fix @car', 8, { start: 4, query: 'car' }],
    ['@', 1, { start: 0, query: '' }],
    ['(@src/a', 7, { start: 1, query: 'src/a' }],
    ['a\n@b', 4, { start: 2, query: 'b' }],
  ])('finds the mention in %j', (text, caret, mention) => {
    expect(mentionAt(text, caret)).toEqual(mention)
  })

  it.each([
    ['me@example.org', 14],
    ['@cart is', 8],
    ['@cart', 0],
    ['no', 2],
  ])('finds none in %j', (text, caret) => {
    expect(mentionAt(text, caret)).toBeNull()
  })
})

describe('findMentions', () => {
  const labels = (query: string) => findMentions(query, sources).map(({ group, label }) => `${group}: ${label}`)

  it('offers everything but symbols for a bare @', () => {
    expect(labels('')).toEqual([
      'Files: src/cart.ts',
      'Files: src/discount.ts',
      'Files: tests/cart.test.ts',
      'Failing tests: adds up',
      'Problems: src/cart.ts:4',
      'Checkpoints: Changed src/cart.ts',
      'Checkpoints: Before this turn',
    ])
  })

  it('filters every group as one types, the closest symbol first', () => {
    expect(labels('cart')).toEqual([
      'Files: src/cart.ts',
      'Files: tests/cart.test.ts',
      'Symbols: Cart',
      'Symbols: discountCart',
      'Failing tests: adds up',
      'Problems: src/cart.ts:4',
      'Checkpoints: Changed src/cart.ts',
    ])
    expect(labels('assignable')).toEqual(['Problems: src/cart.ts:4'])
  })

  it('attaches what the option says', () => {
    expect(findMentions('adds', sources)[0]?.choice).toEqual({
      kind: 'test',
      path: 'tests/cart.test.ts',
      name: 'adds up',
      error: 'expected 1 to be 2',
    })
  })
})

describe('completeMention', () => {
  it('puts the name in the place of what was typed', () => {
    const [option] = findMentions('disc', sources)
    const name = option ? mentionName(option) : ''
    expect(completeMention('see @disc please', { start: 4, query: 'disc' }, name)).toEqual({
      text: 'see `src/discount.ts` please',
      caret: 22,
    })
  })
})
