import { describe, expect, it } from 'vitest'
import type { AgentEvent, AgentEventBody } from '../events'
import { call, cut, patch, reply, say, think } from '../testing/scripted'
import { createWorld, run } from '../testing/world'
import { noUsage } from '../tokens/usage'
import { emptyThread, foldThread, type PartView, type ThreadView } from './thread-view'

const fold = (events: readonly AgentEvent[], from: ThreadView = emptyThread) => events.reduce(foldThread, from)

/** Events of one turn with running numbers. */
function eventsOf(...bodies: AgentEventBody[]): AgentEvent[] {
  const start: AgentEventBody = {
    type: 'turn-start',
    text: 'Go',
    mode: 'edit',
    model: 'm',
    policy: 'auto',
    promptPack: 'v1',
  }
  return [start, ...bodies].map((body, index) => ({ seq: index + 1, at: 1000 + index, turnId: 'turn', ...body }))
}

function partsOf(...bodies: AgentEventBody[]): readonly PartView[] {
  return fold(eventsOf(...bodies)).turns[0]?.parts ?? []
}

const approval = {
  id: 'a1',
  callId: 'c1',
  tool: 'shell',
  title: 'Run rm',
  detail: 'rm',
  reason: 'It deletes.',
  rule: null,
}
const callStart: AgentEventBody[] = [
  { type: 'tool-call-start', callId: 'c1', tool: 'shell' },
  { type: 'tool-call-delta', callId: 'c1', delta: '{"command":' },
  { type: 'tool-call-delta', callId: 'c1', delta: '"ls"}' },
]

