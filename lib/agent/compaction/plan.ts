import { outputText, type ResponseItem } from '@/lib/models'
import { isOutput, message, textOf } from '../history'
import { isOfStep, kindOf } from '../item-kind'
import type { TokenLedger } from '../tokens'
import { truncateMiddle } from '../truncate'

/** Tokens and steps that stay word for word. */
export interface KeepLimits {
  userTokens: number
  stepTokens: number
  steps: number
}

/** What stays of a history beside its context; all else is left to the summary. */
export interface CompactionPlan {
  /** The user's messages from before the kept steps, oldest first. */
  users: ResponseItem[]
  /** The last steps and what was said between them. */
  tail: ResponseItem[]
  /** Items that appear no more. */
  dropped: number
  /** Model responses in the tail. */
  steps: number
}

const maxKeptTokens = 20_000
const maxKeptSteps = 5
const minOutputTokens = 200

/** Of a small window less stays, so that there is room to work in. */
export function keepLimits(contextWindow: number): KeepLimits {
  const tokens = Math.min(maxKeptTokens, Math.floor(contextWindow * 0.15))
  return { userTokens: tokens, stepTokens: tokens, steps: maxKeptSteps }
}

/**
 * Decides what stays. `summarised`: how many items a summary made earlier covers; all after them stays, whatever its size.
 * A step is kept with all its outputs or not at all; the last one always, its outputs shortened when they are too long.
 */
export function planCompaction(
  history: readonly ResponseItem[],
  { ledger, limits, summarised = history.length }: { ledger: TokenLedger; limits: KeepLimits; summarised?: number },
): CompactionPlan {
  const starts = stepStarts(history)
  const from = Math.min(tailStart(history, starts, { ledger, limits }), stepStartBefore(starts, summarised))
  const steps = starts.filter((start) => start >= from).length
  const kept = history.slice(from).filter((item, index) => staysInTail(item, from + index))
  const tail = steps === 1 ? shortened(kept, { ledger, limits }) : kept
  const users = keptUsers(history.slice(0, from), { ledger, limits })
  const context = history.filter((item, index) => isContext(item, index)).length
  return {
    users,
    tail,
    dropped: history.length - context - users.length - tail.length,
    steps,
  }
}

/** Where each response of the model begins. */
function stepStarts(history: readonly ResponseItem[]): number[] {
  const isAnswering = (index: number) => {
    const item = history[index]
    return item !== undefined && isOfStep(kindOf(item, index)) && kindOf(item, index) !== 'output'
  }
  return history.flatMap((_, index) => (isAnswering(index) && !isAnswering(index - 1) ? [index] : []))
}

/** The earliest step such that it and all after it are few and small enough; the last step in any case. */
function tailStart(
  history: readonly ResponseItem[],
  starts: readonly number[],
  { ledger, limits }: { ledger: TokenLedger; limits: KeepLimits },
): number {
  let from = history.length
  for (const [nth, start] of starts.toReversed().entries()) {
    const isTooMuch = nth >= limits.steps || ledger.sum(history.slice(start)).tokens > limits.stepTokens
    if (isTooMuch && nth > 0) break
    from = start
  }
  return from
}

/** A summary ends between steps; should it end within one, that step is kept whole. */
function stepStartBefore(starts: readonly number[], summarised: number): number {
  const next = starts.find((start) => start >= summarised)
  return next ?? summarised
}

function isContext(item: ResponseItem, index: number): boolean {
  return ['instructions', 'session', 'environment'].includes(kindOf(item, index))
}

/** Context is told anew at the beginning, and an earlier summary is part of the new one. */
function staysInTail(item: ResponseItem, index: number): boolean {
  return !isContext(item, index) && kindOf(item, index) !== 'summary'
}

/** The newest messages of the user that fit; the oldest of these is cut in its middle. */
function keptUsers(
  before: readonly ResponseItem[],
  { ledger, limits }: { ledger: TokenLedger; limits: KeepLimits },
): ResponseItem[] {
  const kept: ResponseItem[] = []
  let left = limits.userTokens
  for (const item of before.filter((each, index) => kindOf(each, index) === 'user').toReversed()) {
    const { tokens } = ledger.tokensOf(item)
    if (tokens <= left) kept.unshift(item)
    else if (left > 50)
      kept.unshift(message('user', truncateMiddle(textOf(item), { mode: 'tokens', limit: left - 20 })))
    left -= tokens
    if (left <= 0) break
  }
  return kept
}

/** A single step can hold more than all that should stay; then its outputs are cut like any long output. */
function shortened(
  tail: ResponseItem[],
  { ledger, limits }: { ledger: TokenLedger; limits: KeepLimits },
): ResponseItem[] {
  if (ledger.sum(tail).tokens <= limits.stepTokens) return tail
  const outputs = tail.filter(isOutput)
  const limit = Math.max(minOutputTokens, Math.floor(limits.stepTokens / Math.max(1, outputs.length)))
  return tail.map((item) =>
    isOutput(item) && ledger.tokensOf(item).tokens > limit
      ? { ...item, output: truncateMiddle(outputText(item.output), { mode: 'tokens', limit }) }
      : item,
  )
}
