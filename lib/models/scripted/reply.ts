import { createId, sleep } from '@/lib/base'
import type { WireEvent } from '../responses/encode'
import type { ResponseItem, ResponsesRequest } from '../types'

/** What a scripted model says in one response. */
export interface Reply {
  parts: readonly ReplyPart[]
}

export type ReplyPart =
  | { type: 'text'; text: string }
  | { type: 'function_call'; name: string; arguments: Record<string, unknown> }
  | { type: 'custom_tool_call'; name: string; input: string }

export interface StreamOptions {
  /** The request that is answered: its model is echoed, its size is counted as input tokens. */
  request: Pick<ResponsesRequest, 'model' | 'input'>
  /** Milliseconds between pieces; 0 sends all at once. */
  pace: number
  signal?: AbortSignal
}

/** Rough, and said to be: there is no tokenizer behind a script. */
const charactersPerToken = 4

/** Speaks a reply in the full official order of events. Rejects with the abort reason when `signal` aborts. */
export async function* streamReply(reply: Reply, { request, pace, signal }: StreamOptions): AsyncGenerator<WireEvent> {
  let sequence = 0
  const event = (type: string, fields: Record<string, unknown>): WireEvent => ({
    type,
    sequence_number: sequence++,
    ...fields,
  })
  const base = {
    id: createId('resp_'),
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    model: request.model,
  }
  const inProgress = { ...base, status: 'in_progress', error: null, incomplete_details: null, output: [], usage: null }
  const output: ResponseItem[] = []

  yield event('response.created', { response: inProgress })
  yield event('response.in_progress', { response: inProgress })
  for (const part of reply.parts) {
    const place = { output_index: output.length }
    const { started, finished, pieces } = toItem(part)
    yield event('response.output_item.added', { ...place, item: started })
    for (const { type, fields } of pieces) {
      if (type.endsWith('.delta') && pace > 0) await sleep(pace, signal)
      signal?.throwIfAborted()
      yield event(type, { ...place, item_id: finished.id, ...fields })
    }
    yield event('response.output_item.done', { ...place, item: finished })
    output.push(finished)
  }
  yield event('response.completed', {
    response: {
      ...base,
      status: 'completed',
      error: null,
      incomplete_details: null,
      output,
      usage: usageOf(request, output),
    },
  })
}

interface Piece {
  type: string
  fields: Record<string, unknown>
}

function toItem(part: ReplyPart): { started: ResponseItem; finished: ResponseItem; pieces: Piece[] } {
  if (part.type === 'text') {
    const id = createId('msg_')
    const content = { type: 'output_text' as const, text: part.text, annotations: [] }
    const message = { id, type: 'message' as const, role: 'assistant' as const }
    const place = { content_index: 0 }
    return {
      started: { ...message, status: 'in_progress', content: [] },
      finished: { ...message, status: 'completed', content: [content] },
      pieces: [
        { type: 'response.content_part.added', fields: { ...place, part: { ...content, text: '' } } },
        ...inPieces(part.text).map((delta) => ({ type: 'response.output_text.delta', fields: { ...place, delta } })),
        { type: 'response.output_text.done', fields: { ...place, text: part.text } },
        { type: 'response.content_part.done', fields: { ...place, part: content } },
      ],
    }
  }
  if (part.type === 'function_call') {
    const text = JSON.stringify(part.arguments)
    const call = { id: createId('fc_'), type: part.type, call_id: createId('call_'), name: part.name }
    return {
      started: { ...call, arguments: '', status: 'in_progress' },
      finished: { ...call, arguments: text, status: 'completed' },
      pieces: [
        ...inPieces(text).map((delta) => ({ type: 'response.function_call_arguments.delta', fields: { delta } })),
        { type: 'response.function_call_arguments.done', fields: { arguments: text } },
      ],
    }
  }
  const call = { id: createId('ctc_'), type: part.type, call_id: createId('call_'), name: part.name }
  return {
    started: { ...call, input: '', status: 'in_progress' },
    finished: { ...call, input: part.input, status: 'completed' },
    pieces: [
      ...inPieces(part.input).map((delta) => ({ type: 'response.custom_tool_call_input.delta', fields: { delta } })),
      { type: 'response.custom_tool_call_input.done', fields: { input: part.input } },
    ],
  }
}

/** A few words at a time, so that a reader sees it come. */
function inPieces(text: string): string[] {
  return text.match(/\S*\s*\S*\s*\S*\s*/g)?.filter((piece) => piece !== '') ?? []
}

function usageOf({ input }: Pick<ResponsesRequest, 'input'>, output: readonly ResponseItem[]) {
  const tokens = (items: readonly ResponseItem[]) => Math.ceil(JSON.stringify(items).length / charactersPerToken)
  // What came before the model's last answer was in the request before this one.
  const lastAnswer = input.findLastIndex(
    (item) => item.type.endsWith('_call') || (item.type === 'message' && item.role === 'assistant'),
  )
  const [inputTokens, outputTokens] = [tokens(input), tokens(output)]
  const cached = lastAnswer === -1 ? 0 : tokens(input.slice(0, lastAnswer + 1))
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: Math.min(cached, inputTokens) },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  }
}
