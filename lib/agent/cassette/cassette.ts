import type { ResponseItem } from '@/lib/models'
import type { RecordedResponse } from '@/lib/models/replay'
import type { PolicyMode } from '@/lib/safety'
import type { ReviewOutcome } from '@/lib/workspace'
import type { Attachment } from '../attachments'
import type { CandidatePick } from '../candidates/events'
import type {
  AgentEventBody,
  Answers,
  ApprovalDecision,
  ToolResult,
  TurnMode,
  TurnStatus,
  Verification,
} from '../events'
import type { LimitHit } from '../limits/limits'
import type { RoomEvent } from '../types'

/** What is written. Format 1 knew one model's answers, one after the other, and nothing else that can happen to a turn. */
export const cassetteVersion = 2

/** A conversation that can be played again without a model, a sandbox or a network. */
export interface Cassette {
  version: 1 | typeof cassetteVersion
  title: string
  promptPack: string
  freeformTools: boolean
  /** What was said before the first turn, where the files of earlier turns were not stored any more. */
  history?: ResponseItem[]
  /** Text files before the first turn. */
  files: Files
  turns: CassetteTurn[]
}

/** Path → text. */
export type Files = Record<string, string>
/** Null deletes. */
export type FileEffects = Record<string, string | null>

/** What came from outside while a conversation ran: of the model, and of its calls by call id. */
export interface RecordedRun {
  responses: RecordedResponse[]
  results: Record<string, ToolResult>
  /** What the tools wrote, for all but patches. */
  effects: Record<string, FileEffects>
}

export interface CassetteTurn extends RecordedRun {
  text: string
  mode: TurnMode
  policy: PolicyMode
  model: string
  /** Milliseconds since the epoch; the model is told the date. */
  at: number
  /** What others changed since the turn before. */
  edits: FileEffects
  attachments?: readonly Attachment[]
  review?: readonly ReviewOutcome[]
  /** What the model was told before the message, but for the pack's instructions. Absent in format 1: told anew. */
  context?: ResponseItem[]
  decisions: Record<string, { decision: ApprovalDecision; reason?: string }>
  answers: Record<string, Answers>
  /** What the user said meanwhile, by the step after which it was delivered. */
  steering: { step: number; text: string }[]
  /** What happened between the responses and after them, in order. */
  asides?: Aside[]
  race?: CassetteRace
  /** How it ended: the same again is what a replay has to show. */
  expected: {
    status: TurnStatus
    verified: boolean | null
    steps: number
    message: string
    /** Path → content key of every text file. */
    files: Files
  }
}

/** `after`: how many responses of the turn's own had been asked for by then, and how often attempts had been begun. */
export type Aside = { after: number } & (
  | RoomEvent
  /** The model was told this before its next step. */
  | { type: 'told'; items: ResponseItem[] }
  /** The turn ended; something follows nevertheless, or it was this limit that ended it. */
  | { type: 'end'; limit?: LimitHit }
  | Extract<AgentEventBody, { type: 'limit-raised' }>
  | { type: 'compaction-undone' }
  /** A reload cut the turn: it went on, or was left for the next message. */
  | { type: 'cut' }
  | { type: 'left' }
)

export interface CassetteRace {
  /** Attempts at the turn. */
  total: number
  /** One for each time that attempts were begun. */
  runs: RaceRun[]
  pick: (CandidatePick & { by: 'user' | 'rank' }) | null
  checked: Verification | null
  /** What others had changed by the time one was taken. */
  edits: FileEffects
}

export interface RaceRun {
  /** How many attempts were open side by side. */
  atOnce: number
  /** The attempts by index, once for each response and each call that ran: in this order they get what these gave. */
  order: number[]
  attempts: RaceAttempt[]
  /** All attempts that had ended by then, best first. */
  ranking: number[]
}

export interface RaceAttempt extends RecordedRun {
  index: number
  /** Of everything that it changed. */
  verification: Verification | null
  limit?: LimitHit
  expected: {
    status: Exclude<TurnStatus, 'waiting'>
    steps: number
    message: string
    /** Path → content key, of each text file that it changed. */
    files: Record<string, string | null>
  }
}
