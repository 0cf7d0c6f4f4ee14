import { picturesOf, type ResponseItem } from '@/lib/models'
import type { AgentEvent } from '../events'
import { isOutput } from '../history'
import { describeAmount } from '../limits/limit-error'
import type { CompactionPart, PartView, ToolPart } from './thread-view'

/** Live output kept for a card, in characters: the end is what people look at. */
const maxLiveOutput = 40_000

/** The parts of a turn after one more event; the same array when nothing shown changes. */
export function foldPart(parts: readonly PartView[], event: AgentEvent): readonly PartView[] {
  switch (event.type) {
    case 'text-start':
      return [...parts, { type: 'text', key: event.itemKey, text: '', streaming: true }]
    case 'text-delta':
      return grow(parts, 'text', event.itemKey, event.delta)
    case 'text-end':
      return put(parts, { type: 'text', key: event.itemKey, text: event.text, streaming: false })
    case 'reasoning-delta':
      return grow(parts, 'reasoning', event.itemKey, event.delta)
    case 'reasoning-end':
      return put(parts, { type: 'reasoning', key: event.itemKey, text: event.text, streaming: false })
    case 'steer':
      return [...parts, { type: 'steer', key: `steer-${event.seq}`, text: event.text }]
    case 'limit-raised': {
      const message = `You let it go on: the limit of this ${event.scope === 'turn' ? 'turn' : 'conversation'} was raised by ${describeAmount(event.limit, event.by)}.`
      return [...parts, { type: 'notice', key: `limit-${event.seq}`, level: 'info', message }]
    }
    case 'notice':
      return [...parts, { type: 'notice', key: `notice-${event.seq}`, level: event.level, message: event.message }]
    case 'retry':
      return retry(parts, event)
    case 'step-start':
      // What a reload or a failure left half-written is sampled again by this step.
      return endRetry(parts.some(isUnfinished) ? parts.filter((part) => !isUnfinished(part)) : parts)
    case 'turn-end':
      return settle(parts)
    case 'approval-request':
      return [
        ...changeTool(parts, event.approval.callId, {
          state: 'waiting',
          title: event.approval.title,
          detail: event.approval.detail,
        }),
        { type: 'approval', key: event.approval.id, approval: event.approval, decision: null, reason: null },
      ]
    case 'approval-decision':
      return decide(parts, event)
    case 'question-request': {
      const { questions } = event
      return [
        ...changeTool(parts, questions.callId, { state: 'waiting' }),
        { type: 'question', key: questions.id, questions, state: 'open', answers: null },
      ]
    }
    case 'question-answer':
      return answer(parts, event)
    case 'compaction-start':
    case 'compaction':
    case 'compaction-failed':
    case 'compaction-undone':
      return foldCompaction(parts, event)
    default:
      return foldToolPart(parts, event)
  }
}

type CompactionEvent = Extract<AgentEvent, { type: `compaction${string}` }>

function foldCompaction(parts: readonly PartView[], event: CompactionEvent): readonly PartView[] {
  if (event.type === 'compaction-undone') {
    return parts.map((part) =>
      part.type === 'compaction' && part.done?.seq === event.compactionSeq ? { ...part, state: 'undone' } : part,
    )
  }
  const begun = parts.findLast((part) => part.type === 'compaction' && part.state === 'running')
  const before: CompactionPart =
    begun?.type === 'compaction'
      ? begun
      : {
          type: 'compaction',
          key: `compaction-${event.seq}`,
          state: 'running',
          reason: event.reason,
          tokensBefore: null,
          done: null,
          message: '',
        }
  if (event.type === 'compaction-start') return put(parts, { ...before, tokensBefore: event.tokensBefore })
  if (event.type === 'compaction-failed') return put(parts, { ...before, state: 'failed', message: event.message })
  const { seq, kept, droppedItems, tokensBefore, tokensAfter, summary, prepared, refusal } = event
  const done = { seq, kept, droppedItems, tokensAfter, summary, prepared, ...(refusal !== undefined && { refusal }) }
  return put(parts, { ...before, state: 'done', tokensBefore, done })
}

function foldToolPart(parts: readonly PartView[], event: AgentEvent): readonly PartView[] {
  switch (event.type) {
    case 'tool-call-start':
      // A plan has a part of its own.
      return event.tool === 'update_plan' ? parts : [...parts, newTool(event.callId, event.tool)]
    case 'tool-call-delta':
      return changeTool(parts, event.callId, (part) => ({ input: part.input + event.delta }))
    case 'tool-call-ready':
      return changeTool(parts, event.callId, { state: 'ready', input: event.input })
    case 'tool-start':
      return changeTool(parts, event.callId, { state: 'running', title: event.title, detail: event.detail })
    case 'tool-output':
      return changeTool(parts, event.callId, (part) => ({ output: (part.output + event.delta).slice(-maxLiveOutput) }))
    case 'tool-end': {
      const { result, durationMs } = event
      const ended = changeTool(parts, event.callId, { state: result.ok ? 'done' : 'failed', result, durationMs })
      return result.plan ? put(ended, { type: 'plan', key: 'plan', steps: result.plan }) : ended
    }
    case 'history':
      return event.items.reduce(showPicture, parts)
    default:
      return parts
  }
}

