import { expect, test } from 'vitest'
import { coverageDecorations } from './coverage-gutter'

test('each line with code has one bar, and a branch never taken shows', () => {
  const decorations = coverageDecorations({ file: 'a.ts', pct: 50, covered: [1, 3], uncovered: [4], partial: [3] })
  expect(decorations.map(({ range, options }) => [range.startLineNumber, options.linesDecorationsClassName])).toEqual([
    [1, 'coverage-bar coverage-covered'],
    [3, 'coverage-bar coverage-partial'],
    [4, 'coverage-bar coverage-uncovered'],
  ])
})
