import type { ModelEvent, ResponseItem } from '../types'
import { classifyFailure, classifyIncomplete } from './failure'
import type { SseEvent } from './sse'
import { eventSchema, responseSchema, toItem, toUsage, type WireFields, type WireResponse } from './wire'

export interface ResponseDecoder {
  /** What an event means. After `completed` or `failed` nothing means anything. */
  decode(event: SseEvent): ModelEvent[]
  /** The stream has ended: a failure unless the response had. */
  end(): ModelEvent[]
  readonly isDone: boolean
}

/**
 * Turns the wire's events into ours. Unknown, malformed, repeated and late events are skipped; an item starts once and
 * ends once; `completed` ends the response whether or not the socket closes.
 */
export function createResponseDecoder(): ResponseDecoder {
  const items = createItemTracker()
  const seen = createRepeatFilter()
  let responseId: string | null = null
  let isDone = false

  function finish(event: Extract<ModelEvent, { type: 'completed' | 'failed' }>): ModelEvent[] {
    isDone = true
    return [event]
  }

  function decodeFields(fields: WireFields): ModelEvent[] {
    const { type, response } = fields
    switch (type) {
      case 'response.created': {
        if (responseId !== null || !response) return []
        responseId = response.id
        return [{ type: 'created', responseId, model: response.model }]
      }
      case 'response.output_item.added':
        return items.start(fields)
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return items.delta(fields, 'text-delta', emptyMessage)
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return items.delta(fields, 'reasoning-delta', emptyReasoning)
      case 'response.reasoning_summary_part.added':
        // The parts of a summary are paragraphs.
        if (!fields.summary_index) return []
        return items.delta({ ...fields, delta: '\n\n' }, 'reasoning-delta', emptyReasoning)
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return items.delta(fields, 'tool-input-delta', null)
      case 'response.output_item.done':
        return items.end(fields)
      case 'response.completed':
        return finish(completed(response))
      case 'response.failed':
      case 'response.incomplete':
        return finish(failed(response, type === 'response.incomplete'))
      case 'error':
        return finish({ type: 'failed', error: classifyFailure(fields.error ?? fields) })
      default:
        return []
    }
  }

  return {
    get isDone() {
      return isDone
    },
    decode(event) {
      if (isDone) return []
      if (event.tooLarge) return finish(tooLarge)
      const fields = parseEvent(event)
      if (fields === null || seen(fields, event.data)) return []
      return decodeFields(fields)
    },
    end() {
      return isDone ? [] : finish(cutOff)
    },
  }
}

/** A response that came as one JSON document, as the events it stands for. */
export function decodeWhole(body: unknown): ModelEvent[] {
  const response = responseSchema.safeParse(body)
  if (!response.success || !response.data.output) return [notAResponse]
  const { id, model, status, error, output } = response.data
  const decoder = createItemTracker()
  const items = output.flatMap((item, index) => decoder.end({ type: '', output_index: index, item: toRecord(item) }))
  const created: ModelEvent = { type: 'created', responseId: id, model }
  const isIncomplete = status === 'incomplete'
  const isFailed = isIncomplete || status === 'failed' || error
  return [created, ...items, isFailed ? failed(response.data, isIncomplete) : completed(response.data)]
}

function completed(response: WireResponse | undefined): Extract<ModelEvent, { type: 'completed' }> {
  return { type: 'completed', responseId: response?.id ?? '', usage: toUsage(response?.usage) }
}

function failed(response: WireResponse | undefined, isIncomplete: boolean): Extract<ModelEvent, { type: 'failed' }> {
  const usage = toUsage(response?.usage)
  const error = isIncomplete
    ? classifyIncomplete(response?.incomplete_details?.reason)
    : classifyFailure(response?.error)
  return { type: 'failed', error, ...(usage && { usage }) }
}

function parseEvent({ event, data }: SseEvent): WireFields | null {
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    // A line that is no JSON, `[DONE]` for one, says nothing; the ones after it still count.
    return null
  }
  if (typeof json !== 'object' || json === null) return null
  const parsed = eventSchema.safeParse('type' in json ? json : { ...json, type: event })
  return parsed.success ? parsed.data : null
}

