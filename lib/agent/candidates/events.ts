import type { Usage } from '@/lib/models'
import type { ExecutableChange, LinkChange } from '@/lib/workspace'
import type { AgentEvent, Verification } from '../events'
import type { LimitHit } from '../limits/limits'

/** A file's content in an event: text as it is, bytes as base64, null for “no such file”. */
export type RecordedData = string | { base64: string } | null

export interface RecordedChange {
  path: string
  before: RecordedData
  after: RecordedData
}

/** How an attempt ended. Its conversation is in the `candidate-event`s of the same index. */
export interface CandidateResult {
  /** From 0. */
  index: number
  status: 'done' | 'failed' | 'stopped'
  /** Its answer. */
  message: string
  /** One check over everything it changed; null when it changed nothing or was stopped before. */
  verification: Verification | null
  changes: RecordedChange[]
  /** What it did to symbolic links; absent where it did nothing to them. */
  links?: LinkChange[]
  /** What its programs made executable, and not; absent where they did neither. */
  executables?: ExecutableChange[]
  usage: Usage
  steps: number
  durationMs: number
  /** Why it did not come to its end; a sentence. */
  reason?: string
  /** The limit that ended it; then it can go on past that. */
  limit?: LimitHit
  /** How many of the steps an earlier end has told of. */
  toldSteps?: number
}

/** What is taken: one attempt's answer and changes, with single files from others in place of its own. */
export interface CandidatePick {
  index: number
  files: { path: string; index: number }[]
}

export type CandidateEventBody =
  /** The attempts of `indexes` begin: from the start, or those in `goOn` where a limit ended them. The others of `total` keep what they had. */
  | { type: 'candidates-start'; total: number; indexes: number[]; hasTests: boolean; goOn?: number[] }
  /** What happens within one attempt; never nested deeper. */
  | { type: 'candidate-event'; index: number; event: AgentEvent }
  | ({ type: 'candidate-end' } & CandidateResult)
  /** The changes are in the workspace; the attempt's items join the history next. */
  | ({ type: 'candidates-picked'; by: 'user' | 'rank' } & CandidatePick)
  /** What the checks said of the project with the picked changes in it. */
  | { type: 'candidates-checked'; verification: Verification }
