import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ModelEvent } from '../types'
import { createResponseDecoder } from './decode'
import { classifyFailure } from './failure'
import { createSseParser } from './sse'

const folder = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'sse')
const cases: { file: string; expect: string }[] = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'))
const delays: { message: string; code: string; delay_s: number | null }[] = JSON.parse(
  readFileSync(join(folder, 'retry-after.json'), 'utf8'),
)

function decode(...pieces: Uint8Array[]): ModelEvent[] {
  const parser = createSseParser()
  const decoder = createResponseDecoder()
  const events = pieces.flatMap((piece) => parser.push(piece)).flatMap((event) => decoder.decode(event))
  return [...events, ...decoder.end()]
}

const failed = (kind: string, code: string, more: object = {}) => [
  { type: 'failed', error: expect.objectContaining({ kind, code, ...more }) },
]
const completed = (responseId: string, usage: object | null = null) => ({ type: 'completed', responseId, usage })
const said = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] })
const item = (index: number, text: string) => [
  { type: 'item-start', index, item: said(text) },
  { type: 'item-end', index, item: said(text) },
]

/** What `cases.json` says in words, as events. */
const expectations: Record<string, unknown[]> = {
  'failed_0.sse': failed('retryable', 'rate_limit_exceeded', { delayMs: 11_054 }),
  'failed_1.sse': failed('fatal', 'context_length_exceeded'),
  'failed_2.sse': failed('fatal', 'context_length_exceeded'),
  'failed_3.sse': failed('fatal', 'insufficient_quota'),
  'failed_4.sse': failed('fatal', 'content_filter', { message: 'This request was flagged for cyber policy.' }),
  'failed_5.sse': failed('fatal', 'content_filter', { message: expect.stringMatching(/cyber security policy/) }),
  'two_items_completed.sse': [...item(0, 'Hello'), ...item(1, 'World'), completed('resp1')],
  'no_completed.sse': [
    ...item(0, 'Hello'),
    ...failed('retryable', 'stream_cut', { message: 'stream closed before response.completed' }),
  ],
  'completed_then_open.sse': [completed('resp1')],
  'unknown_event.sse': [{ type: 'created', responseId: '', model: '' }, completed('resp1')],
  'malformed_json_line.sse': [completed('resp1')],
  'incomplete.sse': failed('retryable', 'upstream_error', {
    message: 'Incomplete response returned, reason: max_output_tokens',
  }),
  'usage_cache_write.sse': [
    completed('r', {
      inputTokens: 100,
      cachedInputTokens: 40,
      cacheWriteTokens: 60,
      outputTokens: 10,
      reasoningTokens: 3,
      totalTokens: 110,
    }),
  ],
  'content_policy.sse': failed('fatal', 'invalid_request', { message: 'Invalid prompt: limited access' }),
  'overloaded.sse': failed('fatal', 'server_is_overloaded'),
}

describe('recorded streams', () => {
  test('are all expected and all there', () => {
    const streams = readdirSync(folder).filter((name) => name.endsWith('.sse'))
    expect(streams.sort()).toEqual(Object.keys(expectations).sort())
    expect(cases.map(({ file }) => file).sort()).toEqual(streams)
  })

  describe.each(cases)('$file', ({ file, expect: words }) => {
    const bytes = new Uint8Array(readFileSync(join(folder, file)))

    test(`means: ${words}`, () => {
      expect(decode(bytes)).toEqual(expectations[file])
    })

    test('means the same at every split and byte by byte', () => {
      for (let at = 0; at <= bytes.length; at++) {
        expect(decode(bytes.slice(0, at), bytes.slice(at))).toEqual(expectations[file])
      }
      expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expectations[file])
    })
  })
})

describe('waits asked for in words', () => {
  test.each(delays)('“$message”', ({ message, code, delay_s }) => {
    const { kind, delayMs } = classifyFailure({ code, message })
    expect({ kind, delayMs }).toEqual({ kind: 'retryable', delayMs: delay_s === null ? undefined : delay_s * 1000 })
  })
})
