import type { ExecutableChange, FileData, LinkChange } from '@/lib/workspace'
import type { Diagnostic, ExitStatus, ProcessInfo, SymbolFile, TestOptions, TestReport } from '../types'
import type { PackedFiles } from './packed-files'
import type { ServiceAnswer, ServiceEvent, ServiceInput, ServiceRequest } from './services/protocol'
import type { Signal } from './signals'

/** Programs are cut into bundles so that a Worker loads only what it runs. */
export type BundleName = 'process' | 'shell' | 'typescript' | 'npm' | 'testing' | 'git' | 'vite' | 'python' | LateBundle
/** Loaded into a running process when it first needs one. */
export type LateBundle =
  | 'node-late'
  | 'node-crypto'
  | 'node-zlib'
  | 'node-brotli'
  | 'node-zstd'
  | 'coverage'
  | 'transpile'
export const lateBundles: readonly LateBundle[] = [
  'node-late',
  'node-crypto',
  'node-zlib',
  'node-brotli',
  'node-zstd',
  'coverage',
  'transpile',
]

/** A script or another file of the build, as the page sends it. */
export type BuiltFile = Blob | ArrayBuffer
/** Files that a bundle works with, by name. */
export type BundleAssets = Record<string, BuiltFile>

export type { Signal }
export type StreamName = 'stdout' | 'stderr'
export interface TerminalSize {
  columns: number
  rows: number
}

/** A file of this size and more is large: passed on without copies where that can be. */
export const largeFileBytes = 4 * 1024 * 1024

/** One path of a machine's file system. Absolute paths; records are immutable once sent. */
export type FileRecord =
  | { kind: 'file'; path: string; data: Uint8Array; mtimeMs: number; mode: number }
  | { kind: 'directory'; path: string; mtimeMs: number; mode: number }
  /** Lies beside the project's files; see `LinkMap`. */
  | { kind: 'symlink'; path: string; target: string; mtimeMs: number; mode: number }

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

/** What the package installer may ask of the registry. */
export type PackageRequest = PackageFileRequest | PackageCrawlRequest

export interface PackageFileRequest {
  /** As `parseRegistryPath` knows it. */
  path: string
  /** Of a tarball; what the tab has under it is as good as a download. */
  integrity: string | null
  /** Metadata with publishing times. */
  full: boolean
  /** Only what the tab has; nobody is asked. */
  cachedOnly?: boolean
}

/** Metadata of many packages and of all that they depend on, in lines (`CrawlLine`). */
export interface PackageCrawlRequest {
  /** `name@range` each, as `parseWant` knows it. */
  wants: string[]
  cachedOnly?: boolean
}

export interface PackageAnswer {
  data: Uint8Array<ArrayBuffer>
  /** When the registry says that it was published. */
  publishedAt: number | null
  /** The tab had it. */
  cached: boolean
}

export type PackageOutcome = { ok: true; answer: PackageAnswer } | { ok: false; code: string; message: string }

/** The lines of a crawl come as they are known; those that have come are not in its answer. */
export type PackageMessage =
  | { type: 'package-lines'; id: number; lines: Uint8Array<ArrayBuffer> }
  | { type: 'package'; id: number; outcome: PackageOutcome }

// ---- wires: byte streams between two processes, or a process and the IDE page ----

/**
 * A wire is a two-way byte stream, as a socket or a pipe is. Each side knows it by a number of its own: positive when the
 * side asked for it, negative when the kernel brought it. The receiver reports what it has taken (`wire-read`), so that
 * the sender can wait; the kernel holds back what a receiver has not taken yet.
 */
export type WireMessage =
  | { type: 'wire-data'; wire: number; data: Uint8Array }
  /** To the receiver's kernel side: so many bytes were taken. To the sender: so many of yours were taken. */
  | { type: 'wire-read'; wire: number; bytes: number }
  /** The sender sends no more; the other direction stays open. */
  | { type: 'wire-end'; wire: number }
  /** Gone in both directions; the number is free again. `reset`: what was under way is lost, as with TCP. */
  | { type: 'wire-close'; wire: number; reset?: boolean }

/** Where a process listens: a TCP port, or the path of a local socket. */
export type ListenAddress = number | string

// ---- IDE page ↔ kernel, over one MessagePort ----

