import { describe, expect, test } from 'vitest'
import type { AgentEvent } from '@/lib/agent'
import { foldNew, nothingFolded } from './use-thread-view'

function turn(turnId: string, text: string): AgentEvent[] {
  const base = { turnId, at: 0 }
  return [
    { ...base, seq: 1, type: 'turn-start', text, mode: 'ask', model: 'demo', policy: 'review', promptPack: 'v1' },
    { ...base, seq: 2, type: 'text-start', itemKey: 'a' },
    { ...base, seq: 3, type: 'text-delta', itemKey: 'a', delta: 'Hel' },
    { ...base, seq: 4, type: 'text-delta', itemKey: 'a', delta: 'lo' },
  ]
}

describe('foldNew', () => {
  test('gives the same view in pieces as at once', () => {
    const events = turn('t1', 'hi')
    const pieces = events.reduce((folded, _, index) => foldNew(folded, events.slice(0, index + 1)), nothingFolded)
    expect(pieces.view).toEqual(foldNew(nothingFolded, events).view)
    expect(pieces.view.turns[0]?.parts).toMatchObject([{ type: 'text', text: 'Hello' }])
  })

  test('is right even when the list it saw grows afterwards', () => {
    const live: AgentEvent[] = []
    const first = foldNew(nothingFolded, live)
    live.push(...turn('t1', 'hi'))
    expect(foldNew(first, [...live]).view.turns).toHaveLength(1)
  })

  test('starts over for another thread', () => {
    const first = foldNew(nothingFolded, turn('t1', 'one'))
    expect(foldNew(first, turn('t2', 'two')).view.turns.map(({ text }) => text)).toEqual(['two'])
    expect(foldNew(first, []).view.turns).toEqual([])
  })
})
