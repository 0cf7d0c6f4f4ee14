import { describe, expect, test } from 'vitest'
import type { AgentEvent } from '@/lib/agent'
import { call, cut, type Reply, reply, scriptedModel } from '@/lib/agent/testing/scripted'
import { createStore } from '@/lib/base'
import { type CheckpointInfo, changesBetween, type FileMap } from '@/lib/workspace'
import { createReviewer, type ReviewerResult } from './reviewer'

const first: FileMap = new Map([['a.ts', 'one\n']])
const beforeTurn: FileMap = new Map([['a.ts', 'two\n']])
const now: FileMap = new Map([['a.ts', 'three\n']])
const checkpoint = (id: string): CheckpointInfo => ({ id, at: 1, label: id, turnId: null })
const base = { seq: 1, at: 1, turnId: 't1' }
const result = {
  ok: true,
  output: '',
  summary: '',
  changes: [{ path: 'a.ts', kind: 'update' as const, additions: 1, deletions: 1 }],
}
/** A turn that changed a file, from checkpoint `turn` on. */
const changing: AgentEvent[] = [
  { ...base, type: 'turn-start', text: 'Go', mode: 'edit', model: 'm', policy: 'auto', promptPack: 'v' },
  { ...base, type: 'checkpoint', checkpointId: 'turn', label: 'Before' },
  { ...base, type: 'tool-call-start', callId: 'c', tool: 'apply_patch' },
  { ...base, type: 'tool-end', callId: 'c', tool: 'apply_patch', result, durationMs: 1 },
]
const finding = { priority: 1, title: 'Wrong', body: 'Why.', path: 'a.ts', start_line: 1, end_line: 1, confidence: 1 }
const report = (findings: unknown[]) => reply(call('c9', 'report_findings', { overview: 'Fine.', findings }))

function open(
  replies: readonly Reply[],
  options: { events?: AgentEvent[]; remembered?: unknown; ids?: string[]; allowed?: number } = {},
) {
  const { events = changing, remembered, ids = ['first', 'turn'], allowed = 99 } = options
  const { model, requests } = scriptedModel(replies)
  const states: Record<string, FileMap> = { first, turn: beforeTurn }
  const sent: unknown[] = []
  let kept: ReviewerResult | null = null
  const paid: unknown[] = []
  const reviewer = createReviewer({
    files: () => now,
    checkpoints: {
      state: createStore(() => ({ list: ids.map(checkpoint) })),
      compare: async (from) => changesBetween(states[from] ?? new Map(), now),
    },
    events: () => events,
    callModel: model,
    account: () => ({
      limitHit: () => (paid.length < allowed ? null : { scope: 'thread', limit: 'dollars', allowed: 25, by: 25 }),
      noteReview: async (id, use) => void paid.push({ id, ...use }),
    }),
    model: async () => ({ id: 'test', label: 'Test model', price: { input: 10, cachedInput: 0, output: 0 } }),
    assertMayRun: () => undefined,
    send: async (...message) => void sent.push(message),
    remembered,
    remember: (value) => {
      kept = value
    },
  })
  return { reviewer, paid, requests, sent, state: () => reviewer.state.getState(), kept: () => kept }
}

describe('a review', () => {
  test('looks at what has changed since the last turn that changed files began', async () => {
    const { reviewer, requests, state, kept } = open([report([finding])])
    await reviewer.start()
    expect(JSON.stringify(requests[0]?.input)).toContain('     - two')
    expect(state()).toMatchObject({
      running: null,
      error: null,
      result: { of: 'The last turn: 1 file', model: 'Test model', findings: [{ title: 'Wrong', isSent: false }] },
    })
    expect(kept()).toEqual(state().result)
  })

  test('is paid by the conversation, response by response', async () => {
    const look = reply(call('c1', 'read_file', { path: 'a.ts' }))
    const { reviewer, paid, state } = open([look, report([])])
    await reviewer.start()
    const use = { of: 'The last turn: 1 file', model: 'test', usage: { totalTokens: 110 }, cost: 0.0004 }
    expect(paid).toMatchObject([
      { step: 1, ...use },
      { step: 2, ...use },
    ])
    expect(new Set(paid.map((each) => (each as { id: string }).id)).size).toBe(1)
    expect(state().result?.cost).toBeCloseTo(0.0008, 10)
  })

  test('stops where the conversation has no means left, and says how to get more', async () => {
    const { reviewer, requests, paid, state } = open([reply(call('c1', 'read_file', { path: 'a.ts' }))], { allowed: 1 })
    await reviewer.start()
    expect([requests.length, paid.length]).toEqual([1, 1])
    expect(state().error).toBe(
      'This conversation reached its limit of $25.00. A review counts towards it: raise it under /limits.',
    )
  })

  test('of the whole project compares with the first checkpoint', async () => {
    const { reviewer, requests } = open([report([])])
    await reviewer.start('project')
    expect(JSON.stringify(requests[0]?.input)).toContain('     - one')
  })

  test('takes the first checkpoint by itself when no turn has changed anything', async () => {
    const { reviewer, state } = open([report([])], { events: [] })
    await reviewer.start()
    expect(state().result).toMatchObject({ of: 'All since the first checkpoint: 1 file', findings: [] })
  })

  test('without a checkpoint says what is missing', async () => {
    const { reviewer, state } = open([], { ids: [] })
    await reviewer.start()
    expect(state().error).toContain('There is no checkpoint to compare with yet')
  })

  test('that fails says why, and leaves the last result', async () => {
    const { reviewer, state } = open([report([finding]), cut([], { kind: 'fatal', message: 'No credit.' })])
    await reviewer.start()
    await reviewer.start()
    expect(state()).toMatchObject({
      error: 'The review stopped: No credit.',
      running: null,
      result: { overview: 'Fine.' },
    })
  })

  test('that is cancelled stops at once and complains of nothing', async () => {
    const { reviewer, state, requests } = open([[]])
    const running = reviewer.start()
    await expect.poll(() => requests.length).toBe(1)
    expect(state().running).toMatchObject({ doing: 'Reading the changes' })
    reviewer.cancel()
    await running
    expect(state()).toEqual({ running: null, error: null, result: null })
  })
})

describe('a finding', () => {
  test('goes to the agent with one press, and is marked as sent', async () => {
    const { reviewer, state, sent } = open([report([finding]), report([finding])])
    await reviewer.start()
    const id = state().result?.findings[0]?.id ?? ''
    await reviewer.fix(id)
    expect(sent).toMatchObject([[expect.stringContaining('Fix the attached finding'), { path: 'a.ts', startLine: 1 }]])
    expect(state().result?.findings).toMatchObject([{ isSent: true }])
    await reviewer.start()
    expect(state().result?.findings).toMatchObject([{ isSent: true }])
  })

  test('is gone when dismissed, also after a reload', async () => {
    const { reviewer, state, kept } = open([report([finding, { ...finding, title: 'Other' }])])
    await reviewer.start()
    reviewer.dismiss(state().result?.findings[0]?.id ?? '')
    expect(state().result?.findings.map(({ title }) => title)).toEqual(['Other'])
    expect(open([], { remembered: structuredClone(kept()) }).state().result).toEqual(kept())
  })

  test.each([undefined, 'x', { findings: 1 }, { findings: [], of: 1 }])(
    'is none in storage that holds %j',
    (remembered) => {
      expect(open([], { remembered }).state().result).toBeNull()
    },
  )
})
