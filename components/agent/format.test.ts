import { expect, test } from 'vitest'
import { formatCost, formatDuration, formatTokens } from './format'

test('token counts stay short and never round up to a thousand thousands', () => {
  expect([0, 999, 1000, 3120, 12_000, 999_949, 999_950, 1_250_000].map(formatTokens)).toEqual([
    ...['0', '999', '1k', '3.1k', '12k', '999.9k', '1M', '1.3M'],
  ])
})

test('durations carry their unit and never read sixty seconds', () => {
  expect([12, 210, 2949, 2951, 8200, 59_400, 59_600, 125_000].map(formatDuration)).toEqual([
    ...['12 ms', '0.2 s', '2.9 s', '3 s', '8 s', '59 s', '1 min 0 s', '2 min 5 s'],
  ])
})

test('costs show what they are made of, and nothing that is not there', () => {
  expect([0, 0.0004, 0.0042, 0.126, 12.4].map(formatCost)).toEqual(['free', '< $0.001', '$0.004', '$0.13', '$12.40'])
})
