import { describe, expect, it } from 'vitest'
import { isDurable } from '../events'
import { foldHistory } from '../history'
import { call, patch, reply, say } from '../testing/scripted'
import { createWorld, run } from '../testing/world'
import { emptyThread, foldThread } from '../view/thread-view'
import { parseEvents } from './parse-events'

const base = { seq: 1, at: 1, turnId: 't' }
const result = { ok: true, output: '', summary: '' }
const toolEnd = (more: object) => ({
  ...base,
  type: 'tool-end',
  callId: 'c',
  tool: 'shell',
  durationMs: 1,
  result: { ...result, ...more },
})
const verification = {
  verified: true,
  tests: null,
  affected: null,
  types: null,
  findings: null,
  notChecked: [],
  durationMs: 1,
}

describe('events that somebody else recorded', () => {
  it('come through untouched when a turn really recorded them', async () => {
    const world = createWorld({
      policy: 'review',
      commands: { make: () => ({}) },
      approve: () => ({ decision: 'once' }),
    })
    const { events } = await run(world, [
      reply(patch('c1', '*** Update File: src/a.ts', '-export const a = 1', '+export const a = 2')),
      reply(call('c2', 'shell', { command: 'make' })),
      reply(call('c3', 'update_plan', { plan: [{ step: 'Look', status: 'completed' }] })),
      reply(say('Done.')),
    ])
    const recorded = events.filter(isDurable)
    const stored: unknown[] = JSON.parse(JSON.stringify(recorded))
    expect(JSON.stringify(parseEvents(stored))).toBe(JSON.stringify(recorded))
  })

  it.each<[string, object]>([
    ['a result that is a text', { ...toolEnd({}), result: 'ok' }],
    ['a plan that is no list', toolEnd({ plan: { step: 'x' } })],
    ['a plan whose step is an object', toolEnd({ plan: [{ step: { a: 1 }, status: 'pending' }] })],
    ['changes without a path', toolEnd({ changes: [{ kind: 'add', additions: 1, deletions: 0 }] })],
    ['a verification without its parts', toolEnd({ verification: { verified: true } })],
    ['tests without suites', toolEnd({ verification: { ...verification, tests: { passed: 1, failed: 0 } } })],
    ['findings of an unknown severity', toolEnd({ verification: { ...verification, findings: [{ severity: 'x' }] } })],
    ['an empty approval', { ...base, type: 'approval-request', approval: {} }],
    ['an unknown decision', { ...base, type: 'approval-decision', id: 'a', callId: 'c', decision: 'root' }],
    ['an end without usage', { ...base, type: 'turn-end', result: { status: 'done', message: '' } }],
    ['a history that holds nothing', { ...base, type: 'history', items: [null] }],
    [
      'a message whose text is an object',
      history({ type: 'message', role: 'user', content: [{ type: 'x', text: {} }] }),
    ],
    ['a message without content', history({ type: 'message', role: 'user' })],
    ['a time that no calendar has', { ...base, at: 1e300, type: 'steer', text: 'x' }],
    ['a number that is none', { ...base, seq: Number.NaN, type: 'steer', text: 'x' }],
    ['a kind that is never recorded', { ...base, type: 'text-delta', itemKey: 'i', delta: 'x' }],
    ['a kind with an inherited name', { ...base, type: 'constructor' }],
  ])('are left out when they carry %s', (_name, event) => {
    expect(parseEvents([event, { ...base, type: 'steer', text: 'kept' }])).toEqual([
      { ...base, type: 'steer', text: 'kept' },
    ])
  })

  it('keep items of kinds that are not known yet', () => {
    const item = { type: 'compaction', encrypted_content: 'x' }
    expect(foldHistory(parseEvents([history(item)]))).toEqual([item])
  })

  it('cannot open one turn twice', () => {
    const start = { ...base, type: 'turn-start', text: 'x', mode: 'edit', model: 'm', policy: 'auto', promptPack: 'v1' }
    expect(parseEvents([start, start]).reduce(foldThread, emptyThread).turns).toHaveLength(1)
  })
})

function history(item: object) {
  return { ...base, type: 'history', items: [item] }
}
