import { encodeUtf8, messageOf } from '@/lib/base'
import type { TestReport } from '../../types'
import type { FromProcess, PackageRequest, ProcessStart, Signal, StdinSource, StreamName, TerminalSize } from '../protocol'
import type { Machine } from './machine'
import { isBytes, isFileOp } from './machine-files'
import { isPackageFolder, isPackageRecord, isPackageRequest } from './package-requests'
import { type Resolved, resolveArgv, runsNoProjectCode } from './programs'
import { isTestReport } from './test-report'
import { type ProcessWorker, stopWorker } from './worker-pool'

const maxProcesses = 128
const maxOutputBytes = 5 * 1024 * 1024
/** A child's output goes to a program, which may well count or filter it. */
const maxChildOutputBytes = 64 * 1024 * 1024
/** A process that has not answered a signal by then is busy and is terminated. */
const signalGraceMs = 400
const childPidsPerProcess = 100_000
const packagesAreForCommands =
  'Programs cannot install packages in the sandbox, since package names could carry data out. ' +
  'Run the command in the terminal yourself.'
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGKILL: 137 } as const

/** Who started a process: the IDE or another process. */
export interface ProcessObserver {
  output(pid: number, stream: StreamName, data: Uint8Array): void
  exit(pid: number, exitCode: number, timedOut: boolean): void
  report?(report: TestReport): void
}

export interface ProcessOptions {
  pid?: number
  parent?: Process
  command: string
  program: Resolved
  cwd: string
  env: Record<string, string>
  stdin: StdinSource
  terminal?: TerminalSize | null
  timeoutMs?: number | null
  test?: ProcessStart['test']
}

/** One running program: a Worker of its own, its children, its limits. Ends exactly once, and its children with it. */
export class Process {
  readonly pid: number
  readonly command: string
  readonly startedAt = Date.now()
  worker: ProcessWorker | null = null
  readonly #index: number
  readonly #machine: Machine
  readonly #options: ProcessOptions
  readonly #observer: ProcessObserver
  readonly #children = new Set<Process>()
  readonly #maxOutputBytes: number
  #outputBytes = 0
  #ended = false
  readonly #stopped = new AbortController()
  #timeout: ReturnType<typeof setTimeout> | undefined
  #grace: ReturnType<typeof setTimeout> | undefined
  /** Input that came before the Worker was there. */
  #early: (Uint8Array | null)[] = []

  constructor(machine: Machine, options: ProcessOptions, observer: ProcessObserver) {
    this.#machine = machine
    this.#options = options
    this.#observer = observer
    this.#index = machine.context.nextIndex()
    this.pid = options.pid ?? this.#index
    this.command = options.command
    this.#maxOutputBytes = options.parent ? maxChildOutputBytes : maxOutputBytes
    machine.processes.set(this.pid, this)
    if (options.timeoutMs != null) this.#timeout = setTimeout(() => this.end(124, true), options.timeoutMs)
    void this.#start()
  }

