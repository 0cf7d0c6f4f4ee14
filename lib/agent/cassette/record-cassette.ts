import { type ModelEvent, picturesOf, type ResponseItem } from '@/lib/models'
import type { RecordedResponse } from '@/lib/models/replay'
import { contentKey, type FileMap } from '@/lib/workspace'
import type { AgentEvent } from '../events'
import { foldHistory, isCall, isOutput } from '../history'
import { applyPatch } from '../patch'
import { withoutRepetitionNote } from '../progress-watch'
import type { Cassette, CassetteTurn } from './cassette'

export interface RecordOptions {
  title: string
  /** The recorded events of the conversation, whole. */
  events: readonly AgentEvent[]
  freeformTools: boolean
  /** The files that a checkpoint holds; rejects when it is gone. */
  filesAt(checkpointId: string): Promise<FileMap>
}

/** What a replay has no part for: it plays one model's answers, one after the other, over a history that only grows. */
const unplayable = new Set<AgentEvent['type']>(['compaction', 'compaction-undone', 'candidates-start', 'limit-raised'])

/**
 * Makes a cassette of a conversation: of all turns after the last that cannot be played, with what was said until then
 * as its beginning. Rejects with a sentence when there are none, or a part is not there any more.
 */
export async function recordCassette(options: RecordOptions): Promise<Cassette> {
  const { events, title, freeformTools } = options
  const turns: CassetteTurn[] = []
  const from = events.findLastIndex(({ type }) => unplayable.has(type)) + 1
  const starts = events.slice(from).filter((event) => event.type === 'turn-start')
  const [opening] = starts
  if (from > 0 && !opening) {
    throw new Error(
      'The last turn ran several attempts, went past a limit or was shortened, which a recording cannot hold. Turns after it can be recorded.',
    )
  }
  const history = from === 0 || !opening ? [] : foldHistory(events.slice(0, events.indexOf(opening)))
  let first: Record<string, string> = {}
  let last: Record<string, string> = {}
  for (const [index, start] of starts.entries()) {
    const own = events.filter(({ turnId }) => turnId === start.turnId)
    const saved = own.flatMap((event) => (event.type === 'checkpoint' ? [event] : []))
    if (saved[0] === undefined) throw new Error(`The turn “${start.text}” has no checkpoint to begin from.`)
    const before = textOf(await options.filesAt(saved[0].checkpointId))
    if (index === 0) first = before
    const turn = readTurn(start, own, before)
    turn.edits = index === 0 ? {} : changesOf(last, before)
    let state = before
    for (const checkpoint of saved.slice(1)) {
      const next = textOf(await options.filesAt(checkpoint.checkpointId))
      addEffects(turn, callsBefore(own, checkpoint.seq), state, next)
      state = next
    }
    turn.expected.files = keysOf(state)
    last = state
    turns.push(turn)
  }
  return {
    version: 1,
    title,
    promptPack: opening?.promptPack ?? '',
    freeformTools,
    ...(history.length > 0 && { history }),
    files: first,
    turns,
  }
}

function readTurn(
  start: Extract<AgentEvent, { type: 'turn-start' }>,
  events: readonly AgentEvent[],
  before: Record<string, string>,
): CassetteTurn {
  const { text, mode, policy, model, at } = start
  const turn: CassetteTurn = {
    ...{ text, mode, policy, model, at, edits: {}, results: {}, effects: {}, decisions: {}, answers: {}, steering: [] },
    ...(start.attachments && { attachments: start.attachments }),
    ...(start.review && { review: start.review }),
    responses: readResponses(events),
    expected: { status: 'waiting', verified: null, steps: 0, message: '', files: keysOf(before) },
  }
  let step = 0
  for (const event of events) {
    if (event.type === 'step-start') step = event.step
    if (event.type === 'tool-end') {
      const { image: _, ...result } = event.result
      turn.results[event.callId] = { ...result, output: withoutRepetitionNote(result.output) }
    }
    if (event.type === 'history') addPictures(turn.results, event.items)
    if (event.type === 'approval-decision') {
      turn.decisions[event.callId] = { decision: event.decision, ...(event.reason && { reason: event.reason }) }
    }
    if (event.type === 'question-answer') turn.answers[event.callId] = event.answers
    if (event.type === 'steer') turn.steering.push({ step, text: event.text })
    if (event.type === 'turn-end') {
      const { status, verified, steps, message } = event.result
      Object.assign(turn.expected, { status, verified, steps, message })
    }
  }
  return turn
}

