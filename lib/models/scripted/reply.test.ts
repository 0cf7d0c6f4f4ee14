import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { encodeSse, type WireEvent } from '../responses'
import { type Reply, streamReply } from './reply'

const reply: Reply = {
  parts: [
    { type: 'text', text: 'First I read — then I patch.' },
    { type: 'function_call', name: 'read_file', arguments: { path: 'a.ts' } },
    { type: 'custom_tool_call', name: 'apply_patch', input: '*** Begin Patch\n*** Delete File: a.ts\n*** End Patch\n' },
  ],
}
const question = {
  type: 'message' as const,
  role: 'user' as const,
  content: [{ type: 'input_text' as const, text: 'Go' }],
}
const request = { model: 'vitrine-demo', input: [question] }

async function collect(options: { signal?: AbortSignal; pace?: number } = {}): Promise<WireEvent[]> {
  const events: WireEvent[] = []
  for await (const event of streamReply(reply, { request, pace: 0, ...options })) events.push(event)
  return events
}

/** Event types with repeated deltas as one. */
function order(events: readonly WireEvent[]): string[] {
  return events
    .map((event) => event.type)
    .filter((type, index, all) => !type.endsWith('.delta') || type !== all[index - 1])
}

describe('streamReply', () => {
  test('speaks the full official order of events, numbered from 0', async () => {
    const events = await collect()
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index))
    expect(order(events)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.custom_tool_call_input.delta',
      'response.custom_tool_call_input.done',
      'response.output_item.done',
      'response.completed',
    ])
  })

  test('loses no character in its pieces', async () => {
    const events = await collect()
    const text = (type: string) => events.flatMap((event) => (event.type === type ? [event.delta] : [])).join('')
    expect(text('response.output_text.delta')).toBe('First I read — then I patch.')
    expect(text('response.function_call_arguments.delta')).toBe('{"path":"a.ts"}')
    expect(text('response.custom_tool_call_input.delta')).toBe(
      '*** Begin Patch\n*** Delete File: a.ts\n*** End Patch\n',
    )
  })

  test('is understood by the official client, streamed', async () => {
    const body = (await collect()).map(encodeSse).join('')
    const client = new OpenAI({
      apiKey: 'none',
      baseURL: 'http://demo.invalid/v1',
      fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    })
    const response = await client.responses.stream({ model: 'vitrine-demo', input: 'Go' }).finalResponse()
    expect(response.output_text).toBe('First I read — then I patch.')
    expect(response.output.map((item) => item.type)).toEqual(['message', 'function_call', 'custom_tool_call'])
    expect(response.usage?.total_tokens).toBeGreaterThan(0)
  })

  test('stops at once when the client has gone', async () => {
    await expect(collect({ pace: 60_000, signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })
})