/** The frame's only message to the kernel: `ports[0]` leads to the IDE page. */
export interface KernelBoot {
  kernel: BuiltFile
  process: { source: BuiltFile; assets?: BundleAssets }
  /** Who starts the other Workers; see kernel/open-worker.ts. */
  starter: 'kernel' | 'frame'
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
  mount: {
    parameters: {
      files: [path: string, data: FileData][]
      links?: [path: string, target: string][]
      /** Scripts where it is absent. */
      executables?: string[]
    }
    answer: undefined
  }
  apply: { parameters: { changes: ProjectChange[] }; answer: undefined }
  link: { parameters: { changes: LinkChange[] }; answer: undefined }
  setExecutable: { parameters: { changes: ExecutableChange[] }; answer: undefined }
  snapshot: { parameters: object; answer: [path: string, data: Uint8Array][] }
  spawn: { parameters: SpawnRequest; answer: { pid: number } }
  test: { parameters: Omit<TestOptions, 'signal'>; answer: TestReport }
  check: { parameters: { paths: string[] | null }; answer: Diagnostic[] }
  symbols: { parameters: object; answer: SymbolFile[] }
  /** Opens a wire to a port on which a process listens. */
  connect: { parameters: { port: number }; answer: { wire: number } }
  declarations: { parameters: object; answer: [path: string, data: Uint8Array][] }
  processes: { parameters: object; answer: ProcessInfo[] }
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
  /** Stops a `test`, `check` or `symbols`, which then fails. */
  | { type: 'cancel'; id: number }
  | { type: 'stdin'; pid: number; data: Uint8Array | null }
  | { type: 'kill'; pid: number; signal: Signal }
  | { type: 'resize'; pid: number; size: TerminalSize }
  | WireMessage
  | { type: 'bundle'; name: BundleName; source: BuiltFile | null; assets?: BundleAssets }
  | PackageMessage
  | ServiceInput
  /** Answered by `pong`: the frame is alive. */
  | { type: 'ping' }

export type KernelEvent =
  | { type: 'answer'; id: number; ok: true; value: KernelCalls[CallName]['answer'] }
  | { type: 'answer'; id: number; ok: false; message: string }
  | { type: 'output'; pid: number; stream: StreamName; data: Uint8Array }
  | { type: 'exit'; pid: number; status: ExitStatus }
  | { type: 'files'; machine: number; changes: { path: string; after: Uint8Array | null }[] }
  | { type: 'links'; machine: number; changes: LinkChange[] }
  | { type: 'executables'; machine: number; changes: ExecutableChange[] }
  /** A process began or ceased to listen. */
  | { type: 'port'; machine: number; port: number; pid: number; open: boolean }
  | WireMessage
  /** Packages were installed or removed. */
  | { type: 'installed'; machine: number }
  /** A process has started or ended. */
  | { type: 'processes'; machine: number }
  /** The frame has no network, so the page fetches what is loaded late. */
  | { type: 'need-bundle'; name: BundleName }
  /** Only the package installer asks, and only on a user's or the agent's command (see `kernel/package-requests.ts`). */
  | { type: 'need-package'; id: number; request: PackageRequest }
  | ServiceEvent
  | { type: 'pong' }

/** From the kernel: events in the order they happened. */
export type FromKernel = KernelEvent[]

// ---- kernel ↔ process Worker, over one MessagePort each ----

/** The Worker's first message: `ports[0]` leads to the kernel. */
export interface ProcessBoot {
  files: PackedFiles
  /** The bundle's files; WebAssembly comes compiled. */
  assets?: Record<string, Uint8Array | WebAssembly.Module>
}

export interface ProcessStart {
  pid: number
  parentPid: number
  /** Children get `firstChildPid`, `firstChildPid + 1`, …, so that a pid is known at once. */
  firstChildPid: number
  argv: string[]
  /** How the program was called, when that was not by its name. */
  invoked: Invocation | null
  env: Record<string, string>
  cwd: string
  terminal: TerminalSize | null
  stdin: StdinSource
  /** What stands behind the descriptors 0, 1 and 2. */
  standard: [StandardKind, StandardKind, StandardKind]
  /** Descriptors from 3 on. */
  wires: { fd: number; wire: number }[]
  /** Where processes of the machine listen already. */
  addresses: ListenAddress[]
  /** URLs of what has been loaded already. */
  bundles: Partial<Record<LateBundle, string>>
  /** Output beyond this many bytes is not sent. */
  maxOutputBytes: number
  /** Runs the project's tests and reports them instead of running `argv`. */
  test: Omit<TestOptions, 'signal' | 'timeoutMs'> | null
  /** Set for a thread of another process. */
  thread: { data: unknown } | null
  /** The Worker takes the next program of the same parent, if this one leaves nothing behind. */
  mayShareWorker: boolean
}

export type StandardKind = 'terminal' | 'pipe' | 'none'

/** All of it, `open` (more comes by messages), or a wire to the parent. */
export type StdinSource = Uint8Array | 'open' | { wire: number }

/** One descriptor of a child, as its parent wants it. */
export type ChildStdio =
  | { kind: 'ignore' }
  /** Complete input. */
  | { kind: 'data'; data: Uint8Array }
  /** What the parent's own descriptor leads to. */
  | { kind: 'inherit'; fd: number }
  /** A new wire, known to the parent by this number. `terminal`: the child may take it for one when the parent has one. */
  | { kind: 'wire'; wire: number; terminal?: boolean }
  /** Of a child that its parent sleeps for: comes with the answer. */
  | { kind: 'collect' }

/** What a program can see of its own call: the word that names it, and the file that is it. */
export interface Invocation {
  argv0: string
  path: string
}

export interface SpawnChild {
  argv: string[]
  invoked?: Invocation
  cwd: string
  env: Record<string, string>
  stdio: ChildStdio[]
  /** A process group of its own: survives its parent, and is not reached by Ctrl+C. */
  detached: boolean
}

/**
 * What a process asks and blocks for. It sleeps on the shared buffer: word 0 turns from 0 to 1, word 1 is the length of the
 * whole answer, then as much of the answer as fits. `more` asks for what did not.
 */
export type SyncCall =
  | { name: 'spawn'; pid: number; child: SpawnChild; timeoutMs: number; maxBuffer: number; killSignal: Signal }
  | { name: 'kill'; target: number; signal: Signal | null }
  | { name: 'bundle'; bundle: LateBundle }
  /** The `files` messages after this number: they are on their way to a process that has heard of them by another one. */
  | { name: 'files'; after: number }
  | { name: 'more'; offset: number }

export type ToProcess =
  | { type: 'start'; start: ProcessStart }
  | FilesMessage
  | { type: 'stdin'; data: Uint8Array | null }
  | { type: 'signal'; signal: Signal }
  | { type: 'resize'; size: TerminalSize }
  | PackageMessage
  | { type: 'child-exit'; pid: number; exitCode: number; signal: Signal | null }
  | WireMessage
  /** Somebody connected to an address of this process; `isIPv4`: by an IPv4 address. */
  | { type: 'accept'; address: ListenAddress; wire: number; remotePort: number; isIPv4: boolean }
  | { type: 'connected'; wire: number; localPort: number }
  | { type: 'connect-failed'; wire: number }
  /** Another process was faster. */
  | { type: 'listen-failed'; address: ListenAddress }
  /** A process of the machine began or ceased to listen. */
  | { type: 'address'; address: ListenAddress; open: boolean }
  | ThreadMessage
  | { type: 'listed'; id: number; processes: ProcessInfo[] }
  /** `diagnostics` is null when checking failed; `message` says why. */
  | { type: 'checked'; id: number; diagnostics: Diagnostic[] | null; message: string }
  | ServiceAnswer

/** What others wrote. `seen` is the number of the process's last batch that came before it in the kernel's order. */
export interface FilesMessage {
  type: 'files'
  ops: FileOp[]
  seen: number
  /** Counted for each Worker. */
  number: number
}

/** Between a process and its threads. `thread` is the thread's pid, or null for the one who started this thread. */
export interface ThreadMessage {
  type: 'thread-message'
  thread: number | null
  message: unknown
  transfer: Transferable[]
}

export type FromProcess =
  /** Files first, then output: what a program wrote is there before what it said about it. */
  | { type: 'batch'; number: number; files: FileOp[]; output: { stream: StreamName; data: Uint8Array }[] }
  /** `isIdle`: nothing of the program goes on, so the Worker can run another one. */
  | { type: 'exit'; exitCode: number; signal?: Signal; isIdle?: boolean }
  | { type: 'report'; report: TestReport }
  | { type: 'check'; id: number; paths: string[] | null; config?: string | undefined }
  | ServiceRequest
  | { type: 'package'; id: number; request: PackageRequest }
  /** The outcome of an install, whole: folders that go, packages that come. */
  | { type: 'install'; removed: string[]; packages: PackageRecord[] }
  | { type: 'list'; id: number }
  /** The signals that have a listener. Each other does at once what it does by default. */
  | { type: 'signals'; handled: Signal[] }
  /** A listener took the signal, so the process goes on. */
  | { type: 'signal-taken' }
  | { type: 'spawn'; pid: number; child: SpawnChild }
  | { type: 'spawn-thread'; pid: number; child: SpawnChild; data: unknown; transfer: Transferable[] }
  /** To a pid, or to the process group `-target`. */
  | { type: 'kill'; target: number; signal: Signal }
  | { type: 'listen'; address: ListenAddress }
  | { type: 'unlisten'; address: ListenAddress }
  | { type: 'connect'; wire: number; address: ListenAddress; isIPv4: boolean }
  | WireMessage
  | ThreadMessage
  /** Numbered upwards; one that comes twice is answered once. */
  | { type: 'sync'; number: number; call: SyncCall; buffer: SharedArrayBuffer }
  /** Of a process with threads: it has all of others' files up to this message, and may ask for later ones. */
  | { type: 'files-taken'; number: number }
  /** From now on standard input and SIGINT go through this memory; see `shared-input.ts`. */
  | { type: 'share-input'; buffer: SharedArrayBuffer }
  | { type: 'input-taken' }
