import type { Model, ModelEvent, ResponsesRequest } from '../types'

/** One response as it was once given. */
export interface RecordedResponse {
  /** How many input items its request had: a request of another size is another conversation. */
  items: number
  events: readonly ModelEvent[]
}

/**
 * Answers with recorded responses, in order, whatever is asked. When the conversation has gone another way than the
 * recorded one, it fails with the code `diverged` and says where.
 */
export function createReplayModel(responses: readonly RecordedResponse[]): Model {
  let next = 0
  return async function* replay(request: ResponsesRequest, { signal }) {
    signal.throwIfAborted()
    const index = next++
    const recorded = responses[index]
    if (recorded === undefined)
      yield diverged(`The recording has ${responses.length} responses; one more was asked for.`)
    else if (recorded.items !== request.input.length) {
      yield diverged(`Request ${index + 1} has ${request.input.length} items; the recorded one had ${recorded.items}.`)
    } else yield* recorded.events
  }
}

function diverged(message: string): ModelEvent {
  return { type: 'failed', error: { kind: 'fatal', code: 'diverged', message } }
}
