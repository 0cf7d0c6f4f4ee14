import { describe, expect, it, vi } from 'vitest'
import type { ReviewOutcome } from '@/lib/workspace'
import type { AgentEvent } from '../events'
import { foldHistory, openCalls, textOf } from '../history'
import { createMeter } from '../limits/meter'
import { call, pieces, type Reply, reply, say, scriptedModel } from '../testing/scripted'
import { createWorld } from '../testing/world'
import { createThread } from './thread'

function open(replies: readonly Reply[], review?: () => readonly ReviewOutcome[], earlier: readonly AgentEvent[] = []) {
  const { model: callModel, requests } = scriptedModel(replies)
  const saved: AgentEvent[] = [...earlier]
  const thread = createThread({
    id: 'thread',
    events: earlier,
    policy: 'auto',
    allowedRules: [],
    models: [],
    model: 'test',
    callModel,
    ...(review && { review }),
    save: async (events) => void saved.push(...events),
    world: createWorld({ files: { 'a.ts': '' } }).dependencies,
  })
  const sent = () => saved.flatMap((event) => (event.type === 'turn-start' ? [`${event.mode}: ${event.text}`] : []))
  const state = () => thread.state.getState()
  return { thread, requests, saved, sent, state }
}

describe('a message that waits', () => {
  it('is sent with its own mode when the turn is done, in order', async () => {
    const { thread, sent, state } = open([reply(say('1')), reply(say('2')), reply(say('3'))])
    const first = thread.send('One')
    thread.enqueue('Two', { mode: 'plan' })
    thread.enqueue('Three')
    expect(state().queue.map(({ text }) => text)).toEqual(['Two', 'Three'])
    await first
    await expect.poll(sent).toEqual(['edit: One', 'plan: Two', 'edit: Three'])
    await expect.poll(() => state().running).toBe(false)
    expect(state().queue).toEqual([])
  })

  it('goes on waiting when the turn was stopped, until it is sent by hand or taken back', async () => {
    const { thread, sent, state } = open([pieces(say('…')), reply(say('2'))])
    void thread.send('One')
    thread.enqueue('Two')
    thread.enqueue('Never')
    await expect.poll(sent).toHaveLength(1)
    await thread.stop()
    expect(state().queue.map(({ text }) => text)).toEqual(['Two', 'Never'])
    thread.unqueue(state().queue[1]?.id ?? '')
    await thread.sendQueued()
    expect(sent()).toEqual(['edit: One', 'edit: Two'])
  })

  it('keeps how many attempts it is worth', async () => {
    const { thread, saved, state } = open([pieces(say('…'))])
    void thread.send('One')
    thread.enqueue('Two', { candidates: 4 })
    expect(() => thread.enqueue('Three', { candidates: 9 })).toThrow('1 to 8 attempts, not 9')
    expect(state().queue).toMatchObject([{ candidates: 4 }])
    await thread.stop()
    void thread.sendQueued()
    const starts = () => saved.flatMap((event) => (event.type === 'turn-start' ? [event.candidates ?? 1] : []))
    await expect.poll(starts).toEqual([1, 4])
    await thread.stop()
  })

  it('waits on when no turn came of it', async () => {
    const { thread, state } = open([pieces(say('…'))])
    void thread.send('One')
    thread.enqueue('Two', { mode: 'plan' })
    await expect.poll(() => state().events.length).toBeGreaterThan(0)
    await thread.stop()
    vi.doMock('../loop', () => {
      throw new Error('offline')
    })
    await expect(thread.sendQueued()).rejects.toThrow()
    vi.doUnmock('../loop')
    expect(state()).toMatchObject({ running: false, queue: [{ text: 'Two', mode: 'plan' }] })
  })

  it('is sent at once when no turn runs', async () => {
    const { thread, sent } = open([reply(say('1'))])
    thread.enqueue('One')
    await expect.poll(sent).toEqual(['edit: One'])
  })
})

describe('a new message after a reload that cut a turn', () => {
  const script = [
    reply(call('c1', 'read_file', { path: 'a.ts' }), call('c2', 'shell', { command: 'ls' })),
    reply(say('1')),
  ]

  it('finds every call answered and the turn ended, wherever it was cut', async () => {
    const whole = open(script)
    await whole.thread.send('One')
    const ends = whole.saved.findIndex(({ type }) => type === 'turn-end')
    for (let count = 1; count <= ends; count++) {
      const days = whole.saved.slice(0, count).map((event) => ({ ...event, at: event.at - 86_400_000 }))
      const { thread, requests, saved, state } = open([reply(say('2'))], undefined, days)
      expect(state().interrupted).toBe(true)
      expect(await thread.send('Two'), `cut after ${count} events`).toMatchObject({ status: 'done', message: '2' })
      const input = requests[0]?.input ?? []
      expect(openCalls(input), `cut after ${count} events`).toEqual([])
      expect(JSON.stringify(input)).toContain('The turn did not come to its end here')
      expect(JSON.stringify(input)).not.toContain('stopped by the user')
      expect(input.map(textOf).filter((text) => text === 'One' || text === 'Two')).toEqual(['One', 'Two'])
      expect(foldHistory(saved).slice(0, input.length)).toEqual(input)
      expect(saved.filter(({ type }) => type === 'turn-end')).toHaveLength(2)
      // The day in between is nobody's work.
      expect(createMeter(saved).spent.seconds).toBeLessThan(60)
    }
  })
})

describe('steering', () => {
  it('joins the running turn between two steps', async () => {
    const { thread, requests } = open([reply(call('c1', 'read_file', { path: 'a.ts' })), reply(say('Done.'))])
    const turn = thread.send('One')
    thread.steer('but shorter')
    await turn
    expect(JSON.stringify(requests[1]?.input.at(-1))).toContain('but shorter')
  })

  it('that came too late to be delivered waits instead of being lost', async () => {
    const { thread, sent, state } = open([pieces(say('…'))])
    void thread.send('One', { mode: 'ask' })
    await expect.poll(sent).toHaveLength(1)
    thread.steer('but shorter')
    // For who stores it, should the page go now.
    expect(state()).toMatchObject({ steering: [{ text: 'but shorter', mode: 'ask' }], queue: [] })
    await thread.stop()
    expect(state()).toMatchObject({ steering: [], queue: [{ text: 'but shorter', mode: 'ask', model: 'test' }] })
  })
})

describe('what the user did with the changes', () => {
  it('goes with the next message, and is whatever it is when that is sent', async () => {
    let waiting: ReviewOutcome[] = []
    const { thread, requests, saved } = open([reply(say('1')), reply(say('2'))], () => waiting)
    await thread.send('One')
    waiting = [{ id: 'a.ts', path: 'a.ts', outcome: 'undone', lines: null }]
    await thread.send('Two')
    expect(JSON.stringify(requests[0]?.input)).not.toContain('<review-outcomes>')
    expect(JSON.stringify(requests[1]?.input)).toContain('<review-outcomes>')
    const starts = saved.flatMap((event) => (event.type === 'turn-start' ? [event.review] : []))
    expect(starts).toEqual([undefined, waiting])
  })
})
