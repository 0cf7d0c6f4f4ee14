import { describe, expect, it } from 'vitest'
import { type AgentEvent, parseEvents } from '@/lib/agent'
import { parseCassette, replayCassette } from '@/lib/agent/cassette'
import { openCalls } from '@/lib/agent/history'
import { call, type Reply, reply, say, scriptedModel } from '@/lib/agent/testing/scripted'
import { createWorld } from '@/lib/agent/testing/world'
import { createAgentFacade, type OpenThread } from '../agent-facade'
import { createDeviceModels } from '../models/device-model'
import { createOwnKey } from '../models/own-key'
import { createThreads, type ThreadInfo } from './threads'

/** A project's conversations over a store in memory. */
function open(replies: readonly Reply[], remembered: unknown = []) {
  const { model: callModel } = scriptedModel(replies)
  const stored = new Map<string, AgentEvent[]>()
  const append = async (id: string, events: readonly AgentEvent[]) => {
    stored.set(id, [...(stored.get(id) ?? []), ...events])
  }
  let count = 0
  let kept: readonly ThreadInfo[] = []
  const optionsFor = (id: string, events: readonly AgentEvent[]): OpenThread => ({
    id,
    events,
    policy: 'auto',
    allowedRules: [],
    model: 'test',
    callModel,
    save: async (recorded) => {
      keeping.note(id, recorded)
      await append(id, recorded)
    },
    world: createWorld().dependencies,
  })
  const agent = createAgentFacade(optionsFor('first', []), {
    assertMayRun() {},
    models: Promise.resolve({ models: [], filters: 'basic', ownKeys: 'openai', notice: null }),
    ownKey: createOwnKey(() => ({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined })),
    device: createDeviceModels({}),
    askForModels: () => Promise.reject(new Error('No server.')),
    newThreadOptions: () => optionsFor(`new-${++count}`, []),
  })
  const keeping = createThreads({
    agent,
    assertMayChange() {},
    optionsFor,
    store: {
      read: async (id) => stored.get(id) ?? [],
      append,
      remove: async (id) => void stored.delete(id),
    },
    filesAt: async () => new Map([['src/a.ts', 'export const a = 1\n']]),
    links: () => new Map(),
    remembered,
    remember: (list) => {
      kept = list
    },
  })
  return { agent, threads: keeping.api, stored, list: () => keeping.api.state.getState().list, kept: () => kept }
}

const answers = Array.from({ length: 4 }, (_, index) => reply(say(`Answer ${index + 1}.`)))

