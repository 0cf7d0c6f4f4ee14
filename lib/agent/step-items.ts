import type { ModelEvent, ResponseItem } from '@/lib/models'
import type { AgentEvent } from './events'
import { type CallItem, inputOf, isCall, isFinalAnswer, textOf } from './history'
import type { Turn } from './turn'

type ItemEvent = Exclude<ModelEvent, { type: 'completed' | 'failed' }>

/** Turns the pieces of one response into events, and its whole items into history. */
export interface ItemReader {
  readonly calls: CallItem[]
  readonly message: string | null
  /** The last whole item is a final answer and nothing after it was begun. */
  readonly isAnswered: boolean
  read(event: ItemEvent): Generator<AgentEvent>
  /** Saves what was said when the user stopped the model in mid-sentence. */
  keepOpenText(): Generator<AgentEvent>
}

interface OpenItem {
  key: string
  kind: ResponseItem['type']
  /** Set for calls. */
  callId: string | null
  text: string
}

export function createItemReader(turn: Turn, keyPrefix: string): ItemReader {
  const calls: CallItem[] = []
  const open = new Map<number, OpenItem>()
  // Reasoning may only be echoed together with what it led to, so it waits for that.
  let reasoning: ResponseItem[] = []
  let message: string | null = null
  let last: ResponseItem | null = null

  function* begin(index: number, item: ResponseItem): Generator<AgentEvent, OpenItem> {
    const known = open.get(index)
    if (known) return known
    const entry: OpenItem = { key: `${keyPrefix}-${index}`, kind: item.type, callId: null, text: '' }
    open.set(index, entry)
    if (isCall(item)) {
      entry.callId = turn.freshCallId(item.call_id)
      yield turn.record({ type: 'tool-call-start', callId: entry.callId, tool: item.name })
    }
    return entry
  }

  function* addText(index: number, delta: string): Generator<AgentEvent> {
    const entry = yield* begin(index, emptyMessage)
    if (entry.text === '') yield turn.record({ type: 'text-start', itemKey: entry.key })
    entry.text += delta
    yield turn.record({ type: 'text-delta', itemKey: entry.key, delta })
  }

  function* end(index: number, item: ResponseItem): Generator<AgentEvent> {
    const entry = yield* begin(index, item)
    open.delete(index)
    last = item
    if (item.type === 'reasoning') {
      reasoning.push(item)
      const text = item.summary.map((part) => part.text).join('\n\n') || entry.text
      if (text !== '') yield turn.record({ type: 'reasoning-end', itemKey: entry.key, text })
      return
    }
    const whole = isCall(item) && entry.callId !== null ? { ...item, call_id: entry.callId } : item
    yield turn.append(...reasoning, whole)
    reasoning = []
    if (isCall(whole)) {
      calls.push(whole)
      yield turn.record({ type: 'tool-call-ready', callId: whole.call_id, tool: whole.name, input: inputOf(whole) })
    } else if (whole.type === 'message') {
      message = textOf(whole)
      if (entry.text === '' && message !== '') yield turn.record({ type: 'text-start', itemKey: entry.key })
      if (message !== '') yield turn.record({ type: 'text-end', itemKey: entry.key, text: message })
    }
  }

  return {
    calls,
    get message() {
      return message
    },
    get isAnswered() {
      return open.size === 0 && last !== null && isFinalAnswer(last)
    },
    *read(event) {
      switch (event.type) {
        case 'created':
          return
        case 'item-start':
          yield* begin(event.index, event.item)
          return
        case 'text-delta':
          yield* addText(event.index, event.delta)
          return
        case 'reasoning-delta': {
          const entry = yield* begin(event.index, emptyReasoning)
          entry.text += event.delta
          yield turn.record({ type: 'reasoning-delta', itemKey: entry.key, delta: event.delta })
          return
        }
        case 'tool-input-delta': {
          const callId = open.get(event.index)?.callId
          if (callId) yield turn.record({ type: 'tool-call-delta', callId, delta: event.delta })
          return
        }
        case 'item-end':
          yield* end(event.index, event.item)
      }
    },
    *keepOpenText() {
      for (const { key, kind, text } of open.values()) {
        if (kind !== 'message' || text === '') continue
        yield turn.append({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] })
        yield turn.record({ type: 'text-end', itemKey: key, text })
      }
    },
  }
}

// Stand in where a server sends pieces of an item that it never announced.
const emptyMessage: ResponseItem = { type: 'message', role: 'assistant', content: [] }
const emptyReasoning: ResponseItem = { type: 'reasoning', summary: [] }
