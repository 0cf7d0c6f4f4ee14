import { createHistogram } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { Histogram } from './histogram'

const values = (seed: number, count: number) => {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647
    return 1 + (state % 10 ** (1 + (state % 9)))
  })
}

it.each([
  [1, 3, []],
  [1, 3, [1]],
  [1, 3, [5, 5, 2_000_000, 123_456]],
  [1, 1, values(7, 300)],
  [1, 5, values(11, 300)],
  [1000, 3, values(13, 300)],
])('tells of values what Node’s does (lowest %i, %i figures)', (lowest, figures, recorded: number[]) => {
  const oracle = createHistogram({ lowest, figures })
  const ours = new Histogram({ clock: { now: () => 0, setTimeout, clearTimeout }, lowest, figures })
  for (const value of recorded) {
    oracle.record(value)
    ours.record(value)
  }
  const percentiles = new Map()
  ours.percentiles(percentiles)
  expect({ min: ours.min(), max: ours.max(), count: ours.count(), exceeds: ours.exceeds() }).toEqual({
    min: oracle.min,
    max: oracle.max,
    count: oracle.count,
    exceeds: oracle.exceeds,
  })
  for (const percentile of [1, 50, 90, 99.9, 100])
    expect(ours.percentile(percentile)).toBe(oracle.percentile(percentile))
  expect(ours.mean() / oracle.mean || 1).toBeCloseTo(1, 9)
  expect(ours.stddev() / oracle.stddev || 1).toBeCloseTo(1, 9)
  expect([...percentiles]).toEqual([...oracle.percentiles])
})
