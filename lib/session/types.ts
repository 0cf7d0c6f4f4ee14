import type {
  Answers,
  ApprovalDecision,
  CandidateChoice,
  SendOptions,
  ThreadSettings,
  ThreadState,
  TurnResult,
} from '@/lib/agent'
import type { TestCheck } from '@/lib/agent/candidates/mutation-check'
import type { ContextReport } from '@/lib/agent/inspector/inspect-thread'
import type { StoreApi } from '@/lib/base'
import type { ResponseItem } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import type { Diagnostic, RunResult, SandboxProcess, SpawnOptions, TestOptions, TestReport } from '@/lib/sandbox'
import type { LivePreview } from '@/lib/sandbox/embedded/preview'
import type {
  CheckpointInfo,
  FileMap,
  History,
  ReviewFile,
  ReviewResult,
  Workspace,
  Review as WorkspaceReview,
} from '@/lib/workspace'
import type { ProjectMeta } from '@/lib/workspace/browser-store'
import type { Checkpoints } from './checkpoints'
import type { EditorView } from './focus'
import type { OwnKeyPlace } from './models/own-key'
import type { ProjectExecutables } from './projects/project-executables'
import type { ProjectLinks } from './projects/project-links'
import type { ReviewPaths } from './review/review-paths'
import type { Reviewer } from './review/reviewer'
import type { RunningJob } from './runtime/running-processes'
import type { Threads } from './threads/threads'
import type { ToolServersApi } from './tool-servers/tool-servers'

export type { ReviewerResult, ReviewScope, ShownFinding } from './review/reviewer'
export type { ThreadFormat } from './threads/thread-file'
export type { ThreadHit, ThreadInfo } from './threads/threads'
export type { KnownTool } from './tool-servers/known-tools'
export type { ServerEntry } from './tool-servers/server-entry'
export type { ToolServerInfo } from './tool-servers/server-list'
export type { ServerCheck, ToolServersState } from './tool-servers/tool-servers'
export type { CheckpointInfo, Checkpoints, ProjectMeta, ReviewFile, ReviewResult, Threads }

export interface ProjectState {
  meta: ProjectMeta
  /** Another tab holds the writer lock. */
  readOnly: boolean
  /** `saved`: everything is durable. `memory`: storage refused; the banner offers a download. */
  save: 'saved' | 'saving' | 'memory'
  /** Why it is in memory alone, and what to do. */
  saveProblem: string | null
  notices: {
    id: string
    level: 'info' | 'warning' | 'error'
    message: string
    action?: { label: string; run: () => void }
  }[]
}

export interface RuntimeState {
  status: 'off' | 'booting' | 'ready' | 'failed'
  kind: 'embedded' | 'webcontainer'
  bootMs: number | null
  error: string | null
}

export interface TestsState {
  running: boolean
  /** Who asked last: the user, the agent's verification, a save. */
  origin: 'user' | 'agent' | null
  report: TestReport | null
  /** Code has changed since the report: what it says was true then. */
  stale: boolean
  /** Whether runs measure coverage, and the editor shows it. */
  coverage: boolean
}

/** What the agent pane shows: the thread of the moment. */
export interface AgentState extends ThreadState {
  /** “basic” when no moderation endpoint is configured. */
  filters: 'basic' | 'moderated'
  /** Whether the server takes keys of its users, and where it sends their requests. */
  ownKeys: 'off' | 'openai' | 'operator'
  /** Whether one is in use, and where the tab has it. */
  ownKey: OwnKeyPlace
  /** How far the browser has fetched its own model, 0 to 1; null while it fetches none. */
  download: number | null
}

