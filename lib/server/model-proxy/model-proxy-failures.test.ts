import { describe, expect, it, vi } from 'vitest'
import { POST } from '@/app/api/v1/responses/route'
import { sse } from '../testing/loopback'
import { askOf, eventsIn, startStream, upstreamKey, useUpstream } from '../testing/upstream'

const serve = useUpstream()
const ask = askOf(POST)

describe('failures of the upstream', () => {
  it.each<[number, Record<string, unknown>, number, string]>([
    [429, { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' }, 429, 'rate_limit_exceeded'],
    [400, { message: 'too long', code: 'context_length_exceeded' }, 400, 'context_length_exceeded'],
    [500, { message: 'oops' }, 500, 'upstream_error'],
    [503, { message: 'busy', code: 'server_is_overloaded' }, 503, 'server_is_overloaded'],
    [401, { message: `Incorrect API key provided: ${upstreamKey}`, code: 'invalid_api_key' }, 502, 'upstream_error'],
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
