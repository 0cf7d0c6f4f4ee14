import { describe, expect, it } from 'vitest'
import type { ResponseItem } from '@/lib/models'
import type { AgentEvent } from './events'
import { findInterrupted, foldHistory, openCalls } from './history'
import { call, patch, type Reply, reply, say } from './testing/scripted'
import { createWorld, ofType, outputs, type Run, run, type World } from './testing/world'

const command = { 'npm test': () => ({ output: 'ok\n' }) }
const newWorld = () => createWorld({ files: { 'src/a.ts': 'export const a = 1\n' }, commands: command })
const script = [
  reply(say('I run it.'), call('c1', 'shell', { command: 'npm test' }), call('c2', 'search', { query: 'a' })),
  reply(patch('c3', '*** Update File: src/a.ts', '-export const a = 1', '+export const a = 2')),
  reply(say('Done.')),
]

/** Goes on in the script from wherever the history stands. */
const react: Reply = ({ input }) => {
  const ids = input.map((item) => ('call_id' in item ? item.call_id : item.type === 'message' ? item.role : ''))
  return script[ids.includes('c3') ? 2 : ids.includes('assistant') ? 1 : 0] ?? []
}

/** Runs the script until the journal holds `count` events, as if the tab had been closed then, and goes on from there. */
async function cutAfter(
  count: number,
): Promise<{ world: World; resumed: Run; before: AgentEvent[]; wholeLength: number }> {
  const first = newWorld()
  await run(first, script)
  const before = first.journal.slice(0, count)
  const world = newWorld()
  world.journal.push(...before)
  const applied = ofType(before, 'tool-end').some(({ callId }) => callId === 'c3')
  if (applied)
    world.workspace.apply([{ path: 'src/a.ts', after: 'export const a = 2\n' }], { origin: 'agent', label: 'Patch' })
  const resumed = await run(world, Array<Reply>(4).fill(react), { dependencies: { interrupted: before } })
  return { world, resumed, before, wholeLength: first.journal.length }
}

describe('a turn that a reload cut', () => {
  it('ends well from every point of its journal, running no call twice', async () => {
    const { wholeLength } = await cutAfter(1)
    for (let count = 1; count < wholeLength; count++) {
      const { world, resumed, before } = await cutAfter(count)
      expect(findInterrupted(before), `cut after ${count} events`).toMatchObject({
        turnId: 'turn',
        text: 'Go',
        mode: 'edit',
      })
      expect(resumed.result, `cut after ${count} events`).toMatchObject({ status: 'done', message: 'Done.' })
      expect(openCalls(foldHistory(world.journal))).toEqual([])
      const ended = ofType(world.journal, 'tool-end').map(({ callId }) => callId)
      expect(new Set(ended).size, `cut after ${count} events`).toBe(ended.length)
      const started = ofType(world.journal, 'tool-start').map(({ callId }) => callId)
      expect(new Set(started).size, `cut after ${count} events`).toBe(started.length)
      expect(world.journal.filter(({ type }) => type === 'turn-start')).toHaveLength(1)
    }
  })

  it('runs a call that was ready but had not begun', async () => {
    const { world } = await cutAfterEvent((event) => event.type === 'tool-call-ready' && event.callId === 'c2')
    expect(world.ran).toEqual(['npm test'])
  })

  it('says that the outcome is unknown of a call that had begun', async () => {
    const { world } = await cutAfterEvent((event) => event.type === 'tool-start' && event.callId === 'c1')
    expect(world.ran).toEqual([])
    expect(outputs(world.journal).c1).toContain('the outcome is unknown')
    expect(outputs(world.journal).c2).toContain('match')
  })

  it('uses the result of a call that had ended', async () => {
    const { world } = await cutAfterEvent((event) => event.type === 'tool-end' && event.callId === 'c1')
    expect(world.ran).toEqual([])
    expect(outputs(world.journal).c1).toMatch(/^exit code 0/)
  })

  it('sends nothing more when the last response was whole', async () => {
    const { resumed } = await cutAfterEvent((event) => event.type === 'step-end' && event.step === 3)
    expect(resumed.requests).toEqual([])
  })

  it('counts usage and steps from its beginning', async () => {
    const { resumed } = await cutAfterEvent((event) => event.type === 'tool-end' && event.callId === 'c3')
    expect(resumed.result).toMatchObject({ steps: 3, usage: { inputTokens: 300 } })
  })
})

it('an output whose call was lost is never sent', () => {
  const output = (call_id: string) => ({ type: 'function_call_output' as const, call_id, output: 'ok' })
  const asked = { type: 'function_call' as const, call_id: 'c2', name: 'shell', arguments: '{}' }
  const event = (...items: ResponseItem[]): AgentEvent => ({ type: 'history', seq: 1, at: 1, turnId: 't', items })
  expect(foldHistory([event(output('c1')), event(asked, output('c2'))])).toEqual([asked, output('c2')])
})

describe('a turn that ended', () => {
  it('was not interrupted, whatever came before', async () => {
    const world = newWorld()
    expect(findInterrupted([])).toBeNull()
    await run(world, script)
    expect(findInterrupted(world.journal)).toBeNull()
  })
})

async function cutAfterEvent(isLast: (event: AgentEvent) => boolean) {
  const world = newWorld()
  await run(world, script)
  return cutAfter(world.journal.findIndex(isLast) + 1)
}

describe('the journal', () => {
  it('holds a call and its start before the effect, and its end before its output', async () => {
    const saved: string[] = []
    const world = createWorld({
      commands: {
        'npm test': () => {
          saved.push('effect')
          return {}
        },
      },
    })
    const journal = async (event: AgentEvent) => {
      // Storage takes its time; the effect has to wait for it.
      await new Promise((resolve) => setTimeout(resolve, 2))
      if (event.type.startsWith('tool-') || event.type === 'history') saved.push(event.type)
    }
    await run(world, [reply(call('c1', 'shell', { command: 'npm test' })), reply()], { dependencies: { journal } })
    expect(saved).toEqual([
      ...['history', 'tool-call-start', 'history', 'tool-call-ready', 'tool-start'],
      ...['effect', 'tool-end', 'history'],
    ])
  })

  it('is not waited for by a command that only looks', async () => {
    const world = createWorld({ commands: { 'git status': () => ({ output: 'clean\n' }) } })
    let isSaved = () => {}
    const storage = new Promise<void>((resolve) => {
      isSaved = resolve
    })
    const { result } = await run(world, [reply(call('c1', 'shell', { command: 'git status' })), reply()], {
      dependencies: { journal: () => storage },
      onEvent: ({ type }) => type === 'tool-end' && isSaved(),
    })
    expect(result.status).toBe('done')
    expect(world.ran).toEqual(['git status'])
  })

  it('that cannot be written stops the turn before the effect', async () => {
    const world = createWorld({ commands: command })
    const journal = async (event: AgentEvent) => {
      if (event.type === 'tool-start') throw new Error('quota exceeded')
    }
    const { result } = await run(world, [reply(call('c1', 'shell', { command: 'npm test' }))], {
      dependencies: { journal },
    })
    expect(world.ran).toEqual([])
    expect(result).toMatchObject({ status: 'failed', error: { code: 'internal_error' } })
    expect(result.error?.message).toContain('could not be saved')
  })
})