describe('the thread view', () => {
  it('shows a whole turn: text, thoughts, cards, changes and numbers', async () => {
    const { events } = await run(createWorld({ files: { 'a.md': 'a\n' } }), [
      reply(think('Hm.'), say('I change it.'), patch('c1', '*** Update File: a.md', '-a', '+b')),
      reply(call('c2', 'update_plan', { plan: [{ step: 'Change', status: 'completed' }] }), say('Done.')),
      reply(say('All done.')),
    ])
    const [turn] = fold(events).turns
    expect(turn?.parts.map(({ type }) => type)).toEqual(['reasoning', 'text', 'tool', 'text', 'plan', 'text'])
    expect(turn?.parts[2]).toMatchObject({ state: 'done', title: 'Edit a.md', result: { ok: true } })
    expect(turn?.changes).toEqual([{ path: 'a.md', kind: 'update', additions: 1, deletions: 1 }])
    expect(turn).toMatchObject({ status: 'done', checkpointId: 'checkpoint-1', error: null })
    expect(turn?.footer).toMatchObject({
      steps: 3,
      verified: false,
      usage: { inputTokens: 300, cachedInputTokens: 180 },
    })
  })

  it('looks the same when it is folded from what was journalled', async () => {
    const world = createWorld({ files: { 'a.md': 'a\n' } })
    const { events } = await run(world, [
      reply(say('I look.'), call('c1', 'read_file', { path: 'a.md' })),
      cut([say('And then')], { delayMs: 1 }),
    ])
    expect(fold(world.journal)).toEqual(fold(events))
  })

  it('keeps the identity of every part that a delta does not touch', () => {
    const events = eventsOf(
      { type: 'text-start', itemKey: 't1' },
      { type: 'text-end', itemKey: 't1', text: 'First' },
      { type: 'text-start', itemKey: 't2' },
      { type: 'text-delta', itemKey: 't2', delta: 'Sec' },
    )
    const before = fold(events)
    const after = fold([{ seq: 9, at: 9, turnId: 'turn', type: 'text-delta', itemKey: 't2', delta: 'ond' }], before)
    expect(after.turns[0]?.parts[0]).toBe(before.turns[0]?.parts[0])
    expect(after.turns[0]?.parts[1]).toEqual({ type: 'text', key: 't2', text: 'Second', streaming: true })
  })

  it('returns the same view for an event that shows nothing', () => {
    const view = fold(eventsOf())
    expect(foldThread(view, { seq: 5, at: 5, turnId: 'turn', type: 'history', items: [] })).toBe(view)
    expect(foldThread(view, { seq: 5, at: 5, turnId: 'other', type: 'steer', text: 'x' })).toBe(view)
  })

  it('follows a call from writing to its result', () => {
    const states = (...more: AgentEventBody[]) => partsOf(...callStart, ...more).find((part) => part.type === 'tool')
    expect(states()).toMatchObject({ state: 'writing', input: '{"command":"ls"}', title: 'shell' })
    expect(states({ type: 'tool-call-ready', callId: 'c1', tool: 'shell', input: '{}' })).toMatchObject({
      state: 'ready',
      input: '{}',
    })
    expect(states({ type: 'approval-request', approval })).toMatchObject({ state: 'waiting', title: 'Run rm' })
    const start: AgentEventBody = { type: 'tool-start', callId: 'c1', tool: 'shell', title: 'Run ls', detail: 'ls' }
    expect(states(start, { type: 'tool-output', callId: 'c1', delta: 'a\n' })).toMatchObject({
      state: 'running',
      output: 'a\n',
    })
    const result = { ok: false, output: 'exit code 1', summary: 'exit code 1' }
    const end: AgentEventBody = { type: 'tool-end', callId: 'c1', tool: 'shell', result, durationMs: 7 }
    expect(states(start, end)).toMatchObject({ state: 'failed', result, durationMs: 7 })
  })

  it('records what the user decided on an approval', () => {
    const asked: AgentEventBody[] = [...callStart, { type: 'approval-request', approval }]
    expect(partsOf(...asked)[1]).toMatchObject({ type: 'approval', decision: null })
    const denied = partsOf(...asked, {
      type: 'approval-decision',
      id: 'a1',
      callId: 'c1',
      decision: 'deny',
      reason: 'No.',
    })
    expect(denied[1]).toMatchObject({ decision: 'deny', reason: 'No.' })
  })

  it('drops half-written parts when a step is tried again', () => {
    const retry: AgentEventBody = { type: 'retry', attempt: 1, maxAttempts: 5, delayMs: 500, reason: 'cut' }
    const parts = partsOf(
      { type: 'text-start', itemKey: 't1' },
      { type: 'text-end', itemKey: 't1', text: 'Kept' },
      { type: 'reasoning-end', itemKey: 'r1', text: 'Led nowhere' },
      { type: 'text-start', itemKey: 't2' },
      { type: 'text-delta', itemKey: 't2', delta: 'Ha' },
      ...callStart,
      retry,
    )
    expect(parts.map(({ type, key }) => `${type} ${key}`)).toEqual(['text t1', 'retry retry-10'])
    expect(parts[1]).toMatchObject({ active: true, until: 1009 + 500 })
  })

  it('drops what a reload left half-written once the turn goes on', () => {
    const step: AgentEventBody = { type: 'step-start', step: 2, items: 1, prefixItems: 0, bytes: 1 }
    expect(partsOf({ type: 'text-start', itemKey: 't1' }, ...callStart)).toHaveLength(2)
    expect(partsOf({ type: 'text-delta', itemKey: 't1', delta: 'Ha' }, ...callStart, step)).toEqual([])
  })

  it('lets the next try end the wait, and a second wait replace the first', () => {
    const retry = (attempt: number): AgentEventBody => ({
      type: 'retry',
      attempt,
      maxAttempts: 5,
      delayMs: 1,
      reason: 'cut',
    })
    const step: AgentEventBody = { type: 'step-start', step: 1, items: 1, prefixItems: 0, bytes: 1 }
    expect(partsOf(retry(1), step)).toMatchObject([{ attempt: 1, active: false }])
    expect(partsOf(retry(1), step, retry(2))).toMatchObject([{ attempt: 2, active: true }])
  })

  it('leaves nothing running when the turn ends', () => {
    const result = { status: 'stopped' as const, message: '', verified: null, steps: 1, durationMs: 5 }
    const parts = partsOf(
      ...callStart,
      { type: 'text-delta', itemKey: 't1', delta: 'Half' },
      { type: 'turn-end', result: { ...result, usage: noUsage } },
    )
    expect(parts).toMatchObject([{ state: 'stopped' }, { text: 'Half', streaming: false }])
  })

  it('sums the changes of a file over the turn', () => {
    const change = (kind: 'add' | 'update' | 'delete', additions: number, deletions: number): AgentEventBody => ({
      type: 'tool-end',
      callId: 'c',
      tool: 'apply_patch',
      durationMs: 1,
      result: { ok: true, output: '', summary: '', changes: [{ path: 'a', kind, additions, deletions }] },
    })
    const changes = (...bodies: AgentEventBody[]) => fold(eventsOf(...bodies)).turns[0]?.changes
    expect(changes(change('add', 3, 0), change('update', 1, 2))).toEqual([
      { path: 'a', kind: 'add', additions: 4, deletions: 2 },
    ])
    expect(changes(change('update', 1, 0), change('delete', 0, 9))).toMatchObject([{ kind: 'delete' }])
  })

  it('folds 2,000 deltas into a long turn at less than 0.1 ms each', () => {
    const many = Array.from(
      { length: 300 },
      (_, index): AgentEventBody => ({ type: 'text-end', itemKey: `t${index}`, text: 'x' }),
    )
    const view = fold(eventsOf(...many))
    const deltas = Array.from(
      { length: 2000 },
      (_, index): AgentEvent => ({
        ...{ seq: 1000 + index, at: 0, turnId: 'turn' },
        ...{ type: 'text-delta', itemKey: 'last', delta: 'word ' },
      }),
    )
    const startedAt = performance.now()
    const after = fold(deltas, view)
    expect(performance.now() - startedAt).toBeLessThan(200)
    expect(after.turns[0]?.parts.at(-1)).toMatchObject({ text: 'word '.repeat(2000) })
  })

  it('shows a compaction from its beginning to its undoing', () => {
    const compaction: AgentEventBody = {
      type: 'compaction',
      reason: 'limit',
      kept: { userMessages: 1, steps: 5, items: 12 },
      droppedItems: 40,
      tokensBefore: 182_000,
      tokensAfter: 31_000,
      summary: '## Task',
      items: [],
      prompt: 'compaction-v1',
      usage: null,
      durationMs: 5,
      prepared: true,
    }
    const begun: AgentEventBody = { type: 'compaction-start', reason: 'limit', tokensBefore: 182_000 }
    expect(partsOf(begun)).toMatchObject([{ type: 'compaction', state: 'running', tokensBefore: 182_000, done: null }])
    expect(partsOf(begun, compaction)).toMatchObject([
      {
        state: 'done',
        tokensBefore: 182_000,
        done: { tokensAfter: 31_000, droppedItems: 40, summary: '## Task', seq: 3 },
      },
    ])
    expect(partsOf(compaction, { type: 'compaction-undone', compactionSeq: 2 })).toMatchObject([{ state: 'undone' }])
    const failed: AgentEventBody = { type: 'compaction-failed', reason: 'limit', message: 'The model is gone.' }
    expect(partsOf(begun, failed)).toMatchObject([{ state: 'failed', message: 'The model is gone.' }])
  })
})
