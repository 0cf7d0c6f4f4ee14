import { describe, expect, test } from 'vitest'
import type { ModelEvent } from '../types'
import { createResponseDecoder, decodeWhole } from './decode'
import { encodeSse, type WireEvent } from './encode'
import { createSseParser } from './sse'

const message = { type: 'message', id: 'm1', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] }
const call = { type: 'function_call', id: 'f1', call_id: 'c1', name: 'read_file', arguments: '{"path":"a"}' }

/** Decodes events given without their numbers, then the end of the stream. */
function decode(events: readonly object[]): ModelEvent[] {
  const decoder = createResponseDecoder()
  const decoded = events.flatMap((event) => decoder.decode({ event: 'message', data: JSON.stringify(event) }))
  return [...decoded, ...decoder.end()]
}

const created = { type: 'response.created', response: { id: 'r1', model: 'm' } }
const completed = { type: 'response.completed', response: { id: 'r1' } }
const started = { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } }
const ended = { type: 'response.output_item.done', output_index: 0, item: message }
const delta = (text: string, sequence_number?: number) => ({
  type: 'response.output_text.delta',
  output_index: 0,
  item_id: 'm1',
  delta: text,
  sequence_number,
})

const whole: ModelEvent[] = [
  { type: 'created', responseId: 'r1', model: 'm' },
  { type: 'item-start', index: 0, item: { type: 'message', id: 'm1', role: 'assistant', content: [] } },
  { type: 'text-delta', index: 0, delta: 'H' },
  { type: 'text-delta', index: 0, delta: 'i' },
  {
    type: 'item-end',
    index: 0,
    item: { type: 'message', id: 'm1', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
  },
  { type: 'completed', responseId: 'r1', usage: null },
]

describe('createResponseDecoder', () => {
  test('turns a whole response into our events', () => {
    expect(decode([created, started, delta('H'), delta('i'), ended, completed])).toEqual(whole)
  })

  test('skips what it does not know and what comes twice or too late', () => {
    const noise = [
      { type: 'response.some_new_event', foo: 1 },
      { type: 7 },
      'text',
      null,
      [],
      { type: 'response.output_item.done' },
    ]
    const repeated = [created, created, ...noise.filter((event) => event !== null && typeof event === 'object')]
    const events = [
      started,
      started,
      delta('H', 4),
      delta('H', 4),
      delta('i', 5),
      ended,
      ended,
      delta('late'),
      completed,
    ]
    expect(decode([...repeated, ...events, delta('!'), ended, completed])).toEqual(whole)
  })

  test('keeps equal pieces of servers that count wrongly apart only by what they say', () => {
    const texts = decode([created, started, delta('a', 0), delta('b', 0), ended, completed])
    expect(texts.filter((event) => event.type === 'text-delta')).toHaveLength(2)
  })

  test('leaves out the items of a second response on the same stream', () => {
    const other = { ...message, id: 'm2' }
    const foreign = [
      { type: 'response.created', response: { id: 'r2', model: 'm' } },
      { type: 'response.output_item.added', output_index: 0, item: { ...other, content: [] } },
      { ...delta('?'), item_id: 'm2' },
      { type: 'response.output_item.done', output_index: 0, item: other },
    ]
    expect(decode([created, started, delta('H'), ...foreign, delta('i'), ended, completed])).toEqual(whole)
  })

  test('starts an item that was never announced', () => {
    const item = { type: 'response.output_item.done', item: call }
    expect(decode([item, completed]).map((event) => event.type)).toEqual(['item-start', 'item-end', 'completed'])
  })

  test('never hands out a call whose shape is wrong', () => {
    const broken = { type: 'response.output_item.done', item: { ...call, arguments: { path: 'a' } } }
    expect(decode([broken, completed]).map((event) => event.type)).toEqual(['completed'])
  })

  test('passes unknown kinds of items on untouched', () => {
    const item = { type: 'web_search_call', id: 'w1', status: 'completed', extra: [1] }
    expect(decode([{ type: 'response.output_item.done', item }])[1]).toEqual({ type: 'item-end', index: 0, item })
  })

  test('ends with one retryable failure when the stream ends early', () => {
    const error = { kind: 'retryable', code: 'stream_cut', message: 'stream closed before response.completed' }
    expect(decode([created, started, delta('H')]).at(-1)).toEqual({ type: 'failed', error })
  })

  test('reads an error event', () => {
    const error = { kind: 'retryable', code: 'upstream_error', message: 'boom' }
    expect(decode([{ type: 'error', code: 'weird', message: 'boom' }])).toEqual([{ type: 'failed', error }])
  })

  test('takes a call that was cut off for none, and tells what a failed response used', () => {
    const usage = { input_tokens: 7, output_tokens: 2, total_tokens: 9 }
    const cut = { ...call, status: 'incomplete', arguments: '{}' }
    const incomplete = { id: 'r1', model: 'm', incomplete_details: { reason: 'max_output_tokens' }, usage }
    const item = { type: 'response.output_item.done', output_index: 0, item: cut }
    const events = decode([created, item, { type: 'response.incomplete', response: incomplete }])
    expect(events.map(({ type }) => type)).toEqual(['created', 'item-start', 'failed'])
    expect(decodeWhole({ ...incomplete, status: 'incomplete', output: [cut] })).toEqual(events)
    for (const type of ['response.incomplete', 'response.failed'])
      expect(decode([{ type, response: incomplete }])).toMatchObject([{ usage: { inputTokens: 7, totalTokens: 9 } }])
  })

  test('fails when an event was too large to read', () => {
    const events = createResponseDecoder().decode({ event: 'message', data: '', tooLarge: true })
    expect(events).toMatchObject([{ type: 'failed', error: { kind: 'fatal', code: 'upstream_error' } }])
  })
})

describe('a stream cut at every byte', () => {
  const events: object[] = [
    created,
    started,
    delta('Grü'),
    delta('ße 😀'),
    ended,
    { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
    { type: 'response.function_call_arguments.delta', output_index: 1, item_id: 'f1', delta: call.arguments },
    { type: 'response.output_item.done', output_index: 1, item: call },
    completed,
  ]
  const wire = events.map((event, sequence_number): WireEvent => ({ type: '', ...event, sequence_number }))
  const bytes = new TextEncoder().encode(wire.map(encodeSse).join(''))

  test('never yields a partial call and always ends once', () => {
    for (let at = 0; at <= bytes.length; at++) {
      const decoder = createResponseDecoder()
      const events = createSseParser()
        .push(bytes.slice(0, at))
        .flatMap((event) => decoder.decode(event))
      events.push(...decoder.end())
      const ends = events.filter((event) => event.type === 'completed' || event.type === 'failed')
      expect(ends).toEqual([events.at(-1)])
      expect(events.at(-1)?.type).toBe(at === bytes.length ? 'completed' : 'failed')
      for (const event of events) if (event.type === 'item-end' && event.index === 1) expect(event.item).toEqual(call)
    }
  })
})

describe('decodeWhole', () => {
  test('gives the events that a response in one piece stands for', () => {
    const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
    expect(decodeWhole({ id: 'r1', model: 'm', status: 'completed', output: [message, call], usage })).toEqual([
      { type: 'created', responseId: 'r1', model: 'm' },
      { type: 'item-start', index: 0, item: message },
      { type: 'item-end', index: 0, item: message },
      { type: 'item-start', index: 1, item: call },
      { type: 'item-end', index: 1, item: call },
      {
        type: 'completed',
        responseId: 'r1',
        usage: {
          inputTokens: 3,
          cachedInputTokens: 0,
          cacheWriteTokens: 0,
          outputTokens: 2,
          reasoningTokens: 0,
          totalTokens: 5,
        },
      },
    ])
  })

  test('fails on JSON that is no response', () => {
    expect(decodeWhole({ hello: 1 })).toMatchObject([{ type: 'failed', error: { kind: 'fatal' } }])
  })

  test('fails as the response says', () => {
    const body = { id: 'r1', status: 'failed', error: { code: 'insufficient_quota', message: 'Pay.' }, output: [] }
    expect(decodeWhole(body).at(-1)).toEqual({
      type: 'failed',
      error: { kind: 'fatal', code: 'insufficient_quota', message: 'Pay.' },
    })
  })
})

test('a summary of thoughts comes in paragraphs, one for each of its parts, and is echoed as it was sealed', () => {
  const part = (type: string, summary_index: number, rest: object = {}) => ({
    type: `response.reasoning_summary_${type}`,
    output_index: 0,
    item_id: 'rs1',
    summary_index,
    ...rest,
  })
  const summary = ['**Reading**', '**Writing**'].map((text) => ({ type: 'summary_text', text }))
  const item = { type: 'reasoning', id: 'rs1', summary, encrypted_content: 'sealed' }
  const events = decode([
    created,
    { type: 'response.output_item.added', output_index: 0, item: { ...item, summary: [] } },
    part('part.added', 0),
    part('text.delta', 0, { delta: '**Reading**' }),
    part('text.done', 0, { text: '**Reading**' }),
    part('part.added', 1),
    part('text.delta', 1, { delta: '**Writing**' }),
    { type: 'response.output_item.done', output_index: 0, item },
    completed,
  ])
  expect(events.flatMap((event) => (event.type === 'reasoning-delta' ? [event.delta] : []))).toEqual([
    '**Reading**',
    '\n\n',
    '**Writing**',
  ])
  expect(events.at(-2)).toEqual({ type: 'item-end', index: 0, item })
})
