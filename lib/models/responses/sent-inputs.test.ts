import { expect, it } from 'vitest'
import { compactionTrigger } from '../compaction-trigger'
import type { ResponseItem, ResponsesRequest } from '../types'
import { createResponsesModel } from './client'
import { createSentInputs, keptInputHeader } from './sent-inputs'

const item = (text: string): ResponseItem => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
})
const done = 'data: {"type":"response.completed","response":{"id":"r1"}}\n\n'

interface Body {
  kept_input: string | null
  input: ResponseItem[]
}

/** A server that keeps inputs as ours does, until it is told to forget. */
function keepingServer() {
  const kept = new Map<string, ResponseItem[]>()
  const bodies: Body[] = []
  const inputs: ResponseItem[][] = []
  const urls: string[] = []
  const answer = async (url: unknown, init?: RequestInit): Promise<Response> => {
    urls.push(String(url))
    const body: Body = JSON.parse(String(init?.body))
    bodies.push(body)
    const before = body.kept_input === null ? [] : kept.get(body.kept_input)
    if (!before) return Response.json({ error: { message: 'Not kept.', code: 'input_unknown' } }, { status: 409 })
    const input = [...before, ...body.input]
    inputs.push(input)
    const id = `input_${inputs.length}`
    kept.set(id, input)
    return new Response(done, { headers: { 'content-type': 'text/event-stream', [keptInputHeader]: id } })
  }
  return { answer: answer as typeof fetch, bodies, urls, inputs, forget: () => kept.clear() }
}

function start() {
  const server = keepingServer()
  const model = createResponsesModel({ url: '/responses', fetch: server.answer, sent: createSentInputs() })
  const ask = async (...input: ResponseItem[]): Promise<string[]> => {
    const request = { model: 'm', stream: true, input } as unknown as ResponsesRequest
    const types: string[] = []
    for await (const event of model(request, { signal: new AbortController().signal })) types.push(event.type)
    return types
  }
  return { server, ask }
}

const [a, b, c, d] = [item('a'), item('b'), item('c'), item('d')]

it('sends what is new, and a fork goes on from what both have', async () => {
  const { server, ask } = start()
  await ask(a, b)
  await ask(a, b, c)
  await ask(a, b, d)
  expect(server.bodies.map(({ input }) => input)).toEqual([[a, b], [c], [d]])
  expect(server.inputs).toEqual([
    [a, b],
    [a, b, c],
    [a, b, d],
  ])
})

it('sends a shortened history whole', async () => {
  const { server, ask } = start()
  await ask(a, b, c)
  await ask(c, d)
  expect(server.bodies[1]).toMatchObject({ kept_input: null, input: [c, d] })
})

it('sends all again, once, when the server has forgotten', async () => {
  const { server, ask } = start()
  await ask(a)
  server.forget()
  expect(await ask(a, b)).toEqual(['completed'])
  expect(server.inputs.at(-1)).toEqual([a, b])
  expect(server.bodies).toHaveLength(3)
  await ask(a, b, c)
  expect(server.bodies.at(-1)?.input).toEqual([c])
})

it('tells a refusal that stays as a failure', async () => {
  const conflict = async () => Response.json({ error: { message: 'No.', code: 'conflict' } }, { status: 409 })
  const model = createResponsesModel({ url: '/', fetch: conflict, sent: createSentInputs() })
  const request = { model: 'm', input: [a] } as unknown as ResponsesRequest
  const events = []
  for await (const event of model(request, { signal: new AbortController().signal })) events.push(event)
  expect(events).toEqual([{ type: 'failed', error: expect.objectContaining({ message: 'No.' }) }])
})

it('has a history shortened beside the address of responses, without sending it again', async () => {
  const { server, ask } = start()
  await ask(a, b)
  await ask(a, b, c, compactionTrigger)
  expect(server.bodies[1]).toEqual({ model: 'm', kept_input: 'input_1', input: [c] })
  expect(server.urls).toEqual(['/responses', '/responses/compact'])
})
