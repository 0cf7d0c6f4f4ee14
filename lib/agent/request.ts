import { byteLength } from '@/lib/base'
import { type ResponsesRequest, withoutPictures } from '@/lib/models'
import type { Turn } from './turn'

/**
 * Only `input` grows between the requests of a thread; all else stays as it is, so that prefixes hit the cache. Effort and
 * verbosity may change between turns: they stand beside the input, so its prefix stays.
 */
export function buildRequest({ input, tools, history }: Pick<Turn, 'input' | 'tools' | 'history'>): ResponsesRequest {
  return {
    model: input.model,
    stream: true,
    // A thread can go on with a model that sees less than the one before.
    input: input.images ? [...history] : history.map(withoutPictures),
    tools: tools.map((tool) => tool.definition),
    tool_choice: 'auto',
    parallel_tool_calls: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: input.threadId,
    ...reasoningOf(input),
    ...(input.verbosity === undefined ? {} : { text: { verbosity: input.verbosity } }),
    ...(input.temperature === undefined ? {} : { temperature: input.temperature }),
  }
}

/** A model that does not think has nothing to sum up. */
function reasoningOf({ effort, reasoningSummaries }: Turn['input']): Pick<ResponsesRequest, 'reasoning'> {
  const reasoning = {
    ...(effort !== undefined && { effort }),
    ...(reasoningSummaries && effort !== 'none' && { summary: 'auto' as const }),
  }
  return Object.keys(reasoning).length > 0 ? { reasoning } : {}
}

/** Bytes of the request as JSON, without turning the whole history into text again for each step. */
export function requestBytes(request: ResponsesRequest, historyBytes: number): number {
  return byteLength(JSON.stringify({ ...request, input: [] })) + historyBytes
}
