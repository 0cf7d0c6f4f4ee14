import { describe, expect, it } from 'vitest'
import { call, patch, reply, say } from '../testing/scripted'
import { createWorld, ofType, outputs, run, type WorldOptions } from '../testing/world'
import { createCommandSessions } from './command-session'

const files = { 'src/a.ts': 'export const a = 1\n' }

async function ask(calls: ReturnType<typeof call>[], options: WorldOptions = {}) {
  const world = createWorld({ files, ...options })
  const { events } = await run(world, [...calls.map((item) => reply(item)), reply(say('Done.'))])
  return { world, outputs: outputs(events), events }
}

describe('shell', () => {
  it('puts exit code and time first, then the output', async () => {
    const commands = { 'npm test': () => ({ output: '1 failing\n', exitCode: 1 }) }
    const { outputs: told, events } = await ask([call('c1', 'shell', { command: 'npm test' })], { commands })
    expect(told.c1).toMatch(/^exit code 1, \d\.\d\d s\n1 failing$/)
    expect(ofType(events, 'tool-end')).toMatchObject([
      { result: { ok: false, summary: expect.stringMatching(/^exit code 1/) } },
    ])
  })

  it('leaves a program running and lets write_stdin talk to it', async () => {
    const commands = { 'node server.js': () => ({ output: 'listening\n', endless: true }) }
    const { outputs: told } = await ask(
      [
        call('c1', 'shell', { command: 'node server.js', yield_time_ms: 10 }),
        call('c2', 'write_stdin', { session_id: 1, chars: 'hi\n', yield_time_ms: 10 }),
        call('c3', 'write_stdin', { session_id: 1, chars: '\u0003' }),
        call('c4', 'write_stdin', { session_id: 7, chars: '' }),
      ],
      { commands },
    )
    expect(told.c1).toMatch(/^still running after \d\.\d\d s, session 1\nlistening$/)
    expect(told.c2).toMatch(/session 1\necho hi$/)
    expect(told.c3).toMatch(/^exit code 137/)
    expect(told.c4).toBe('There is no session 7. Running: none.')
  })

  it('keeps programs for later turns when the thread has a table for them', async () => {
    const sessions = createCommandSessions()
    const world = createWorld({ commands: { 'node server.js': () => ({ endless: true }) } })
    const start = reply(call('c1', 'shell', { command: 'node server.js', yield_time_ms: 1 }))
    await run(world, [start, reply(say('Started.'))], { dependencies: { sessions } })
    const later = reply(call('c2', 'write_stdin', { session_id: 1, chars: 'x', yield_time_ms: 1 }))
    const { events } = await run(world, [later, reply(say('Done.'))], {
      dependencies: { sessions },
      input: { turnId: 'turn-2' },
    })
    expect(outputs(events).c2).toContain('still running')
    expect(sessions.list()).toHaveLength(1)
  })

  it('cuts long output in the middle', async () => {
    const commands = { cat: () => ({ output: `start${'x'.repeat(100_000)}end` }) }
    const { outputs: told } = await ask([call('c1', 'shell', { command: 'cat' })], { commands })
    expect(told.c1?.length).toBeLessThan(41_000)
    expect(told.c1).toMatch(/start[\s\S]*truncated[\s\S]*end$/)
  })

  it('stays in the project', async () => {
    const { outputs: told, world } = await ask([call('c1', 'shell', { command: 'ls', workdir: '../..' })])
    expect(told.c1).toContain('outside the project')
    expect(world.ran).toEqual([])
  })
})

