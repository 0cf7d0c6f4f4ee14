import type { ModelFailure, ReasoningEffort, ResponseItem, Usage, Verbosity } from '@/lib/models'
import type { CodeFinding, PolicyMode } from '@/lib/safety'
import type { Diagnostic, TestReport } from '@/lib/sandbox'
import type { ReviewOutcome } from '@/lib/workspace'
import type { Attachment } from './attachments'
import type { CandidateEventBody } from './candidates/events'
import type { LimitHit, LimitName, LimitScope, Limits } from './limits/limits'

export type TurnMode = 'ask' | 'plan' | 'edit'

export interface PlanStep {
  step: string
  status: 'pending' | 'in_progress' | 'completed'
}

/** A tool call that waits for the user. */
export interface Approval {
  id: string
  callId: string
  tool: string
  /** What would happen, in plain words: “Run a command”, “Change a protected file”. */
  title: string
  /** The exact command, path or patch; hidden characters made visible. */
  detail: string
  /** Why the policy asks. */
  reason: string
  /** What `always` would allow for this project, e.g. `npm test`; null when only `once` makes sense. */
  rule: string | null
}

/** Something only the user can decide, asked by the model. */
export interface Question {
  id: string
  question: string
  /** Suggested answers; the user may always write another. */
  options: readonly string[]
}

/** The questions of one call, which wait for the user together. */
export interface QuestionSet {
  id: string
  callId: string
  questions: readonly Question[]
}

/** By question id; null when the user would rather not answer. */
export type Answers = Readonly<Record<string, string>> | null

/** Empty when there is none. Ids are the model's words: they may be names that every object has. */
export function answerTo(answers: Answers, id: string): string {
  return answers !== null && Object.hasOwn(answers, id) ? (answers[id] ?? '') : ''
}

export type ApprovalDecision = 'once' | 'always' | 'deny'

export interface ChangedFile {
  path: string
  kind: 'add' | 'update' | 'delete'
  additions: number
  deletions: number
}

/** What was checked after a change. `null` parts were not checked, and `notChecked` says why. */
export interface Verification {
  /** Everything that ran passed, and at least tests or types ran. */
  verified: boolean
  tests: TestReport | null
  /** Test files chosen from the import graph; null when all ran. */
  affected: string[] | null
  types: { errors: Diagnostic[] } | null
  findings: CodeFinding[] | null
  notChecked: { what: 'tests' | 'types' | 'scan'; why: string }[]
  durationMs: number
}

/** A file that the model has seen as a whole, and the key of its content then. */
export interface SeenFile {
  path: string
  key: string
}

/** What a tool hands back. `output` goes to the model and begins with what happened in plain words. */
export interface ToolResult {
  ok: boolean
  output: string
  /** One short line for the card: `exit code 1, 0.21 s`. */
  summary: string
  changes?: ChangedFile[]
  verification?: Verification
  plan?: PlanStep[]
  /**
   * A picture for the model and the card: a PNG as `data:` address. Only for models that see pictures. Empty in what is
   * recorded: the picture itself is in the history.
   */
  image?: string
  /** The words in the picture, for the rules on foreign text; they are not kept. */
  shows?: string
  /** Set by the loop: what the model has seen since the last result. */
  seen?: SeenFile[]
}

export type TurnStatus = 'done' | 'stopped' | 'failed' | 'waiting'

export interface TurnResult {
  status: TurnStatus
  /** The assistant's last message. */
  message: string
  /** The last verification of the turn passed and covers its last change; null when nothing was changed. */
  verified: boolean | null
  usage: Usage
  /** US dollars; null when the price of a response is not known. */
  cost?: number | null
  steps: number
  durationMs: number
  /** `limit` when it was one of the user's limits: then the turn can be continued. */
  error?: { code: string; message: string; action: string; limit?: LimitHit }
}

/** `limit`: the window was nearly full · `overflow`: the server said that it was too full · `user`: asked for. */
export type CompactionReason = 'limit' | 'overflow' | 'user'

/** Older steps gave way to a summary. `items` is the whole history from then on. */
export interface Compaction {
  reason: CompactionReason
  /** Items that stay as they were: of the user, and of the last steps. */
  kept: { userMessages: number; steps: number; items: number }
  droppedItems: number
  /** Of the next request, tools included. */
  tokensBefore: number
  tokensAfter: number
  /** For people to read; empty when the model's server keeps it sealed. */
  summary: string
  items: ResponseItem[]
  prompt: string
  /** Why the model's server did not do it, where it was asked first. */
  refusal?: string
  usage: Usage | null
  /** US dollars; absent when it is not known. */
  cost?: number
  durationMs: number
  /** Made while earlier steps were still running. */
  prepared: boolean
}

