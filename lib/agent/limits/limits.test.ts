import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../events'
import { parseEvents } from '../stored/parse-events'
import { firstRewrite } from '../testing/append-only'
import { call, pieces, type Reply, reply, say, scriptedModel, usage } from '../testing/scripted'
import { createWorld, ofType, run } from '../testing/world'
import { createThread } from '../thread/thread'
import type { ThreadSettings } from '../thread/types'
import { emptyThread, foldThread } from '../view/thread-view'
import { defaultLimits, type LimitSet, type Limits, readLimits } from './limits'
import { createMeter } from './meter'

const none: LimitSet = { steps: null, tokens: null, seconds: null, dollars: null }
const ofTurn = (set: Partial<LimitSet>): Limits => ({ turn: { ...none, ...set }, thread: none })
const ofThread = (set: Partial<LimitSet>): Limits => ({ turn: none, thread: { ...none, ...set } })
const look = (id: string) => reply(call(id, 'read_file', { path: `${id}.ts` }))
/** A test's response uses 110 tokens, 60 of 100 read from the cache: at this price 4 + 0.6 + 3 millionths of a dollar. */
const price = { input: 0.1, cachedInput: 0.01, output: 0.3 }
const stepCost = 7.6e-6

const runWith = (limits: Limits, replies: readonly Reply[], rest: Parameters<typeof run>[2] = {}) =>
  run(createWorld(), replies, {
    input: { price },
    ...rest,
    dependencies: { limits: () => limits, ...rest?.dependencies },
  })

describe('a review', () => {
  const use = { step: 1, of: 'All', model: 'm', usage, cost: 2, durationMs: 3_000 }
  const open = (limits: Limits, replies: readonly Reply[] = []) => {
    const { model: callModel } = scriptedModel(replies)
    const saved: AgentEvent[] = []
    const thread = createThread({
      id: 'thread',
      events: [],
      policy: 'auto',
      allowedRules: [],
      models: [],
      model: 'test',
      callModel,
      settings: { limits },
      save: async (events) => void saved.push(...events),
      world: createWorld({ files: { 'a.ts': '' } }).dependencies,
    })
    return { thread, saved }
  }

  it('counts for its conversation, and outlives a reload', async () => {
    const { thread, saved } = open(ofThread({ dollars: 3 }), [reply(say('Hi.'))])
    await thread.send('One')
    await thread.noteReview('review_1', use)
    expect(thread.limitHit()).toBeNull()
    await thread.noteReview('review_1', { ...use, step: 2 })
    expect(thread.limitHit()).toMatchObject({ scope: 'thread', limit: 'dollars', allowed: 3 })
    const stored = parseEvents(JSON.parse(JSON.stringify(saved)))
    expect(createMeter(stored).spent).toMatchObject({ steps: 3, tokens: 330, dollars: 4 })
    expect(createMeter(stored).spent.seconds).toBeCloseTo(6, 0)
    expect(stored.reduce(foldThread, emptyThread).turns).toHaveLength(1)
    expect((await thread.send('Two')).error).toMatchObject({ code: 'cost_limit', limit: { scope: 'thread' } })
  })

  it('beside a running turn counts before that turn’s next step', async () => {
    let thread: ReturnType<typeof open>['thread'] | null = null
    const review = () => void thread?.noteReview('review_1', { ...use, cost: 9 })
    const first: Reply = () => {
      review()
      return look('a')
    }
    thread = open(ofThread({ dollars: 5 }), [first, reply(say('Done.'))]).thread
    expect((await thread.send('Go')).error).toMatchObject({ code: 'cost_limit' })
  })
})

