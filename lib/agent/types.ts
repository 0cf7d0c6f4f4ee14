import type { Model, ReasoningEffort, ResponseItem, TokenPrice, ToolDefinition, Verbosity } from '@/lib/models'
import type { Effect, PolicyMode } from '@/lib/safety'
import type { Sandbox, SymbolFile } from '@/lib/sandbox'
import type { LoadPackage } from '@/lib/sandbox/embedded/packages/load-package'
import type { ExecutableChange, LinkChange, ReviewOutcome, Workspace } from '@/lib/workspace'
import type { Attachment } from './attachments'
import type { CandidatePick } from './candidates/events'
import type { Compactor } from './compaction'
import type { Focus } from './context'
import type {
  AgentEvent,
  AgentEventBody,
  Answers,
  Approval,
  ApprovalDecision,
  Question,
  QuestionSet,
  ToolResult,
  TurnMode,
  Verification,
} from './events'
import type { SeenFiles } from './files/seen-files'
import type { LimitHit, Limits } from './limits/limits'
import type { Meter } from './limits/meter'
import type { ToolServers } from './tool-servers/types'
import type { CommandSessions } from './tools/command-session'
import type { PreviewProbe } from './tools/preview-probe'

/** What a tool may use. Edits go through `workspace.apply`; the session mirrors them into the sandbox. */
export interface ToolContext {
  workspace: Workspace
  /** Resolves when the sandbox runs; rejects with a sentence for the model when it cannot. */
  sandbox: () => Promise<Sandbox>
  /** Resolves when all edits so far have reached the sandbox. */
  synced: () => Promise<void>
  signal: AbortSignal
  turnId: string
  callId: string
  /** Shows the questions and waits; null when the user would rather not answer. Rejects when the turn is stopped. */
  ask: (questions: readonly Question[]) => Promise<Answers>
  /** The page as the user sees it; null where nothing can be shown. */
  preview: PreviewProbe | null
  /** Asks the package registry; null where it cannot be asked, and in calls that the gate did not judge as reaching out. */
  loadPackage: LoadPackage | null
  /** Tools of other servers; null as with `loadPackage`. */
  toolServers: ToolServers | null
  /** What the model knows of the files. */
  seen: SeenFiles
  /** What is known of the project's symbols; empty where nothing is. */
  symbols: () => Promise<ReadonlyMap<string, SymbolFile>>
  /** Whether the model sees pictures. */
  images: boolean
  /** Live output for the card. */
  emitOutput: (delta: string) => void
}

/**
 * One tool a file. `execute` never throws for what the model did wrong: it returns `ok: false` and says what was possible.
 * It rejects only with the abort reason of `context.signal`.
 * Methods rather than function properties: tools of different inputs fit one `Tool[]`, and each only ever gets what it parsed.
 */
export interface Tool<Input = unknown> {
  definition: ToolDefinition
  /** Whether it may run beside others of the same response; patches are barriers. */
  parallel: boolean
  /** Beginning it twice is the same as once: a reload in its middle begins it again. */
  repeatable?: boolean
  /** Parses the raw arguments or freeform text; `message` tells the model what is wrong. */
  parse: (raw: string) => { ok: true; input: Input } | { ok: false; message: string }
  /** For the card: verb and target. */
  describe(input: Input): { title: string; detail: string }
  /** What the gate judges: commands run, paths written; `null` when it only looks. */
  effect(input: Input, workspace: Workspace): Effect | null
  execute(input: Input, context: ToolContext): Promise<ToolResult>
}

export interface TurnInput {
  turnId: string
  threadId: string
  text: string
  mode: TurnMode
  model: string
  freeformTools: boolean
  /** What the user put before the text. */
  attachments?: readonly Attachment[]
  /** What the user did with the agent's changes since the message before. */
  review?: readonly ReviewOutcome[]
  /** Whether the model sees pictures. */
  images?: boolean
  /** Tokens; unknown when null or left out. */
  contextWindow?: number | null
  /** The model's server shortens histories itself. */
  serverCompaction?: boolean
  /** How many attempts at the turn are made side by side; one when missing. */
  candidates?: number
  takesTemperature?: boolean
  temperature?: number
  /** How hard the model thinks and how much it says; its own default when left out. */
  effort?: ReasoningEffort | undefined
  verbosity?: Verbosity | undefined
  /** The model can be asked to tell what it thinks in short. */
  reasoningSummaries?: boolean
  /** Without it tokens are counted and costs are not. */
  price?: TokenPrice | null
}

/** What the user can do once the attempts have ended. */
export type CandidateChoice = ({ kind: 'take' } & CandidatePick) | { kind: 'again' }

export interface CandidateQuestion {
  turnId: string
  /** The attempts that can be taken, best first. */
  ranking: readonly number[]
  /** Some did not come to their end and can be run again. */
  canRunAgain: boolean
  /** None came to its end, and this limit ended one: running again raises it, and those that it ended go on. */
  limit?: LimitHit
}

