import { sleep, untilAborted } from '@/lib/base'
import { isSealedCompaction, type ResponseItem, type ToolDefinition, type Usage } from '@/lib/models'
import { costOf } from '@/lib/models/catalog/cost'
import { compactionPrompt } from '@/lib/prompts'
import { contextItems, factsOf, touchedPaths } from '../context'
import type { AgentEvent, CompactionReason } from '../events'
import { openCalls } from '../history'
import { kindOf } from '../item-kind'
import { buildRequest } from '../request'
import { addUsage } from '../tokens/usage'
import type { Turn } from '../turn'
import type { Recorded } from '../types'
import type { Compactor, Preparation } from './compactor'
import { keepLimits, planCompaction } from './plan'
import { type Summary, summarise } from './summarise'
import { assumedWindow } from './window'

/** Before a step: shortens a history that nearly fills the window, and begins its summary in good time. */
export async function* makeRoom(turn: Turn): AsyncGenerator<AgentEvent> {
  const { compactor } = turn
  yield* tellSummaries(turn)
  if (turn.dependencies.recorded) return
  if (compactor.wanted) {
    compactor.wanted = false
    yield* compact(turn, 'user')
    return
  }
  const advice = compactor.advise(compactor.used(turn.history, toolsOf(turn)), windowOf(turn))
  if (advice === 'compact') yield* compact(turn, 'limit')
  if (advice === 'prepare') prepare(turn)
}

/**
 * Puts a summary in the place of older steps, durably and in one event; what it replaced stays in the journal.
 * Tells whether it did. When it cannot, nothing is lost and an event says why.
 */
export async function* compact(turn: Turn, reason: CompactionReason): AsyncGenerator<AgentEvent, boolean> {
  const { compactor } = turn
  if (turn.dependencies.recorded) return yield* tellRecorded(turn, turn.dependencies.recorded)
  const startedAt = performance.now()
  const before = [...turn.history]
  const tokensBefore = sizeOf(turn, before)
  const contextWindow = windowOf(turn)
  yield turn.record({ type: 'compaction-start', reason, tokensBefore })

  const limits = keepLimits(contextWindow)
  const ready = reason === 'overflow' ? null : takePreparation(turn)
  const plan = planCompaction(before, { ledger: compactor.ledger, limits, ...(ready && { summarised: ready.covers }) })
  const fail = (message: string): AgentEvent => {
    compactor.preparation = null
    compactor.postpone(compactor.used(before, toolsOf(turn)), contextWindow)
    const usage = takeUntold(compactor)
    return turn.record({ type: 'compaction-failed', reason, message, ...(usage && paid(turn, usage)) })
  }
  if (openCalls(before).length > 0) {
    yield fail('The last turn was cut within a step: continue it first.')
    return false
  }
  if (plan.dropped === 0) {
    yield fail('Everything in it is recent: there is nothing to leave out.')
    return false
  }
  const summary = await untilAborted(ready?.summary ?? askFor(turn, reason), turn.signal)
  if (!summary.ok) {
    yield fail(summary.message)
    return false
  }
  const context = contextItems([], { ...factsOf(turn), touched: touchedPaths(before) })
  const items = [...sameInstructions(context, before), ...plan.users, summary.item, ...plan.tail]
  await countShortly(turn, items)
  const tokensAfter = sizeOf(turn, items)
  if (tokensAfter >= tokensBefore * 0.95) {
    yield fail('The summary would be no shorter than what it stands for.')
    return false
  }
  compactor.preparation = null
  yield turn.compact({
    reason,
    kept: { userMessages: plan.users.length, steps: plan.steps, items: plan.users.length + plan.tail.length },
    droppedItems: plan.dropped,
    tokensBefore,
    tokensAfter,
    summary: summary.text,
    items,
    prompt: isSealedCompaction(summary.item) ? 'compaction_trigger' : `${compactionPrompt.id}@${compactionPrompt.hash}`,
    ...(summary.refusal !== undefined && { refusal: summary.refusal }),
    usage: takeUntold(compactor),
    durationMs: performance.now() - startedAt,
    prepared: ready?.settled != null,
  })
  return true
}

