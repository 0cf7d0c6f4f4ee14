import { describe, expect, it } from 'vitest'
import { createCompactor } from '../compaction'
import type { AgentEvent, AgentEventBody } from '../events'
import { foldHistory } from '../history'
import { attemptsModel, createRaceWorld } from '../testing/attempts'
import { call, patch, reply, say, think, usage } from '../testing/scripted'
import { createWorld, run } from '../testing/world'
import { countTokens } from '../tokens/count-tokens'
import { cacheStory, sentItems } from './cache-story'
import { contextSize } from './context-size'
import { inspectThread } from './inspect-thread'

const input = {
  turnId: 'next',
  threadId: 'thread',
  text: '',
  mode: 'edit' as const,
  model: 'test',
  freeformTools: true,
}

async function inspect(change: (world: ReturnType<typeof createWorld>) => void = () => undefined) {
  const world = createWorld({ files: { 'src/a.ts': 'export const a = 1\n', 'AGENTS.md': 'Use tabs.' } })
  const { requests } = await run(
    world,
    [reply(think('Hm.'), call('c1', 'read_file', { path: 'src/a.ts' })), reply(say('It is one.'))],
    { input: { text: 'What is a?' } },
  )
  change(world)
  const report = await inspectThread(world.journal, input, {
    ...world.dependencies,
    model: async function* () {},
    history: foldHistory(world.journal),
    compactor: createCompactor(async (texts) => texts.map(countTokens)),
  })
  return { report, requests, world }
}

describe('the context report', () => {
  it('lists every item of the next request with its reason, size and place', async () => {
    const { report } = await inspect((world) => {
      world.workspace.apply([{ path: 'src/b.ts', after: '' }], { origin: 'user', label: 'New' })
    })
    expect(report.items.map(({ kind, place }) => `${kind} ${place}`)).toEqual([
      'tools sent',
      'instructions sent',
      'session sent',
      'environment sent',
      'user sent',
      'reasoning sent',
      'call sent',
      'output sent',
      'answer new',
      'environment next',
    ])
    expect(report.items.map(({ title }) => title).slice(3)).toEqual([
      'Files of the project, AGENTS.md',
      'What is a?',
      'Hm.',
      'read_file {"path":"src/a.ts"}',
      expect.stringMatching(/^read_file: /),
      'It is one.',
      'Files that came and went',
    ])
    for (const { why, count } of report.items) {
      expect(why).not.toBe('')
      expect(count.tokens).toBeGreaterThan(0)
    }
  })

  it('holds exactly what the next request sends', async () => {
    const { report, requests, world } = await inspect()
    const next = await run(world, [reply(say('Yes.'))], { input: { turnId: 'turn-2', text: 'Sure?' } })
    expect(next.requests[0]?.input.length).toBe(report.items.length - 1 + 1)
    expect(JSON.parse(report.items[0]?.text ?? '')).toEqual(requests[0]?.tools)
  })

  it('sums up to the total and says when the window is only assumed', async () => {
    const { report } = await inspect()
    expect(report.items.reduce((sum, { count }) => sum + count.tokens, 0)).toBe(report.total.tokens)
    expect(report).toMatchObject({ contextWindow: 128_000, isWindowAssumed: true, measured: usage.inputTokens })
  })
})

describe('a thread whose last turn was a race', () => {
  it('counts the requests of the attempt that was taken as its own', async () => {
    const world = createRaceWorld()
    const set = (value: number) =>
      patch('c1', '*** Update File: src/a.js', '-export const a = 1', `+export const a = ${value}`)
    const { model } = attemptsModel({ 1: [reply(set(3)), reply(say('No.'))], 2: [reply(set(2)), reply(say('Yes.'))] })
    await run(world, [], { input: { candidates: 2 }, dependencies: { model } })
    const { journal } = world
    const report = await inspectThread(journal, input, {
      ...{ ...world.dependencies, model, history: foldHistory(journal), compactor: createCompactor() },
    })
    expect(report.items.map(({ kind, place }) => `${kind} ${place}`).slice(-5)).toEqual([
      ...['note sent', 'call sent', 'output sent', 'answer new', 'note new'],
    ])
    expect(report.story.map(({ step, broken }) => [step, broken])).toEqual([
      [1, null],
      [2, null],
    ])
    expect(report.measured).toBe(usage.inputTokens)
    expect(contextSize(journal)).toBe(usage.inputTokens + usage.outputTokens)
  })
})

