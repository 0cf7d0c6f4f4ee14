import { expect, it, vi } from 'vitest'
import { POST } from '@/app/api/v1/responses/route'
import { keptInputHeader } from '@/lib/models/responses'
import { askOf, completed, startStream, useUpstream } from '../testing/upstream'
import { createKeptInputs } from './kept-inputs'

const item = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
const unknown = { code: 'input_unknown' }

it('reads a branch whole, without what other branches added', () => {
  const kept = createKeptInputs()
  const first = kept.keep({ parent: null, items: [1, 2], owner: 'a' })
  const left = kept.keep({ parent: first, items: [3], owner: 'a' })
  const right = kept.keep({ parent: first, items: [4, 5], owner: 'a' })
  expect(kept.read(left, 'a')).toEqual([1, 2, 3])
  expect(kept.read(right, 'a')).toEqual([1, 2, 4, 5])
})

it('knows nothing for anybody else', () => {
  const kept = createKeptInputs()
  const id = kept.keep({ parent: null, items: [1], owner: 'a' })
  expect(() => kept.read(id, 'b')).toThrow(expect.objectContaining(unknown))
  expect(() => kept.keep({ parent: id, items: [2], owner: 'b' })).toThrow(expect.objectContaining(unknown))
})

it('forgets what was not used for longest when room runs out, ends before beginnings', () => {
  const kept = createKeptInputs({ maxSize: 30 })
  const old = kept.keep({ parent: null, items: ['x'.repeat(10)], owner: 'a' })
  const next = kept.keep({ parent: old, items: ['y'.repeat(10)], owner: 'a' })
  expect(kept.read(old, 'a')).toHaveLength(1)
  kept.keep({ parent: null, items: ['z'.repeat(10)], owner: 'b' })
  expect(() => kept.read(next, 'a')).toThrow(expect.objectContaining(unknown))
  expect(kept.read(old, 'a')).toHaveLength(1)
})

it('forgets an end before its beginning also when nothing was read since', () => {
  const kept = createKeptInputs({ maxSize: 30 })
  const old = kept.keep({ parent: null, items: ['x'.repeat(10)], owner: 'a' })
  const next = kept.keep({ parent: old, items: ['y'.repeat(10)], owner: 'a' })
  kept.keep({ parent: null, items: ['z'.repeat(10)], owner: 'b' })
  expect(() => kept.read(next, 'a')).toThrow(expect.objectContaining(unknown))
  expect(kept.read(old, 'a')).toHaveLength(1)
})

it('keeps text, not the objects that a request was parsed into, which take many times its size', () => {
  const items = [{ content: [{}, {}] }]
  const kept = createKeptInputs()
  const id = kept.keep({ parent: null, items, owner: 'a' })
  items[0]?.content.push({})
  expect(kept.read(id, 'a')).toEqual([{ content: [{}, {}] }])
})

it('forgets what nobody used for its lifetime', () => {
  let now = 0
  const kept = createKeptInputs({ lifetimeMs: 1000, now: () => now })
  const id = kept.keep({ parent: null, items: [1], owner: 'a' })
  now = 900
  expect(kept.read(id, 'a')).toEqual([1])
  now = 1800
  expect(kept.read(id, 'a')).toEqual([1])
  now = 2900
  expect(() => kept.read(id, 'a')).toThrow(expect.objectContaining(unknown))
})

it('refuses what grows past the limit of one input, piece by piece', () => {
  const kept = createKeptInputs({ maxItemsSize: 30 })
  const first = kept.keep({ parent: null, items: ['x'.repeat(10)], owner: 'a' })
  const second = kept.keep({ parent: first, items: ['x'.repeat(10)], owner: 'a' })
  expect(() => kept.keep({ parent: second, items: ['x'.repeat(10)], owner: 'a' })).toThrow(
    expect.objectContaining({ code: 'request_too_large' }),
  )
})

const serve = useUpstream()
const ask = askOf(POST)

it('sends the whole input upstream when the client sent only what is new', async () => {
  const upstream = await serve((_request, response) => {
    startStream(response).end(`data: ${JSON.stringify(completed)}\n\n`)
  })
  const first = await ask({ kept_input: null, input: [item('one')] })
  const id = first.headers.get(keptInputHeader)
  const second = await ask({ kept_input: id, input: [item('two')] })
  await Promise.all([first.text(), second.text()])
  const bodies = upstream.requests.map(({ body }) => JSON.parse(body))
  expect(bodies.map(({ input }) => input)).toEqual([[item('one')], [item('one'), item('two')]])
  expect(JSON.stringify(bodies)).not.toContain('kept_input')
  expect(second.headers.get(keptInputHeader)).not.toBe(id)
})

it('keeps nothing of a client that does not ask for it, nor of a refused request', async () => {
  await serve((_request, response) => {
    startStream(response).end(`data: ${JSON.stringify(completed)}\n\n`)
  })
  expect((await ask()).headers.get(keptInputHeader)).toBeNull()
  const refused = await ask({ kept_input: null, input: [{ type: 'item_reference', id: 'x' }] })
  expect([refused.status, refused.headers.get(keptInputHeader)]).toEqual([400, null])
})

it.each([
  ['an id that is not known', 'input_0', [item('x')], 409, 'input_unknown'],
  ['an id that is no text', 12, [item('x')], 400, 'invalid_request'],
  ['an input that is no list', null, 'text', 400, 'invalid_request'],
])('answers %s with a clear error', async (_title, kept_input, input, status, code) => {
  vi.stubEnv('OPENAI_BASE_URL', undefined)
  vi.stubEnv('OPENAI_API_KEY', undefined)
  const response = await ask({ kept_input, input })
  expect([response.status, (await response.json()).error.code]).toEqual([status, code])
})
