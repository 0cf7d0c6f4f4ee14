import type { StoreApi } from '@/lib/base'
import type { Model, ModelInfo, ReasoningEffort, ResponseItem, Verbosity } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import type { ReviewOutcome } from '@/lib/workspace'
import type { Attachment } from '../attachments'
import type {
  AgentEvent,
  Answers,
  Approval,
  ApprovalDecision,
  QuestionSet,
  ReviewUse,
  TurnMode,
  TurnResult,
} from '../events'
import type { ContextReport } from '../inspector/inspect-thread'
import type { LimitHit, Limits } from '../limits/limits'
import type { CountTexts } from '../tokens'
import type { CandidateChoice, CandidateQuestion, TurnDependencies } from '../types'
import type { QueuedMessage, WaitingMessages } from './outbox'

/** How a thread asks its model; undefined leaves it to the model. */
export interface ThreadSettings {
  effort: ReasoningEffort | undefined
  verbosity: Verbosity | undefined
  limits: Limits
}

export interface ThreadState extends ThreadSettings, WaitingMessages {
  id: string
  events: readonly AgentEvent[]
  running: boolean
  turnId: string | null
  approvals: readonly Approval[]
  /** What the model asks the user; the turn waits for the answers. */
  questions: readonly QuestionSet[]
  policy: PolicyMode
  /** Rules allowed with “always”. */
  allowedRules: readonly string[]
  model: string
  models: readonly ModelInfo[]
  interrupted: boolean
  /** Set while the attempts at the running turn wait for one of them to be taken. */
  choice: CandidateQuestion | null
}

export interface ThreadOptions {
  id: string
  /** Journalled events of an earlier visit. */
  events: readonly AgentEvent[]
  policy: PolicyMode
  allowedRules: readonly string[]
  models: readonly ModelInfo[]
  model: string
  queue?: readonly QueuedMessage[]
  /** Where missing, the model's own and the default limits. */
  settings?: Partial<ThreadSettings>
  callModel: Model
  /** Makes events durable; resolves when they are. */
  save: (events: readonly AgentEvent[]) => Promise<void>
  world: Pick<
    TurnDependencies,
    | 'workspace'
    | 'sandbox'
    | 'synced'
    | 'placeLinks'
    | 'placeExecutables'
    | 'checkpoint'
    | 'preview'
    | 'focus'
    | 'foreignProject'
    | 'untilOnline'
    | 'loadPackage'
    | 'toolServers'
    | 'symbols'
    | 'refreshedSymbols'
  >
  /** What the user did with the agent's changes and the agent has not been told; goes with the next message. */
  review?: () => readonly ReviewOutcome[]
  /** The tokenizer; without it tokens are estimated. */
  countTexts?: CountTexts
  /** Processor cores: how many attempts at a turn run at once. */
  cores?: number
}

export interface SendOptions {
  mode?: TurnMode
  model?: string
  /** Attempts at the turn, 1 to 8; see `candidates/`. */
  candidates?: number
  /** Put before the text; what is sent while a turn runs takes none along, so queue it. */
  attachments?: readonly Attachment[]
}

/** A conversation and its running turn: what chat, page API and tests hold on to. */
export interface Thread {
  readonly id: string
  state: StoreApi<ThreadState>
  /** While a turn runs, the text joins it as steering and the running turn's result is returned. */
  send(text: string, options?: SendOptions): Promise<TurnResult>
  /** Goes on with a turn that a reload or a failure cut, or past the limit that it met, which is raised for that. */
  resume(): Promise<TurnResult>
  stop(): Promise<void>
  steer(text: string): void
  /** Waits for the running turn to be done; sent at once when none runs. */
  enqueue(text: string, options?: Omit<SendOptions, 'model'>): void
  /** Takes a waiting message back. */
  unqueue(id: string): void
  /** Sends what waits first, after a turn that failed or was stopped. */
  sendQueued(): Promise<TurnResult> | null
  approve(id: string, decision: ApprovalDecision, reason?: string): void
  /** Null: the user would rather not say. */
  answer(id: string, answers: Answers): void
  /** Leaves older steps to a summary; while a turn runs, before its next step. */
  compact(): Promise<void>
  /** Brings back what the last compaction left out. */
  undoCompaction(): Promise<void>
  /** Takes one of the attempts that `state.choice` asks about, or has the others run again. */
  choose(choice: CandidateChoice): void
  /** What the next request would hold, and how the cache fared. */
  inspect(): Promise<ContextReport>
  /** Stops the attempts that still run; the choice is among those that have ended. */
  endAttempts(): void
  history(): readonly ResponseItem[]
  /** All of them, as of now: those in `state` come a moment later, for the eye. */
  events(): readonly AgentEvent[]
  /** The conversation's limit that is reached, if any: what a review is held against, which runs beside turns. */
  limitHit(): LimitHit | null
  /** Puts what a review used on the conversation's account, durably. */
  noteReview(reviewId: string, use: ReviewUse): Promise<void>
}
