import {
  type Model,
  type ModelEvent,
  partText,
  type ResponseItem,
  type ResponsesRequest,
  type Usage,
} from '@/lib/models'

/** One response of the test's model: its events, or a function of the request. */
export type Reply = readonly ModelEvent[] | ((request: ResponsesRequest) => readonly ModelEvent[])

export const usage: Usage = {
  inputTokens: 100,
  cachedInputTokens: 60,
  cacheWriteTokens: 0,
  outputTokens: 10,
  reasoningTokens: 0,
  totalTokens: 110,
}

/** Answers with the replies in turn and keeps what it was asked. After an open-ended reply (see `hang`) it waits for ever. */
export function scriptedModel(replies: readonly Reply[]): { model: Model; requests: ResponsesRequest[] } {
  const requests: ResponsesRequest[] = []
  const model: Model = async function* (request) {
    const reply = replies[requests.length]
    if (reply === undefined) throw new Error(`The script has ${replies.length} replies; another was asked for.`)
    requests.push(request)
    const events = typeof reply === 'function' ? reply(request) : reply
    yield* events
    const last = events.at(-1)
    if (last?.type !== 'completed' && last?.type !== 'failed') await new Promise(() => {})
  }
  return { model, requests }
}

/** A whole response made of these items, in order. */
export function reply(...items: ResponseItem[]): ModelEvent[] {
  return [...pieces(...items), { type: 'completed', responseId: 'resp', usage }]
}

/** The items, then a failure; `paid` when the server says what it used. */
export function cut(
  items: ResponseItem[],
  { paid = false, ...error }: Partial<Extract<ModelEvent, { type: 'failed' }>['error']> & { paid?: boolean } = {},
): ModelEvent[] {
  const failure = { kind: 'retryable' as const, code: 'stream_cut', message: 'The stream was cut.', ...error }
  return [...pieces(...items), { type: 'failed', error: failure, ...(paid && { usage }) }]
}

/** The items, and then nothing more. */
export function pieces(...items: ResponseItem[]): ModelEvent[] {
  return items.flatMap((item, index): ModelEvent[] => [
    { type: 'item-start', index, item: emptied(item) },
    ...deltas(item, index),
    { type: 'item-end', index, item },
  ])
}

export function say(text: string): ResponseItem {
  return { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text }] }
}

export function think(text: string): ResponseItem {
  return { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text }], encrypted_content: 'sealed' }
}

export function call(callId: string, name: string, input: unknown): ResponseItem {
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  return { type: 'function_call', call_id: callId, name, arguments: text }
}

export function patch(callId: string, ...lines: string[]): ResponseItem {
  const input = ['*** Begin Patch', ...lines, '*** End Patch'].join('\n')
  return { type: 'custom_tool_call', call_id: callId, name: 'apply_patch', input }
}

function emptied(item: ResponseItem): ResponseItem {
  if (item.type === 'message') return { ...item, content: [] }
  if (item.type === 'function_call') return { ...item, arguments: '' }
  return item.type === 'custom_tool_call' ? { ...item, input: '' } : item
}

function deltas(item: ResponseItem, index: number): ModelEvent[] {
  if (item.type === 'message') {
    return item.content.map((part) => ({
      type: 'text-delta',
      index,
      delta: partText(part),
    }))
  }
  if (item.type === 'reasoning') {
    return item.summary.map((part) => ({ type: 'reasoning-delta', index, delta: part.text }))
  }
  if (item.type === 'function_call') return [{ type: 'tool-input-delta', index, delta: item.arguments }]
  return item.type === 'custom_tool_call' ? [{ type: 'tool-input-delta', index, delta: item.input }] : []
}