export interface Agent {
  state: StoreApi<AgentState>
  send(text: string, options?: SendOptions): Promise<TurnResult>
  /** Goes on after a reload or a failed step, with the history as it is. */
  resume(): Promise<TurnResult>
  stop(): Promise<void>
  steer(text: string): Promise<void>
  /** Sends the message when the running turn is done, with the settings of now. */
  enqueue(text: string, options?: Omit<SendOptions, 'model'>): Promise<void>
  unqueue(id: string): void
  /** Sends what waits first, after a turn that failed or was stopped. */
  sendQueued(): Promise<void>
  approve(id: string, decision: ApprovalDecision, reason?: string): Promise<void>
  /** Null: the user would rather not say. */
  answer(id: string, answers: Answers): Promise<void>
  /** Takes one of several attempts; see `Thread.choose`. */
  choose(choice: CandidateChoice): Promise<void>
  /** Stops the attempts that still run and goes on with those that have ended. */
  endAttempts(): Promise<void>
  setPolicy(mode: PolicyMode): void
  setModel(id: string): void
  /** For this conversation's next requests; see `ThreadSettings`. */
  setSettings(settings: Partial<ThreadSettings>): void
  /** Tries the key on the model server and uses it from now on, in this tab only. Rejects with a sentence when it is refused. */
  useOwnKey(key: string, options: { keepInTab: boolean }): Promise<void>
  forgetOwnKey(): Promise<void>
  newThread(): Promise<void>
  /** Leaves older steps to a summary; while a turn runs, before its next step. */
  compact(): Promise<void>
  /** Brings back what the last compaction left out. */
  undoCompaction(): Promise<void>
  /** What the next request would hold, and how the cache fared. */
  inspect(): Promise<ContextReport>
  history(): readonly ResponseItem[]
}

/** The agent's unreviewed changes, hunk by hunk; what becomes of them goes to the agent with the next message. */
export type Review = Omit<WorkspaceReview, 'save' | 'dispose' | 'refresh'>

/** One project open in one tab. Made by `openSession`; the page API, the components and the tests use nothing below it. */
export interface Session {
  project: StoreApi<ProjectState>
  workspace: Workspace
  /** The workspace's files as a store, for React. */
  files: StoreApi<{ files: FileMap; version: number }>
  links: ProjectLinks
  executables: ProjectExecutables
  agent: Agent
  review: Review
  reviewPaths: ReviewPaths
  reviewer: Reviewer
  runtime: {
    state: StoreApi<RuntimeState>
    spawn(command: string, options?: SpawnOptions): Promise<SandboxProcess>
    run(command: string, options?: SpawnOptions): Promise<RunResult>
    test(options?: TestOptions): Promise<TestReport>
    restart(): Promise<void>
    /** Commands that run now, whoever started them. */
    running: StoreApi<{ jobs: readonly RunningJob[] }>
    /** Ends a command and all that it started: politely, and for certain soon after. */
    kill(pid: number): void
    /** Declaration files and package.json of installed packages, by path; empty until the sandbox runs. */
    declarations: StoreApi<{ files: readonly [path: string, text: string][] }>
  }
  tests: StoreApi<TestsState>
  /** Breaks what a turn changed, on forks, and tells which breaks the tests notice. Rejects with the signal's reason. */
  checkTests(
    turnId: string,
    options: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
  ): Promise<TestCheck>
  /** Type errors of the whole project: Monaco's for open files are merged in by the editor. */
  problems: StoreApi<{ diagnostics: readonly Diagnostic[]; checking: boolean }>
  /** What the user has in front of them; the workbench says it, the agent is told. */
  view: StoreApi<EditorView>
  preview: Omit<LivePreview, 'portChanged' | 'dispose'>
  /** Under which previews have hosts of their own; null for the opaque frame. */
  previewOrigin: string | null
  threads: Threads
  /** Tools of other servers, which the user switches on for the project. */
  toolServers: ToolServersApi
  checkpoints: Checkpoints
  share: {
    /** Rejects with `content_filter` when files hold what looks like a key, unless `secrets` says `include`. */
    link(options?: { trace?: boolean; secrets?: 'refuse' | 'include' }): Promise<string>
  }
  /** Layout, open tabs, cursor places: small JSON values, durable per project. */
  memory: { get<Value>(key: string): Value | undefined; set(key: string, value: unknown): void }
  /** Undoes or redoes the last edit made outside the editor's own buffers (tree actions, agent, restore). */
  history: Pick<History, 'state' | 'change' | 'undo' | 'redo'>
  rename(name: string): Promise<void>
  /** Makes an own, trusted copy of a restricted or read-only project; resolves to its id. */
  fork(): Promise<string>
  takeOver(): Promise<void>
  /** Everything as a .zip. */
  download(): Promise<Blob>
  dispose(): Promise<void>
}
