import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ModelEvent, ResponsesRequest } from '../types'
import { createResponsesModel, type ResponsesModelOptions } from './client'

const request: ResponsesRequest = {
  model: 'm',
  stream: true,
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
  tools: [],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: 'thread',
}
const item = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }
const done = 'data: {"type":"response.completed","response":{"id":"r1"}}\n\n'
const eventStream = { 'content-type': 'text/event-stream' }

let server: Server | undefined

afterEach(() => {
  vi.useRealTimers()
  server?.closeAllConnections()
  server?.close()
})

/** Serves on loopback and returns the address. */
async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/v1/responses`
}

async function ask(options: ResponsesModelOptions, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of createResponsesModel(options)(request, { signal })) events.push(event)
  return events
}

async function bodyOf(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(Buffer.from(chunk))
  return JSON.parse(Buffer.concat(chunks).toString())
}

describe('createResponsesModel', () => {
  test('posts the request as it is and streams the answer', async () => {
    const seen: unknown[] = []
    const url = await serve(async (message, response) => {
      const { method, headers } = message
      seen.push([method, headers['content-type'], headers.authorization, await bodyOf(message)])
      response
        .writeHead(200, eventStream)
        .end(`data: ${JSON.stringify({ type: 'response.output_item.done', item })}\n\n${done}`)
    })
    const events = await ask({ url, headers: { authorization: 'Bearer t' } })
    expect(events.map((event) => event.type)).toEqual(['item-start', 'item-end', 'completed'])
    expect(seen).toEqual([['POST', 'application/json', 'Bearer t', request]])
  })

  test('ends with completed although the socket stays open, and lets go of it', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const url = await serve((_, response) => {
      closed = new Promise((resolve) => response.on('close', resolve))
      response.writeHead(200, eventStream).write(done)
    })
    expect(await ask({ url })).toEqual([{ type: 'completed', responseId: 'r1', usage: null }])
    await closed
  })

  test('leaves its connection to the next step, although nobody reads behind the last event', async () => {
    let end = () => {}
    const url = await serve((_, response) => {
      response.writeHead(200, eventStream).write(done)
      end = () => response.end(': bye\n\n')
    })
    let connections = 0
    server?.on('connection', () => connections++)
    let isLetGo: Promise<unknown> = Promise.resolve()
    const send: typeof fetch = (input, init) => {
      isLetGo = new Promise((resolve) => init?.signal?.addEventListener('abort', resolve))
      return fetch(input, init)
    }
    const model = createResponsesModel({ url, fetch: send, endTimeoutMs: 60_000 })
    for (let step = 0; step < 3; step++) {
      for await (const event of model(request, { signal: new AbortController().signal }))
        if (event.type === 'completed') break
      end()
      await isLetGo
      // Node's client uses a connection again one turn of the event loop later.
      await new Promise(setImmediate)
    }
    expect(connections).toBe(1)
  })

  test('takes an answer in one piece of JSON', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ id: 'r1', model: 'm', status: 'completed', output: [item] }))
    })
    expect((await ask({ url })).map((event) => event.type)).toEqual(['created', 'item-start', 'item-end', 'completed'])
  })

  test.each([
    [
      429,
      { 'retry-after': '2' },
      { code: 'rate_limit_exceeded', message: 'Slow.' },
      'retryable',
      'rate_limit_exceeded',
      2000,
    ],
    [429, { 'retry-after': '1000000000' }, {}, 'retryable', 'rate_limit_exceeded', 60_000],
    [429, {}, { message: 'Please try again in 28ms.' }, 'retryable', 'rate_limit_exceeded', 28],
    [429, {}, { code: 'insufficient_quota', message: 'Pay.' }, 'fatal', 'insufficient_quota', undefined],
    [500, {}, {}, 'retryable', 'upstream_error', undefined],
    [502, {}, { code: 'upstream_error', message: 'Gone.' }, 'retryable', 'upstream_error', undefined],
    [503, { 'retry-after': '1' }, {}, 'retryable', 'server_is_overloaded', 1000],
    [529, {}, {}, 'retryable', 'server_is_overloaded', undefined],
    [408, {}, {}, 'retryable', 'upstream_timeout', undefined],
    [413, {}, { message: 'Too much.' }, 'fatal', 'request_too_large', undefined],
    [400, {}, { code: 'context_length_exceeded', message: 'Long.' }, 'fatal', 'context_length_exceeded', undefined],
    [400, {}, { message: 'Unknown parameter.' }, 'fatal', 'invalid_request', undefined],
    [401, {}, { message: 'No key.' }, 'fatal', 'unauthorized', undefined],
    [403, {}, { code: 'content_filter', message: 'No.' }, 'fatal', 'content_filter', undefined],
  ] as const)('calls status %i with %j and %j %s', async (status, headers, error, kind, code, delayMs) => {
    const url = await serve((_, response) => {
      response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify({ error }))
    })
    const message = 'message' in error ? error.message : `The model’s server answered with status ${status}.`
    const failure = { kind, code, message, ...(delayMs === undefined ? {} : { delayMs }) }
    expect(await ask({ url })).toEqual([{ type: 'failed', error: failure }])
  })

  test('is offline when nobody answers', async () => {
    const url = await serve(() => {})
    server?.close()
    expect(await ask({ url })).toMatchObject([{ type: 'failed', error: { kind: 'retryable', code: 'offline' } }])
  })

  test('notices a connection that breaks in the middle', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, eventStream).write('data: {"type":"response.created","response":{"id":"r1"}}\n\n')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await ask({ url })).toMatchObject([
      { type: 'created', responseId: 'r1' },
      { type: 'failed', error: { kind: 'retryable', code: 'stream_cut' } },
    ])
  })

  test('notices a stream that closes without completed', async () => {
    const url = await serve((_, response) => void response.writeHead(200, eventStream).end(': ping\n\n'))
    const error = { kind: 'retryable', code: 'stream_cut', message: 'stream closed before response.completed' }
    expect(await ask({ url })).toEqual([{ type: 'failed', error }])
  })

  test.each(['before the headers', 'after the headers'])('gives up on a server that falls silent %s', async (when) => {
    const url = await serve((_, response) => {
      if (when === 'after the headers') response.writeHead(200, eventStream).write(': ping\n\n')
    })
    expect(await ask({ url, idleTimeoutMs: 60 })).toMatchObject([
      { type: 'failed', error: { kind: 'retryable', code: 'upstream_timeout' } },
    ])
  })

  test('counts comment lines as signs of life', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const server = writable.getWriter()
    const asked = ask({
      url: 'http://127.0.0.1:1',
      fetch: async () => new Response(readable, { headers: eventStream }),
      idleTimeoutMs: 1000,
    })
    for (const line of [...Array<string>(8).fill(': ping\n\n'), done]) {
      await vi.advanceTimersByTimeAsync(900)
      void server.write(new TextEncoder().encode(line))
    }
    expect((await asked).map((event) => event.type)).toEqual(['completed'])
  })

  test('ends an answer that goes on for too long', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, eventStream)
      const timer = setInterval(() => response.write(': still here\n\n'), 10)
      response.on('close', () => clearInterval(timer))
    })
    expect(await ask({ url, totalTimeoutMs: 120 })).toMatchObject([
      { type: 'failed', error: { kind: 'retryable', code: 'upstream_timeout' } },
    ])
  })

  test('refuses a web page', async () => {
    const url = await serve((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'))
    expect(await ask({ url })).toMatchObject([{ type: 'failed', error: { kind: 'fatal', code: 'upstream_error' } }])
  })

  test('rejects with an AbortError when stopped, and closes the connection', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const controller = new AbortController()
    const url = await serve((_, response) => {
      closed = new Promise((resolve) => response.on('close', resolve))
      response.writeHead(200, eventStream).write(': ping\n\n')
      setTimeout(() => controller.abort('stop'), 20)
    })
    await expect(ask({ url }, controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
    await closed
  })

  test('sends nothing when stopped before it began', async () => {
    let sent = 0
    const send = async () => {
      sent += 1
      return new Response(done, { headers: eventStream })
    }
    const options = { url: 'http://127.0.0.1:1', fetch: send }
    await expect(ask(options, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(sent).toBe(0)
  })
})
