import { expect, it } from 'vitest'
import { recentTurns, withEarlier, withTurns } from './recent-turns'

const turns = (count: number, thread = 'a') => Array.from({ length: count }, (_, index) => `${thread}${index}`)

it('shows a short conversation whole, and the newest 30 turns of a long one', () => {
  expect(recentTurns(turns(30)).first).toBe(0)
  expect(recentTurns(turns(300)).first).toBe(270)
  expect(recentTurns([]).first).toBe(0)
})

it('lets the oldest go in one step when 60 are shown, and never while the reader is elsewhere', () => {
  const shown = recentTurns(turns(30))
  expect(withTurns(shown, turns(60), true)).toBe(shown)
  expect(withTurns(shown, turns(61), false)).toBe(shown)
  expect(withTurns(shown, turns(61), true).first).toBe(31)
})

it('shows 30 more when they are asked for, down to the first', () => {
  const more = withEarlier(recentTurns(turns(80)))
  expect(more.first).toBe(20)
  expect(withTurns(more, turns(80), false)).toBe(more)
  expect(withEarlier(more).first).toBe(0)
})

it('begins anew with another conversation, or one that went back', () => {
  const shown = recentTurns(turns(300))
  expect(withTurns(shown, turns(80, 'b'), false)).toEqual({ thread: 'b0', first: 50 })
  expect(withTurns(shown, turns(3), false)).toEqual({ thread: 'a0', first: 0 })
  expect(withTurns(recentTurns([]), turns(1), true)).toEqual({ thread: 'a0', first: 0 })
})
