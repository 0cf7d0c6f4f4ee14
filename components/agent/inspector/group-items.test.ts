import { expect, it } from 'vitest'
import type { InspectedItem } from '@/lib/agent/inspector/inspect-thread'
import { groupTotals } from './group-items'

const item = (kind: InspectedItem['kind'], tokens: number): InspectedItem => ({
  ...{ kind, title: '', why: '', text: '', place: 'sent' },
  count: { tokens, exact: true },
})

it('sums tokens by origin and leaves out what has none', () => {
  const items = [
    item('tools', 900),
    item('instructions', 100),
    item('user', 5),
    item('attachments', 10),
    item('call', 7),
  ]
  expect(groupTotals(items)).toEqual([
    { group: 'agent', label: 'Instructions and tools', tokens: 1000 },
    { group: 'you', label: 'You', tokens: 15 },
    { group: 'model', label: 'Model', tokens: 7 },
  ])
})