describe('a turn that meets a limit', () => {
  it.each<[string, Partial<LimitSet>, string, string]>([
    ['steps', { steps: 2 }, 'step_limit', 'This turn reached its limit of 2 steps.'],
    ['tokens', { tokens: 220 }, 'token_limit', 'This turn reached its limit of 220 tokens.'],
    ['dollars', { dollars: 1.5 * stepCost }, 'cost_limit', 'This turn reached its limit of $0.00.'],
  ])('of %s stops between two steps and says which', async (limit, set, code, message) => {
    const { result, requests, events } = await runWith(ofTurn(set), [look('a'), look('b'), look('c')])
    expect(result).toMatchObject({ status: 'failed', steps: 2, error: { code, message } })
    expect(result.error?.limit).toEqual({
      scope: 'turn',
      limit,
      allowed: Object.values(set)[0],
      by: Object.values(set)[0],
    })
    expect(requests).toHaveLength(2)
    // What was begun is finished: every call has its output, so that the thread can go on.
    expect(ofType(events, 'tool-end')).toHaveLength(2)
  })

  it('of seconds does not count the time in which the user decides', async () => {
    const slow = createWorld({
      policy: 'review',
      approve: () => new Promise((resolve) => setTimeout(() => resolve({ decision: 'once' }), 1200)) as never,
    })
    const { result } = await run(slow, [reply(call('a', 'shell', { command: 'npm run build' })), reply(say('Done.'))], {
      dependencies: { limits: () => ofTurn({ seconds: 1 }) },
    })
    expect(result).toMatchObject({ status: 'done' })
    expect(result.durationMs).toBeLessThan(1000)
  })

  it('of seconds stops when the time was used up by work', async () => {
    const commands = { sleep: () => ({ output: '' }) }
    const world = createWorld({ commands })
    const wait = () => new Promise((resolve) => setTimeout(resolve, 60))
    const sleeps = ['a', 'b', 'c'].map((id) => reply(call(id, 'shell', { command: 'sleep' })))
    const { result } = await run(world, sleeps, {
      dependencies: { limits: () => ofTurn({ seconds: 0.05 }), synced: async () => void (await wait()) },
    })
    expect(result).toMatchObject({ status: 'failed', error: { code: 'time_limit' } })
  })

  it('of dollars is never met while the price is not known', async () => {
    const { result } = await runWith(ofTurn({ dollars: 1e-9 }), [look('a'), reply(say('Done.'))], {
      input: { price: null },
    })
    expect(result).toMatchObject({ status: 'done', cost: null })
  })

  it('of its thread counts what earlier turns used', async () => {
    const earlier = createMeter(started('first', [{ step: 1, tokens: 110 }]))
    const { result, requests } = await runWith(ofThread({ tokens: 300 }), [look('a'), look('b'), look('c')], {
      dependencies: { meterBefore: earlier },
    })
    expect(result.error).toMatchObject({ message: 'This conversation reached its limit of 300 tokens.' })
    expect(requests).toHaveLength(2)
  })
})

function started(turnId: string, steps: { step: number; tokens: number }[]): AgentEvent[] {
  const usage = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }
  return steps.flatMap(({ step, tokens }, index): AgentEvent[] => {
    const base = { turnId, seq: 2 * index + 1, at: 1000 * index }
    return [
      { ...base, type: 'step-start', step, items: 1, prefixItems: 0, bytes: 1 },
      {
        ...base,
        seq: base.seq + 1,
        type: 'step-end',
        step,
        usage: { ...usage, totalTokens: tokens },
        durationMs: 1,
        firstEventMs: 1,
      },
    ]
  })
}

function open(
  replies: readonly Reply[],
  settings: Partial<ThreadSettings>,
  events: readonly AgentEvent[] = [],
  mayBeSaved: (event: AgentEvent) => boolean = () => true,
) {
  const { model: callModel, requests } = scriptedModel(replies)
  const saved: AgentEvent[] = [...events]
  const models = [
    {
      id: 'test',
      label: 'Test',
      kind: 'upstream' as const,
      freeformTools: true,
      contextWindow: null,
      price,
      efforts: ['low', 'high'] as const,
      verbosities: ['low', 'medium', 'high'] as const,
    },
  ]
  const thread = createThread({
    id: 'thread',
    events,
    policy: 'auto',
    allowedRules: [],
    models,
    model: 'test',
    callModel,
    settings,
    async save(recorded) {
      if (!recorded.every(mayBeSaved)) throw new Error('The disk is full.')
      saved.push(...recorded)
    },
    world: createWorld({ files: { 'a.ts': 'a', 'b.ts': 'b', 'c.ts': 'c', 'd.ts': 'd' } }).dependencies,
  })
  return { thread, requests, saved }
}

