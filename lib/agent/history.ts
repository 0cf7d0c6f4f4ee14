import {
  type CustomToolCallItem,
  type CustomToolCallOutputItem,
  type FunctionCallItem,
  type FunctionCallOutputItem,
  partText,
  type ResponseItem,
} from '@/lib/models'
import type { ReviewOutcome } from '@/lib/workspace'
import type { Attachment } from './attachments'
import type { AgentEvent, ToolResult, TurnMode } from './events'

export type CallItem = FunctionCallItem | CustomToolCallItem

/** A turn that was cut before its `turn-end`, as far as the journal knows it. */
export interface InterruptedTurn {
  turnId: string
  text: string
  mode: TurnMode
  model: string
  candidates: number
  attachments?: readonly Attachment[]
  review?: readonly ReviewOutcome[]
}

/** The thread's Responses items, exactly as they were sent and received; after a compaction, what stands in their place. */
export function foldHistory(events: readonly AgentEvent[]): ResponseItem[] {
  let history: ResponseItem[] = []
  // What each compaction replaced, newest last: undoing one brings it back, and what joined since stays.
  let replaced: { seq: number; history: ResponseItem[] }[] = []
  for (const event of events) {
    if (event.type === 'history') {
      for (const list of [history, ...replaced.map((entry) => entry.history)]) list.push(...event.items)
    } else if (event.type === 'compaction') {
      replaced.push({ seq: event.seq, history })
      history = [...event.items]
    } else if (event.type === 'compaction-undone') {
      const index = replaced.findIndex(({ seq }) => seq === event.compactionSeq)
      history = replaced[index]?.history ?? history
      if (index !== -1) replaced = replaced.slice(0, index)
    }
  }
  return withoutOrphans(history)
}

/** An output whose call was lost with what held it; no server takes it. */
function withoutOrphans(items: ResponseItem[]): ResponseItem[] {
  const calls = new Set(items.filter(isCall).map((call) => call.call_id))
  return items.filter((item) => !isOutput(item) || calls.has(item.call_id))
}

/** The thread's last turn when it never ended, or went on past a limit and did not end since; else null. */
export function findInterrupted(events: readonly AgentEvent[]): InterruptedTurn | null {
  const boundary = events.findLast(
    ({ type }) => type === 'turn-start' || type === 'turn-end' || type === 'limit-raised',
  )
  if (boundary === undefined || boundary.type === 'turn-end') return null
  return turnOf(events, boundary.turnId)
}

/** How a turn began. */
export function turnOf(events: readonly AgentEvent[], turnId: string): InterruptedTurn | null {
  const start = events.find((event) => event.type === 'turn-start' && event.turnId === turnId)
  if (start?.type !== 'turn-start') return null
  const { text, mode, model, candidates = 1, attachments, review } = start
  return { turnId, text, mode, model, candidates, ...(attachments && { attachments }), ...(review && { review }) }
}

/** What became of a turn's calls: which began, and what those that ended gave. */
export function foldCalls(events: readonly AgentEvent[]): { started: Set<string>; results: Map<string, ToolResult> } {
  const started = new Set<string>()
  const results = new Map<string, ToolResult>()
  for (const event of events) {
    if (event.type === 'tool-start') started.add(event.callId)
    // Without the output that was to hold its picture it has to look again.
    if (event.type === 'tool-end' && event.result.image !== '') results.set(event.callId, event.result)
  }
  return { started, results }
}

export function isCall(item: ResponseItem): item is CallItem {
  return item.type === 'function_call' || item.type === 'custom_tool_call'
}

export function isOutput(item: ResponseItem): item is FunctionCallOutputItem | CustomToolCallOutputItem {
  return item.type === 'function_call_output' || item.type === 'custom_tool_call_output'
}

/** Calls without an output, in call order. A request must not leave with any. */
export function openCalls(items: readonly ResponseItem[]): CallItem[] {
  const answered = new Set<string>()
  for (const item of items) {
    if (isOutput(item)) answered.add(item.call_id)
  }
  return items.filter(isCall).filter((call) => !answered.has(call.call_id))
}

/** `image`: what the tool shows beside its words, as `data:` address. */
export function outputOf(call: CallItem, output: string, image?: string): ResponseItem {
  const type = call.type === 'function_call' ? 'function_call_output' : 'custom_tool_call_output'
  const picture = image !== undefined && ({ type: 'input_image', image_url: image, detail: 'auto' } as const)
  return { type, call_id: call.call_id, output: picture ? [{ type: 'input_text', text: output }, picture] : output }
}

export function inputOf(call: CallItem): string {
  return call.type === 'function_call' ? call.arguments : call.input
}

/** What a message says; empty for other items. */
export function textOf(item: ResponseItem): string {
  if (item.type !== 'message') return ''
  return item.content.map(partText).join('')
}

export function message(role: 'developer' | 'user', ...texts: string[]): ResponseItem {
  return { type: 'message', role, content: texts.map((text) => ({ type: 'input_text', text })) }
}

/** Models that work in phases mark what they only say between steps; what was cut off is no whole answer. */
export function isFinalAnswer(item: ResponseItem): boolean {
  if (item.type !== 'message' || item.role !== 'assistant' || item.status === 'incomplete') return false
  return !('phase' in item && item.phase === 'commentary')
}

/** The answer of a turn that was cut between its last step and its end, when its last response came whole. */
export function answerBefore(events: readonly AgentEvent[], history: readonly ResponseItem[]): ResponseItem | null {
  const marks = events.filter(({ type }) => type === 'step-start' || type === 'step-end' || type === 'retry')
  const last = history.at(-1)
  return marks.at(-1)?.type === 'step-end' && last && isFinalAnswer(last) ? last : null
}
