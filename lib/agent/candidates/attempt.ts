import { messageOf, VitrineError } from '@/lib/base'
import type { Model, ResponseItem, Usage } from '@/lib/models'
import { changesBetween, type FileChange, type FileMap } from '@/lib/workspace'
import type { AgentEvent, TurnResult, Verification } from '../events'
import { createSeenFiles, foldSeenFiles } from '../files/seen-files'
import { foldHistory, message } from '../history'
import type { LimitHit } from '../limits/limits'
import { noUsage } from '../tokens/usage'
import type { TurnDependencies, TurnInput } from '../types'
import { verifyChanges } from '../verify/verify'
import type { CandidateResult, RecordedChange } from './events'
import { type Fork, type ForkBase, openFork } from './fork'
import { placeChanges } from './pick'
import { changedLines } from './rank'
import { fromRecordedChange, toRecordedChange } from './recorded-data'

export type RunTurn = (
  input: TurnInput,
  dependencies: TurnDependencies,
  signal: AbortSignal,
) => AsyncGenerator<AgentEvent, TurnResult>

export interface AttemptOptions {
  index: number
  base: ForkBase
  /** The turn that is attempted. */
  input: TurnInput
  dependencies: TurnDependencies
  /** What all attempts share: everything up to and with the user's message. */
  history: readonly ResponseItem[]
  /** What this one is told beyond that; null for the plain one. */
  hint: string | null
  temperature: number | undefined
  model: Model
  /** A limit that all attempts meet together, and what of the context is foreign already. */
  sharedHit: () => LimitHit | null
  taints: readonly string[]
  runTurn: RunTurn
  /** Where a limit ended it: it goes on from there. */
  earlier?: EarlierAttempt | undefined
  signal: AbortSignal
  /** Called with each of its events, and with how many lines it has changed so far. */
  onEvent: (event: AgentEvent, lines: number) => void
}

/** An attempt that met a limit, and the same events with the one that raised it. */
export interface EarlierAttempt {
  events: readonly AgentEvent[]
  result: CandidateResult
}

const unattended =
  'several attempts at this turn run side by side, so nobody can answer for each of them. The user can allow a command for good before the next turn.'

/** One attempt at a turn, in a fork, to its end. Never rejects: what goes wrong becomes its result. */
export async function runAttempt(options: AttemptOptions): Promise<CandidateResult> {
  const { index, base, signal, input, earlier } = options
  const startedAt = performance.now()
  const fork = openFork(base, attemptTurnId(input.turnId, index))
  try {
    if (earlier) layOn(fork, earlier.result)
    const { result, checked } = await playTurn(options, fork)
    const changes = changesBetween(base.files, fork.workspace.files)
    const links = fork.links()
    const executables = fork.executables()
    // The check of an only edit is one over the whole already.
    const isWhole = checked !== null && fork.workspace.version === 1
    const recorded = options.dependencies.recorded?.verification()
    const verification = recorded ?? (isWhole ? checked : await verifyWhole(fork, changes, signal))
    return {
      index,
      ...outcomeOf(result, signal),
      message: result.message,
      verification,
      changes: changes.map(toRecordedChange),
      ...(links.length > 0 && { links }),
      ...(executables.length > 0 && { executables }),
      usage: result.usage,
      steps: result.steps,
      ...(earlier && { toldSteps: earlier.result.steps }),
      durationMs: performance.now() - startedAt + (earlier?.result.durationMs ?? 0),
    }
  } catch (error) {
    const status = signal.aborted ? 'stopped' : 'failed'
    const reason = signal.aborted ? stopReason(signal) : messageOf(error)
    return emptyResult({ index, status, reason, durationMs: performance.now() - startedAt })
  } finally {
    fork.dispose()
  }
}

/** What it had changed, on the project as it is now. Throws when that has moved on in its way. */
function layOn(fork: Fork, { index, changes, links = [], executables = [] }: CandidateResult): void {
  const { workspace } = fork
  const placed = placeChanges(workspace.files, changes.map(fromRecordedChange))
  if (!placed.ok) {
    throw new Error(`It could not go on: ${placed.conflicts.join(', ')} changed in the same lines since.`)
  }
  workspace.apply(placed.changes, { origin: 'restore', label: `Attempt ${index + 1} so far` })
  fork.placeLinks(links)
  fork.placeExecutables(executables)
}