describe('conversations', () => {
  it('are listed from their first message on, by its first line, last used first', async () => {
    const { agent, list, kept } = open(answers)
    expect(list()).toEqual([])
    await agent.send('Fix the cart\nplease')
    await agent.newThread()
    expect(list()).toHaveLength(1)
    await agent.send('Now the menu')
    expect(list().map(({ title }) => title)).toEqual(['Now the menu', 'Fix the cart'])
    expect(kept()).toEqual(list())
  })

  it('open again with everything that was said', async () => {
    const { agent, threads } = open(answers)
    await agent.send('One')
    const said = agent.history()
    await agent.newThread()
    expect(agent.history()).toEqual([])
    await threads.open('first')
    expect(agent.history()).toEqual(said)
    await expect(threads.open('nowhere')).rejects.toThrow('no longer stored')
  })

  it('fork before and after a turn, and leave the old one as it was', async () => {
    const { agent, threads, stored, list } = open(answers)
    await agent.send('One')
    await agent.send('Two')
    const before = stored.get('first')
    const second = before?.findLast((event) => event.type === 'turn-start')?.turnId
    await threads.fork(second)
    expect(texts(agent.state.getState().events)).toEqual(['One'])
    await agent.send('Three')
    expect(texts(agent.state.getState().events)).toEqual(['One', 'Three'])
    await threads.open('first')
    expect(stored.get('first')).toEqual(before)
    await threads.fork(second, 'after')
    expect(texts(agent.state.getState().events)).toEqual(['One', 'Two'])
    expect(list().filter(({ forkedFrom }) => forkedFrom === 'first')).toHaveLength(2)
  })

  it('fork after a turn without what came later, also where its compaction was undone later', async () => {
    const { agent, threads, stored } = open(answers, [{ id: 'old', title: 'Old', updatedAt: 1 }])
    for (const text of ['One', 'Two', 'Three']) await agent.send(text)
    const events = stored.get('first') ?? []
    const second = events.filter(({ type }) => type === 'turn-start')[1]?.turnId ?? ''
    const undone: AgentEvent = { type: 'compaction-undone', compactionSeq: 9, turnId: second, seq: 1000, at: 1 }
    stored.set('old', [...events, undone])
    await threads.open('old')
    await threads.fork(second, 'after')
    expect(texts(agent.state.getState().events)).toEqual(['One', 'Two'])
    expect(agent.state.getState().interrupted).toBe(false)
  })

  it('fork after any step, with all that was called in it', async () => {
    const look = (...ids: string[]) => reply(...ids.map((id) => call(id, 'read_file', { path: 'src/a.ts' })))
    const { agent, threads } = open([look('a', 'b'), look('c'), ...answers])
    await agent.send('One')
    await threads.forkAfterCall('a')
    const outputs = agent.history().flatMap((item) => (item.type === 'function_call_output' ? [item.call_id] : []))
    expect(outputs).toEqual(['a', 'b'])
    expect(openCalls(agent.history())).toEqual([])
    expect(agent.state.getState().interrupted).toBe(true)
    expect(await agent.send('Two')).toMatchObject({ status: 'done', message: 'Answer 2.' })
    await expect(threads.forkAfterCall('c')).rejects.toThrow('not part of the conversation')
  })

  it('fork to an empty one before the first turn', async () => {
    const { agent, threads, list } = open(answers)
    await agent.send('One')
    await threads.fork(agent.state.getState().events[0]?.turnId)
    expect(agent.state.getState().events).toEqual([])
    expect(list()).toHaveLength(1)
  })

  it('are found by title, by message and by answer', async () => {
    const { agent, threads } = open(answers)
    await agent.send('Fix the cart')
    await agent.send('and the Basket')
    expect((await threads.search('CART')).map(({ excerpt }) => excerpt)).toEqual([''])
    expect((await threads.search('basket')).map(({ excerpt }) => excerpt)).toEqual(['and the Basket'])
    expect((await threads.search('answer 2')).map(({ excerpt }) => excerpt)).toEqual(['Answer 2.'])
    expect(await threads.search('menu')).toEqual([])
  })

  it('are found by the answer of an attempt, and tell of attempts and attachments in Markdown', async () => {
    const { threads, stored } = open([], [{ id: 'old', title: 'Old', updatedAt: 1 }])
    stored.set('old', parseEvents(raced()))
    expect(await threads.search('mended')).toMatchObject([{ excerpt: 'Mended by two.' }])
    const markdown = await (await threads.export('old', 'markdown')).blob.text()
    expect(markdown).toContain(
      '> Mend it\n>\n> With: a.ts:1\n\n## demo\n\n- Attempt 1: failed, No.\n- Attempt 2: taken, verified\n\nMended by two.',
    )
  })

  it('go for good when deleted; the open one gives way to a new one', async () => {
    const { agent, threads, stored, list } = open(answers)
    await agent.send('One')
    await threads.remove('first')
    expect(list()).toEqual([])
    expect(stored.has('first')).toBe(false)
    expect(agent.state.getState()).toMatchObject({ events: [] })
    expect(agent.state.getState().id).not.toBe('first')
  })

  it('are renamed, but never to nothing', async () => {
    const { agent, threads, list } = open(answers)
    await agent.send('One')
    threads.rename('first', '  Shopping  ')
    expect(list()[0]?.title).toBe('Shopping')
    expect(() => threads.rename('first', ' ')).toThrow('needs a title')
  })

  it('export as JSON that holds every recorded event, and as Markdown that people read', async () => {
    const { agent, threads, stored } = open(answers)
    await agent.send('One')
    const json = JSON.parse(await (await threads.export('first', 'json')).blob.text())
    expect(json).toEqual({ version: 1, title: 'One', events: stored.get('first') })
    const markdown = await (await threads.export('first', 'markdown')).blob.text()
    expect(markdown).toContain('# One\n\n## You\n\n> One\n\n## test\n\nAnswer 1.\n\n*done · 1 step · 110 tokens*')
  })

  it('export as a cassette that plays as it was', async () => {
    const { agent, threads } = open(answers)
    await agent.send('One')
    await agent.send('Two')
    const cassette = parseCassette(JSON.parse(await (await threads.export('first', 'cassette')).blob.text()))
    expect(cassette.turns.map(({ text }) => text)).toEqual(['One', 'Two'])
    expect((await replayCassette(cassette)).differences).toEqual([])
  })

  it('ignore a remembered list that is damaged', () => {
    expect(open([], [{ id: 1 }, null, 'x', { id: 'a', title: 'A', updatedAt: 1 }]).list()).toHaveLength(1)
  })
})

/** One turn whose second attempt was taken. */
function raced(): object[] {
  const usage = { inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 }
  const result = { message: '', verification: null, changes: [], usage: { ...usage, totalTokens: 2 }, durationMs: 1 }
  const checks = { verified: true, tests: null, affected: null, types: null, findings: null, notChecked: [] }
  const start = { type: 'turn-start', text: 'Mend it', mode: 'edit', model: 'demo', policy: 'auto', promptPack: 'v1' }
  const text = { type: 'text-end', itemKey: 'a', text: 'Mended by two.' }
  const own = { seq: 1, at: 1, turnId: 't.2' }
  const attachments = [{ kind: 'file', path: 'a.ts', startLine: 1, endLine: 1 }]
  const bodies = [
    { ...start, attachments },
    { type: 'candidates-start', total: 2, indexes: [0, 1], hasTests: true },
    { type: 'candidate-event', index: 1, event: { ...start, ...own } },
    { type: 'candidate-event', index: 1, event: { ...text, ...own } },
    { type: 'candidate-end', index: 0, status: 'failed', reason: 'No.', steps: 1, ...result },
    {
      ...{ type: 'candidate-end', index: 1, status: 'done', steps: 1, ...result, message: text.text },
      verification: { ...checks, durationMs: 1 },
    },
    { type: 'candidates-picked', by: 'rank', index: 1, files: [] },
    { type: 'turn-end', result: { ...result, status: 'done', verified: true, steps: 2, message: text.text } },
  ]
  return bodies.map((body, index) => ({ seq: index + 1, at: index, turnId: 't', ...body }))
}

function texts(events: readonly AgentEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'turn-start' ? [event.text] : []))
}
