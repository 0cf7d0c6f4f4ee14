import { describe, expect, it } from 'vitest'
import type { TestReport } from '@/lib/sandbox'
import { call, patch, type Reply, reply, say } from '../testing/scripted'
import { createWorld, ofType, outputs, run } from '../testing/world'

const files = { 'src/a.ts': 'export const a = 0\n', 'src/a.test.ts': "import './a'\n" }
const read = (id: string, path: string) => reply(call(id, 'read_file', { path }))

function failing(...names: string[]): TestReport {
  const tests = names.map((name) => ({ name, status: 'failed' as const, durationMs: Math.random(), error: 'no' }))
  return { passed: 0, failed: names.length, skipped: 0, durationMs: 1, suites: [{ file: 'src/a.test.ts', tests }] }
}

/** Each patch counts one up. */
const counting = (count: number): Reply[] =>
  Array.from({ length: count }, (_, index) =>
    reply(
      patch(`p${index}`, '*** Update File: src/a.ts', `-export const a = ${index}`, `+export const a = ${index + 1}`),
    ),
  )

describe('a turn that goes round in circles', () => {
  it('ends after the same call gave the same answer three times, and was warned before', async () => {
    const { events, result } = await run(createWorld({ files }), [
      read('c1', 'src/a.ts'),
      read('c2', 'src/a.ts'),
      read('c3', 'src/a.ts'),
    ])
    expect(result).toMatchObject({ status: 'failed', error: { code: 'repeated_calls' } })
    expect(outputs(events).c1).not.toContain('note:')
    expect(outputs(events).c2).toContain('note: this call was made twice in a row with the same result')
    expect(ofType(events, 'tool-end')).toHaveLength(3)
  })

  it('ends when two steps take turns', async () => {
    const replies = Array.from({ length: 6 }, (_, index) =>
      read(`c${index}`, index % 2 === 0 ? 'src/a.ts' : 'src/a.test.ts'),
    )
    const { result } = await run(createWorld({ files }), replies)
    expect(result.error).toMatchObject({ code: 'repeated_calls', message: expect.stringContaining('to and fro') })
  })

  it('ends when the same checks fail after four changes', async () => {
    const { result } = await run(createWorld({ files, test: () => failing('one', 'two') }), counting(4))
    expect(result.error).toMatchObject({ code: 'no_progress' })
  })

  it('goes on while the failures change, and while the answers do', async () => {
    let left = 5
    const test = () => failing(...Array.from({ length: left-- }, (_, index) => `test ${index}`))
    const { result } = await run(createWorld({ files, test }), [...counting(5), reply(say('Better.'))])
    expect(result.status).toBe('done')
    let count = 0
    const commands = { 'node tick.js': () => ({ output: `tick ${++count}\n` }) }
    const ticks = Array.from({ length: 5 }, (_, index) =>
      reply(call(`t${index}`, 'shell', { command: 'node tick.js' })),
    )
    const ticking = await run(createWorld({ files, commands }), [...ticks, reply(say('Five ticks.'))])
    expect(ticking.result.status).toBe('done')
  })

  it('goes on when the user says something meanwhile', async () => {
    const world = createWorld({ files })
    const { result } = await run(
      world,
      [read('c1', 'src/a.ts'), read('c2', 'src/a.ts'), read('c3', 'src/a.ts'), reply(say('Seen.'))],
      { onEvent: (event) => event.type === 'tool-end' && event.callId === 'c2' && world.steering.push('Look again') },
    )
    expect(result.status).toBe('done')
  })
})
