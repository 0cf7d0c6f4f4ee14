import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET as models } from '@/app/api/v1/models/route'
import { POST as moderations } from '@/app/api/v1/moderations/route'
import { POST } from '@/app/api/v1/responses/route'
import { type Loopback, type LoopbackRequest, pageRequest, sse, startLoopback } from './testing/loopback'

const key = 'sk-CANARY-do-not-leak-0123456789'
const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`
let upstream: Loopback | null = null

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  vi.stubEnv('VITRINE_REQUESTS_PER_MINUTE', '100000')
  vi.stubEnv('VITRINE_MODELS', undefined)
})
afterEach(async () => {
  const logged = JSON.stringify(vi.mocked(console.info).mock.calls)
  await upstream?.close()
  upstream = null
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  expect(logged).not.toContain('CANARY')
})

async function serve(answer: (request: LoopbackRequest, response: ServerResponse) => void): Promise<Loopback> {
  upstream = await startLoopback(answer)
  vi.stubEnv('OPENAI_BASE_URL', upstream.url)
  vi.stubEnv('OPENAI_API_KEY', key)
  return upstream
}

const ask = (body: Record<string, unknown> = {}, init: RequestInit = {}) =>
  POST(
    pageRequest(
      '/api/v1/responses',
      { model: 'gpt-5.5', input: [{ type: 'message', role: 'user', content: [] }], stream: true, ...body },
      init,
    ),
  )
const startStream = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'a=b', 'openai-organization': 'org-1' })
const completed = {
  type: 'response.completed',
  sequence_number: 99,
  response: { id: 'r', status: 'completed', output: [] },
}

function eventsIn(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))
}

describe('what goes upstream', () => {
  it('is rebuilt: known fields, store false, headers of our own', async () => {
    const server = await serve((_request, response) => void startStream(response).end(sse(completed)))
    const item = { type: 'a_kind_nobody_knows', deep: { nested: [1, null, 'x'] } }
    const tool = { type: 'function', name: 'f', parameters: {}, unknown_field: 1 }
    const response = await ask(
      {
        input: [item],
        tools: [tool],
        store: true,
        user: 'somebody',
        metadata: { a: 1 },
        client_metadata: { session_id: 's' },
        temperature: 0.5,
        prompt_cache_key: 'k',
      },
      { headers: { cookie: 'session=1', 'x-api-key': 'stolen', 'openai-organization': 'org', 'x-custom': '1' } },
    )
    await response.text()
    const [request] = server.requests
    expect(JSON.parse(request?.body ?? '')).toEqual({
      model: 'gpt-5.5',
      input: [item],
      stream: true,
      store: false,
      tools: [tool],
      temperature: 0.5,
      prompt_cache_key: 'k',
    })
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v1/responses',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    })
    for (const name of ['cookie', 'x-api-key', 'openai-organization', 'x-custom', 'origin', 'x-forwarded-for'])
      expect(request?.headers[name]).toBeUndefined()
  })

  it.each(['base_url', 'baseURL', 'api_base', 'api_key', 'apiKey', 'headers', 'extra_headers', 'organization'])(
    'is never decided by “%s” in the body',
    async (field) => {
      const server = await serve((_request, response) => void response.end())
      const response = await ask({ [field]: 'http://169.254.169.254/' })
      expect(response.status).toBe(400)
      expect(server.requests).toHaveLength(0)
    },
  )

  it.each<[string, unknown]>([
    ['mcp', { type: 'mcp', server_url: 'https://evil.example' }],
    ['web search', { type: 'web_search' }],
    ['code interpreter', { type: 'code_interpreter', container: { type: 'auto' } }],
    ['a disguised server', { type: 'function', name: 'f', server_url: 'https://evil.example' }],
    ['a tool inside a namespace', { type: 'namespace', name: 'n', tools: [{ type: 'mcp' }] }],
  ])('holds no tool that runs elsewhere: %s', async (_name, tool) => {
    const server = await serve((_request, response) => void response.end())
    const refused = await ask({ tools: [tool] })
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { error: { code: 'policy_denied', message: expect.stringContaining('client_tools_only') } },
    ])
    expect((await ask({ input: [{ type: 'additional_tools', tools: [tool] }] })).status).toBe(403)
    expect(server.requests).toHaveLength(0)
  })

  it('follows no redirect, so the key stays', async () => {
    const second = await startLoopback((_request, response) => void response.end())
    await serve((_request, response) => void response.writeHead(302, { location: `${second.url}/steal` }).end())
    const response = await ask()
    expect([response.status, await response.json()]).toMatchObject([502, { error: { code: 'upstream_error' } }])
    expect(second.requests).toHaveLength(0)
    await second.close()
  })

  it('asks only for models on the operator’s list', async () => {
    const server = await serve((_request, response) => void response.end())
    vi.stubEnv('VITRINE_MODELS', 'gpt-5.5')
    expect((await ask({ model: 'gpt-4' })).status).toBe(404)
    expect((await ask({ model: 'gpt-5.5\r\nx: y' })).status).toBe(404)
    expect(server.requests).toHaveLength(0)
  })
})

describe('what comes back', () => {
  it('streams as it arrives, without the headers of the upstream', async () => {
    await serve((_request, response) => {
      startStream(response)
      response.write(sse({ type: 'response.created', sequence_number: 0, response: { id: 'r' } }))
      setTimeout(
        () =>
          response.end(
            sse(
              {
                type: 'response.output_text.delta',
                sequence_number: 1,
                output_index: 0,
                content_index: 0,
                delta: 'Hello you',
              },
              {
                type: 'response.output_text.done',
                sequence_number: 2,
                output_index: 0,
                content_index: 0,
                text: 'Hello you',
              },
              completed,
            ),
          ),
        50,
      )
    })
    const response = await ask()
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    for (const name of ['set-cookie', 'openai-organization']) expect(response.headers.get(name)).toBeNull()
    const events = eventsIn(await response.text())
    expect(events.map((event) => event.type)).toEqual([
      'response.created',
      'response.output_text.delta',
      'response.output_text.done',
      'response.completed',
    ])
    expect(events.map((event) => event.sequence_number)).toEqual([0, 1, 2, 3])
  })

  it('has its secrets masked, also when they come in pieces, and says so', async () => {
    const text = `Your token is ${secret}, keep it.`
    await serve((_request, response) => {
      startStream(response)
      for (const char of text)
        response.write(
          sse({
            type: 'response.output_text.delta',
            sequence_number: 1,
            output_index: 0,
            content_index: 0,
            item_id: 'm',
            delta: char,
          }),
        )
      response.end(
        sse(
          {
            type: 'response.output_item.done',
            sequence_number: 2,
            output_index: 0,
            item: { type: 'message', content: [{ type: 'output_text', text }] },
          },
          { ...completed, response: { output: [{ type: 'message', content: [{ type: 'output_text', text }] }] } },
        ),
      )
    })
    const body = await (await ask()).text()
    expect(body).not.toContain(secret.slice(4, 14))
    const deltas = eventsIn(body).filter((event) => event.type === 'response.output_text.delta')
    expect(deltas.map((event) => event.delta).join('')).toBe('Your token is «secret:github-pat», keep it.')
    expect(eventsIn(body)).toContainEqual({
      type: 'vitrine.filter',
      action: 'masked',
      rule: 'github-pat',
      output_index: 0,
    })
  })

  it('has tool calls whole and unchanged, with a note when one holds a secret', async () => {
    const input = `*** Begin Patch\n+const t = "${secret}"\n*** End Patch`
    await serve((_request, response) => {
      startStream(response)
      for (const delta of [input.slice(0, 9), input.slice(9, 40), input.slice(40)])
        response.write(
          sse({ type: 'response.custom_tool_call_input.delta', sequence_number: 1, output_index: 1, delta }),
        )
      response.end(
        sse({ type: 'response.custom_tool_call_input.done', sequence_number: 2, output_index: 1, input }, completed),
      )
    })
    const events = eventsIn(await (await ask()).text())
    expect(events.map((event) => event.type)).toEqual([
      'response.custom_tool_call_input.delta',
      'vitrine.filter',
      'response.custom_tool_call_input.done',
      'response.completed',
    ])
    expect(events[0]?.delta).toBe(input)
    expect(events[1]).toMatchObject({ action: 'flagged', rule: 'github-pat' })
  })

  it('never holds a part of a call that was cut', async () => {
    await serve((_request, response) => {
      startStream(response).write(
        sse({
          type: 'response.function_call_arguments.delta',
          sequence_number: 1,
          output_index: 0,
          delta: '{"command":"rm',
        }),
      )
      setTimeout(() => response.destroy(), 30)
    })
    expect(await (await ask()).text()).toBe('')
  })

  it('is one JSON object when no stream was asked for', async () => {
    await serve(
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            id: 'r',
            output: [
              { type: 'message', content: [{ type: 'output_text', text: secret }] },
              { type: 'function_call', arguments: secret },
            ],
          }),
        ),
    )
    const response = await ask({ stream: false })
    expect(await response.json()).toEqual({
      id: 'r',
      output: [
        { type: 'message', content: [{ type: 'output_text', text: '«secret:github-pat»' }] },
        { type: 'function_call', arguments: secret },
      ],
    })
  })
})

describe('failures of the upstream', () => {
  it.each<[number, Record<string, unknown>, number, string]>([
    [429, { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' }, 429, 'rate_limit_exceeded'],
    [400, { message: 'too long', code: 'context_length_exceeded' }, 400, 'context_length_exceeded'],
    [500, { message: 'oops' }, 500, 'upstream_error'],
    [503, { message: 'busy', code: 'server_is_overloaded' }, 503, 'server_is_overloaded'],
    [401, { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' }, 502, 'upstream_error'],
  ])('%i keeps its class, message and code', async (status, error, expected, code) => {
    await serve(
      (_request, response) =>
        void response
          .writeHead(status, {
            'content-type': 'application/json',
            'retry-after': '7',
            'set-cookie': 'a=b',
            'openai-organization': 'org',
          })
          .end(JSON.stringify({ error })),
    )
    const response = await ask()
    const text = await response.text()
    expect([response.status, JSON.parse(text).error.code]).toEqual([expected, code])
    expect(text).not.toContain('CANARY')
    if (status === 429) expect(response.headers.get('retry-after')).toBe('7')
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it('that are no JSON are told without their text', async () => {
    await serve((_request, response) => void response.writeHead(500).end('<html>stack trace</html>'))
    expect(await (await ask()).text()).not.toContain('stack trace')
  })

  it('a server that is not there', async () => {
    const server = await serve((_request, response) => void response.end())
    await server.close()
    expect((await ask()).status).toBe(502)
  })

  it('a server that says nothing', async () => {
    vi.stubEnv('VITRINE_UPSTREAM_IDLE_SECONDS', '1')
    await serve(() => {})
    expect((await ask()).status).toBe(504)
  })

  it('a stream that falls silent', async () => {
    vi.stubEnv('VITRINE_UPSTREAM_IDLE_SECONDS', '1')
    await serve(
      (_request, response) => void startStream(response).write(sse({ type: 'response.created', sequence_number: 0 })),
    )
    const events = eventsIn(await (await ask()).text())
    expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { error: { code: 'upstream_timeout' } } })
  })

  it('a stream that is cut ends without a last event', async () => {
    await serve((_request, response) => {
      startStream(response).write(sse({ type: 'response.created', sequence_number: 0 }))
      setTimeout(() => response.destroy(), 30)
    })
    expect(eventsIn(await (await ask()).text()).map((event) => event.type)).toEqual(['response.created'])
  })
})

describe('a client that goes', () => {
  it('cancels the upstream while it streams', async () => {
    let closedAfterMs = -1
    await serve((_request, response) => {
      startStream(response).write(sse({ type: 'response.created', sequence_number: 0 }))
      response.on('close', () => {
        closedAfterMs = performance.now()
      })
    })
    const reader = (await ask()).body?.getReader()
    await reader?.read()
    const started = performance.now()
    await reader?.cancel()
    await vi.waitFor(() => expect(closedAfterMs).toBeGreaterThan(0))
    expect(closedAfterMs - started).toBeLessThan(500)
  })

  it('cancels the upstream before it answered', async () => {
    let isClosed = false
    const server = await serve((_request, response) => void response.on('close', () => (isClosed = true)))
    const controller = new AbortController()
    const pending = ask({}, { signal: controller.signal })
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    controller.abort()
    expect((await pending).status).toBe(499)
    await vi.waitFor(() => expect(isClosed).toBe(true))
  })

  it('reads slowly and slows the upstream, instead of filling memory', async () => {
    let written = 0
    await serve((_request, response) => {
      startStream(response)
      const piece = sse({
        type: 'response.output_item.added',
        sequence_number: 1,
        output_index: 0,
        item: { type: 'message', id: 'x'.repeat(60_000) },
      })
      const pump = () => {
        while (written < 200_000_000 && !response.destroyed) {
          written += piece.length
          if (!response.write(piece)) return void response.once('drain', pump)
        }
      }
      pump()
    })
    const reader = (await ask()).body?.getReader()
    await reader?.read()
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(written).toBeLessThan(20_000_000)
    await reader?.cancel()
  })
})

it('lists the models of an upstream when the operator names none', async () => {
  await serve(
    (_request, response) =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: [{ id: 'llama3.1:8b' }, { id: 'bad id' }, null] })),
  )
  const list = (await (await models(pageRequest('/api/v1/models'))).json()) as { data: { id: string }[] }
  expect(list.data.map(({ id }) => id)).toEqual(['llama3.1:8b'])
})

it('joins the moderation model’s verdict with our own', async () => {
  vi.stubEnv('OPENAI_MODERATION_MODEL', 'omni-moderation-latest')
  const server = await serve(
    (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          results: [{ flagged: true, categories: { violence: true }, category_scores: { violence: 0.9 } }],
        }),
      ),
  )
  const answer = await (await moderations(pageRequest('/api/v1/moderations', { input: 'x' }))).json()
  expect(answer).toMatchObject({
    model: 'omni-moderation-latest',
    results: [{ flagged: true, categories: { violence: true, 'vitrine/injection': false } }],
  })
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ model: 'omni-moderation-latest', input: ['x'] })
})
