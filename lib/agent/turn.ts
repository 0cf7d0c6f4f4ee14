import { byteLength, createId, mergeSignals, untilAborted } from '@/lib/base'
import type { ResponseItem, Usage } from '@/lib/models'
import { costOf } from '@/lib/models/catalog/cost'
import { type Compactor, createCompactor } from './compaction/compactor'
import {
  type AgentEvent,
  type AgentEventBody,
  type Compaction,
  isDurable,
  type ToolResult,
  type Verification,
} from './events'
import { createSeenFiles, type SeenFiles } from './files/seen-files'
import { foldCalls, isCall } from './history'
import { createJournal } from './journal'
import { defaultLimits, type LimitHit } from './limits/limits'
import { addSpent, createMeter, findHit, nothingSpent } from './limits/meter'
import { createProgressWatch, type ProgressWatch } from './limits/progress-watch'
import { createTaints, foldAllowedKnowingly, foldTaints, type Taints } from './taint/taint'
import { addUsage, noUsage, paidFor } from './tokens/usage'
import { createCommandSessions, createTools } from './tools'
import type { Tool, TurnDependencies, TurnInput } from './types'

/** The state of one running turn. Everything that grows is appended to; nothing that was sent is ever changed. */
export interface Turn {
  readonly input: TurnInput
  readonly dependencies: TurnDependencies
  readonly signal: AbortSignal
  readonly tools: readonly Tool[]
  readonly history: readonly ResponseItem[]
  /** Whether this turn's own items have begun to join the history. */
  readonly opened: boolean
  /** Bytes of the history as JSON, commas included. */
  readonly historyBytes: number
  readonly usage: Usage
  /** US dollars; null when a response had a price that nobody knows. */
  readonly cost: number | null
  /** Milliseconds, without what the user took to decide; before a reload or a limit too. */
  readonly durationMs: number
  /** Model responses so far; one that is asked for again after a cut counts once. */
  steps: number
  /** Items that the last request had. */
  sentItems: number
  readonly started: ReadonlySet<string>
  readonly results: Map<string, ToolResult>
  /** Null while the turn changed nothing; then whether its last verification passed and covers its last change. */
  readonly verified: boolean | null
  readonly compactor: Compactor
  readonly progress: ProgressWatch
  readonly taints: Taints
  /** The limit that the turn or its thread has reached, if any. */
  limitHit(): LimitHit | null
  readonly seen: SeenFiles
  /** Stamps an event and begins to make it durable. The caller yields it. */
  record(body: AgentEventBody): AgentEvent
  /** Appends items to the history, durably. */
  append(...items: ResponseItem[]): AgentEvent
  /** Puts another history in the place of this one, durably. */
  compact(compaction: Compaction): AgentEvent
  /** The model's id for a call, or one of our own when it is missing or was used before. */
  freshCallId(wanted: string): string
  settled(): Promise<void>
  /** Ends what still runs for the turn when its reader went away. */
  dispose(): void
}

export function createTurn(input: TurnInput, dependencies: TurnDependencies, signal: AbortSignal): Turn {
  const journal = createJournal((event) => dependencies.journal(event))
  const abandon = new AbortController()
  const turnSignal = mergeSignals(signal, abandon.signal)
  const earlier = dependencies.interrupted ?? []
  const { started, results } = foldCalls(earlier)
  const history = [...dependencies.history]
  const callIds = new Set(history.filter(isCall).map((call) => call.call_id))
  const changes = watchChanges(dependencies, earlier)
  const sessions = dependencies.sessions ?? createCommandSessions()
  const tools = createTools({ freeform: input.freeformTools, sessions, toolServers: dependencies.toolServers })
  const seen = dependencies.seen ?? createSeenFiles()
  const stopNoting = noteOwnEdits(dependencies, seen)
  let opened = earlier.some((event) => event.type === 'history')
  let historyBytes = jsonBytes(history)
  let sentItems = itemsLastSent(history)
  let usage = earlier.reduce((sum, event) => addUsage(sum, usageIn(event)), noUsage)
  // The limit on steps is one for each attempt, and one for the turn itself.
  let attemptSteps = earlier.reduce(addAttemptSteps, 0)
  let isPriced = earlier.every(hasPrice)
  const meter = createMeter(earlier)
  const before = dependencies.meterBefore
  const taints = createTaints(
    [...(dependencies.taints ?? []), ...foldTaints(earlier)],
    [...(dependencies.allowedKnowingly ?? []), ...foldAllowedKnowingly(earlier)],
  )

  const note = (body: AgentEventBody) => {
    if (body.type === 'tool-start') started.add(body.callId)
    usage = addUsage(usage, usageIn(body))
    if (!hasPrice(body)) isPriced = false
    attemptSteps = addAttemptSteps(attemptSteps, body)
    if (body.type === 'candidate-event' && body.event.type === 'taint') taints.add(body.event.source)
    if (body.type === 'candidates-checked') changes.cover(body.verification)
    if (body.type === 'tool-end') {
      results.set(body.callId, body.result)
      if (body.result.verification) changes.cover(body.result.verification)
    }
  }
  const record = (body: AgentEventBody): AgentEvent => {
    const event = { seq: dependencies.nextSeq(), at: Date.now(), turnId: input.turnId, ...body }
    note(body)
    meter.note(event)
    if (isDurable(event)) journal.write(event)
    return event
  }

  const turn: Turn = {
    input,
    dependencies,
    signal: turnSignal,
    tools: dependencies.wrapTool ? tools.map(dependencies.wrapTool) : tools,
    history,
    get cost() {
      return isPriced ? meter.spent.dollars : null
    },
    get durationMs() {
      return (meter.spent.seconds + meter.sinceLast(Date.now())) * 1000
    },
    taints,
    limitHit() {
      const own = { ...meter.spent, seconds: turn.durationMs / 1000, steps: turn.steps - attemptSteps }
      const spent = { turn: own, thread: addSpent(before?.spent ?? nothingSpent, own) }
      const shared = dependencies.sharedHit?.() ?? null
      return (
        shared ??
        findHit(dependencies.limits?.() ?? defaultLimits, spent, (scope, limit) => {
          const earlierRaise = scope === 'thread' ? (before?.raisedBy(scope, limit) ?? 0) : 0
          return meter.raisedBy(scope, limit) + earlierRaise
        })
      )
    },
    steps: stepsTaken(earlier) ?? attemptSteps,
    get sentItems() {
      return sentItems
    },
    set sentItems(count) {
      sentItems = count
    },
    started,
    results,
    compactor: dependencies.compactor ?? createCompactor(),
    progress: createProgressWatch(),
    seen,
    get opened() {
      return opened
    },
    get historyBytes() {
      return historyBytes
    },
    get usage() {
      return usage
    },
    get verified() {
      return changes.verified
    },
    record,
    append(...items) {
      historyBytes += jsonBytes(items) + (history.length > 0 && items.length > 0 ? 1 : 0)
      history.push(...items)
      opened = true
      return record({ type: 'history', items })
    },
    compact(compaction) {
      sentItems = commonItems(history.slice(0, sentItems), compaction.items)
      history.splice(0, history.length, ...compaction.items)
      historyBytes = jsonBytes(history)
      const cost = costOf(compaction.usage, input.price)
      return record({ type: 'compaction', ...compaction, ...(cost !== null && { cost }) })
    },
    freshCallId(wanted) {
      const id = wanted === '' || callIds.has(wanted) ? createId('call_') : wanted
      callIds.add(id)
      return id
    },
    settled: () => untilAborted(journal.settled(), turnSignal),
    dispose() {
      changes.dispose()
      stopNoting()
      abandon.abort()
    },
  }
  return turn
}

