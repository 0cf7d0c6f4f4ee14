import { describe, expect, it } from 'vitest'
import type { ModelEvent, ResponsesRequest } from '../types'
import { createDeviceModel, findDeviceModel, findPromptApi } from '.'
import { createPromptApi, type StandInOptions } from './testing/prompt-api-stand-in'

const request = (rest: Partial<ResponsesRequest> = {}): ResponsesRequest => ({
  model: 'browser-model',
  stream: true,
  input: [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'You are the agent.' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is in a.ts?' }] },
    { type: 'function_call', call_id: 'c1', name: 'read_file', arguments: '{"path":"a.ts"}' },
    { type: 'function_call_output', call_id: 'c1', output: '1\texport const a = 1' },
  ],
  tools: [
    {
      type: 'function',
      name: 'read_file',
      description: 'Reads a file.',
      parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: 'thread',
  ...rest,
})

async function ask(options: StandInOptions, asking = request(), signal = new AbortController().signal) {
  const standIn = createPromptApi(options)
  const downloads: (number | null)[] = []
  const windows: number[] = []
  const model = createDeviceModel({
    api: standIn.api,
    onDownload: (ratio) => downloads.push(ratio),
    onContextWindow: (tokens) => windows.push(tokens),
  })
  const events: ModelEvent[] = []
  for await (const event of model(asking, { signal })) events.push(event)
  return { ...standIn, events, downloads, windows }
}

describe('the browser’s own model', () => {
  it('is offered only where the browser has one that runs here', async () => {
    expect(findPromptApi({})).toBeNull()
    expect(findPromptApi({ LanguageModel: { create: 1 } })).toBeNull()
    expect(await findDeviceModel(createPromptApi({ answers: [], availability: 'unavailable' }).api)).toBeNull()
    expect(await findDeviceModel(createPromptApi({ answers: [], availability: 'downloadable' }).api)).toMatchObject({
      kind: 'device',
      needsDownload: true,
      freeformTools: false,
    })
  })

  it('is told the conversation in messages, and its answer must be words or one call', async () => {
    const { asked, events, sessionsOpen } = await ask({ answers: ['{"answer":"a is 1."}'] })
    expect(asked).toHaveLength(1)
    const [{ before, input, constraint }] = asked as [(typeof asked)[number]]
    expect(before.map(({ role }) => role)).toEqual(['system', 'user', 'assistant'])
    expect(before[0]?.content).toContain('You are the agent.')
    expect(before[0]?.content).toContain('- read_file(path): Reads a file.')
    expect(before[2]?.content).toBe('{"tool":"read_file","arguments":{"path":"a.ts"}}')
    expect(input).toBe('Result of read_file:\n1\texport const a = 1')
    expect(constraint).toMatchObject({
      anyOf: [{ required: ['answer'] }, { properties: { tool: { const: 'read_file' } } }],
    })
    expect(events.map(({ type }) => type)).toEqual(['created', 'item-start', 'text-delta', 'item-end', 'completed'])
    expect(events[3]).toMatchObject({ item: { role: 'assistant', content: [{ text: 'a is 1.' }] } })
    expect(sessionsOpen()).toBe(0)
  })

  it('calls a tool by saying so', async () => {
    const { events } = await ask({ answers: ['{"tool":"read_file","arguments":{"path":"b.ts"}}'] })
    expect(events[3]).toMatchObject({
      item: { type: 'function_call', name: 'read_file', arguments: '{"path":"b.ts"}' },
    })
  })

  it('is asked for plain words where no tool may be called, and taken at its word when it breaks the form', async () => {
    const summary = await ask({ answers: ['A summary.'] }, request({ tool_choice: 'none' }))
    expect(summary.asked[0]?.constraint).toBeUndefined()
    expect(summary.asked[0]?.before[0]?.content).not.toContain('Tools:')
    const odd = await ask({ answers: ['a is {1}'] })
    expect(odd.events[3]).toMatchObject({ item: { content: [{ text: 'a is {1}' }] } })
  })

  it('counts its tokens, tells its window and how far a download has come', async () => {
    const { events, downloads, windows } = await ask({ answers: ['{"answer":"ok"}'], downloads: [0, 0.4, 1] })
    expect(downloads).toEqual([0, 0.4, null, null, null])
    expect(windows).toEqual([10_000])
    const done = events.at(-1)
    expect(done).toMatchObject({ type: 'completed', usage: { outputTokens: 15, cachedInputTokens: 0 } })
  })

  it.each([
    [{ answers: [], contextWindow: 10 }, 'context_length_exceeded'],
    [{ answers: [], createError: new DOMException('gesture', 'NotAllowedError') }, 'upstream_error'],
    [{ answers: [], createError: new Error('no GPU') }, 'upstream_error'],
  ])('ends with one failure when it cannot answer', async (options, code) => {
    const { events, downloads } = await ask(options)
    expect(events).toMatchObject([{ type: 'failed', error: { kind: 'fatal', code } }])
    expect(downloads.at(-1)).toBeNull()
  })

  it('stops with its signal', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(ask({ answers: [] }, request(), controller.signal)).rejects.toThrow(/abort/i)
  })
})
