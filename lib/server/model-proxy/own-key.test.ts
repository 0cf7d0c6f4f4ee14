import { describe, expect, it, vi } from 'vitest'
import { GET as models } from '@/app/api/v1/models/route'
import { POST } from '@/app/api/v1/responses/route'
import { ownKeyHeader } from '@/lib/models'
import { pageRequest, sse } from '../testing/loopback'
import { askOf, completed, eventsIn, startStream, upstreamKey, useUpstream } from '../testing/upstream'

const serve = useUpstream()
const ask = askOf(POST)
// The log lines of every test here are searched for CANARY.
const ownKey = 'sk-own-CANARY-of-the-user-0123456789'
const mine = { headers: { [ownKeyHeader]: ownKey } }
const list = (headers: Record<string, string> = mine.headers) =>
  models(pageRequest('/api/v1/models', undefined, { headers }))

describe('a key of the user’s own', () => {
  it('takes the place of the operator’s for that one request, and travels in no other header', async () => {
    const server = await serve((_request, response) => void startStream(response).end(sse(completed)))
    await (await ask({}, mine)).text()
    await (await ask()).text()
    const [first, second] = server.requests
    expect(first?.headers.authorization).toBe(`Bearer ${ownKey}`)
    expect(second?.headers.authorization).toBe(`Bearer ${upstreamKey}`)
    const others = Object.entries(first?.headers ?? {}).filter(([name]) => name !== 'authorization')
    expect(JSON.stringify([others, first?.body])).not.toContain('CANARY')
  })

  it('comes back in no answer, even when the model server repeats it', async () => {
    await serve((_request, response) => {
      const text = {
        type: 'response.output_text.delta',
        sequence_number: 1,
        output_index: 0,
        delta: `It is ${ownKey}.`,
      }
      const failed = { type: 'response.failed', response: { error: { code: 'x', message: `bad key ${ownKey}` } } }
      startStream(response).end(sse(text, failed))
    })
    const text = await (await ask({}, mine)).text()
    expect(eventsIn(text).length).toBeGreaterThan(0)
    expect(text).not.toContain('CANARY')
  })

  it.each([
    [401, 'The key was refused: the model server says that it is not valid (401).'],
    [403, 'The key was refused: the model server says that it may not be used for this (403).'],
  ])('that is refused with %i says so in our own words', async (status, message) => {
    const body = JSON.stringify({ error: { message: `Incorrect API key provided: ${ownKey}` } })
    await serve((_request, response) => void response.writeHead(status).end(body))
    for (const answer of [await ask({}, mine), await list()]) {
      const text = await answer.text()
      expect(answer.status).toBe(401)
      expect(JSON.parse(text).error).toMatchObject({ code: 'key_refused', message })
      expect(text).not.toContain('CANARY')
    }
  })

  it('keeps the other failures of the model server, without the key in their words', async () => {
    const error = { message: `You (${ownKey}) exceeded your quota.`, code: 'insufficient_quota' }
    await serve((_request, response) => void response.writeHead(429).end(JSON.stringify({ error })))
    const answer = await ask({}, mine)
    expect(answer.status).toBe(429)
    const text = await answer.text()
    expect(JSON.parse(text).error.code).toBe('insufficient_quota')
    expect(text).not.toContain('CANARY')
  })

  it('opens what the model server lists for it, with what it says of each model', async () => {
    const entries = [
      { id: 'router/small', context_length: 32_768, pricing: { prompt: '0.000002', completion: '0.000008' } },
      { id: 'router/large' },
    ]
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: entries }))
    })
    const body = await (await list()).json()
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${ownKey}`)
    expect(body.data.map((entry: { vitrine: unknown }) => entry.vitrine)).toMatchObject([
      { id: 'router/small', contextWindow: 32_768, price: { input: 2, cachedInput: 2, output: 8 } },
      { id: 'router/large', contextWindow: null, price: null, efforts: [], verbosities: [] },
    ])
    expect(body.vitrine.ownKeys).toBe('operator')
  })

  it('does not widen the operator’s list of models', async () => {
    vi.stubEnv('VITRINE_MODELS', 'gpt-5.5')
    await serve((_request, response) => void response.writeHead(404).end())
    expect((await ask({ model: 'another' }, mine)).status).toBe(404)
    const body = await (await list()).json()
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(['gpt-5.5'])
  })

  it('is refused where the operator does not want it, and when it cannot be one', async () => {
    const server = await serve((_request, response) => void startStream(response).end(sse(completed)))
    for (const key of ['short', 'two words here', 'x'.repeat(600)]) {
      const answer = await ask({}, { headers: { [ownKeyHeader]: key } })
      expect((await answer.json()).error.code).toBe('key_refused')
    }
    vi.stubEnv('VITRINE_OWN_KEYS', 'off')
    expect((await (await ask({}, mine)).json()).error).toMatchObject({
      code: 'key_refused',
      message: expect.stringContaining('takes no keys'),
    })
    expect((await (await list({})).json()).vitrine.ownKeys).toBe('off')
    expect(server.requests.filter(({ path }) => path.endsWith('/responses'))).toEqual([])
  })

  it('cannot be sent anywhere but to the operator’s model server', async () => {
    const server = await serve((_request, response) => void startStream(response).end(sse(completed)))
    for (const field of ['base_url', 'api_base', 'endpoint']) {
      expect((await ask({ [field]: 'https://evil.example' }, mine)).status).toBe(400)
    }
    expect(server.requests).toEqual([])
  })
})
