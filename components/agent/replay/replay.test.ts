import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '@/lib/agent'
import { eventsAt, momentsOf } from './replay'

const event = (type: string): AgentEvent => ({ type, seq: 1, at: 0, turnId: 't' }) as AgentEvent
const events = ['turn-start', 'checkpoint', 'step-start', 'text-start', 'text-end', 'step-end', 'turn-end'].map(event)

describe('a replay', () => {
  it('stops where something can be seen, and ends with everything', () => {
    const counts = momentsOf(events)
    expect(counts).toEqual([1, 5, 7])
    expect(eventsAt(events, counts, 0)).toEqual([])
    expect(eventsAt(events, counts, 2)).toEqual(events.slice(0, 5))
    expect(eventsAt(events, counts, 3)).toEqual(events)
    expect(eventsAt(events, counts, 99)).toEqual(events)
  })

  it('stops at what attempts did, at a shortened history and at a raised limit', () => {
    const inner = ['step-start', 'tool-end', 'history'].map((type) => ({
      ...event('candidate-event'),
      event: event(type),
    }))
    const rest = ['candidate-end', 'candidates-picked', 'history', 'compaction', 'limit-raised', 'compaction-undone']
    const raced = [event('candidates-start'), ...inner, ...rest.map(event)] as AgentEvent[]
    expect(momentsOf(raced)).toEqual([1, 3, 5, 6, 8, 9, 10])
  })

  it('of nothing shows nothing', () => {
    expect(eventsAt([], momentsOf([]), 1)).toEqual([])
  })
})
