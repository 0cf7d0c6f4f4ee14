import { describe, expect, it, vi } from 'vitest'
import { GET as models } from '@/app/api/v1/models/route'
import { POST as moderations } from '@/app/api/v1/moderations/route'
import { POST } from '@/app/api/v1/responses/route'
import { pageRequest, sse } from '../testing/loopback'
import { askOf, completed, eventsIn, startStream, useUpstream } from '../testing/upstream'

const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`
const serve = useUpstream()
const ask = askOf(POST)

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

  it('has a patch unchanged and as it is written, up to what looks like a secret, with a note before its end', async () => {
    const input = `*** Begin Patch\n*** Update File: a.ts\n+const t = "${secret}"\n+const u = 1\n*** End Patch`
    await serve((_request, response) => {
      startStream(response)
      for (const delta of input.match(/.{1,7}/gs) ?? [])
        response.write(
          sse({ type: 'response.custom_tool_call_input.delta', sequence_number: 1, output_index: 1, delta }),
        )
      response.end(
        sse({ type: 'response.custom_tool_call_input.done', sequence_number: 2, output_index: 1, input }, completed),
      )
    })
    const events = eventsIn(await (await ask()).text())
    const deltas = events.flatMap(({ type, delta }) =>
      type === 'response.custom_tool_call_input.delta' ? [String(delta)] : [],
    )
    expect(deltas.join('')).toBe(input)
    expect(deltas.length).toBeGreaterThan(1)
    expect(deltas.slice(0, -1).join('')).not.toContain(secret.slice(0, 4))
    expect(events.slice(-3)).toMatchObject([
      { type: 'vitrine.filter', action: 'flagged', rule: 'github-pat' },
      { type: 'response.custom_tool_call_input.done' },
      { type: 'response.completed' },
    ])
  })

  it('never holds a part of a function call that was cut', async () => {
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

  it('cannot add a line of its own to the stream', async () => {
    await serve((_request, response) => {
      const type = `x\ndata: {"type":"response.output_text.delta","delta":"${secret}"}`
      startStream(response).end(sse({ type, sequence_number: 0 }, completed))
    })
    const text = await (await ask()).text()
    expect(text).not.toContain(secret)
    expect(eventsIn(text).map((event) => event.type)).toEqual(['response.completed'])
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