/** What a tool showed is recorded in its output alone. */
function showPicture(parts: readonly PartView[], item: ResponseItem): readonly PartView[] {
  if (!isOutput(item)) return parts
  const [image] = picturesOf(item)
  if (image === undefined) return parts
  return changeTool(parts, item.call_id, ({ result }) => (result ? { result: { ...result, image } } : {}))
}

function newTool(callId: string, tool: string): ToolPart {
  return {
    type: 'tool',
    key: callId,
    tool,
    state: 'writing',
    title: tool,
    detail: '',
    input: '',
    output: '',
    result: null,
    durationMs: null,
  }
}

function find(parts: readonly PartView[], type: PartView['type'], key: string): number {
  return parts.findLastIndex((part) => part.type === type && part.key === key)
}

/** Replaces the part of that type and key, or appends it. */
function put(parts: readonly PartView[], part: PartView): readonly PartView[] {
  const index = find(parts, part.type, part.key)
  return index === -1 ? [...parts, part] : parts.with(index, part)
}

function grow(parts: readonly PartView[], type: 'text' | 'reasoning', key: string, delta: string): readonly PartView[] {
  const part = parts[find(parts, type, key)]
  const text = part?.type === type ? part.text + delta : delta
  return put(parts, { type, key, text, streaming: true })
}

function changeTool(
  parts: readonly PartView[],
  callId: string,
  change: Partial<ToolPart> | ((part: ToolPart) => Partial<ToolPart>),
): readonly PartView[] {
  const index = find(parts, 'tool', callId)
  const part = parts[index]
  if (part?.type !== 'tool') return parts
  return parts.with(index, { ...part, ...(typeof change === 'function' ? change(part) : change) })
}

/** What was cut off is sampled again, so half-written parts (and thoughts that led nowhere) go. */
function retry(parts: readonly PartView[], event: Extract<AgentEvent, { type: 'retry' }>): readonly PartView[] {
  const { attempt, maxAttempts, delayMs, reason } = event
  const lastWhole = parts.findLastIndex((part) => !isUnfinished(part) && part.type !== 'reasoning')
  const kept = parts.slice(0, lastWhole + 1).filter((part) => !isUnfinished(part) && part.type !== 'retry')
  return [
    ...kept,
    { type: 'retry', key: `retry-${event.seq}`, attempt, maxAttempts, until: event.at + delayMs, reason, active: true },
  ]
}

function isUnfinished(part: PartView): boolean {
  return (part.type === 'tool' && part.state === 'writing') || ('streaming' in part && part.streaming)
}

function endRetry(parts: readonly PartView[]): readonly PartView[] {
  const index = parts.findLastIndex((part) => part.type === 'retry' && part.active)
  const part = parts[index]
  return part?.type === 'retry' ? parts.with(index, { ...part, active: false }) : parts
}

function settle(parts: readonly PartView[]): readonly PartView[] {
  const ended = parts.filter((part) => part.type !== 'compaction' || part.state !== 'running')
  return ended.map((part) => {
    if (part.type === 'tool' && part.result === null) return { ...part, state: 'stopped' as const }
    if ('streaming' in part && part.streaming) return { ...part, streaming: false }
    if (part.type === 'question' && part.state === 'open') return { ...part, state: 'dropped' as const }
    if (part.type === 'retry' && part.active) return { ...part, active: false }
    return part
  })
}

function decide(
  parts: readonly PartView[],
  event: Extract<AgentEvent, { type: 'approval-decision' }>,
): readonly PartView[] {
  const index = find(parts, 'approval', event.id)
  const part = parts[index]
  if (part?.type !== 'approval') return parts
  const decided = parts.with(index, { ...part, decision: event.decision, reason: event.reason ?? null })
  return event.decision === 'deny' ? decided : changeTool(decided, event.callId, { state: 'ready' })
}

function answer(
  parts: readonly PartView[],
  event: Extract<AgentEvent, { type: 'question-answer' }>,
): readonly PartView[] {
  const index = find(parts, 'question', event.id)
  const part = parts[index]
  if (part?.type !== 'question') return parts
  const answered = parts.with(index, { ...part, state: 'answered', answers: event.answers })
  return changeTool(answered, event.callId, { state: 'running' })
}
