import type {
  ChildStdio,
  FileOp,
  FromProcess,
  ListenAddress,
  ProcessStart,
  SpawnChild,
  StandardKind,
} from '../../protocol'
import type { Signal } from '../../signals'
import type { Wire } from '../../wire'
import type { ThreadFiles } from '../thread-files'

/** What the kernel does for a process beyond files and output. Bindings of Node's library are built on it. */
export interface KernelClient {
  parentPid: number
  /** What stands behind the descriptors 0, 1 and 2. */
  standard: readonly StandardKind[]
  /** The wire behind a descriptor that the parent opened; null where it is none. */
  descriptor(fd: number): Wire | null
  spawn(child: ChildRequest): Child
  /** Sleeps until the child has ended. Throws where the browser grants no shared memory. */
  spawnSync(child: ChildRequest, limits: SyncLimits): SyncResult
  /** To a pid, to the process group `-target`, or by 0 to the own one; without a signal only asks. False when there is surely no such process. */
  kill(target: number, signal: Signal | null): boolean
  /** While there is a listener, the signal does not end the process. */
  onSignal(signal: Signal, listener: (signal: Signal) => void): () => void
  /** False when somebody listens there already. */
  listen(address: ListenAddress, events: ListenEvents): boolean
  unlisten(address: ListenAddress): void
  /** A port that was free when it was asked for. */
  freePort(): number
  connect(address: ListenAddress, events: ConnectEvents, options?: ConnectOptions): Wire
  threadFiles: ThreadFiles
  /** Set in a thread of another process. */
  thread: ThreadLink | null
  /** The URL of a bundle's script; null when it cannot be had without waiting. */
  bundleUrl(name: string): string | null
  spawnThread(child: ChildRequest, data: unknown, transfer: Transferable[]): Thread
}

export type StdioRequest = Exclude<ChildStdio, { kind: 'wire' }> | { kind: 'pipe'; terminal?: boolean }

export interface ChildRequest extends Omit<SpawnChild, 'stdio'> {
  stdio: StdioRequest[]
}

export interface Child {
  pid: number
  /** Our ends of its pipes, by descriptor. */
  wires: (Wire | null)[]
  onExit(listener: (exitCode: number, signal: Signal | null) => void): void
  /** False when it has ended. */
  kill(signal: Signal): boolean
}

export interface ThreadLink {
  /** What the thread was started with. */
  data: unknown
  post(message: unknown, transfer: Transferable[]): void
  onMessage(listener: (message: unknown) => void): void
}

export interface Thread extends Child, Omit<ThreadLink, 'data'> {}

export interface SyncLimits {
  /** 0 for none. */
  timeoutMs: number
  maxBuffer: number
  killSignal: Signal
}

export interface SyncResult {
  pid: number
  exitCode: number
  signal: Signal | null
  /** Why the call itself failed, as a code such as `ETIMEDOUT`. */
  error: string | null
  output: (Uint8Array | null)[]
}

export interface ListenEvents {
  /** `isIPv4`: by an IPv4 address. */
  connection(wire: Wire, remotePort: number, isIPv4: boolean): void
  /** Another process was faster. */
  failed(): void
}

export interface ConnectEvents {
  connected(localPort: number): void
  refused(): void
}

export interface ConnectOptions {
  /** The address is of IPv4. */
  isIPv4?: boolean
  /** Runs a task in a turn of its own, in order: what a connection to this very process goes by, past the kernel. */
  later?: (task: () => void) => void
}

/** What the client needs of the process it works for. */
export interface KernelPort {
  start: ProcessStart
  /** Sends after all that was written and printed before. */
  send: SendToKernel
  applyFiles(ops: readonly FileOp[]): void
  threadFiles: ThreadFiles
}

export type SendToKernel = (message: Exclude<FromProcess, { type: 'batch' }>, transfer?: Transferable[]) => void