/** Recognises an event that was sent twice. The number alone does not tell: some servers count wrongly. */
function createRepeatFilter(): (fields: WireFields, data: string) => boolean {
  const recent = new Map<number, string>()
  return ({ sequence_number: number }, data) => {
    if (number === undefined) return false
    if (recent.get(number) === data) return true
    recent.set(number, data)
    for (const oldest of recent.keys()) {
      if (recent.size <= 256) break
      recent.delete(oldest)
    }
    return false
  }
}

type DeltaType = 'text-delta' | 'reasoning-delta' | 'tool-input-delta'

/** Keeps every item's events in order: one start, deltas, one end. */
function createItemTracker() {
  const open = new Map<number, ResponseItem>()
  const ended = new Set<number>()
  /** Ids of items that came under an index already taken: parts of another response on the same stream. */
  const foreign = new Set<string>()

  function start({ output_index, item: value }: WireFields): ModelEvent[] {
    const item = toItem(value)
    if (item === null) return []
    const index = output_index ?? nextIndex()
    const known = open.get(index)
    if (known !== undefined || ended.has(index)) {
      if (known === undefined || idOf(known) !== idOf(item)) foreign.add(idOf(item))
      return []
    }
    open.set(index, item)
    return [{ type: 'item-start', index, item }]
  }

  function nextIndex(): number {
    return Math.max(-1, ...open.keys(), ...ended) + 1
  }

  return {
    start,
    delta(fields: WireFields, type: DeltaType, missing: ResponseItem | null): ModelEvent[] {
      const { delta, item_id = '' } = fields
      if (delta === undefined || delta === '' || foreign.has(item_id)) return []
      const index = fields.output_index ?? [...open.keys()].at(-1) ?? nextIndex()
      if (ended.has(index)) return []
      const begun = open.has(index)
      if (!begun && missing === null) return []
      if (!begun && missing !== null) open.set(index, missing)
      const started: ModelEvent[] = !begun && missing !== null ? [{ type: 'item-start', index, item: missing }] : []
      return [...started, { type, index, delta }]
    },
    end(fields: WireFields): ModelEvent[] {
      const item = toItem(fields.item)
      if (item === null || foreign.has(idOf(item))) return []
      const index = fields.output_index ?? indexOf(item) ?? nextIndex()
      if (ended.has(index)) return []
      const started = start({ ...fields, output_index: index })
      // What was cut within a call is no call.
      if (isCutCall(item)) return started
      open.delete(index)
      ended.add(index)
      return [...started, { type: 'item-end', index, item }]
    },
  }

  function indexOf(item: ResponseItem): number | undefined {
    return [...open].find(([, other]) => idOf(other) !== '' && idOf(other) === idOf(item))?.[0]
  }
}

function isCutCall(item: ResponseItem): boolean {
  return (item.type === 'function_call' || item.type === 'custom_tool_call') && item.status === 'incomplete'
}

function idOf(item: ResponseItem): string {
  if ('call_id' in item && typeof item.call_id === 'string') return item.call_id
  return typeof item.id === 'string' ? item.id : ''
}

function toRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined
}

const emptyMessage: ResponseItem = { type: 'message', role: 'assistant', content: [] }
const emptyReasoning: ResponseItem = { type: 'reasoning', summary: [] }

type Failed = Extract<ModelEvent, { type: 'failed' }>

const cutOff: Failed = {
  type: 'failed',
  error: { kind: 'retryable', code: 'stream_cut', message: 'stream closed before response.completed' },
}
const tooLarge: Failed = {
  type: 'failed',
  error: {
    kind: 'fatal',
    code: 'upstream_error',
    message: 'The model’s server sent an event that is too large to read.',
  },
}
const notAResponse: Failed = {
  type: 'failed',
  error: {
    kind: 'fatal',
    code: 'upstream_error',
    message: 'The model’s server answered with JSON that is no response.',
  },
}
