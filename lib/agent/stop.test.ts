import { describe, expect, it, vi } from 'vitest'
import type { TestOptions } from '@/lib/sandbox'
import type { AgentEvent } from './events'
import { foldHistory, openCalls, textOf } from './history'
import { runTurn } from './loop'
import type { Reply } from './testing/scripted'
import { call, cut, pieces, reply, say, scriptedModel } from './testing/scripted'
import { createWorld, ofType, outputs, run, type WorldOptions } from './testing/world'

/** Presses Stop at the first event that `when` picks, and measures how long the turn goes on. */
async function stopWhen(when: (event: AgentEvent) => boolean, replies: Reply[], options: WorldOptions = {}) {
  const controller = new AbortController()
  let stoppedAt = Number.POSITIVE_INFINITY
  const world = createWorld(options)
  const turn = await run(world, replies, {
    signal: controller.signal,
    onEvent(event) {
      if (controller.signal.aborted || !when(event)) return
      // Later, so that the turn is waiting when it happens.
      setTimeout(() => {
        stoppedAt = performance.now()
        controller.abort()
      }, 5)
    },
  })
  return { ...turn, world, tookMs: performance.now() - stoppedAt }
}

describe('Stop', () => {
  it('ends a turn within 200 ms though a tool never ends, and leaves a history that can go on', async () => {
    const { result, events, tookMs, world } = await stopWhen(
      (event) => event.type === 'tool-start' && event.callId === 'stuck',
      [
        reply(
          call('quick', 'search', { query: 'a' }),
          call('stuck', 'run_tests', {}),
          call('never', 'write_stdin', { session_id: 1, chars: '' }),
        ),
      ],
      { test: () => new Promise<never>(() => {}) },
    )
    expect(result.status).toBe('stopped')
    expect(tookMs).toBeLessThan(200)
    expect(outputs(events)).toMatchObject({
      stuck: 'stopped by the user; it may have partly run',
      never: 'stopped by the user; it did not run',
    })
    expect(outputs(events).quick).toContain('match')
    expect(openCalls(foldHistory(world.journal))).toEqual([])
    const next = await run(world, [reply(say('On we go.'))], { input: { turnId: 'turn-2', text: 'Go on' } })
    expect(next.result.status).toBe('done')
    expect(next.requests[0]?.input.map(textOf).join('\n')).toContain('The user stopped the turn here.')
  })

  it('kills the program that a command started', async () => {
    const { result, events, tookMs } = await stopWhen(
      (event) => event.type === 'tool-start',
      [reply(call('c1', 'shell', { command: 'node loop.js' }))],
      { commands: { 'node loop.js': () => ({ endless: true }) } },
    )
    // No other step was begun.
    expect(result).toMatchObject({ status: 'stopped', steps: 1 })
    expect(tookMs).toBeLessThan(200)
    expect(ofType(events, 'tool-end')).toMatchObject([{ result: { ok: false, summary: 'stopped' } }])
  })

  it('keeps what the model was saying', async () => {
    const { result, events, tookMs } = await stopWhen(
      (event) => event.type === 'text-delta',
      [pieces(say('Half a sen')).filter((event) => event.type !== 'item-end')],
    )
    expect(result).toMatchObject({ status: 'stopped', steps: 1 })
    expect(tookMs).toBeLessThan(200)
    expect(foldHistory(events).map(textOf)).toContain('Half a sen')
    expect(ofType(events, 'text-end')).toMatchObject([{ text: 'Half a sen' }])
  })

  it('ends the wait for an approval and the wait before a retry', async () => {
    const asked = await stopWhen(
      (event) => event.type === 'approval-request',
      [reply(call('c1', 'shell', { command: 'rm -rf src' }))],
      { approve: () => new Promise<never>(() => {}) },
    )
    expect(asked.result.status).toBe('stopped')
    expect(outputs(asked.events).c1).toBe('stopped by the user; it did not run')
    expect(asked.world.ran).toEqual([])

    const waiting = await stopWhen((event) => event.type === 'retry', [cut([], { delayMs: 30_000 })])
    expect(waiting.result.status).toBe('stopped')
    expect(Math.max(asked.tookMs, waiting.tookMs)).toBeLessThan(200)
  })

  it('does not run the calls of a response that it cut', async () => {
    const { events, world } = await stopWhen(
      (event) => event.type === 'tool-call-ready',
      [pieces(call('c1', 'shell', { command: 'npm test' }))],
    )
    expect(outputs(events)).toEqual({ c1: 'stopped by the user; it did not run' })
    expect(world.ran).toEqual([])
  })

  it('reaches the tools of a turn whose reader went away', async () => {
    const stopped = vi.fn()
    const test = ({ signal }: TestOptions) => {
      signal?.addEventListener('abort', stopped)
      return new Promise<never>(() => {})
    }
    const world = createWorld({ test })
    const { model } = scriptedModel([reply(call('c1', 'run_tests', {}))])
    const input = {
      turnId: 'turn',
      threadId: 'thread',
      text: 'Go',
      mode: 'edit',
      model: 'test',
      freeformTools: true,
    } as const
    const turn = runTurn(input, { ...world.dependencies, model, history: [] }, new AbortController().signal)
    for await (const event of turn) {
      if (event.type !== 'tool-start') continue
      await vi.waitFor(() => expect(world.ran).toEqual(['test']))
      break
    }
    expect(stopped).toHaveBeenCalled()
  })

  it('loses no user message though it comes before the first request', async () => {
    const controller = new AbortController()
    controller.abort()
    const { result, events } = await run(createWorld(), [], {
      signal: controller.signal,
      input: { text: 'Never mind' },
    })
    expect(result).toMatchObject({ status: 'stopped', steps: 0 })
    expect(foldHistory(events).map(textOf)).toContain('Never mind')
  })
})