/** What the model writes it has seen. */
function noteOwnEdits({ workspace }: TurnDependencies, seen: SeenFiles): () => void {
  return workspace.subscribe(({ origin, changes }) => {
    if (origin !== 'agent') return
    for (const { path, after } of changes) if (typeof after === 'string') seen.note(path, after)
  })
}

/** How many items two histories have in common from the start. */
function commonItems(before: readonly ResponseItem[], after: readonly ResponseItem[]): number {
  const index = before.findIndex((item, at) => JSON.stringify(item) !== JSON.stringify(after[at]))
  return index === -1 ? before.length : index
}

/** What a step cost, also one of an attempt. */
function usageIn(event: AgentEventBody): Usage | null {
  return paidFor(event.type === 'candidate-event' ? event.event : event)?.usage ?? null
}

function addAttemptSteps(sum: number, event: AgentEventBody): number {
  return event.type === 'candidate-end' ? sum + event.steps - (event.toldSteps ?? 0) : sum
}

/** Whether what it used, if anything, has a known cost. */
function hasPrice(event: AgentEventBody): boolean {
  const paid = paidFor(event.type === 'candidate-event' ? event.event : event)
  return paid === null || paid.cost !== undefined
}

/** Without the outer brackets. */
function jsonBytes(items: readonly ResponseItem[]): number {
  return byteLength(JSON.stringify(items)) - 2
}

/** A step that a reload cut is taken again, and counts once. Null before the first; attempts count before it. */
function stepsTaken(events: readonly AgentEvent[]): number | null {
  const last = events.findLast(({ type }) => type === 'step-start' || type === 'step-end')
  if (last?.type !== 'step-start' && last?.type !== 'step-end') return null
  return last.type === 'step-start' ? last.step - 1 : last.step
}

/** A request ends with what the model had to answer; what follows it in the history is the model's own. */
function itemsLastSent(history: readonly ResponseItem[]): number {
  const isOurs = (item: ResponseItem) =>
    item.type === 'message' ? item.role !== 'assistant' : item.type.endsWith('_output')
  const lastAnswer = history.findLastIndex((item) => !isOurs(item))
  return history.slice(0, lastAnswer + 1).findLastIndex(isOurs) + 1
}

/** Whether the turn changed files (by patches or by programs it ran) and a verification came after. */
function watchChanges({ workspace }: TurnDependencies, earlier: readonly AgentEvent[]) {
  let verified: boolean | null = null
  for (const event of earlier) {
    if (event.type === 'candidates-picked') verified = false
    if (event.type === 'candidates-checked') verified = event.verification.verified
    if (event.type !== 'tool-end') continue
    if (event.result.changes?.length) verified = false
    if (event.result.verification) verified = event.result.verification.verified
  }
  const dispose = workspace.subscribe((edit) => {
    if (edit.origin === 'agent' || edit.origin === 'sandbox') verified = false
  })
  return {
    get verified() {
      return verified
    },
    cover(verification: Verification) {
      if (verified !== null) verified = verification.verified
    },
    dispose,
  }
}