describe('apply_patch', () => {
  it('applies all of a patch as one edit of the agent', async () => {
    const world = createWorld({ files })
    const edits: string[] = []
    world.workspace.subscribe(({ origin, callId, changes }) => edits.push(`${origin} ${callId} ${changes.length}`))
    const item = patch(
      'c1',
      '*** Update File: src/a.ts',
      '-export const a = 1',
      '+export const a = 2',
      '*** Add File: b.md',
      '+b',
    )
    await run(world, [reply(item), reply(say('Done.'))])
    expect(edits).toEqual(['agent c1 2'])
  })

  it('applies nothing when a part does not fit, and shows what the file has', async () => {
    const item = patch('c1', '*** Add File: b.md', '+b', '*** Update File: src/a.ts', '-export const a = 9', '+x')
    const { outputs: told, world } = await ask([item])
    expect(told.c1).toMatch(/^patch not applied, nothing was changed: /)
    expect(told.c1).toContain('export const a = 1')
    expect([...world.workspace.files.keys()]).toEqual(['src/a.ts'])
  })

  it('is a function for models without freeform tools', async () => {
    const world = createWorld({ files })
    const text = '*** Begin Patch\n*** Delete File: src/a.ts\n*** End Patch'
    await run(world, [reply(call('c1', 'apply_patch', { patch: text })), reply(say('Done.'))], {
      input: { freeformTools: false },
    })
    expect(world.workspace.files.size).toBe(0)
  })

  it('does not touch binary files, nor paths that are not allowed', async () => {
    const world = createWorld({ files })
    world.workspace.apply([{ path: 'logo.png', after: new Uint8Array([1, 0]) }], { origin: 'user', label: 'Logo' })
    const { events } = await run(world, [
      reply(patch('c1', '*** Add File: logo.png', '+text')),
      reply(patch('c2', '*** Add File: a\u202eb.ts', '+text')),
      reply(say('Done.')),
    ])
    expect(outputs(events).c1).toContain('logo.png is a binary file')
    expect(outputs(events).c2).toContain('characters that are not allowed')
    expect(world.workspace.files.size).toBe(2)
  })

  it('says when a patch changes nothing', async () => {
    const { outputs: told } = await ask([
      patch('c1', '*** Update File: src/a.ts', '-export const a = 1', '+export const a = 1'),
    ])
    expect(told.c1).toContain('The patch changes nothing')
  })
})

describe('run_tests', () => {
  const tests = [{ name: 'adds', status: 'passed' as const, durationMs: 1 }]
  const suites = [{ file: 'a.test.ts', tests }]
  const test = () => ({ passed: 1, failed: 0, skipped: 0, durationMs: 210, suites })

  it('says how many passed', async () => {
    const { outputs: told } = await ask([call('c1', 'run_tests', {})], { test })
    expect(told.c1).toBe('tests 1/1 passed, 0.21 s')
  })

  it('says when there are none, and which file is missing', async () => {
    const { outputs: told } = await ask([
      call('c1', 'run_tests', {}),
      call('c2', 'run_tests', { files: ['b.test.ts'] }),
    ])
    expect(told.c1).toContain('no tests found')
    expect(told.c2).toContain('There is no file b.test.ts')
  })
})

describe('diagnostics', () => {
  it('lists errors with their places', async () => {
    const place = { path: 'src/a.ts', line: 1, column: 14, endLine: 1, endColumn: 15 }
    const check = () => [{ ...place, severity: 'error' as const, message: 'Cannot find name “b”.', code: 'ts(2304)' }]
    const { outputs: told } = await ask([call('c1', 'diagnostics', { paths: ['src/a.ts'] })], { check })
    expect(told.c1).toBe('1 error, 0 warnings\nsrc/a.ts:1:14 error ts(2304): Cannot find name “b”.')
  })
})

describe('update_plan', () => {
  it('shows the plan', async () => {
    const plan = [{ step: 'Look', status: 'in_progress' }]
    const { events } = await ask([call('c1', 'update_plan', { plan })])
    expect(ofType(events, 'tool-end')).toMatchObject([{ result: { plan, summary: '0 of 1 done' } }])
  })
})

describe('write_stdin', () => {
  it('is judged as the program that it writes to', async () => {
    const sessions = createCommandSessions()
    const world = createWorld({ commands: { 'node repl.js': () => ({ endless: true }) } })
    const start = reply(call('c1', 'shell', { command: 'node repl.js', yield_time_ms: 1 }))
    await run(world, [start, reply(say('Started.'))], { dependencies: { sessions } })
    const write = reply(call('c2', 'write_stdin', { session_id: 1, chars: 'fs.rmSync("src")\n' }))
    const { events } = await run(world, [write, reply(say('Then not.'))], {
      dependencies: { sessions },
      input: { turnId: 'turn-2', mode: 'ask' },
    })
    expect(outputs(events).c2).toContain('refused by the policy')
  })
})
