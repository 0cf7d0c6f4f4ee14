import type { ReviewerResult } from '@/lib/session/types'

/** A file that the agent changed. */
export interface SampleChange {
  path: string
  before: string | null
  after: string
}

const before = `/** Takes a percentage off. */
export function applyDiscount(amount: number, percentOff: number): number {
  if (percentOff < 0) throw new RangeError('percentOff must be positive')
  return amount * (1 + percentOff / 100)
}

export function describeDiscount(percentOff: number): string {
  return percentOff + ' % off'
}
`
const after = before
  .replace('percentOff < 0', 'percentOff < 0 || percentOff > 100')
  .replace('must be positive', 'must be between 0 and 100')
  .replace('amount * (1 + percentOff / 100)', 'Math.round(amount * (1 - percentOff / 100))')
  .replace("percentOff + ' % off'", "'\u2212' + percentOff + ' %'")

/** Two changes in a file, a new test that the policy wants the user to see. */
export const reviewedFiles: readonly SampleChange[] = [
  { path: 'src/discount.ts', before, after },
  {
    path: 'tests/discount-limits.test.ts',
    before: null,
    after:
      "import { expect, test } from 'vitest'\nimport { applyDiscount } from '../src/discount'\n\ntest('refuses more than 100 %', () => {\n  expect(() => applyDiscount(900, 101)).toThrow(RangeError)\n})\n",
  },
]

export const reviewed: ReviewerResult = {
  of: 'The last turn: 2 files',
  model: 'Demo model (scripted)',
  at: Date.UTC(2026, 0, 15, 9, 41),
  overview: 'The sign and the rounding are right. What callers get for wrong input has changed without a word.',
  findings: [
    {
      id: 'f1',
      priority: 1,
      title: 'Discounts that are no number pass the check',
      body: 'NaN is neither below 0 nor above 100, so `applyDiscount(900, NaN)` returns NaN and the cart shows “NaN €”. Refuse what is no finite number.',
      path: 'src/discount.ts',
      startLine: 3,
      endLine: 4,
      confidence: 0.86,
      anchor: after.split('\n')[2] ?? '',
      isSent: false,
    },
    {
      id: 'f2',
      priority: 3,
      title: 'The sign of minus stands in a text that people may search',
      body: '',
      path: 'src/discount.ts',
      startLine: 8,
      endLine: 8,
      confidence: 0.4,
      anchor: 'a line that is gone',
      isSent: true,
    },
  ],
  strays: 1,
  omitted: ['package-lock.json'],
  tokens: 6_210,
  cost: 0.018,
  durationMs: 11_400,
}
