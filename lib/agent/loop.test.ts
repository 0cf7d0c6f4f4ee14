import { describe, expect, it } from 'vitest'
import { foldHistory } from './history'
import { call, patch, reply, say, think } from './testing/scripted'
import { createWorld, ofType, run } from './testing/world'

const files = { 'src/a.ts': 'export const a = 1\n', 'README.md': '# Demo\n' }

describe('a turn', () => {
  it('reads, patches and answers, and says so in events', async () => {
    const world = createWorld({ files })
    const { events, result } = await run(world, [
      reply(think('Let me look.'), say('I will look first.'), call('c1', 'read_file', { path: 'src/a.ts' })),
      reply(patch('c2', '*** Update File: src/a.ts', '-export const a = 1', '+export const a = 2')),
      reply(say('Done: a is 2.')),
    ])
    expect(world.workspace.files.get('src/a.ts')).toBe('export const a = 2\n')
    expect(result).toMatchObject({
      status: 'done',
      message: 'Done: a is 2.',
      steps: 3,
      usage: { inputTokens: 300, totalTokens: 330 },
    })
    expect(events.filter((event) => !event.type.endsWith('-delta')).map((event) => event.type)).toEqual([
      ...['turn-start', 'checkpoint', 'history'],
      ...['step-start', 'reasoning-end', 'text-start', 'history', 'text-end'],
      ...['tool-call-start', 'history', 'tool-call-ready', 'step-end', 'tool-start', 'tool-end', 'history'],
      'checkpoint',
      ...[
        'step-start',
        'tool-call-start',
        'history',
        'tool-call-ready',
        'step-end',
        'tool-start',
        'tool-end',
        'history',
        'checkpoint',
      ],
      ...['step-start', 'text-start', 'history', 'text-end', 'step-end', 'checkpoint', 'turn-end'],
    ])
  })

  it('numbers its events without gaps and ends with turn-end', async () => {
    const { events } = await run(createWorld(), [reply(say('Hello.'))])
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.at(-1)?.type).toBe('turn-end')
  })

  it('ends when the model has nothing to say', async () => {
    const { result } = await run(createWorld(), [reply()])
    expect(result).toMatchObject({ status: 'done', message: '', verified: null })
  })

  it('rebuilds the sent history from its events', async () => {
    const world = createWorld({ files })
    const { events, requests } = await run(world, [
      reply(call('c1', 'read_file', { path: 'README.md' })),
      reply(say('A demo.')),
    ])
    expect(foldHistory(events)).toEqual([...(requests[1]?.input ?? []), say('A demo.')])
    expect(foldHistory(world.journal)).toEqual(foldHistory(events))
  })

  it('hands on what the user says meanwhile, after the running calls', async () => {
    const world = createWorld({ files })
    const { events, requests } = await run(
      world,
      [reply(call('c1', 'read_file', { path: 'README.md' })), reply(say('First.')), reply(say('Second.'))],
      {
        onEvent(event) {
          if (event.type === 'tool-start') world.steering.push('Also the tests.')
          if (event.type === 'text-end' && event.text === 'First.') world.steering.push('One more thing.')
        },
      },
    )
    expect(ofType(events, 'steer').map(({ text }) => text)).toEqual(['Also the tests.', 'One more thing.'])
    expect(requests[1]?.input.slice(-2).map((item) => item.type)).toEqual(['function_call_output', 'message'])
    expect(events.at(-1)).toMatchObject({ result: { status: 'done', message: 'Second.', steps: 3 } })
  })

  it('stops after 60 steps', async () => {
    let count = 0
    const replies = Array.from({ length: 61 }, () => () => reply(call(`c${++count}`, 'search', { query: `q${count}` })))
    const { result } = await run(createWorld(), replies)
    expect(result).toMatchObject({ status: 'failed', steps: 60, error: { code: 'step_limit' } })
  })

  it('counts identical calls anew after any other call', async () => {
    const replies = Array.from({ length: 12 }, (_, index) =>
      reply(call(`c${index}`, 'search', { query: index % 3 === 2 ? `other ${index}` : 'a' })),
    )
    const { result } = await run(createWorld(), [...replies, reply(say('Done.'))])
    expect(result.status).toBe('done')
  })

  it('goes on without a checkpoint and says so', async () => {
    const checkpoint = () => Promise.reject(new Error('storage is full'))
    const { events, result } = await run(createWorld(), [reply(say('Hello.'))], { dependencies: { checkpoint } })
    expect(ofType(events, 'notice')).toMatchObject([
      { level: 'warning', message: 'No checkpoint was saved: storage is full' },
    ])
    expect(result.status).toBe('done')
  })

  it('saves a checkpoint after each step and says what it did', async () => {
    const { events } = await run(createWorld({ files }), [
      reply(patch('c1', '*** Update File: src/a.ts', '-export const a = 1', '+export const a = 2')),
      reply(call('c2', 'read_file', { path: 'src/a.ts' })),
      reply(say('Done.')),
    ])
    expect(ofType(events, 'checkpoint').map(({ label }) => label)).toEqual([
      ...['Before this turn', 'Changed src/a.ts', 'Read src/a.ts', 'Answered'],
    ])
  })
})
