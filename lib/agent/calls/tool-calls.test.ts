import { describe, expect, it } from 'vitest'
import { foldHistory } from '../history'
import { call, patch, reply, say } from '../testing/scripted'
import { createWorld, ofType, outputs, run } from '../testing/world'

const files = { 'src/a.ts': 'export const a = 1\n', 'b.md': 'b\n' }
const edit = (id: string, from: number, to: number) =>
  patch(id, '*** Update File: src/a.ts', `-export const a = ${from}`, `+export const a = ${to}`)

describe('the calls of one response', () => {
  it('run side by side, with a patch as a barrier, and answer in call order', async () => {
    const { events } = await run(createWorld({ files }), [
      reply(
        call('read-1', 'read_file', { path: 'src/a.ts' }),
        call('read-2', 'read_file', { path: 'b.md' }),
        edit('patch-1', 1, 2),
        call('read-3', 'read_file', { path: 'src/a.ts' }),
      ),
      reply(say('Done.')),
    ])
    const order = events.flatMap((event) =>
      event.type === 'tool-start' || event.type === 'tool-end' ? [`${event.type.slice(5)} ${event.callId}`] : [],
    )
    expect(order.slice(0, 2)).toEqual(['start read-1', 'start read-2'])
    expect(order.slice(2, 4).toSorted()).toEqual(['end read-1', 'end read-2'])
    expect(order.slice(4)).toEqual(['start patch-1', 'end patch-1', 'start read-3', 'end read-3'])
    expect(Object.keys(outputs(events))).toEqual(['read-1', 'read-2', 'patch-1', 'read-3'])
    expect(outputs(events)['read-3']).toContain('export const a = 2')
  })

  it('answer in call order when a later one ends first', async () => {
    let finishFirst = () => {}
    const slow = new Promise<void>((resolve) => {
      finishFirst = resolve
    })
    const world = createWorld({
      files,
      async test() {
        await slow
        return { passed: 1, failed: 0, skipped: 0, durationMs: 1, suites: [{ file: 'a.test.ts', tests: [] }] }
      },
    })
    const { events } = await run(
      world,
      [reply(call('slow', 'run_tests', {}), call('quick', 'read_file', { path: 'b.md' })), reply(say('Done.'))],
      { onEvent: (event) => event.type === 'tool-end' && event.callId === 'quick' && finishFirst() },
    )
    expect(ofType(events, 'tool-end').map(({ callId }) => callId)).toEqual(['quick', 'slow'])
    expect(Object.keys(outputs(events))).toEqual(['slow', 'quick'])
  })

  it('get an id of their own when the model gives none or one twice', async () => {
    const { events, result } = await run(createWorld({ files }), [
      reply(call('', 'read_file', { path: 'b.md' }), call('same', 'read_file', { path: 'b.md' })),
      reply(call('same', 'search', { query: 'b' })),
      reply(say('Done.')),
    ])
    expect(result.status).toBe('done')
    const ids = foldHistory(events).flatMap((item) => (item.type === 'function_call' ? [item.call_id] : []))
    expect(new Set(ids).size).toBe(3)
    expect(Object.keys(outputs(events))).toEqual(ids)
  })

  it('stream what a program prints while it runs', async () => {
    const world = createWorld({ files, commands: { 'node hello.js': () => ({ output: 'hello\n' }) } })
    const { events } = await run(world, [reply(call('c1', 'shell', { command: 'node hello.js' })), reply(say('Done.'))])
    expect(ofType(events, 'tool-output')).toMatchObject([{ callId: 'c1', delta: 'hello\n' }])
    expect(outputs(events).c1).toMatch(/^exit code 0, \d+\.\d\d s\nhello$/)
  })
})

describe('a call that cannot run', () => {
  const outputFor = async (item: ReturnType<typeof call>, freeformTools = true) => {
    const { events, result } = await run(createWorld({ files }), [reply(item), reply(say('I see.'))], {
      input: { freeformTools },
    })
    expect(result.status).toBe('done')
    expect(ofType(events, 'tool-start')).toEqual([])
    return Object.values(outputs(events))[0]
  }

  it('names the tools there are when it names none of them', async () => {
    expect(await outputFor(call('c1', 'exec', {}))).toBe(
      'there is no tool “exec”. Available: shell, write_stdin, apply_patch, read_file, search, run_tests, diagnostics, preview, update_plan, ask_user, fetch_docs, use_server_tool.',
    )
  })

  it('shows the expected arguments when its JSON is broken', async () => {
    const output = await outputFor(call('c1', 'read_file', '{"path": "src/a.ts"'))
    expect(output).toContain('read_file was not run: the arguments are not valid JSON')
    expect(output).toContain('Expected {"path": string, "start_line"?: number, "end_line"?: number}.')
  })

  it('names the argument that is missing or of the wrong type', async () => {
    expect(await outputFor(call('c1', 'shell', { cmd: 'ls' }))).toContain('command: ')
    expect(await outputFor(call('c1', 'update_plan', { plan: [{ step: 'x', status: 'maybe' }] }))).toContain(
      'plan.0.status: ',
    )
  })

  it('says which kind of call its tool takes', async () => {
    expect(await outputFor(call('c1', 'apply_patch', { patch: '' }))).toContain('takes freeform text')
    expect(await outputFor(patch('c1', '*** Delete File: b.md'), false)).toContain('takes JSON arguments')
  })

  it('passes on why the sandbox is not there', async () => {
    const sandbox = () => Promise.reject(new Error('The sandbox did not start.'))
    const { events } = await run(createWorld({ files }), [reply(call('c1', 'run_tests', {})), reply(say('I see.'))], {
      dependencies: { sandbox },
    })
    expect(outputs(events).c1).toBe('the tool failed: The sandbox did not start.')
  })

  it('takes null for an argument that was left out', async () => {
    const { events } = await run(createWorld({ files }), [
      reply(call('c1', 'read_file', { path: 'b.md', start_line: null })),
      reply(say('Done.')),
    ])
    expect(outputs(events).c1).toBe('b.md, lines 1–1 of 1\n1\tb')
  })
})
