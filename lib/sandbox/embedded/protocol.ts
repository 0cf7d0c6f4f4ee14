import type { FileData } from '@/lib/workspace'
import type { Diagnostic, ExitStatus, TestOptions, TestReport } from '../types'

/** Programs are cut into bundles so that a Worker loads only what it runs. */
export type BundleName = 'process' | 'shell' | 'typescript' | 'testing' | 'coverage'

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGKILL'
export type StreamName = 'stdout' | 'stderr'
export interface TerminalSize {
  columns: number
  rows: number
}

/** One path of a machine's file system. Absolute paths; records are immutable once sent. */
export type FileRecord =
  | { kind: 'file'; path: string; data: Uint8Array; mtimeMs: number; mode: number }
  | { kind: 'directory'; path: string; mtimeMs: number; mode: number }
  /** Known to processes only: the project's storage has no symbolic links. */
  | { kind: 'symlink'; path: string; target: string; mtimeMs: number; mode: number }

/** A change of one path to a new state. Whole states, so that applying one twice changes nothing. */
export type FileOp = FileRecord | { kind: 'gone'; path: string }

// ---- IDE page ↔ kernel, over one MessagePort ----

/** The frame's only message to the kernel: `ports[0]` leads to the IDE page. */
export interface KernelBoot {
  kernel: string
  process: string
}

export interface ProjectChange {
  path: string
  after: FileData | null
}

export interface SpawnRequest {
  command: string
  cwd: string
  env: Record<string, string>
  /** Complete standard input; null keeps it open. */
  stdin: string | null
  timeoutMs: number | null
  terminal: TerminalSize | null
}

/** What the IDE can ask: parameters and answer. Each belongs to one machine. */
export interface KernelCalls {
  mount: { parameters: { files: [path: string, data: FileData][] }; answer: undefined }
  apply: { parameters: { changes: ProjectChange[] }; answer: undefined }
  snapshot: { parameters: object; answer: [path: string, data: Uint8Array][] }
  spawn: { parameters: SpawnRequest; answer: { pid: number } }
  test: { parameters: Omit<TestOptions, 'signal'>; answer: TestReport }
  check: { parameters: { paths: string[] | null }; answer: Diagnostic[] }
  processes: { parameters: object; answer: { pid: number; command: string; startedAt: number }[] }
  fork: { parameters: object; answer: { machine: number } }
  dispose: { parameters: object; answer: undefined }
}
export type CallName = keyof KernelCalls

export type KernelRequest = {
  [Name in CallName]: {
    type: 'call'
    id: number
    machine: number
    name: Name
    parameters: KernelCalls[Name]['parameters']
  }
}[CallName]

/** To the kernel. All but calls are announcements without an answer. */
export type ToKernel =
  | KernelRequest
  /** Stops a `test` or `check`, which then fails. */
  | { type: 'cancel'; id: number }
  | { type: 'stdin'; pid: number; data: Uint8Array | null }
  | { type: 'kill'; pid: number; signal: Signal }
  | { type: 'resize'; pid: number; size: TerminalSize }
  | { type: 'bundle'; name: BundleName; source: string | null }
  /** Answered by `pong`: the frame is alive. */
  | { type: 'ping' }

export type KernelEvent =
  | { type: 'answer'; id: number; ok: true; value: KernelCalls[CallName]['answer'] }
  | { type: 'answer'; id: number; ok: false; message: string }
  | { type: 'output'; pid: number; stream: StreamName; data: Uint8Array }
  | { type: 'exit'; pid: number; status: ExitStatus }
  | { type: 'files'; machine: number; changes: { path: string; after: Uint8Array | null }[] }
  /** The frame has no network, so the page fetches what is loaded late. */
  | { type: 'need-bundle'; name: BundleName }
  | { type: 'pong' }

/** From the kernel: events in the order they happened. */
export type FromKernel = KernelEvent[]

// ---- kernel ↔ process Worker, over one MessagePort each ----

/** The Worker's first message: `ports[0]` leads to the kernel. */
export interface ProcessBoot {
  files: FileRecord[]
}

export interface ProcessStart {
  pid: number
  /** Children get `firstChildPid`, `firstChildPid + 1`, …, so that a pid is known at once. */
  firstChildPid: number
  argv: string[]
  env: Record<string, string>
  cwd: string
  terminal: TerminalSize | null
  stdin: StdinSource
  /** Output beyond this many bytes is not sent. */
  maxOutputBytes: number
  /** Runs the project's tests and reports them instead of running `argv`. */
  test: Omit<TestOptions, 'signal' | 'timeoutMs'> | null
}

/** All of it, or `open`: more comes by messages. */
export type StdinSource = Uint8Array | 'open'

export type ToProcess =
  | { type: 'start'; start: ProcessStart }
  /** `seen` is the number of the process's last batch that came before these in the kernel's order. */
  | { type: 'files'; ops: FileOp[]; seen: number }
  | { type: 'stdin'; data: Uint8Array | null }
  | { type: 'signal'; signal: 'SIGINT' | 'SIGTERM' }
  | { type: 'resize'; size: TerminalSize }
  | { type: 'child-output'; pid: number; stream: StreamName; data: Uint8Array }
  | { type: 'child-exit'; pid: number; exitCode: number }
  /** `diagnostics` is null when checking failed; `message` says why. */
  | { type: 'checked'; id: number; diagnostics: Diagnostic[] | null; message: string }

export type FromProcess =
  /** Files first, then output: what a program wrote is there before what it said about it. */
  | { type: 'batch'; number: number; files: FileOp[]; output: { stream: StreamName; data: Uint8Array }[] }
  | { type: 'exit'; exitCode: number }
  | { type: 'report'; report: TestReport }
  | { type: 'check'; id: number; paths: string[] | null }
  /** A listener took the signal, so the process goes on. */
  | { type: 'signal-taken' }
  | { type: 'spawn'; pid: number; argv: string[]; cwd: string; env: Record<string, string>; stdin: StdinSource }
  | { type: 'child-stdin'; pid: number; data: Uint8Array | null }
  | { type: 'child-kill'; pid: number; signal: Signal }