/** Of an attempt that left nothing behind. */
export function emptyResult(
  known: Pick<CandidateResult, 'index' | 'status' | 'reason'> & { durationMs?: number; usage?: Usage },
): CandidateResult {
  return { message: '', verification: null, changes: [], usage: noUsage, steps: 0, durationMs: 0, ...known }
}

export function attemptTurnId(turnId: string, index: number): string {
  return `${turnId}.${index + 1}`
}

/** `checked`: what the checks said after the last change. */
async function playTurn(
  options: AttemptOptions,
  fork: Fork,
): Promise<{ result: TurnResult; checked: Verification | null }> {
  const { index, base, signal, onEvent, hint, temperature } = options
  const input: TurnInput = {
    ...options.input,
    turnId: attemptTurnId(options.input.turnId, index),
    candidates: 1,
    ...(temperature === undefined ? {} : { temperature }),
  }
  const turn = options.runTurn(input, dependenciesOf(options, fork, hint), signal)
  let lines = 0
  let checked: Verification | null = null
  for (;;) {
    const next = await turn.next()
    if (next.done) return { result: next.value, checked }
    if (next.value.type === 'tool-end') {
      lines = linesChanged(base.files, fork.workspace.files)
      if (next.value.result.changes?.length) checked = next.value.result.verification ?? null
    }
    // There is nothing to go back to within a fork.
    if (next.value.type !== 'checkpoint') onEvent(next.value, lines)
  }
}

function dependenciesOf(options: AttemptOptions, fork: Fork, hint: string | null): TurnDependencies {
  const { dependencies, history, model, sharedHit, taints, earlier } = options
  const policy = dependencies.policy()
  let seq = earlier?.events.at(-1)?.seq ?? 0
  return {
    model,
    history: earlier ? [...history, ...foldHistory(earlier.events)] : history,
    ...(earlier && { interrupted: earlier.events, seen: createSeenFiles(foldSeenFiles(earlier.events)) }),
    opening: hint === null ? [] : [message('developer', hint)],
    workspace: fork.workspace,
    sandbox: fork.sandbox,
    synced: fork.synced,
    // Fixed for the race: what attempts are told has to stay the same for all.
    policy: () => policy,
    allowedRules: dependencies.allowedRules,
    unattended,
    sharedHit,
    taints,
    approve: () => Promise.reject(new Error(`An attempt asks nobody: ${unattended}`)),
    // The race makes events durable; nothing in a fork is a side effect that would have to wait for it.
    journal: async () => undefined,
    checkpoint: async () => '',
    takeSteering: () => [],
    nextSeq: () => ++seq,
    ...(dependencies.limits && { limits: dependencies.limits }),
    ...(dependencies.loadPackage && { loadPackage: dependencies.loadPackage }),
    ...(dependencies.now && { now: dependencies.now }),
    ...(dependencies.wait && { wait: dependencies.wait }),
    ...(dependencies.wrapTool && { wrapTool: dependencies.wrapTool }),
    ...(dependencies.recorded && { recorded: dependencies.recorded }),
  }
}

/** The attempt's own checks covered one patch at a time; attempts are compared by one over all they did. */
async function verifyWhole(
  fork: Fork,
  changes: readonly FileChange[],
  signal: AbortSignal,
): Promise<Verification | null> {
  if (changes.length === 0 || signal.aborted) return null
  try {
    return await verifyChanges(changes, { ...fork, signal })
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

function outcomeOf(result: TurnResult, signal: AbortSignal): Pick<CandidateResult, 'status' | 'reason' | 'limit'> {
  if (signal.aborted) return { status: 'stopped', reason: stopReason(signal) }
  if (result.status === 'done') return { status: 'done' }
  return {
    status: 'failed',
    ...(result.error ? { reason: `${result.error.message} ${result.error.action}`.trim() } : {}),
    ...(result.error?.limit && { limit: result.error.limit }),
  }
}

/** The race says why it stops an attempt; anybody else is the user. */
function stopReason({ reason }: AbortSignal): string {
  return reason instanceof VitrineError ? reason.message : 'Stopped by you.'
}

function linesChanged(before: FileMap, after: FileMap): number {
  const changes: RecordedChange[] = changesBetween(before, after).map(toRecordedChange)
  return changedLines(changes)
}
