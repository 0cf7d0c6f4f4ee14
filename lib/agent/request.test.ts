import { describe, expect, it } from 'vitest'
import type { ResponsesRequest } from '@/lib/models'
import { call, cut, patch, reply, say, think } from './testing/scripted'
import { createWorld, ofType, type Run, run } from './testing/world'
import type { TurnInput } from './types'

const files = { 'src/a.ts': 'export const a = 1\n', 'AGENTS.md': 'Use tabs.\n' }

/** Everything that can happen in one turn, and a second turn on another day, with another mode and other files. */
async function wholeThread(): Promise<Run[]> {
  const world = createWorld({ files, commands: { 'npm test': () => ({ output: 'ok\n' }) } })
  const on = (time: string) => ({ dependencies: { now: () => new Date(time) } })
  const replies = [
    reply(
      think('Hm.'),
      say('I look first.'),
      call('c1', 'read_file', { path: 'src/a.ts' }),
      call('c2', 'nonsense', {}),
    ),
    cut([call('c3', 'search', { query: 'a' })], { delayMs: 1 }),
    reply(
      patch('c4', '*** Update File: src/a.ts', '-export const a = 1', '+export const a = 2'),
      call('c5', 'shell', '{broken'),
    ),
    reply(call('c6', 'shell', { command: 'npm test' })),
    reply(say('Done.')),
  ]
  const first = await run(world, replies, on('2026-11-22T23:50:00Z'))
  world.workspace.apply([{ path: 'src/b.ts', after: '' }], { origin: 'user', label: 'New file' })
  const second = await run(world, [reply(call('c1', 'read_file', { path: 'src/b.ts' })), reply(say('It is empty.'))], {
    input: { turnId: 'turn-2', text: 'What is in b?', mode: 'ask' },
    ...on('2026-11-23T00:10:00Z'),
  })
  return [first, second]
}

describe('the requests of a thread', () => {
  it('are each an exact prefix of the next, across turns', async () => {
    const requests = (await wholeThread()).flatMap((turn) => turn.requests)
    expect(requests).toHaveLength(7)
    for (const [index, request] of requests.slice(1).entries()) {
      const before = requests[index]?.input ?? []
      expect(JSON.stringify(request.input.slice(0, before.length))).toBe(JSON.stringify(before))
      expect(request.input.length).toBeGreaterThan(before.length)
    }
  })

  it('tell another day in a new item', async () => {
    const [first, second] = await wholeThread()
    const told = (request?: ResponsesRequest) => JSON.stringify(request?.input)
    expect(told(first?.requests.at(-1))).not.toContain('2026-11-23')
    expect(told(second?.requests[0])).toMatch(/date: 2026-11-22.*date: 2026-11-23/)
  })

  it('differ in nothing but their input', async () => {
    const requests = (await wholeThread()).flatMap((turn) => turn.requests)
    const rest = requests.map(({ input, ...others }) => JSON.stringify(others))
    expect(new Set(rest).size).toBe(1)
    expect(requests[0]).toMatchObject({
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'thread',
      parallel_tool_calls: true,
    })
  })

  it('announce their exact size and how much of it was sent before', async () => {
    const runs = await wholeThread()
    const requests = runs.flatMap((turn) => turn.requests)
    const starts = runs.flatMap(({ events }) => ofType(events, 'step-start'))
    expect(starts.map(({ bytes }) => bytes)).toEqual(requests.map(sizeOf))
    expect(starts.map(({ items }) => items)).toEqual(requests.map(({ input }) => input.length))
    expect(starts.map(({ prefixItems }) => prefixItems)).toEqual([
      0,
      ...requests.slice(0, -1).map(({ input }) => input.length),
    ])
  })

  it('ask for summaries of thoughts where the model has them, in every step', async () => {
    const reasoning = async (input: Partial<TurnInput>) => {
      const script = [reply(call('c1', 'nonsense', {})), reply(say('Hi.'))]
      const { requests } = await run(createWorld(), script, { input })
      expect(new Set(requests.map((request) => JSON.stringify(request.reasoning))).size).toBe(1)
      return requests[0]?.reasoning
    }
    expect(await reasoning({ reasoningSummaries: true })).toEqual({ summary: 'auto' })
    expect(await reasoning({ reasoningSummaries: true, effort: 'high' })).toEqual({ effort: 'high', summary: 'auto' })
    expect(await reasoning({ reasoningSummaries: true, effort: 'none' })).toEqual({ effort: 'none' })
    expect(await reasoning({ effort: 'low' })).toEqual({ effort: 'low' })
    expect(await reasoning({})).toBeUndefined()
  })

  it('give every call exactly one output, under an id of its own', async () => {
    const last = (await wholeThread()).at(-1)?.requests.at(-1)
    const ids = (suffix: 'call' | 'output') =>
      last?.input.flatMap((item) => ('call_id' in item && item.type.endsWith(suffix) ? [item.call_id] : [])) ?? []
    expect(ids('call')).toEqual(ids('output'))
    expect(new Set(ids('call')).size).toBe(ids('call').length)
  })

  it('offer the same tools in the same order, with the patch as freeform text or as a function', async () => {
    const tools = async (freeformTools: boolean) => {
      const { requests } = await run(createWorld(), [reply(say('Hi.'))], { input: { freeformTools } })
      return requests[0]?.tools.map(({ type, name }) => `${type} ${name}`)
    }
    const others = [
      'read_file',
      'search',
      'run_tests',
      'diagnostics',
      'preview',
      'update_plan',
      'ask_user',
      'fetch_docs',
      'use_server_tool',
    ].map((name) => `function ${name}`)
    const shell = ['function shell', 'function write_stdin']
    expect(await tools(true)).toEqual([...shell, 'custom apply_patch', ...others])
    expect(await tools(false)).toEqual([...shell, 'function apply_patch', ...others])
  })
})

function sizeOf(request: ResponsesRequest): number {
  return new TextEncoder().encode(JSON.stringify(request)).byteLength
}
