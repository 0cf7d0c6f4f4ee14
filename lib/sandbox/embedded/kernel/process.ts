import { encodeUtf8, messageOf } from '@/lib/base'
import type { TestReport } from '../../types'
import type {
  BundleName,
  FromProcess,
  Invocation,
  ListenAddress,
  PackageOutcome,
  PackageRequest,
  ProcessStart,
  StreamName,
  TerminalSize,
  ToProcess,
  WireMessage,
} from '../protocol'
import { inputSize, SharedInput } from '../shared-input'
import { endsByDefault, exitCodeOf, isSignal, type Signal } from '../signals'
import { type ChildOrigin, spawnChild } from './children'
import type { Machine } from './machine'
import { isBytes, isFileOp } from './machine-files'
import { isPackageFolder, isPackageRecord, isPackageRequest, type OnLines } from './package-requests'
import { isAddress, type Listener, type Remote } from './ports'
import { isNodeProgram, mayServeAgain, type Resolved, runsNoProjectCode } from './programs'
import { openOwnWire, type Stdio } from './stdio'
import { SyncCalls } from './sync-calls'
import { isTestReport } from './test-report'
import { dropWires, type WireEnd } from './wires'
import { filesTaken, type ProcessWorker, stopWorker } from './worker-pool'

/** Those that wait for their turn, too. */
const maxProcesses = 1024
/** A command that calls itself without end. */
const maxDepth = 64
/** So long a program waits for its turn in silence. */
const silentWaitMs = 10_000
/** A process that listens to a signal of the user but has not answered by then is busy and is ended. */
const signalGraceMs = 400
/** Python may be at something that looks for Ctrl+C only when it is done, as a long sort; a second Ctrl+C does not wait. */
const interpreterGraceMs = 3000

const interruptNotice = encodeUtf8(
  'KeyboardInterrupt\nThis browser grants no shared memory, so Python was ended without a traceback.\n',
)
const childPidsPerProcess = 100_000
const packagesAreForCommands =
  'Programs cannot install packages in the sandbox, since package names could carry data out. ' +
  'Run the command in the terminal yourself.'

/** Who started a process: the IDE or another process. */
export interface ProcessObserver {
  exit(pid: number, exitCode: number, signal: Signal | null, timedOut: boolean): void
  report?(report: TestReport): void
}

export interface ProcessOptions {
  origin?: ChildOrigin
  command: string
  program: Resolved
  invoked?: Invocation | null
  cwd: string
  env: Record<string, string>
  /** Given the process, as the wires of a child are opened on it. */
  stdio(process: Process): Stdio
  terminal?: TerminalSize | null
  timeoutMs?: number | null
  test?: ProcessStart['test']
}

/** One running program: a Worker of its own, its wires, its limits. Ends exactly once. */
export class Process implements Listener {
  readonly pid: number
  /** Ctrl+C reaches all of a group; a detached child has its own. */
  readonly group: number
  readonly command: string
  readonly startedAt = Date.now()
  readonly machine: Machine
  readonly wires = new Map<number, WireEnd>()
  readonly children = new Set<Process>()
  readonly stdio: Stdio
  readonly hasTerminal: boolean
  readonly options: ProcessOptions
  worker: ProcessWorker | null = null
  parent: Process | null
  /** How many started each other until this one. */
  readonly #depth: number
  /** Takes this process's input while it sleeps for a child that inherits it. */
  heir: Process | null = null
  readonly #observer: ProcessObserver
  readonly #index: number
  readonly #syncCalls = new SyncCalls(this)
  readonly #stopped = new AbortController()
  #handled: ReadonlySet<Signal> = new Set()
  #ended = false
  /** Set when the process takes its input from shared memory. */
  #sharedInput: SharedInput | null = null
  #lastWire = 0
  #timeout: ReturnType<typeof setTimeout> | undefined
  #grace: ReturnType<typeof setTimeout> | undefined
  /** Messages that came before the Worker was there. */
  #early: ToProcess[] = []

