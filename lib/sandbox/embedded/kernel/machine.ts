import type { BundleName, FileOp } from '../protocol'
import {
  applyOps,
  createFileTable,
  type FileTable,
  type MachineChange,
  projectChanges,
  projectFiles,
} from './machine-files'
import type { Process } from './process'
import { type BundleSource, type ProcessWorker, sendFiles, startWorker, stopWorker } from './worker-pool'

/** The next spare Worker starts when the present program has had its turn on the processor. */
const warmDelayMs = 150

/** What the machines share and tell. */
export interface MachineContext {
  bundles: BundleSource
  /** Numbers for pids: each process has a range of its own for its children. */
  nextIndex(): number
  onFiles(machine: number, changes: MachineChange[]): void
}

/** One sandbox: a file table, its processes, and a spare Worker per bundle in use. */
export class Machine {
  readonly processes = new Map<number, Process>()
  readonly id: number
  readonly context: MachineContext
  #files: FileTable
  #spares = new Map<BundleName, ProcessWorker>()
  #disposed = false

  constructor(id: number, context: MachineContext, files: FileTable = createFileTable()) {
    this.id = id
    this.context = context
    this.#files = files
  }

  /** Replaces everything. Running processes see it as writes and removals. */
  mount(table: FileTable): void {
    const gone = [...this.#files.keys()].filter((path) => !table.has(path))
    this.change([...gone.map((path): FileOp => ({ kind: 'gone', path })), ...table.values()], null)
  }

  /** Applies a change and tells every process but its author; the IDE hears of what processes do. */
  change(ops: FileOp[], author: ProcessWorker | null): void {
    if (ops.length === 0) return
    if (author) {
      const changes = projectChanges(this.#files, ops)
      if (changes.length > 0) this.context.onFiles(this.id, changes)
    }
    applyOps(this.#files, ops)
    for (const worker of this.#workers()) if (worker !== author) sendFiles(worker, ops)
  }

  snapshot() {
    return projectFiles(this.#files)
  }

  fork(id: number): Machine {
    return new Machine(id, this.context, new Map(this.#files))
  }

  /** A Worker that holds the files now; null when its bundle cannot be loaded or the machine is gone. */
  async takeWorker(bundle: BundleName): Promise<ProcessWorker | null> {
    const url = await this.context.bundles.url(bundle)
    if (!url || this.#disposed) return null
    const spare = this.#spares.get(bundle)
    this.#spares.delete(bundle)
    setTimeout(() => void this.warm(bundle), warmDelayMs)
    return spare ?? startWorker(url, bundle, this.#files.values())
  }

  /** Has a Worker ready for the next program of this bundle. */
  async warm(bundle: BundleName): Promise<void> {
    const url = await this.context.bundles.url(bundle)
    if (url && !this.#disposed && !this.#spares.has(bundle)) {
      this.#spares.set(bundle, startWorker(url, bundle, this.#files.values()))
    }
  }

  dispose(): void {
    this.#disposed = true
    for (const process of [...this.processes.values()]) process.end(137)
    for (const spare of this.#spares.values()) stopWorker(spare)
    this.#spares.clear()
    this.#files.clear()
  }

  *#workers(): Iterable<ProcessWorker> {
    yield* this.#spares.values()
    for (const process of this.processes.values()) if (process.worker) yield process.worker
  }
}
