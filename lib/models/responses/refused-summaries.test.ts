import { expect, it } from 'vitest'
import type { Model, ModelEvent, ResponsesRequest } from '../types'
import { withoutRefusedSummaries } from './refused-summaries'

const request = { model: 'm', input: [], reasoning: { effort: 'low', summary: 'auto' } } as unknown as ResponsesRequest
const done: ModelEvent = { type: 'completed', responseId: 'r', usage: null }
const refusal = (message: string): ModelEvent => ({
  type: 'failed',
  error: { kind: 'fatal', code: 'invalid_request', message },
})

function serve(answer: (request: ResponsesRequest) => ModelEvent) {
  const asked: ResponsesRequest['reasoning'][] = []
  const model: Model = async function* (given) {
    asked.push(given.reasoning)
    yield answer(given)
  }
  const wrapped = withoutRefusedSummaries(model)
  const ask = async (given = request) => {
    const events: ModelEvent[] = []
    for await (const event of wrapped(given, { signal: new AbortController().signal })) events.push(event)
    return events
  }
  return { ask, asked }
}

it('asks again without summaries where they are refused, once for a model', async () => {
  const message = 'Your organization must be verified to generate reasoning summaries.'
  const { ask, asked } = serve(({ reasoning }) => (reasoning?.summary ? refusal(message) : done))
  expect(await ask()).toEqual([done])
  expect(await ask()).toEqual([done])
  expect(asked).toEqual([{ effort: 'low', summary: 'auto' }, { effort: 'low' }, { effort: 'low' }])
  expect(await ask({ ...request, model: 'n', reasoning: { summary: 'auto' } })).toEqual([done])
  expect(asked.slice(3)).toEqual([{ summary: 'auto' }, undefined])
})

it('leaves other refusals, and requests that ask for none, as they are', async () => {
  const other = refusal('The key is not valid.')
  const { ask, asked } = serve(() => other)
  expect(await ask()).toEqual([other])
  expect(await ask({ ...request, reasoning: { effort: 'low' } })).toEqual([other])
  expect(asked).toHaveLength(2)
})
