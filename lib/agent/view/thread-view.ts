import type { Usage } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import type { ReviewOutcome } from '@/lib/workspace'
import type { Attachment } from '../attachments'
import type { CandidatePick } from '../candidates/events'
import { pickedChanges } from '../candidates/pick'
import { type CandidatesPart, foldCandidates } from '../candidates/view'
import type {
  AgentEvent,
  Answers,
  Approval,
  ApprovalDecision,
  ChangedFile,
  Compaction,
  CompactionReason,
  PlanStep,
  QuestionSet,
  ToolResult,
  TurnMode,
  TurnResult,
  TurnStatus,
  Verification,
} from '../events'
import { toChangedFile } from '../files/written-files'
import { addUsage, noUsage, paidFor } from '../tokens/usage'
import { foldPart } from './thread-view-parts'

/** What the chat pane renders. Parts that an event does not touch keep their identity, so that rows can be memoised. */
export interface ThreadView {
  turns: readonly TurnView[]
}

export interface TurnView {
  id: string
  /** What the user wrote. */
  text: string
  /** What the user put before it. */
  attachments: readonly Attachment[]
  /** What the agent was told of the user's review. */
  review: readonly ReviewOutcome[]
  mode: TurnMode
  model: string
  policy: PolicyMode
  /** Milliseconds since the epoch. */
  startedAt: number
  status: 'running' | TurnStatus
  parts: readonly PartView[]
  footer: TurnFooter
  /** Everything the turn changed, one entry a path. */
  changes: readonly ChangedFile[]
  /** The state before the turn; null until it is saved. */
  checkpointId: string | null
  error: NonNullable<TurnResult['error']> | null
}

/** `key` is unique in its turn and stable while the part lives. */
export type PartView =
  | { type: 'text'; key: string; text: string; streaming: boolean }
  | { type: 'reasoning'; key: string; text: string; streaming: boolean }
  | ToolPart
  /** Several attempts at the turn, side by side; one part a turn. */
  | CandidatesPart
  /** One a turn, kept up to date where it first appeared. */
  | { type: 'plan'; key: string; steps: readonly PlanStep[] }
  | { type: 'approval'; key: string; approval: Approval; decision: ApprovalDecision | null; reason: string | null }
  /** `open` while it waits, `dropped` when the turn ended first; `answers` is null also when the user would rather not say. */
  | { type: 'question'; key: string; questions: QuestionSet; state: 'open' | 'answered' | 'dropped'; answers: Answers }
  /** A message of the user while the turn ran. */
  | { type: 'steer'; key: string; text: string }
  /** `active` while the loop waits; `until` is when it tries again, in milliseconds since the epoch. */
  | { type: 'retry'; key: string; attempt: number; maxAttempts: number; until: number; reason: string; active: boolean }
  | { type: 'notice'; key: string; level: 'info' | 'warning'; message: string }
  | CompactionPart

export interface CompactionPart {
  type: 'compaction'
  key: string
  state: 'running' | 'done' | 'failed' | 'undone'
  reason: CompactionReason
  tokensBefore: number | null
  /** What was done, once it was; `seq` names it. */
  done:
    | (Pick<Compaction, 'kept' | 'droppedItems' | 'tokensAfter' | 'summary' | 'prepared' | 'refusal'> & { seq: number })
    | null
  /** Why not, when it failed. */
  message: string
}

/**
 * `writing`: the model is writing the call · `ready`: it waits for its place · `waiting`: for the user's approval ·
 * `running` · `done` · `failed`: it ended with `result.ok` false, or was denied · `stopped`: the turn ended first.
 */
type ToolState = 'writing' | 'ready' | 'waiting' | 'running' | 'done' | 'failed' | 'stopped'

export interface ToolPart {
  type: 'tool'
  /** The call's id. */
  key: string
  tool: string
  state: ToolState
  /** Verb and target, known once it runs; the tool's name before. */
  title: string
  detail: string
  /** Raw arguments or freeform text, growing while `writing`. */
  input: string
  /** Live output, its last 40,000 characters; `result.output` is what the model got. */
  output: string
  result: ToolResult | null
  durationMs: number | null
}

export interface TurnFooter {
  /** The last verification's. */
  tests: { passed: number; total: number } | null
  verification: Verification | null
  /** While running: of the last verification so far. Afterwards the turn's own answer; null when nothing was changed. */
  verified: boolean | null
  usage: Usage
  /** US dollars; null when a response had a price that nobody knows. */
  cost: number | null
  /** What each response used, in order. */
  uses: readonly ResponseUse[]
  steps: number
  /** Null while running: count from `startedAt`. */
  durationMs: number | null
}

/** One response of the model, as it was paid for. */
export interface ResponseUse {
  key: string
  /** `Step 3`, `Attempt 2, step 1`, `Summary of earlier steps`. */
  label: string
  usage: Usage
  /** US dollars; null when it is not known. */
  cost: number | null
  durationMs: number
}

export const emptyThread: ThreadView = { turns: [] }