/** For turns of several attempts. */
export interface RaceArrangement {
  /** Processor cores: how many attempts run at once. */
  cores: number
  /** Asks which attempt to take; rejects when the turn is stopped. */
  choose: (question: CandidateQuestion, signal: AbortSignal) => Promise<CandidateChoice>
  /** What one attempt gets in place of the thread's own; for replays. */
  attempt?: (index: number) => Partial<TurnDependencies>
  /** Calls the listener when the user has seen enough: what still runs is stopped, what has ended stands. */
  onEnough: (listener: () => void) => () => void
}

/** What a replay tells in place of finding it out. */
export interface Recorded {
  /** What the model is told beside the conversation: as the turn begins, and before a step. Without it, what is so now. */
  context?: ((before: 'turn' | 'step') => readonly ResponseItem[]) | undefined
  /** What became of the history's size, up to the step that comes. */
  room: () => readonly RoomEvent[]
  /** What the checks said of everything that an attempt did, or of the project with the attempt that was taken. */
  verification: () => Verification | null
  /** Whether a call ran and nobody was asked: a rule allowed it. */
  ranUnasked: (callId: string) => boolean
}

/** What is told of summaries and of what gave way to them. */
export type RoomEvent = Extract<AgentEventBody, { type: 'compaction' | 'compaction-failed' | 'summary-use' }>

/** Everything a turn needs, as arguments. The loop knows no browser, no React and no store. */
export interface TurnDependencies {
  model: Model
  /** The thread so far; the loop never changes earlier items. */
  history: readonly ResponseItem[]
  workspace: Workspace
  sandbox: () => Promise<Sandbox>
  synced: () => Promise<void>
  /** Puts symbolic links into the project and its sandbox; without it attempts bring their files only. */
  placeLinks?: (changes: readonly LinkChange[]) => void
  /** The same for what is executable. */
  placeExecutables?: (changes: readonly ExecutableChange[]) => void
  policy: () => PolicyMode
  /** Rules the user allowed with “always”. */
  allowedRules: () => readonly string[]
  /** Shows the card and waits; rejects when the turn is stopped. */
  approve: (approval: Approval, signal: AbortSignal) => Promise<{ decision: ApprovalDecision; reason?: string }>
  /** Shows questions of the model and waits; rejects when the turn is stopped. Without it the model is told that nobody can answer. */
  ask?: (questions: QuestionSet, signal: AbortSignal) => Promise<Answers>
  preview?: PreviewProbe
  loadPackage?: LoadPackage
  toolServers?: ToolServers
  /** Set where nobody can be asked, and why: what would ask is refused. */
  unattended?: string
  /** What the turn and its thread may use; generous defaults without it. */
  limits?: () => Limits
  /** Over what came before this turn in its thread. */
  meterBefore?: Meter
  /** For attempts: a limit that they meet together. */
  sharedHit?: () => LimitHit | null
  /** Where text that nobody here wrote came into the thread, before this turn. */
  taints?: readonly string[]
  /** What the user allowed for good since then. */
  allowedKnowingly?: readonly string[]
  /** Why the project's own files are such text, if they are. */
  foreignProject?: string | null
  /** Makes an event durable; awaited before every side effect. Deltas are not passed. */
  journal: (event: AgentEvent) => Promise<void>
  /** Saves files and thread as a checkpoint and returns its id. */
  checkpoint: (label: string, turnId: string) => Promise<string>
  /** Messages the user sent meanwhile; emptied between tool batches. */
  takeSteering: () => string[]
  nextSeq: () => number
  /** Programs that outlive their call; one table a thread. Without it they are forgotten with the turn. */
  sessions?: CommandSessions
  /** The date that the model is told; now by default. */
  now?: () => Date
  /** Which text of each file the model has seen; one a thread. Without it a turn begins knowing nothing. */
  seen?: SeenFiles
  /** How the loop waits before it asks again; by the clock by default. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Null while there is a connection; else resolves when it is back, and rejects when the turn is stopped. */
  untilOnline?: (signal: AbortSignal) => Promise<void> | null
  /** Puts something in the place of the tools, e.g. their recorded results. */
  wrapTool?: (tool: Tool) => Tool
  /** For replays. */
  recorded?: Recorded
  /** What the user looks at now. */
  focus?: () => Focus
  /** What is known by now of the project's symbols, by path, of files that are as they were then. Nobody waits for it. */
  symbols?: () => ReadonlyMap<string, SymbolFile>
  /** As `symbols`, after a look at what has changed since, if that takes no more than a moment. */
  refreshedSymbols?: () => Promise<ReadonlyMap<string, SymbolFile>>
  /** What the thread weighs; one a thread. Without it tokens are estimated anew in each turn. */
  compactor?: Compactor
  /** Without it the ranking decides among several attempts. */
  race?: RaceArrangement
  /** Joins the history in place of the context and the user's message, which are there already. */
  opening?: readonly ResponseItem[]
  /** The journalled events of this very turn when a reload cut it: it goes on instead of starting. */
  interrupted?: readonly AgentEvent[]
}