  constructor(machine: Machine, options: ProcessOptions, observer: ProcessObserver) {
    const { origin, timeoutMs, terminal = null } = options
    this.machine = machine
    this.options = options
    this.#observer = observer
    this.#index = machine.context.nextIndex()
    this.pid = origin?.pid ?? this.#index
    this.parent = origin?.parent ?? null
    this.#depth = this.parent ? this.parent.#depth + 1 : 1
    this.group = origin && !origin.detached ? origin.parent.group : this.pid
    this.command = options.command
    this.hasTerminal = terminal !== null
    this.stdio = options.stdio(this)
    machine.add(this)
    this.parent?.children.add(this)
    if (timeoutMs != null) this.#timeout = setTimeout(() => this.end(124, { timedOut: true }), timeoutMs)
    void this.#start()
  }

  get isThread(): boolean {
    return this.options.origin?.thread !== undefined
  }

  /** A thread has the pid of its process. */
  get #shownPid(): number {
    const { origin } = this.options
    return origin?.thread ? origin.parent.#shownPid : this.pid
  }

  async #start(): Promise<void> {
    const { program } = this.options
    // Nothing is told before the one who asked knows the pid.
    await Promise.resolve()
    if (program.kind === 'missing') return this.fail(127, program.sentence)
    if (this.machine.processes.size > maxProcesses) {
      return this.fail(126, `spawn EAGAIN: more than ${maxProcesses} processes are running.`)
    }
    if (this.#depth > maxDepth) {
      return this.fail(126, `spawn EAGAIN: more than ${maxDepth} processes have started each other.`)
    }
    await this.machine.context.ready
    const worker = await this.#takeWorker(program.bundle)
    if (!worker) return this.fail(126, `The program “${program.argv[0]}” could not be loaded.`)
    if (this.#ended) {
      stopWorker(worker)
      return this.machine.released(program.bundle, this.#depth)
    }
    this.worker = worker
    worker.port.onmessage = ({ data }: MessageEvent<FromProcess>) => this.#receiveSafely(data)
    worker.worker.onerror = (event) => {
      event.preventDefault()
      this.fail(1, event.message || 'The process has crashed.')
    }
    worker.post({ type: 'start', start: this.#startMessage(program.argv) }, this.options.origin?.thread?.transfer)
    for (const message of this.#early) worker.post(message)
    this.#early = []
  }

  async #takeWorker(bundle: BundleName): Promise<ProcessWorker | null> {
    const { machine } = this
    const notice = setTimeout(() => {
      if (!machine.context.starts.isFull) return
      this.#output('stderr', encodeUtf8('Waits for another program to end: no more can run at once in this tab.\n'))
    }, silentWaitMs)
    const isForPrograms = this.#servesPrograms()
    const request = {
      bundle,
      depth: this.#depth,
      isForPrograms,
      sharer: this.#sharer,
      signal: this.#stopped.signal,
    }
    return machine.takeWorker(request).finally(() => clearTimeout(notice))
  }

  #startMessage(argv: string[]): ProcessStart {
    const { cwd, env, invoked = null, terminal = null, test = null, origin } = this.options
    const { stdin, outputs, standard, wires } = this.stdio
    return {
      pid: this.#shownPid,
      parentPid: this.parent?.pid ?? 1,
      firstChildPid: this.#index * childPidsPerProcess + 1,
      argv,
      invoked,
      cwd,
      env,
      stdin,
      standard,
      wires,
      addresses: this.machine.ports.addresses(),
      bundles: this.machine.context.bundles.late(),
      terminal,
      test,
      maxOutputBytes: Math.max(outputs.stdout.maxBytes, outputs.stderr.maxBytes),
      thread: origin?.thread ? { data: origin.thread.data } : null,
      mayShareWorker: this.#sharer !== null,
    }
  }

  /** Whatever a process sends, the kernel goes on. */
  #receiveSafely(message: FromProcess): void {
    try {
      if (!this.#ended || message.type === 'batch' || message.type === 'wire-data') this.#receive(message)
    } catch (error) {
      this.fail(1, `The process broke the protocol: ${String(error)}`)
    }
  }

  #receive(message: FromProcess): void {
    switch (message.type) {
      case 'batch':
        this.#receiveBatch(message)
        break
      case 'report':
        if (!isTestReport(message.report)) throw new TypeError('not a test report')
        this.#observer.report?.(message.report)
        break
      case 'exit':
        if (isSignal(message.signal)) this.end(exitCodeOf(message.signal), { signal: message.signal })
        else this.end(message.exitCode & 0xff, { isIdle: message.isIdle === true })
        break
      case 'signals':
        this.#handled = new Set(message.handled.filter(isSignal))
        break
      case 'signal-taken':
        clearTimeout(this.#grace)
        break
      case 'check':
        void this.#check(message)
        break
      case 'need-wasm':
      case 'cache-read':
      case 'cache-write':
        if (this.worker) this.machine.context.services.receive(message, this.worker)
        break
      case 'package':
        this.#fetchPackage(message.id, message.request)
        break
      case 'install':
        this.#install(message)
        break
      case 'list':
        this.post({ type: 'listed', id: message.id, processes: this.machine.list() })
        break
      case 'spawn':
        spawnChild(this, this.checkChildPid(message.pid), message.child)
        break
      case 'spawn-thread': {
        const { child, data, transfer } = message
        spawnChild(this, this.checkChildPid(message.pid), child, { data, transfer })
        break
      }
      case 'thread-message':
        this.#relayThreadMessage(message)
        break
      case 'kill':
        if (isSignal(message.signal)) this.machine.kill(message.target || -this.group, message.signal)
        break
      case 'share-input':
        this.#shareInput(message.buffer)
        break
      case 'input-taken':
        this.#sharedInput?.taken()
        break
      case 'files-taken':
        if (this.worker) filesTaken(this.worker, message.number)
        break
      case 'sync':
        this.#syncCalls.receive(message)
        break
      case 'listen':
        if (!isAddress(message.address)) throw new TypeError('not an address')
        if (this.machine.ports.listen(message.address, this)) break
        this.post({ type: 'listen-failed', address: message.address })
        break
      case 'unlisten':
        this.machine.ports.unlisten(message.address, this)
        break
      case 'connect':
        this.#connect(message)
        break
      case 'wire-data':
      case 'wire-read':
      case 'wire-end':
      case 'wire-close':
        this.wires.get(message.wire)?.receive(message)
        break
    }
  }

  /**
   * Package names are the one thing that leaves the sandbox. So the installer alone may ask, and only when a person's or
   * the agent's command led to it through shells and npm: a program of the project must not spell out secrets this way.
   */
  #fetchPackage(id: number, request: PackageRequest): void {
    if (!this.#isInstaller()) throw new TypeError('not the package installer')
    if (!isPackageRequest(request)) throw new TypeError('not a package')
    const answer = (outcome: PackageOutcome) =>
      this.worker?.post({ type: 'package', id, outcome }, outcome.ok ? [outcome.answer.data.buffer] : [])
    const onLines: OnLines = (lines) => this.worker?.post({ type: 'package-lines', id, lines }, [lines.buffer])
    if (this.#isUnderCommand()) void this.machine.context.fetchPackage(request, onLines).then(answer)
    else answer({ ok: false, code: 'EPROGRAM', message: packagesAreForCommands })
  }

  #install({ removed, packages }: Extract<FromProcess, { type: 'install' }>): void {
    if (!this.#isInstaller()) throw new TypeError('not the package installer')
    if (!removed.every(isPackageFolder) || !packages.every(isPackageRecord)) throw new TypeError('not an install')
    this.machine.install(removed, packages, this.worker)
  }

  #isInstaller(): boolean {
    const { program } = this.options
    return program.kind === 'run' && program.bundle === 'npm'
  }

  #isUnderCommand(): boolean {
    const { origin } = this.options
    return this.#runsNoProjectCode && (!origin || origin.parent.#isUnderCommand())
  }

  /**
   * The program of the project whose children, also those by way of a shell, use one Worker after the other, this one among
   * them. What one child does to the next it could as well do through the files; a program that the user calls must not
   * find it.
   */
  get #sharer(): Process | null {
    if (!isNodeProgram(this.options.program)) return null
    for (let caller = this.parent; caller !== null; caller = caller.parent) {
      if (!caller.#runsNoProjectCode) return caller.#ended ? null : caller
    }
    return null
  }

  get #runsNoProjectCode(): boolean {
    const { program } = this.options
    return program.kind === 'run' && runsNoProjectCode(program)
  }

  /** A program of the project called for it. */
  #servesPrograms(): boolean {
    const { origin } = this.options
    return origin !== undefined && !origin.parent.#isUnderCommand()
  }

  #receiveBatch({ files, output, number }: Extract<FromProcess, { type: 'batch' }>): void {
    if (!files.every(isFileOp)) throw new TypeError('not a file change')
    if (this.worker) this.worker.seen = number
    this.machine.change(files, this.worker)
    for (const { stream, data } of output) this.#output(stream, data)
  }

  #output(stream: StreamName, data: Uint8Array): void {
    if (!isBytes(data) || (stream !== 'stdout' && stream !== 'stderr')) throw new TypeError('not output')
    if (data.byteLength > 0) this.stdio.outputs[stream].write(data)
  }

  #connect({ address, wire, isIPv4 }: Extract<FromProcess, { type: 'connect' }>): void {
    if (!isAddress(address)) throw new TypeError('not an address')
    // The number is checked before anybody hears of it.
    openOwnWire(this, wire).drop()
    const localPort = this.machine.ports.connect(address, { owner: this, wire, isIPv4: isIPv4 === true })
    if (localPort === null) this.post({ type: 'connect-failed', wire })
    else this.post({ type: 'connected', wire, localPort })
  }

  #relayThreadMessage({ thread, message, transfer }: Extract<FromProcess, { type: 'thread-message' }>): void {
    if (!Array.isArray(transfer)) throw new TypeError('not a list of what moves')
    const to =
      thread === null ? this.parent : [...this.children].find((child) => child.isThread && child.pid === thread)
    if (thread === null && !this.isThread) throw new TypeError('not a thread')
    to?.post({ type: 'thread-message', thread: thread === null ? this.pid : null, message, transfer }, transfer)
  }

  /** A pid for a child that this process has chosen. */
  checkChildPid(pid: number): number {
    const first = this.#index * childPidsPerProcess
    const isOwn = Number.isInteger(pid) && pid > first && pid <= first + childPidsPerProcess
    if (!isOwn || this.machine.processes.has(pid)) throw new RangeError('not a pid of this process')
    return pid
  }

  async #check({ id, paths, config }: Extract<FromProcess, { type: 'check' }>): Promise<void> {
    if (config !== undefined && typeof config !== 'string') throw new TypeError('not a path')
    const answer = await this.machine.check(paths, this.#stopped.signal, config).then(
      (diagnostics) => ({ diagnostics, message: '' }),
      (error) => ({ diagnostics: null, message: messageOf(error) }),
    )
    this.post({ type: 'checked', id, ...answer })
  }

  nextWire(): number {
    this.#lastWire -= 1
    return this.#lastWire
  }

  accept(address: ListenAddress, wire: number, from: Remote): void {
    this.post({ type: 'accept', address, wire, ...from })
  }

  post(message: ToProcess | WireMessage, transfer?: Transferable[]): void {
    if (this.#sharedInput && this.#feed(message, this.#sharedInput)) return
    if (this.worker) this.worker.post(message, transfer)
    else if (!this.#ended) this.#early.push(message)
  }

  write(data: Uint8Array | null): void {
    if (this.heir) this.heir.write(data)
    else this.post({ type: 'stdin', data })
  }

  resize(size: TerminalSize): void {
    for (const process of this.family()) process.post({ type: 'resize', size })
  }

  /** From the user: goes to the process and all of its group below it, as Ctrl+C in a terminal does. */
  kill(signal: Signal): void {
    for (const process of [...this.family()]) {
      if (process.isThread) continue
      process.deliver(signal)
      clearTimeout(process.#grace)
      const isInterrupt = signal === 'SIGINT' && process.#sharedInput !== null
      process.#grace = setTimeout(() => process.#endUntaken(signal), isInterrupt ? interpreterGraceMs : signalGraceMs)
    }
  }

  #shareInput(buffer: unknown): void {
    const isShared = typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer
    if (!isShared || buffer.byteLength !== inputSize) throw new TypeError('not memory for input')
    this.#sharedInput = new SharedInput(buffer)
    const { stdin } = this.stdio
    if (!(stdin instanceof Uint8Array)) return
    this.#sharedInput.push(stdin)
    this.#sharedInput.push(null)
  }

  /** Input goes into the shared memory instead; true when the message was input. */
  #feed(message: ToProcess | WireMessage, input: SharedInput): boolean {
    const { stdin } = this.stdio
    if (message.type === 'stdin') input.push(message.data)
    else if ('wire' in message && typeof stdin === 'object' && 'wire' in stdin && message.wire === stdin.wire) {
      if (message.type === 'wire-data') {
        input.push(message.data)
        this.wires.get(message.wire)?.receive({ type: 'wire-read', wire: message.wire, bytes: message.data.byteLength })
      } else if (message.type === 'wire-end' || message.type === 'wire-close') input.push(null)
      else return false
    } else return false
    return true
  }

  /** One signal to this process alone. */
  deliver(signal: Signal): void {
    if (this.#ended) return
    if (signal === 'SIGINT' && this.#sharedInput) {
      // The one before was not taken: whatever the interpreter is at, it does not look.
      if (this.#sharedInput.isInterrupted) this.#endBy(signal)
      else this.#sharedInput.interrupt()
      return
    }
    if (signal === 'SIGINT' && this.#isPython && !globalThis.crossOriginIsolated)
      this.#output('stderr', interruptNotice)
    if (this.worker && this.#handled.has(signal) && signal !== 'SIGKILL') this.post({ type: 'signal', signal })
    else if (endsByDefault(signal)) this.#endBy(signal)
  }

  /** A signal was given time to be taken. */
  #endUntaken(signal: Signal): void {
    if (signal === 'SIGINT' && this.#sharedInput && !this.#sharedInput.isInterrupted) return
    this.#endBy(signal)
  }

  get #isPython(): boolean {
    const { program } = this.options
    return program.kind === 'run' && program.bundle === 'python'
  }

  #endBy(signal: Signal): void {
    if (endsByDefault(signal)) this.end(exitCodeOf(signal), { signal })
  }

  *family(): Iterable<Process> {
    for (const child of this.children) if (child.group === this.group) yield* child.family()
    yield this
  }

  fail(exitCode: number, message: string): void {
    if (this.#ended) return
    this.#output('stderr', encodeUtf8(`${message}\n`))
    this.end(exitCode)
  }

  end(exitCode: number, how: { signal?: Signal; timedOut?: boolean; isIdle?: boolean } = {}): void {
    if (this.#ended) return
    this.#ended = true
    this.#stopped.abort()
    clearTimeout(this.#timeout)
    clearTimeout(this.#grace)
    this.machine.remove(this)
    if (this.worker && this.options.program.kind === 'run')
      this.machine.released(this.options.program.bundle, this.#depth)
    const { worker } = this
    if (worker && how.isIdle && (this.#sharer || mayServeAgain(this.options.program))) this.#giveBack(worker)
    else worker?.worker.terminate()
    // What it had sent before a signal reached it still counts.
    if (worker && (how.signal || how.timedOut)) setTimeout(() => this.#finish(exitCode, how), 0)
    else this.#finish(exitCode, how)
  }

  #giveBack(worker: ProcessWorker): void {
    const { program } = this.options
    if (program.kind !== 'run') return
    this.worker = null
    worker.port.onmessage = null
    worker.worker.onerror = null
    this.machine.takeBack({
      bundle: program.bundle,
      worker,
      isForPrograms: this.#servesPrograms(),
      sharer: this.#sharer,
    })
  }

  #finish(exitCode: number, { signal = undefined, timedOut = false }: { signal?: Signal; timedOut?: boolean }): void {
    if (this.worker) stopWorker(this.worker)
    this.worker = null
    this.#leaveChildren()
    for (const output of Object.values(this.stdio.outputs)) output.end()
    dropWires(this)
    this.parent?.children.delete(this)
    if (this.parent?.heir === this) this.parent.heir = null
    this.#observer.exit(this.pid, exitCode, signal ?? null, timedOut)
  }

  /** Threads end with their process, and a whole command with its first process; else the next one up takes care of them. */
  #leaveChildren(): void {
    let { parent } = this
    while (parent !== null) {
      if (!parent.#ended) break
      parent = parent.parent
    }
    for (const child of [...this.children]) {
      if (child.isThread || (!parent && child.group === this.group))
        child.end(exitCodeOf('SIGHUP'), { signal: 'SIGHUP' })
      else {
        child.parent = parent
        parent?.children.add(child)
      }
    }
    this.children.clear()
  }
}
