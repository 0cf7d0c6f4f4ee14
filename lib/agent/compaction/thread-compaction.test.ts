import { describe, expect, it } from 'vitest'
import type { ModelEvent } from '@/lib/models'
import type { AgentEvent } from '../events'
import { foldHistory } from '../history'
import { parseEvents } from '../stored/parse-events'
import { firstRewrite } from '../testing/append-only'
import { call, cut, pieces, type Reply, reply, say, scriptedModel } from '../testing/scripted'
import { createWorld } from '../testing/world'
import { createThread } from '../thread/thread'

const text = `${'y'.repeat(99)}\n`.repeat(60)
let lines = 0
const look = () =>
  reply(call(`c${++lines}`, 'read_file', { path: 'big.txt', start_line: 1, end_line: 40 + (lines % 9) }))
const looks = (count: number): ModelEvent[][] => Array.from({ length: count }, look)
const note = reply(say('## Task\nRead the file.'))

function open(replies: readonly Reply[], events: readonly AgentEvent[] = []) {
  const { model: callModel, requests } = scriptedModel(replies)
  const saved: AgentEvent[] = [...events]
  const thread = createThread({
    id: 'thread',
    events,
    policy: 'auto',
    allowedRules: [],
    models: [{ id: 'test', label: '', kind: 'upstream', freeformTools: true, contextWindow: 20_000, price: null }],
    model: 'test',
    callModel,
    save: async (recorded) => void saved.push(...recorded),
    world: createWorld({ files: { 'big.txt': text } }).dependencies,
  })
  const shown = (type: AgentEvent['type']) => thread.state.getState().events.filter((event) => event.type === type)
  return { thread, requests, saved, shown }
}

describe('a thread at rest', () => {
  it('is compacted at the user’s wish, and goes on from there', async () => {
    const { thread, requests, saved } = open([...looks(6), reply(say('Read.')), note, reply(say('Hi.'))])
    await thread.send('Read it')
    await thread.compact()
    const compacted = thread.history()
    expect(saved.at(-1)).toMatchObject({ type: 'compaction', reason: 'user', turnId: saved[0]?.turnId })
    await thread.send('Hello')
    expect(requests.at(-1)?.input.slice(0, -1)).toEqual(compacted)
    expect(firstRewrite(requests, saved)).toBeNull()
  })

  it('has everything back when it is undone, and what was said since', async () => {
    const { thread, requests, saved } = open([
      ...[...looks(6), reply(say('Read.'))],
      ...[note, reply(say('Hi.')), reply(say('Bye.'))],
    ])
    await thread.send('Read it')
    const before = [...thread.history()]
    await thread.compact()
    await thread.send('Hello')
    const since = thread.history().slice(-2)
    await thread.undoCompaction()
    expect(thread.history()).toEqual([...before, ...since])
    await thread.send('Go on')
    expect(requests.at(-1)?.input.slice(0, -1)).toEqual([...before, ...since])
    expect(firstRewrite(requests, saved)).toBeNull()
    // The journal tells the same to a later visit.
    expect(foldHistory(parseEvents(JSON.parse(JSON.stringify(saved))))).toEqual(thread.history())
  })

  it('undoes one compaction after the other, newest first', async () => {
    const { thread } = open([...[...looks(6), reply(say('1')), note], ...[...looks(6), reply(say('2')), note]])
    await thread.send('One')
    const first = [...thread.history()]
    await thread.compact()
    const compacted = thread.history().length
    await thread.send('Two')
    const second = [...thread.history()]
    await thread.compact()
    await thread.undoCompaction()
    expect(thread.history()).toEqual(second)
    await thread.undoCompaction()
    expect(thread.history()).toEqual([...first, ...second.slice(compacted)])
    await expect(thread.undoCompaction()).rejects.toThrow('There is no compaction to undo.')
  })

  it('stays as it is when it is short', async () => {
    const { thread, shown } = open([reply(say('Hi.'))])
    await thread.send('Hi')
    const before = thread.history()
    await thread.compact()
    expect(thread.history()).toEqual(before)
    expect(shown('compaction-failed')).toMatchObject([{ message: expect.stringContaining('nothing to leave out') }])
  })

  it('stays as it is when the model fails or the user stops it', async () => {
    const { thread, shown } = open([
      ...looks(6),
      reply(say('Read.')),
      cut([], { kind: 'fatal', message: 'Gone.' }),
      pieces(),
    ])
    await thread.send('Read it')
    const before = thread.history()
    await thread.compact()
    const compacting = thread.compact()
    await expect.poll(() => shown('compaction-start')).toHaveLength(2)
    await thread.stop()
    await compacting
    expect(thread.history()).toEqual(before)
    expect(shown('compaction-failed')).toMatchObject([{ message: 'Gone.' }, { message: 'You stopped it.' }])
  })

  it('lets a message that is sent meanwhile wait', async () => {
    const { thread, requests } = open([...looks(6), reply(say('Read.')), note, reply(say('Hi.'))])
    await thread.send('Read it')
    const compacting = thread.compact()
    await Promise.all([compacting, thread.send('Hello')])
    expect(requests.at(-1)?.input.length).toBeLessThan(requests.at(-2)?.input.length ?? 0)
  })

  it('stays as it is when its last turn was cut within a step', async () => {
    const first = open([...looks(6), reply(say('Read.'))])
    await first.thread.send('Read it')
    const cutAt = first.saved.findLastIndex(({ type }) => type === 'tool-start')
    const { thread, shown, requests } = open([], first.saved.slice(0, cutAt + 1))
    await thread.compact()
    expect(requests).toEqual([])
    expect(shown('compaction-failed')).toMatchObject([{ message: expect.stringContaining('continue it first') }])
  })

  it('says that there is nothing to compact before the first message', async () => {
    await expect(open([]).thread.compact()).rejects.toThrow('Nothing has been said yet')
  })
})

describe('a running turn', () => {
  it('is compacted before its next step', async () => {
    const { thread, requests } = open([
      ...looks(6),
      () => {
        void thread.compact()
        return look()
      },
      note,
      reply(say('Done.')),
    ])
    await thread.send('Read it')
    expect(requests.map(({ tool_choice }) => tool_choice).slice(-3)).toEqual(['auto', 'none', 'auto'])
    expect(requests.at(-1)?.input.length).toBeLessThan(requests[6]?.input.length ?? 0)
  })

  it('has to rest before a compaction is undone', async () => {
    const { thread } = open([...looks(6), reply(say('1')), note, pieces()])
    await thread.send('One')
    await thread.compact()
    const turn = thread.send('Two')
    await expect(thread.undoCompaction()).rejects.toThrow('Stop the turn first')
    await thread.stop()
    await turn
  })
})
