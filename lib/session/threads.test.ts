import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '@/lib/agent'
import { parseCassette, replayCassette } from '@/lib/agent/cassette'
import { type Reply, reply, say, scriptedModel } from '@/lib/agent/testing/scripted'
import { createWorld } from '@/lib/agent/testing/world'
import { createAgentFacade, type OpenThread } from './agent-facade'
import { createDeviceModels } from './device-model'
import { createOwnKey } from './own-key'
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
    const json = JSON.parse(await (await threads.export('first', 'json')).text())
    expect(json).toEqual({ version: 1, title: 'One', events: stored.get('first') })
    const markdown = await (await threads.export('first', 'markdown')).text()
    expect(markdown).toContain('# One\n\n## You\n\n> One\n\n## test\n\nAnswer 1.\n\n*done · 1 step · 110 tokens*')
  })

  it('export as a cassette that plays as it was', async () => {
    const { agent, threads } = open(answers)
    await agent.send('One')
    await agent.send('Two')
    const cassette = parseCassette(JSON.parse(await (await threads.export('first', 'cassette')).text()))
    expect(cassette.turns.map(({ text }) => text)).toEqual(['One', 'Two'])
    expect((await replayCassette(cassette)).differences).toEqual([])
  })

  it('ignore a remembered list that is damaged', () => {
    expect(open([], [{ id: 1 }, null, 'x', { id: 'a', title: 'A', updatedAt: 1 }]).list()).toHaveLength(1)
  })
})

function texts(events: readonly AgentEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'turn-start' ? [event.text] : []))
}
