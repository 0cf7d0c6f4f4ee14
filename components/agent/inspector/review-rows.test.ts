import { expect, it } from 'vitest'
import type { AgentEvent, ReviewUse } from '@/lib/agent'
import { usage } from '@/lib/agent/testing/scripted'
import { reviewRows } from './review-rows'

const step = (turnId: string, use: Partial<ReviewUse>): AgentEvent => ({
  type: 'review-step',
  seq: 1,
  at: 1,
  turnId,
  step: 1,
  of: 'The last turn: 1 file',
  model: 'm',
  usage,
  durationMs: 1,
  ...use,
})

it('adds up each review, and knows a cost only where all of its responses have one', () => {
  const rows = reviewRows([
    step('a', { cost: 0.5 }),
    { type: 'notice', level: 'info', message: '', seq: 1, at: 1, turnId: 't' },
    step('a', { cost: 0.25 }),
    step('a', { usage: null }),
    step('b', { cost: 1 }),
    step('b', {}),
  ])
  expect(rows.map(({ key, label, cost, usage: used }) => [key, label, cost, used.totalTokens])).toEqual([
    ['a', 'Review · The last turn: 1 file', 0.75, 220],
    ['b', 'Review · The last turn: 1 file', null, 220],
  ])
})