describe('“Continue” after a limit', () => {
  it('raises it by as much again and goes on with the same turn, as if it had not stopped', async () => {
    const limits = ofTurn({ steps: 2 })
    const replies = [look('a'), look('b'), look('c'), look('d'), reply(say('Done.'))]
    const { thread, requests, saved } = open(replies, { limits })
    const first = await thread.send('Go')
    expect(first.error?.limit).toMatchObject({ allowed: 2, by: 2 })
    const second = await thread.resume()
    expect(second.error).toMatchObject({
      message: 'This turn reached its limit of 4 steps.',
      limit: { allowed: 4, by: 2 },
    })
    expect(await thread.resume()).toMatchObject({ status: 'done', message: 'Done.', steps: 5 })
    expect(ofType(saved, 'turn-start')).toHaveLength(1)
    expect(ofType(saved, 'limit-raised')).toMatchObject([
      { scope: 'turn', limit: 'steps', by: 2 },
      { scope: 'turn', limit: 'steps', by: 2 },
    ])
    expect(firstRewrite(requests, saved)).toBeNull()
    // The user said nothing more, so the model is told nothing more.
    expect(JSON.stringify(requests.at(-1)?.input)).not.toContain('Go on.')
    const view = saved.reduce(foldThread, emptyThread)
    expect(view.turns).toMatchObject([{ status: 'done', error: null, footer: { steps: 5 } }])
    expect(parseEvents(saved)).toEqual(saved)
  })

  it('of a conversation holds for its later turns too, and the limit of a turn for that turn alone', async () => {
    const thread = open([look('a'), reply(say('1')), reply(say('2')), look('b')], {
      limits: ofThread({ steps: 1 }),
    }).thread
    expect((await thread.send('One')).status).toBe('failed')
    expect((await thread.resume()).status).toBe('done')
    expect((await thread.send('Two')).error).toMatchObject({ code: 'step_limit' })

    const own = open([look('a'), reply(say('1')), look('b')], { limits: ofTurn({ steps: 1 }) }).thread
    await own.send('One')
    expect((await own.resume()).status).toBe('done')
    expect((await own.send('Two')).error).toMatchObject({ limit: { allowed: 1 } })
  })

  it('that cannot be stored says so, and can be tried again', async () => {
    let isFull = true
    const limits = ofTurn({ steps: 1 })
    const isRaise = ({ type }: AgentEvent) => type === 'limit-raised'
    const { thread } = open([look('a'), reply(say('Done.'))], { limits }, [], (event) => !isFull || !isRaise(event))
    await thread.send('Go')
    await expect(thread.resume()).rejects.toThrow('The disk is full.')
    expect(thread.state.getState()).toMatchObject({ running: false, turnId: null })
    isFull = false
    expect(await thread.resume()).toMatchObject({ status: 'done', message: 'Done.' })
  })

  it('that a reload cut is offered again', async () => {
    const limits = ofTurn({ steps: 1 })
    const before = open([look('a'), pieces(say('…'))], { limits })
    await before.thread.send('Go')
    void before.thread.resume()
    await expect.poll(() => ofType(before.saved, 'limit-raised').length).toBe(1)
    await expect.poll(() => before.requests.length).toBe(2)
    const after = open([reply(say('Done.'))], { limits }, parseEvents(before.saved))
    expect(after.thread.state.getState().interrupted).toBe(true)
    expect(await after.thread.resume()).toMatchObject({ status: 'done', steps: 2 })
    await before.thread.stop()
  })
})

describe('effort and verbosity', () => {
  it('go into the request where the model takes them, and change without touching the prefix', async () => {
    const { thread, requests, saved } = open([reply(say('1')), reply(say('2')), reply(say('3'))], { effort: 'high' })
    await thread.send('One')
    thread.state.setState({ effort: 'low', verbosity: 'high' })
    await thread.send('Two')
    // Not one that this model takes.
    thread.state.setState({ effort: 'xhigh', verbosity: undefined })
    await thread.send('Three')
    expect(requests.map(({ reasoning, text }) => [reasoning, text])).toEqual([
      [{ effort: 'high' }, undefined],
      [{ effort: 'low' }, { verbosity: 'high' }],
      [undefined, undefined],
    ])
    expect(firstRewrite(requests, saved)).toBeNull()
    expect(ofType(saved, 'turn-start')).toMatchObject([{ effort: 'high' }, { effort: 'low', verbosity: 'high' }, {}])
  })

  it('of a message that waits are those of the moment it was queued', async () => {
    const { thread, requests } = open([reply(say('1')), reply(say('2'))], { effort: 'high' })
    const first = thread.send('One')
    thread.enqueue('Two')
    thread.state.setState({ effort: 'low' })
    await first
    await expect.poll(() => requests.length).toBe(2)
    expect(requests[1]?.reasoning).toEqual({ effort: 'high' })
    // What was chosen since holds for what comes.
    expect(thread.state.getState().effort).toBe('low')
  })
})

describe('the cost of a turn', () => {
  it('is that of its responses, each with its own share from the cache', async () => {
    const { thread, saved } = open([look('a'), reply(say('Done.'))], {})
    const result = await thread.send('Go')
    expect(result.cost).toBeCloseTo(2 * stepCost, 12)
    const [turn] = saved.reduce(foldThread, emptyThread).turns
    expect(turn?.footer.uses.map(({ label, cost }) => [label, cost?.toFixed(9)])).toEqual([
      ['Step 1', stepCost.toFixed(9)],
      ['Step 2', stepCost.toFixed(9)],
    ])
    expect(turn?.footer.cost).toBeCloseTo(2 * stepCost, 12)
  })

  it('is not known once one of them has no price', () => {
    const events = started('t', [{ step: 1, tokens: 10 }])
    const start = {
      ...base,
      type: 'turn-start' as const,
      text: '',
      mode: 'edit' as const,
      model: 'm',
      policy: 'auto' as const,
    }
    const view = [{ ...start, promptPack: 'v1' }, ...events].reduce(foldThread, emptyThread)
    expect(view.turns[0]?.footer).toMatchObject({ cost: null, uses: [{ cost: null }] })
  })
})

const base = { turnId: 't', seq: 0, at: 0 }

it('reads limits from storage whole or not at all', () => {
  const own: Limits = { turn: { ...none, steps: 5 }, thread: none }
  expect(readLimits(JSON.parse(JSON.stringify(own)))).toEqual(own)
  for (const bad of [null, 3, {}, { turn: none }, ofTurn({ steps: -1 }), ofTurn({ steps: '5' as never })])
    expect(readLimits(bad)).toBe(defaultLimits)
})