it('pictures are left out of what is shown for a model that sees none', async () => {
  const image = { kind: 'image' as const, name: 'p', dataUrl: 'data:image/png;base64,AA==' }
  const world = createWorld()
  await run(world, [reply(say('Hi.'))], { input: { attachments: [image], images: true } })
  const dependencies = { ...world.dependencies, model: async function* () {}, history: foldHistory(world.journal) }
  const look = async (images: boolean) => {
    const { items } = await inspectThread(world.journal, { ...input, images }, dependencies)
    return items.flatMap(({ pictures = [] }) => pictures)
  }
  expect([await look(true), await look(false)]).toEqual([[image.dataUrl], []])
})

describe('the size of the context', () => {
  const events = (bodies: AgentEventBody[]): AgentEvent[] =>
    bodies.map((body, index) => ({ ...body, seq: index, at: index, turnId: 't' }))
  const end = (ofStep: typeof usage | null): AgentEventBody => ({
    ...{ type: 'step-end', step: 1, usage: ofStep, durationMs: 1, firstEventMs: 1 },
  })
  const compaction: AgentEventBody = {
    ...{ type: 'compaction', reason: 'user', kept: { userMessages: 1, steps: 1, items: 1 }, droppedItems: 9 },
    ...{ tokensBefore: 9000, tokensAfter: 2000, summary: '', items: [], prompt: '', usage: null },
    ...{ durationMs: 1, prepared: false },
  }
  it('is what the server last counted, also after a failure, and what a compaction left or its undoing brought back', () => {
    expect(contextSize([])).toBe(0)
    expect(contextSize(events([end(usage), end(null)]))).toBe(110)
    expect(contextSize(events([end(usage), compaction]))).toBe(2000)
    expect(contextSize(events([end(usage), compaction, { type: 'compaction-undone', compactionSeq: 1 }]))).toBe(9000)
  })
})

describe('the story of the cache', () => {
  const start = (model = 'm'): AgentEventBody => ({
    ...{ type: 'turn-start', text: '', mode: 'edit', model, policy: 'auto', promptPack: 'v1' },
  })
  const step = (inputTokens: number, cachedInputTokens: number): AgentEventBody[] => [
    { type: 'step-start', step: 1, items: 4, prefixItems: 0, bytes: 1 },
    { type: 'step-end', step: 1, usage: { ...usage, inputTokens, cachedInputTokens }, durationMs: 1, firstEventMs: 1 },
  ]
  const compaction: AgentEventBody = {
    type: 'compaction',
    reason: 'limit',
    kept: { userMessages: 1, steps: 1, items: 1 },
    ...{ droppedItems: 9, tokensBefore: 9000, tokensAfter: 2000, summary: '', items: [], prompt: '', usage: null },
    ...{ durationMs: 1, prepared: false },
  }
  const events = (bodies: AgentEventBody[], everyMs = 1000): AgentEvent[] =>
    bodies.map((body, index) => ({ ...body, seq: index, at: index * everyMs, turnId: 't' }))
  const reasons = (bodies: AgentEventBody[], everyMs?: number) =>
    cacheStory(events(bodies, everyMs)).map(({ broken }) => broken)

  it('has nothing to tell while everything sent before is read from the cache', () => {
    expect(reasons([start(), ...step(1000, 0), ...step(1200, 960), ...step(1500, 1152)])).toEqual([null, null, null])
  })

  it.each<[string, AgentEventBody[], RegExp]>([
    ['a compaction', [start(), ...step(9000, 0), compaction, ...step(2000, 900)], /compacted/],
    [
      'its undoing',
      [start(), ...step(900, 0), { type: 'compaction-undone', compactionSeq: 1 }, ...step(2000, 900)],
      /undone/,
    ],
    ['another model', [start('a'), ...step(900, 0), start('b'), ...step(1000, 0)], /from a to b/],
    ['a server that forgot', [start(), ...step(900, 0), ...step(1000, 0)], /nothing from its cache/],
    ['a server that kept little', [start(), ...step(900, 0), ...step(1000, 128)], /less than half/],
  ])('names %s', (_, bodies, reason) => {
    expect(reasons(bodies)).toEqual([null, expect.stringMatching(reason)])
  })

  it('blames time when much of it passed', () => {
    expect(reasons([start(), ...step(900, 0), ...step(1000, 0)], 400_000)[1]).toMatch(/five minutes/)
  })

  it('counts after a compaction only what both histories begin with', () => {
    const [a, b, c] = [say('a'), say('b'), say('c')]
    const thread = events([
      start(),
      { type: 'history', items: [a, b, c] },
      { type: 'step-start', step: 1, items: 3, prefixItems: 0, bytes: 1 },
      { ...compaction, items: [a, c] } as AgentEventBody,
    ])
    expect(sentItems(thread.slice(0, 3), foldHistory(thread.slice(0, 3)))).toBe(3)
    expect(sentItems(thread, foldHistory(thread))).toBe(1)
  })
})