/** Adds one event. Pure; costs one copy of the turn's list of parts. */
export function foldThread(view: ThreadView, event: AgentEvent): ThreadView {
  if (event.type === 'turn-start') return { turns: [...view.turns, startTurn(event)] }
  const index = view.turns.findLastIndex((turn) => turn.id === event.turnId)
  const turn = view.turns[index]
  if (turn === undefined) return view
  const next = foldTurn(turn, event)
  return next === turn ? view : { turns: view.turns.with(index, next) }
}

const noFooter: TurnFooter = {
  tests: null,
  verification: null,
  verified: null,
  usage: noUsage,
  cost: 0,
  uses: [],
  steps: 0,
  durationMs: null,
}

function startTurn(event: Extract<AgentEvent, { type: 'turn-start' }>): TurnView {
  const { text, attachments = [], review = [], mode, model, policy } = event
  return {
    id: event.turnId,
    text,
    attachments,
    review,
    mode,
    model,
    policy,
    startedAt: event.at,
    status: 'running',
    parts: [],
    footer: noFooter,
    changes: [],
    checkpointId: null,
    error: null,
  }
}

function foldTurn(turn: TurnView, event: AgentEvent): TurnView {
  const parts = foldCandidates(foldPart(turn.parts, event), event, { foldThread, emptyThread })
  switch (event.type) {
    case 'turn-end':
      return endTurn({ ...turn, parts }, event.result)
    case 'step-start':
      // A turn that went on after a failure runs again.
      return {
        ...turn,
        parts,
        status: 'running',
        error: null,
        footer: { ...turn.footer, steps: event.step, durationMs: null },
      }
    case 'limit-raised':
      return { ...turn, parts, status: 'running', error: null, footer: { ...turn.footer, durationMs: null } }
    case 'step-end':
    case 'compaction':
    case 'compaction-failed':
    case 'summary-use':
      return { ...turn, parts, footer: addUse(turn.footer, event) }
    case 'tool-end':
      return {
        ...turn,
        parts,
        changes: mergeChanges(turn.changes, event.result.changes ?? []),
        footer: event.result.verification ? withVerification(turn.footer, event.result.verification) : turn.footer,
      }
    case 'candidate-event': {
      const { event: inner, index } = event
      return { ...turn, parts, footer: addUse(turn.footer, inner, `Attempt ${index + 1}, `) }
    }
    case 'candidates-picked':
      return { ...turn, parts, changes: mergeChanges(turn.changes, changesOfPick(parts, event)) }
    case 'candidates-checked':
      return { ...turn, parts, footer: withVerification(turn.footer, event.verification) }
    case 'checkpoint':
      return turn.checkpointId === null ? { ...turn, parts, checkpointId: event.checkpointId } : turn
    default:
      return parts === turn.parts ? turn : { ...turn, parts }
  }
}

function changesOfPick(parts: readonly PartView[], pick: CandidatePick): ChangedFile[] {
  const part = parts.find((each) => each.type === 'candidates')
  const results = part?.type === 'candidates' ? part.candidates.flatMap(({ result }) => result ?? []) : []
  return pickedChanges(pick, results).map(toChangedFile)
}

function addUse(footer: TurnFooter, event: AgentEvent, prefix = ''): TurnFooter {
  const paid = paidFor(event)
  if (paid === null) return footer
  const { usage, cost = null } = paid
  const durationMs = 'durationMs' in event ? event.durationMs : 0
  const label =
    event.type === 'step-end'
      ? `${prefix}${prefix ? 's' : 'S'}tep ${event.step}`
      : `Summary of earlier steps${event.type === 'compaction-failed' ? ', not used' : ''}`
  return {
    ...footer,
    usage: addUsage(footer.usage, usage),
    cost: cost === null || footer.cost === null ? null : footer.cost + cost,
    uses: [...footer.uses, { key: `${prefix}${event.seq}`, label, usage, cost, durationMs }],
  }
}

function endTurn(turn: TurnView, result: TurnResult): TurnView {
  const { verified, usage, steps, durationMs } = result
  const footer = { ...turn.footer, verified, usage, steps, durationMs }
  return { ...turn, status: result.status, error: result.error ?? null, footer }
}

function withVerification(footer: TurnFooter, verification: Verification): TurnFooter {
  const report = verification.tests
  const tests = report ? { passed: report.passed, total: report.passed + report.failed } : null
  return { ...footer, verification, tests, verified: verification.verified }
}

function mergeChanges(before: readonly ChangedFile[], added: readonly ChangedFile[]): readonly ChangedFile[] {
  if (added.length === 0) return before
  const byPath = new Map(before.map((change) => [change.path, change]))
  for (const change of added) {
    const known = byPath.get(change.path)
    byPath.set(change.path, {
      ...change,
      kind: known?.kind === 'add' && change.kind === 'update' ? 'add' : change.kind,
      additions: change.additions + (known?.additions ?? 0),
      deletions: change.deletions + (known?.deletions ?? 0),
    })
  }
  return [...byPath.values()]
}