/** What summaries used that no event tells of yet: those that were begun ahead, or tried when the turn was stopped. */
export function* tellSummaries(turn: Turn): Generator<AgentEvent> {
  if (turn.dependencies.recorded) yield* tellRecorded(turn, turn.dependencies.recorded)
  const usage = takeUntold(turn.compactor)
  if (usage) yield turn.record({ type: 'summary-use', ...paid(turn, usage) })
}

/** Tells whether the history was shortened. */
function* tellRecorded(turn: Turn, recorded: Recorded): Generator<AgentEvent, boolean> {
  const events = recorded.room()
  for (const event of events) yield event.type === 'compaction' ? turn.compact(event) : turn.record(event)
  return events.some(({ type }) => type === 'compaction')
}

/** For the event that tells of it now. */
function takeUntold(compactor: Compactor): Usage | null {
  const { untold } = compactor
  compactor.untold = null
  return untold
}

function paid<Used extends Usage | null>({ input }: Turn, usage: Used): { usage: Used; cost?: number } {
  const cost = costOf(usage, input.price)
  return { usage, ...(cost !== null && { cost }) }
}

/** The summary is made beside the steps that follow; what they add stays word for word. */
function prepare(turn: Turn): void {
  const { compactor, history } = turn
  if (takePreparation(turn)) return
  const preparation: Preparation = {
    covers: history.length,
    last: history.at(-1),
    summary: askFor(turn, 'limit'),
    settled: null,
  }
  compactor.preparation = preparation
  const drop = () => {
    if (compactor.preparation === preparation) compactor.preparation = null
  }
  preparation.summary.then((summary) => {
    preparation.settled = summary
    if (summary.ok) return
    drop()
    compactor.postpone(compactor.used(turn.history, toolsOf(turn)), windowOf(turn))
  }, drop)
}

/** The preparation that belongs to this history, if there is one. */
function takePreparation({ compactor, history }: Turn): Preparation | null {
  const { preparation } = compactor
  return preparation && history[preparation.covers - 1] === preparation.last ? preparation : null
}

async function askFor(turn: Turn, reason: CompactionReason): Promise<Summary> {
  const { input, tools, history, compactor } = turn
  const summary = await summarise({
    request: buildRequest({ input, tools, history: [...history] }),
    model: turn.dependencies.model,
    signal: turn.signal,
    onUse(usage) {
      compactor.untold = addUsage(usage, compactor.untold)
    },
    byServer: (input.serverCompaction ?? false) && !compactor.serverRefused,
    shrink: reason === 'overflow',
  })
  if (summary.ok && summary.refusal !== undefined) compactor.serverRefused = true
  return summary
}

/** The instructions that the thread began with, so that they stay in the cache. */
function sameInstructions(context: readonly ResponseItem[], before: readonly ResponseItem[]): readonly ResponseItem[] {
  const [first] = before
  return first && kindOf(first, 0) === 'instructions' ? [first, ...context.slice(1)] : context
}

function windowOf({ input }: Turn): number {
  return input.contextWindow ?? assumedWindow
}

function toolsOf({ tools }: Turn): readonly ToolDefinition[] {
  return tools.map(({ definition }) => definition)
}

/** Of a request with these items, counted by ourselves: before and after can be compared. */
function sizeOf(turn: Turn, items: readonly ResponseItem[]): number {
  const { ledger } = turn.compactor
  return ledger.sum(toolsOf(turn)).tokens + ledger.sum(items).tokens
}

/** Exact numbers are worth a moment, no more. */
async function countShortly(turn: Turn, items: readonly ResponseItem[]): Promise<void> {
  await Promise.race([turn.compactor.ledger.count(items), sleep(200)])
}
