import { sleep } from '@/lib/base'
import type { ExecutableChange, LinkChange } from '@/lib/workspace'
import type { Diagnostic, ProcessInfo, SymbolFile } from '../../types'
import { FilePacker } from '../packed-files'
import { projectRoot } from '../process/host'
import { installOps } from '../process/worker-host'
import type { BundleName, FileOp, PackageRecord, ProjectChange } from '../protocol'
import type { KernelServices } from '../services/kernel-services'
import type { Signal } from '../signals'
import {
  applyOps,
  createFileTable,
  type FileTable,
  installPackages,
  type MachineChange,
  projectChanges,
  projectExecutableChanges,
  projectFiles,
  projectLinkChanges,
  toLinkOps,
  toModeOps,
  toOps,
  withLargeShared,
} from './machine-files'
import type { OpenWorker } from './open-worker'
import type { PackageRequests } from './package-requests'
import { PortTable } from './ports'
import type { Process } from './process'
import type { StartQueue } from './start-queue'
import { createTypeChecking, declarationsOf, type TypeChecking } from './type-checking'
import { type BundleSource, type ProcessWorker, sendFiles, startWorker, stopWorker } from './worker-pool'

/** Spare Workers per bundle: `npm test` takes two, one after the other. Of those that served programs, one is kept. */
const spareCounts: Partial<Record<BundleName, number>> = { process: 2, shell: 1, npm: 1, testing: 1, git: 1, python: 1 }
/** So many wait for the next children of one process, and so long. */
const maxShared = 4
const sharedIdleMs = 10_000
/** Such a turn: what a program needs for its first words. */
const warmDelayMs = 60
/** So long a program may need all of the processor to get going; a development server does. */
const programStartMs = 5000
/** A Worker that is not up by then keeps no others waiting. */
const maxStartMs = 5000

/** Python's interpreter takes seconds of the processor. */
const startsSlowly = (bundle: BundleName) => bundle === 'python'

/** What the machines share and tell. */
export interface MachineContext {
  bundles: BundleSource
  openWorker: OpenWorker
  services: KernelServices
  /** Numbers for pids: each process has a range of its own for its children. */
  nextIndex(): number
  onFiles(machine: number, changes: MachineChange[]): void
  onLinks(machine: number, changes: LinkChange[]): void
  onExecutables(machine: number, changes: ExecutableChange[]): void
  onInstall(machine: number): void
  /** A process has started or ended. */
  onProcesses(machine: number): void
  /** Settles when processes may start. */
  ready: Promise<unknown>
  starts: StartQueue
  fetchPackage: PackageRequests['fetch']
  onPort(machine: number, event: { port: number; open: boolean; pid: number }): void
}

/** A Worker that waits for its next program. What programs of the project have used serves programs of the project only. */
interface Spare {
  bundle: BundleName
  worker: ProcessWorker
  isForPrograms: boolean
  /** Set where code of the project ran: serves children of this process only. */
  sharer: Process | null
}

interface WorkerRequest {
  bundle: BundleName
  /** How many programs started each other down to this one. */
  depth: number
  isForPrograms: boolean
  /** Whose children it may have served before. */
  sharer: Process | null
  signal: AbortSignal
}

/** One sandbox: a file table, its processes, and a spare Worker per bundle in use. */
export class Machine {
  readonly processes = new Map<number, Process>()
  readonly id: number
  readonly context: MachineContext
  readonly ports: PortTable
  #files: FileTable
  readonly #packer: FilePacker
  #spares: Spare[] = []
  readonly #starting = new Set<Promise<unknown>>()
  #types: TypeChecking
  #disposed = false

