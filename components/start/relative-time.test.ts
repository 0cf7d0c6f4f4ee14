import { expect, it } from 'vitest'
import { relativeTime } from './relative-time'

it('says how long ago in the largest whole unit', () => {
  const now = Date.UTC(2026, 5, 1)
  const ago = (seconds: number) => relativeTime(now - seconds * 1000, now)
  expect([20, 90, 7200, 86400, 9 * 86400, 400 * 86400].map(ago)).toEqual([
    'just now',
    '1 minute ago',
    '2 hours ago',
    'yesterday',
    'last week',
    'last year',
  ])
})

it('counts a clock that went backwards as now', () => {
  expect(relativeTime(5000, 0)).toBe('just now')
})