/** What tools showed is recorded in their outputs. */
function addPictures(results: CassetteTurn['results'], items: readonly ResponseItem[]): void {
  for (const item of items.filter(isOutput)) {
    const [image] = picturesOf(item)
    const result = results[item.call_id]
    if (image !== undefined && result) result.image = image
  }
}

/** The model's side, item by item: how finely a response was cut into deltas is not kept. */
function readResponses(events: readonly AgentEvent[]): RecordedResponse[] {
  const responses: { items: number; events: ModelEvent[] }[] = []
  let index = 0
  for (const event of events) {
    const current = responses.at(-1)
    if (event.type === 'step-start') {
      responses.push({ items: event.items, events: [] })
      index = 0
    } else if (event.type === 'history' && current && !isEnded(current.events)) {
      for (const item of event.items.filter(isOfModel)) {
        current.events.push(
          { type: 'item-start', index, item: begun(item) },
          { type: 'item-end', index: index++, item },
        )
      }
    } else if (event.type === 'step-end') {
      current?.events.push(
        event.failure
          ? { type: 'failed', error: event.failure, ...(event.usage && { usage: event.usage }) }
          : { type: 'completed', responseId: `response-${event.step}`, usage: event.usage },
      )
    }
  }
  return responses
}

function isEnded(events: readonly ModelEvent[]): boolean {
  const last = events.at(-1)?.type
  return last === 'completed' || last === 'failed'
}

function isOfModel(item: ResponseItem): boolean {
  return isCall(item) || item.type === 'reasoning' || (item.type === 'message' && item.role === 'assistant')
}

function begun(item: ResponseItem): ResponseItem {
  if (item.type === 'message') return { ...item, content: [] }
  if (item.type === 'function_call') return { ...item, arguments: '' }
  return item.type === 'custom_tool_call' ? { ...item, input: '' } : item
}

/** The calls that ran since the last checkpoint before `seq`. */
function callsBefore(events: readonly AgentEvent[], seq: number): { callId: string; patch: string | null }[] {
  const earlier = events.filter((event) => event.seq < seq)
  const since = earlier.findLastIndex(({ type }) => type === 'checkpoint')
  const inputs = new Map(
    earlier.flatMap((event) => (event.type === 'tool-call-ready' ? [[event.callId, event.input]] : [])),
  )
  return earlier.slice(since + 1).flatMap((event) => {
    if (event.type !== 'tool-end' || (event.tool !== 'apply_patch' && event.result.changes === undefined)) return []
    const input = inputs.get(event.callId) ?? ''
    return [{ callId: event.callId, patch: event.tool === 'apply_patch' ? patchIn(input) : null }]
  })
}

function patchIn(input: string): string {
  if (!input.trimStart().startsWith('{')) return input
  const parsed: unknown = JSON.parse(input)
  return typeof parsed === 'object' && parsed !== null && 'patch' in parsed ? String(parsed.patch) : input
}

/** Patches are applied again in a replay; what else changed is put down to the last call that is no patch. */
function addEffects(
  turn: CassetteTurn,
  calls: readonly { callId: string; patch: string | null }[],
  before: Record<string, string>,
  after: Record<string, string>,
): void {
  let patched: ReadonlyMap<string, string> = new Map(Object.entries(before))
  for (const { patch } of calls) {
    const applied = patch === null ? null : applyPatch(patched, patch, { mode: 'lenient' })
    if (applied?.ok) patched = applied.files
  }
  const rest = changesOf(Object.fromEntries(patched), after)
  const author = calls.findLast(({ patch }) => patch === null) ?? calls.at(-1)
  if (author && Object.keys(rest).length > 0) turn.effects[author.callId] = rest
}

function textOf(files: FileMap): Record<string, string> {
  return Object.fromEntries([...files].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function changesOf(before: Record<string, string>, after: Record<string, string>): Record<string, string | null> {
  const changed = Object.entries(after).filter(([path, text]) => before[path] !== text)
  const gone = Object.keys(before).filter((path) => !(path in after))
  return Object.fromEntries([...changed, ...gone.map((path) => [path, null] as const)])
}

export function keysOf(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, contentKey(text)]))
}
