import type { Model, ModelFailure, ResponsesRequest } from '../types'

/**
 * Asks again without summaries where a server refuses to give them, as OpenAI's does to accounts that are not verified,
 * and asks for none of that model from then on.
 */
export function withoutRefusedSummaries(model: Model): Model {
  const refusing = new Set<string>()
  return async function* (request, options) {
    const asksForThem = request.reasoning?.summary !== undefined
    if (asksForThem && !refusing.has(request.model)) {
      let isRefused = false
      for await (const event of model(request, options)) {
        isRefused = event.type === 'failed' && isAboutSummaries(event.error)
        if (isRefused) break
        yield event
      }
      if (!isRefused) return
      refusing.add(request.model)
    }
    yield* model(asksForThem ? withoutSummary(request) : request, options)
  }
}

function isAboutSummaries({ kind, message }: ModelFailure): boolean {
  return kind === 'fatal' && /\breasoning[ ._]summar/i.test(message)
}

function withoutSummary({ reasoning: { summary, ...reasoning } = {}, ...request }: ResponsesRequest): ResponsesRequest {
  return Object.keys(reasoning).length > 0 ? { ...request, reasoning } : request
}
