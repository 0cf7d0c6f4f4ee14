import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { foldHistory } from './history'
import { retryDelayMs } from './retry'
import { call, cut, patch, pieces, reply, say, think } from './testing/scripted'
import { createWorld, ofType, outputs, run } from './testing/world'

const files = { 'src/a.ts': 'export const a = 1\n' }
const edit = patch('c1', '*** Update File: src/a.ts', '-export const a = 1', '+export const a = 2')
const failure = { kind: 'retryable' as const, code: 'upstream_error', message: 'Bad gateway.' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  vi.setTimerTickMode('nextTimerAsync')
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a response that is cut', () => {
  it('after a whole call runs it once and sends call and output with the next try', async () => {
    const world = createWorld({ files })
    const applied: string[] = []
    world.workspace.subscribe((edit) => applied.push(edit.label))
    const { events, requests, result } = await run(world, [cut([say('I change it.'), edit]), reply(say('Done.'))])
    expect(result).toMatchObject({ status: 'done', message: 'Done.' })
    expect(applied).toHaveLength(1)
    expect(requests[1]?.input.slice(-3).map(({ type }) => type)).toEqual([
      'message',
      'custom_tool_call',
      'custom_tool_call_output',
    ])
    expect(ofType(events, 'text-end').map(({ text }) => text)).toEqual(['I change it.', 'Done.'])
  })

  it('in the middle of a call forgets that call and asks again', async () => {
    const world = createWorld({ files })
    const half = pieces(edit).filter((event) => event.type !== 'item-end')
    const { events, requests } = await run(world, [[...half, ...cut([])], reply(edit), reply(say('Done.'))])
    expect(requests[1]?.input).toEqual(requests[0]?.input)
    expect(ofType(events, 'tool-start')).toHaveLength(1)
    expect(world.workspace.files.get('src/a.ts')).toBe('export const a = 2\n')
  })

  it('after the whole answer is an answer', async () => {
    const { result, requests } = await run(createWorld(), [cut([say('All is well.')])])
    expect(result).toMatchObject({ status: 'done', message: 'All is well.' })
    expect(requests).toHaveLength(1)
  })

  it('within the answer is asked to go on from there', async () => {
    const half = { ...say('All is'), status: 'incomplete' as const }
    const { result, requests } = await run(createWorld(), [cut([half], { paid: true }), reply(say(' well.'))])
    expect(result).toMatchObject({ status: 'done', message: ' well.', usage: { totalTokens: 220 } })
    expect(requests[1]?.input.at(-1)).toEqual(half)
  })

  it('after mere commentary is asked for again', async () => {
    const commentary = { ...say('I look first.'), phase: 'commentary' }
    const { result, requests } = await run(createWorld(), [cut([commentary]), reply(say('Done.'))])
    expect(result.message).toBe('Done.')
    expect(requests).toHaveLength(2)
  })

  it('after reasoning alone sends no reasoning without what it led to', async () => {
    const { events, requests } = await run(createWorld(), [cut([think('Hm.')]), reply(think('Hm.'), say('Done.'))])
    expect(requests[1]?.input).toEqual(requests[0]?.input)
    expect(foldHistory(events).filter(({ type }) => type === 'reasoning')).toHaveLength(1)
  })

  it('waits as long as the server asks', async () => {
    const startedAt = Date.now()
    const { events } = await run(createWorld(), [
      cut([], { code: 'rate_limit_exceeded', message: 'Slow down.', delayMs: 7000 }),
      reply(say('Done.')),
    ])
    const [retry] = ofType(events, 'retry')
    expect(retry).toMatchObject({ attempt: 1, maxAttempts: 5, reason: 'Slow down.' })
    expect(retry?.delayMs).toBeGreaterThanOrEqual(7000)
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(retry?.delayMs ?? Number.POSITIVE_INFINITY)
  })

  it('is tried five times more, then the turn fails and says what to do', async () => {
    const { events, result, requests } = await run(
      createWorld(),
      Array.from({ length: 6 }, () => cut([], failure)),
    )
    expect(requests).toHaveLength(6)
    expect(ofType(events, 'retry').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5])
    expect(result).toMatchObject({ status: 'failed', error: { code: 'upstream_error', message: 'Bad gateway.' } })
    expect(result.error?.action).toContain('OPENAI_BASE_URL')
  })

  it('waits for the connection as long as it takes, and is not counted then', async () => {
    const offline = { kind: 'retryable', code: 'offline', message: 'No network.' } as const
    let waits = 0
    const untilOnline = () => (waits++ < 8 ? Promise.resolve() : null)
    const { events, result } = await run(
      createWorld(),
      [...Array.from({ length: 9 }, () => cut([], offline)), reply(say('Done.'))],
      { dependencies: { untilOnline } },
    )
    expect(result).toMatchObject({ status: 'done', steps: 1 })
    expect(ofType(events, 'notice')).toHaveLength(8)
    expect(ofType(events, 'retry').map(({ attempt }) => attempt)).toEqual([1])
  })

  it('counts tries from one again after a success, and as one step', async () => {
    const { events, result } = await run(createWorld(), [
      cut([], failure),
      reply(call('c1', 'search', { query: 'a' })),
      cut([], failure),
      reply(say('Done.')),
    ])
    expect(ofType(events, 'retry').map(({ attempt }) => attempt)).toEqual([1, 1])
    expect(result.steps).toBe(2)
  })

  it('for good ends the turn without running its calls', async () => {
    const world = createWorld({ files })
    const { events, result } = await run(world, [
      cut([edit], { kind: 'fatal', code: 'content_filter', message: 'Refused.' }),
    ])
    expect(result).toMatchObject({ status: 'failed', error: { code: 'content_filter' } })
    expect(outputs(events).c1).toBe('the turn ended early; it did not run')
    expect(world.workspace.files.get('src/a.ts')).toBe('export const a = 1\n')
  })

  it('without any word from the model counts as a cut', async () => {
    const silent = async function* () {}
    const { result } = await run(createWorld(), [], { dependencies: { model: silent } })
    expect(result).toMatchObject({ status: 'failed', error: { code: 'stream_cut' } })
  })
})

describe('the wait before a retry', () => {
  it('doubles from half a second, a little longer by chance', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => retryDelayMs(failure, attempt, 0))).toEqual([500, 1000, 2000, 4000, 8000])
    expect(retryDelayMs(failure, 1, 1)).toBe(600)
  })

  it('is never shorter than asked and never longer than a minute', () => {
    expect(retryDelayMs({ ...failure, delayMs: 3000 }, 1, 0)).toBe(3000)
    expect(retryDelayMs({ ...failure, delayMs: 3_600_000 }, 1, 1)).toBe(60_000)
  })
})
