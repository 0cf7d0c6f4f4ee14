import type { FileData } from '@/lib/workspace'
import type { Diagnostic, ExitStatus, TestOptions, TestReport } from '../types'

/** Programs are cut into bundles so that a Worker loads only what it runs. */
export type BundleName = 'process' | 'shell' | 'typescript' | 'npm'

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

/**
 * An installed package: all its files in one block of memory, unpacked by whoever looks. In a file table its key is the
 * path and a slash. `index` has a line for each file: offset, size, `x` or `-` (executable), path.
 */
export interface PackageRecord {
  kind: 'package'
  path: string
  data: Uint8Array
  index: string
  mtimeMs: number
}

/** A change of one path to a new state. Whole states, so that applying one twice changes nothing. */
export type FileOp = FileRecord | PackageRecord | { kind: 'gone'; path: string }

/** What the package installer may ask of the registry: a path as `parseRegistryPath` knows it. */
export interface PackageRequest {
  path: string
  /** Of a tarball; what the tab has under it is as good as a download. */
  integrity: string | null
  /** Metadata with publishing times. */
  full: boolean
}

export interface PackageAnswer {
  data: Uint8Array<ArrayBuffer>
  /** When the registry says that it was published. */
  publishedAt: number | null
  /** The tab had it. */
  cached: boolean
}

export type PackageOutcome =
  | { ok: true; answer: PackageAnswer }
  | { ok: false; code: string; message: string }

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
  | { type: 'package'; id: number; outcome: PackageOutcome }
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
  /** Only the package installer asks, and only on a user's or the agent's command (see `kernel/package-requests.ts`). */
  | { type: 'need-package'; id: number; request: PackageRequest }
  | { type: 'pong' }

/** From the kernel: events in the order they happened. */
export type FromKernel = KernelEvent[]

// ---- kernel ↔ process Worker, over one MessagePort each ----

/** The Worker's first message: `ports[0]` leads to the kernel. */
export interface ProcessBoot {
  files: (FileRecord | PackageRecord)[]
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
  | { type: 'package'; id: number; outcome: PackageOutcome }
  /** `diagnostics` is null when checking failed; `message` says why. */
  | { type: 'checked'; id: number; diagnostics: Diagnostic[] | null; message: string }

export type FromProcess =
  /** Files first, then output: what a program wrote is there before what it said about it. */
  | { type: 'batch'; number: number; files: FileOp[]; output: { stream: StreamName; data: Uint8Array }[] }
  | { type: 'exit'; exitCode: number }
  | { type: 'report'; report: TestReport }
  | { type: 'check'; id: number; paths: string[] | null }
  | { type: 'package'; id: number; request: PackageRequest }
  /** The outcome of an install, whole: folders that go, packages that come. */
  | { type: 'install'; removed: string[]; packages: PackageRecord[] }
  /** A listener took the signal, so the process goes on. */
  | { type: 'signal-taken' }
  | { type: 'spawn'; pid: number; argv: string[]; cwd: string; env: Record<string, string>; stdin: StdinSource }
  | { type: 'child-stdin'; pid: number; data: Uint8Array | null }
  | { type: 'child-kill'; pid: number; signal: Signal }