  constructor(id: number, context: MachineContext, files = createFileTable(), packer = new FilePacker()) {
    this.id = id
    this.context = context
    this.#files = files
    this.#packer = packer
    this.ports = new PortTable((address, open, listener) => {
      // Who listens knows, and may have gone on to close it and listen again.
      for (const process of this.processes.values()) {
        if (process !== listener) process.post({ type: 'address', address, open })
      }
      if (typeof address === 'number') context.onPort(id, { port: address, open, pid: listener.pid })
    })
    this.#types = createTypeChecking(
      () => context.bundles.url('typescript'),
      () => this.#files.values(),
      context.openWorker,
    )
  }

  /** Replaces everything. Running processes see it as writes and removals. */
  mount(table: FileTable): void {
    const gone = [...this.#files.keys()].filter((path) => !table.has(path))
    this.change([...gone.map((path): FileOp => ({ kind: 'gone', path })), ...table.values()], null)
    this.#types.reset()
  }

  /** Applies a change and tells every process but its author; the IDE hears of what processes do, and of all links. */
  change(ops: FileOp[], author: ProcessWorker | null): void {
    if (ops.length === 0) return
    if (author) {
      const changes = projectChanges(this.#files, ops)
      if (changes.length > 0) this.context.onFiles(this.id, changes)
      const executables = projectExecutableChanges(this.#files, ops)
      if (executables.length > 0) this.context.onExecutables(this.id, executables)
    }
    const links = projectLinkChanges(this.#files, ops)
    if (links.length > 0) this.context.onLinks(this.id, links)
    this.#types.update(ops)
    const shared = withLargeShared(ops)
    applyOps(this.#files, shared)
    this.#packer.changed(shared)
    for (const worker of this.#workers()) if (worker !== author) sendFiles(worker, shared)
  }

  /** Files that the IDE writes and removes. */
  edit(changes: readonly ProjectChange[]): void {
    this.change(toOps(this.#files, changes), null)
  }

  /** Links that the IDE makes and removes. */
  link(changes: readonly LinkChange[]): void {
    this.change(toLinkOps(this.#files, changes), null)
  }

  /** What the IDE makes executable, and not. */
  setExecutable(changes: readonly ExecutableChange[]): void {
    this.change(toModeOps(this.#files, changes), null)
  }

  /** What the installer did, all at once; the IDE does not see `node_modules`. */
  install(removed: string[], packages: PackageRecord[], author: ProcessWorker | null): void {
    const ops = installOps(removed, packages)
    installPackages(this.#files, removed, packages)
    this.#packer.changed(ops)
    this.#types.reset()
    this.context.onInstall(this.id)
    for (const worker of this.#workers()) if (worker !== author) sendFiles(worker, ops)
  }

  /** Of the project's files, without node_modules. */
  paths(): string[] {
    return projectFiles(this.#files).map(([path]) => path)
  }

  snapshot() {
    return projectFiles(this.#files)
  }

  declarations(): [path: string, data: Uint8Array][] {
    const prefix = `${projectRoot}/`
    return [...this.#files.values()].flatMap((record) =>
      record.kind === 'package' && record.path.startsWith(prefix)
        ? [...declarationsOf(record, record.path.slice(prefix.length))]
        : [],
    )
  }

  fork(id: number): Machine {
    return new Machine(id, this.context, new Map(this.#files), this.#packer.fork())
  }

  /**
   * A Worker that holds the files now; it counts as running until `released`. Null when its bundle cannot be loaded, the
   * machine is gone or nobody waits any more.
   */
  async takeWorker({ bundle, depth, isForPrograms, sharer, signal }: WorkerRequest): Promise<ProcessWorker | null> {
    const { bundles, starts } = this.context
    const url = await bundles.url(bundle)
    const shared = () => (sharer ? this.#spares.find((spare) => spare.sharer === sharer) : undefined)
    await starts.turn(depth, () => shared() !== undefined)
    if (!url || this.#disposed || signal.aborted) {
      starts.up()
      starts.ended(depth)
      return null
    }
    const [used] = this.#sparesOf(bundle, true)
    const [unused] = this.#sparesOf(bundle, false)
    const spare = shared() ?? (isForPrograms ? (used ?? unused) : unused)
    if (!spare?.sharer && !startsSlowly(bundle)) void this.#warmLater(bundle)
    if (!spare) {
      const worker = this.#startWorker(url, bundle)
      void Promise.race([worker.started, sleep(maxStartMs)]).then(() => starts.up())
      return worker
    }
    starts.up()
    this.#spares.splice(this.#spares.indexOf(spare), 1)
    // Its batches are counted anew.
    spare.worker.seen = 0
    spare.worker.untaken = null
    return spare.worker
  }

  /** Keeps a Worker whose program has left nothing behind, instead of starting another. */
  takeBack(spare: Spare): void {
    const { bundle, isForPrograms, sharer } = spare
    // First, since it is ready, which one that has just been started is not.
    this.#spares.unshift(spare)
    if (sharer) {
      // One that waits for its turn takes it now.
      this.context.starts.check()
      this.#drop(this.#spares.filter((other) => other.sharer === sharer).slice(maxShared))
      setTimeout(() => this.#drop(this.#spares.filter((other) => other === spare)), sharedIdleMs)
      return
    }
    const kept = isForPrograms ? Math.min(this.processes.size, 1) : (spareCounts[bundle] ?? 0)
    this.#drop(this.#sparesOf(bundle, isForPrograms).slice(this.#disposed ? 0 : kept))
  }

  /** Has Workers ready for the next programs of this bundle, one after the other. */
  async warm(bundle: BundleName): Promise<void> {
    const url = await this.context.bundles.url(bundle)
    if (!url || this.#disposed || this.#sparesOf(bundle, false).length >= (spareCounts[bundle] ?? 0)) return
    this.#spares.push({ bundle, worker: this.#startWorker(url, bundle), isForPrograms: false, sharer: null })
    void this.#warmLater(bundle)
  }

  /** Has Workers ready that nobody has asked for yet, once no program is just getting going. */
  async warmAtRest(bundle: BundleName): Promise<void> {
    const youngest = () => Math.max(...[...this.processes.values()].map(({ startedAt }) => startedAt))
    while (Date.now() - youngest() < programStartMs) await sleep(programStartMs - (Date.now() - youngest()))
    await this.#warmLater(bundle)
  }

  /** When no other Worker starts and what has just started has had its turn on the processor. */
  async #warmLater(bundle: BundleName): Promise<void> {
    do {
      await Promise.all(this.#starting)
      await sleep(warmDelayMs)
    } while (this.#starting.size > 0)
    await this.warm(bundle)
  }

  /** A program with a Worker of this bundle has ended. What starts slowly makes itself ready now, when it slows nobody down. */
  released(bundle: BundleName, depth: number): void {
    this.context.starts.ended(depth)
    // A fork lives for one task.
    if (startsSlowly(bundle) && this.id === 1) void this.#warmLater(bundle)
  }

  check(paths: string[] | null, signal: AbortSignal, config?: string): Promise<Diagnostic[]> {
    return this.#types.check(paths, signal, config)
  }

  symbols(signal: AbortSignal): Promise<SymbolFile[]> {
    return this.#types.symbols(signal)
  }

  list(): ProcessInfo[] {
    return [...this.processes.values()]
      .filter(({ isThread }) => !isThread)
      .map((process) => {
        const { pid, parent, command, startedAt } = process
        return { pid, parentPid: parent?.pid ?? 1, command, startedAt, ports: this.ports.portsOf(process) }
      })
  }

  add(process: Process): void {
    this.processes.set(process.pid, process)
    this.context.onProcesses(this.id)
  }

  remove(process: Process): void {
    this.processes.delete(process.pid)
    this.ports.release(process)
    this.#drop(this.#spares.filter(({ sharer }) => sharer === process))
    if (this.processes.size === 0) this.#drop(this.#spares.filter(({ isForPrograms }) => isForPrograms))
    this.context.onProcesses(this.id)
  }

  /** To a pid, or to the group `-target`; without a signal only asks. False when there is no such process. */
  kill(target: number, signal: Signal | null): boolean {
    const processes = [...this.processes.values()].filter(({ pid, group, isThread }) =>
      target > 0 ? pid === target : group === -target && !isThread,
    )
    if (signal) for (const process of processes) process.deliver(signal)
    return processes.length > 0
  }

  dispose(): void {
    this.#disposed = true
    for (const process of [...this.processes.values()]) process.end(137)
    this.#drop([...this.#spares])
    this.#types.dispose()
    this.#files.clear()
  }

  #sparesOf(bundle: BundleName, isForPrograms: boolean): Spare[] {
    return this.#spares.filter(
      (spare) => spare.bundle === bundle && spare.isForPrograms === isForPrograms && spare.sharer === null,
    )
  }

  #drop(spares: readonly Spare[]): void {
    for (const spare of spares) {
      stopWorker(spare.worker)
      this.#spares.splice(this.#spares.indexOf(spare), 1)
    }
  }

  #startWorker(url: string, bundle: BundleName): ProcessWorker {
    const assets = this.context.bundles.assets(bundle)
    const files = this.#packer.packed(() => this.#files.values())
    const worker = startWorker(this.context.openWorker(url, bundle), { files, assets })
    this.#starting.add(worker.started)
    void worker.started.then(() => this.#starting.delete(worker.started))
    return worker
  }

  *#workers(): Iterable<ProcessWorker> {
    for (const spare of this.#spares) yield spare.worker
    for (const process of this.processes.values()) if (process.worker) yield process.worker
  }
}