  async #start(): Promise<void> {
    const { program } = this.#options
    // Nothing is told before the one who asked knows the pid.
    await Promise.resolve()
    if (program.kind === 'missing') return this.#fail(127, program.sentence)
    if (this.#machine.processes.size > maxProcesses) {
      return this.#fail(126, `spawn EAGAIN: more than ${maxProcesses} processes are running.`)
    }
    const worker = await this.#machine.takeWorker(program.bundle)
    if (!worker) return this.#fail(126, `The program “${program.argv[0]}” could not be loaded.`)
    if (this.#ended) return stopWorker(worker)
    this.worker = worker
    worker.port.onmessage = ({ data }: MessageEvent<FromProcess>) => this.#receiveSafely(data)
    worker.worker.onerror = (event) => {
      event.preventDefault()
      this.#fail(1, event.message || 'The process has crashed.')
    }
    worker.post({ type: 'start', start: this.#startMessage(program.argv) })
    for (const data of this.#early) worker.post({ type: 'stdin', data })
  }

  #startMessage(argv: string[]): ProcessStart {
    const { cwd, env, stdin, terminal = null, test = null } = this.#options
    return {
      pid: this.pid,
      firstChildPid: this.#index * childPidsPerProcess + 1,
      argv,
      cwd,
      env: { ...env, PWD: cwd },
      stdin,
      terminal,
      test,
      maxOutputBytes: this.#maxOutputBytes,
    }
  }

  /** Whatever a process sends, the kernel goes on. */
  #receiveSafely(message: FromProcess): void {
    try {
      this.#receive(message)
    } catch (error) {
      this.#fail(1, `The process broke the protocol: ${String(error)}`)
    }
  }

  #receive(message: FromProcess): void {
    switch (message.type) {
      case 'batch':
        if (!message.files.every(isFileOp)) throw new TypeError('not a file change')
        if (this.worker) this.worker.seen = message.number
        this.#machine.change(message.files, this.worker)
        for (const { stream, data } of message.output) this.#output(stream, data)
        break
      case 'report':
        if (!isTestReport(message.report)) throw new TypeError('not a test report')
        this.#observer.report?.(message.report)
        break
      case 'exit':
        this.end(message.exitCode & 0xff)
        break
      case 'signal-taken':
        clearTimeout(this.#grace)
        break
      case 'check':
        void this.#check(message.id, message.paths)
        break
      case 'package':
        void this.#fetchPackage(message.id, message.request)
        break
      case 'install':
        this.#install(message)
        break
      case 'spawn':
        this.#spawnChild(message)
        break
      case 'child-stdin':
        this.#child(message.pid)?.write(message.data)
        break
      case 'child-kill':
        this.#child(message.pid)?.kill(message.signal)
        break
    }
  }

  async #check(id: number, paths: string[] | null): Promise<void> {
    const answer = await this.#machine.check(paths, this.#stopped.signal).then(
      (diagnostics) => ({ diagnostics, message: '' }),
      (error) => ({ diagnostics: null, message: messageOf(error) }),
    )
    this.worker?.post({ type: 'checked', id, ...answer })
  }

  /**
   * Package names are the one thing that leaves the sandbox. So the installer alone may ask, and only when a person's or
   * the agent's command led to it through shells and npm: a program of the project must not spell out secrets this way.
   */
  async #fetchPackage(id: number, request: PackageRequest): Promise<void> {
    if (!this.#isInstaller()) throw new TypeError('not the package installer')
    if (!isPackageRequest(request)) throw new TypeError('not a package')
    const outcome = this.#isUnderCommand()
      ? await this.#machine.context.fetchPackage(request)
      : { ok: false as const, code: 'EPROGRAM', message: packagesAreForCommands }
    this.worker?.post({ type: 'package', id, outcome }, outcome.ok ? [outcome.answer.data.buffer] : [])
  }

  #install({ removed, packages }: Extract<FromProcess, { type: 'install' }>): void {
    if (!this.#isInstaller()) throw new TypeError('not the package installer')
    if (!removed.every(isPackageFolder) || !packages.every(isPackageRecord)) throw new TypeError('not an install')
    this.#machine.install(removed, packages, this.worker)
  }

  #isInstaller(): boolean {
    const { program } = this.#options
    return program.kind === 'run' && program.bundle === 'npm'
  }

  #isUnderCommand(): boolean {
    const { program, parent } = this.#options
    const isTrusted = program.kind === 'run' && runsNoProjectCode(program)
    return isTrusted && (!parent || parent.#isUnderCommand())
  }

  #spawnChild({ pid, argv, cwd, env, stdin }: Extract<FromProcess, { type: 'spawn' }>): void {
    const first = this.#index * childPidsPerProcess
    if (
      !Number.isInteger(pid) ||
      pid <= first ||
      pid > first + childPidsPerProcess ||
      this.#machine.processes.has(pid)
    ) {
      throw new RangeError('not a pid of this process')
    }
    const { terminal } = this.#options
    const options = {
      pid,
      parent: this,
      command: argv.join(' '),
      program: resolveArgv(argv),
      cwd,
      env,
      stdin,
      terminal,
    }
    const child = new Process(this.#machine, options, {
      output: (from, stream, data) => this.worker?.post({ type: 'child-output', pid: from, stream, data }),
      exit: (from, exitCode) => {
        this.#children.delete(child)
        this.worker?.post({ type: 'child-exit', pid: from, exitCode })
      },
    })
    this.#children.add(child)
  }

  #child(pid: number): Process | undefined {
    return [...this.#children].find((child) => child.pid === pid)
  }

  #output(stream: StreamName, data: Uint8Array): void {
    if (!isBytes(data) || (stream !== 'stdout' && stream !== 'stderr')) throw new TypeError('not output')
    if (data.byteLength === 0) return
    const left = this.#maxOutputBytes - this.#outputBytes
    if (left < 0) return
    this.#outputBytes += data.byteLength
    const { pid } = this
    if (data.byteLength <= left) {
      this.#observer.output(pid, stream, data)
      return
    }
    this.#outputBytes = Number.POSITIVE_INFINITY
    this.#observer.output(pid, stream, data.slice(0, left))
    const limit = `${this.#maxOutputBytes / 1024 / 1024} MB`
    this.#observer.output(pid, 'stderr', encodeUtf8(`\n[more than ${limit} of output; the rest is not shown]\n`))
  }

  write(data: Uint8Array | null): void {
    if (this.worker) this.worker.post({ type: 'stdin', data })
    else this.#early.push(data)
  }

  resize(size: TerminalSize): void {
    for (const process of this.#family()) process.worker?.post({ type: 'resize', size })
  }

  /** Goes to the process and all below it, as Ctrl+C in a terminal does. */
  kill(signal: Signal): void {
    const exitCode = signalCodes[signal]
    if (signal === 'SIGKILL') this.end(exitCode)
    else this.#signalFamily(signal, exitCode)
  }

  #signalFamily(signal: 'SIGINT' | 'SIGTERM', exitCode: number): void {
    for (const process of this.#family()) {
      if (!process.worker) process.end(exitCode)
      process.worker?.post({ type: 'signal', signal })
      clearTimeout(process.#grace)
      process.#grace = setTimeout(() => process.end(exitCode), signalGraceMs)
    }
  }

  *#family(): Iterable<Process> {
    for (const child of this.#children) yield* child.#family()
    yield this
  }

  #fail(exitCode: number, message: string): void {
    this.#output('stderr', encodeUtf8(`${message}\n`))
    this.end(exitCode)
  }

  end(exitCode: number, timedOut = false): void {
    if (this.#ended) return
    this.#ended = true
    this.#stopped.abort()
    clearTimeout(this.#timeout)
    clearTimeout(this.#grace)
    for (const child of [...this.#children]) child.end(137)
    if (this.worker) stopWorker(this.worker)
    this.worker = null
    this.#machine.processes.delete(this.pid)
    this.#observer.exit(this.pid, exitCode, timedOut)
  }
}