/** What one response to a reviewer used; see `reviewer/`. Its `turnId` is the review's own. */
export interface ReviewUse {
  step: number
  /** What was looked at, for people. */
  of: string
  model: string
  usage: Usage | null
  /** US dollars; absent when it is not known. */
  cost?: number
  durationMs: number
}

/** Every event carries these: `seq` orders a thread, `at` is milliseconds since the epoch. */
export interface EventBase {
  seq: number
  at: number
  turnId: string
}

export type AgentEventBody =
  | {
      type: 'turn-start'
      text: string
      mode: TurnMode
      model: string
      policy: PolicyMode
      promptPack: string
      /** Attempts made side by side, when more than one. */
      candidates?: number
      attachments?: readonly Attachment[]
      effort?: ReasoningEffort
      verbosity?: Verbosity
      limits?: Limits
      /** What the user did with the agent's changes since the message before. */
      review?: readonly ReviewOutcome[]
    }
  /** A request leaves; `bytes` is the JSON body, `prefixItems` how many items the previous request already had. */
  | { type: 'step-start'; step: number; items: number; prefixItems: number; bytes: number }
  | { type: 'text-start'; itemKey: string }
  | { type: 'text-delta'; itemKey: string; delta: string }
  | { type: 'text-end'; itemKey: string; text: string }
  | { type: 'reasoning-delta'; itemKey: string; delta: string }
  | { type: 'reasoning-end'; itemKey: string; text: string }
  | { type: 'tool-call-start'; callId: string; tool: string }
  | { type: 'tool-call-delta'; callId: string; delta: string }
  /** The call is whole and durable; `input` is the raw arguments or freeform text. */
  | { type: 'tool-call-ready'; callId: string; tool: string; input: string }
  | { type: 'approval-request'; approval: Approval }
  | { type: 'approval-decision'; id: string; callId: string; decision: ApprovalDecision; reason?: string }
  | { type: 'question-request'; questions: QuestionSet }
  | { type: 'question-answer'; id: string; callId: string; answers: Answers }
  /** Side effects may begin: durable before the tool runs. */
  | { type: 'tool-start'; callId: string; tool: string; title: string; detail: string }
  | { type: 'tool-output'; callId: string; delta: string }
  | { type: 'tool-end'; callId: string; tool: string; result: ToolResult; durationMs: number }
  /** `failure` says how the response was cut off; absent when it came whole. */
  | {
      type: 'step-end'
      step: number
      usage: Usage | null
      /** US dollars; absent when it is not known. */
      cost?: number
      durationMs: number
      firstEventMs: number
      failure?: ModelFailure
    }
  /** The items that joined the thread's history; replaying these rebuilds it exactly. */
  | { type: 'history'; items: ResponseItem[] }
  | { type: 'checkpoint'; checkpointId: string; label: string }
  | { type: 'steer'; text: string }
  /** The user lets the turn go on past a limit that it met. */
  | { type: 'limit-raised'; scope: LimitScope; limit: LimitName; by: number }
  /** Text that nobody here wrote is in the context from now on; `source` says which. */
  | { type: 'taint'; source: string; callId?: string }
  | { type: 'retry'; attempt: number; maxAttempts: number; delayMs: number; reason: string }
  | { type: 'notice'; level: 'info' | 'warning'; message: string }
  | CandidateEventBody
  | { type: 'turn-end'; result: TurnResult }
  /** The thread is about to be shortened; for the live view, like deltas. */
  | { type: 'compaction-start'; reason: CompactionReason; tokensBefore: number }
  | ({ type: 'compaction' } & Compaction)
  /** Nothing was changed. */
  | ({ type: 'compaction-failed'; reason: CompactionReason; message: string } & Partial<
      Pick<Compaction, 'usage' | 'cost'>
    >)
  /** Summaries that no compaction tells of: begun ahead of need, or given up. */
  | { type: 'summary-use'; usage: Usage; cost?: number }
  /** What the compaction with this `seq` replaced is back; what was said since stays. */
  | { type: 'compaction-undone'; compactionSeq: number }
  /** On the conversation's account, and no part of it. */
  | ({ type: 'review-step' } & ReviewUse)

/** The one list that chat, trace, replay and tests fold. Deltas are for the live view; all else is journalled. */
export type AgentEvent = EventBase & AgentEventBody

export function isDurable(event: AgentEvent): boolean {
  if (event.type === 'candidate-event') return isDurable(event.event)
  return !event.type.endsWith('-delta') && event.type !== 'tool-output' && event.type !== 'compaction-start'
}
