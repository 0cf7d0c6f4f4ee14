import { encodeUtf8 } from '@/lib/base'
import { sleepUntilEnded } from '../nap'
import type { FileOp, FilesMessage, FromProcess, PackageRecord, ProcessStart, StreamName, ToProcess } from '../protocol'
import { createProcessServices } from '../services/process-services'
import { createInputReader, inputSize } from '../shared-input'
import type { Wire } from '../wire'
import type { ChildProcess } from './host'
import { connectKernel } from './kernel-client/connect-kernel'
import type { Child, KernelClient } from './kernel-client/kernel-client'
import type { MachineHost } from './machine-host'
import { createOutbox } from './outbox'
import { createStdin } from './stdin'
import { createThreadFiles } from './thread-files'
import type { MirroredFs } from './virtual-fs'

export interface WorkerHost {
  host: MachineHost
  /** Takes what the kernel sends after the start. */
  receive(message: Exclude<ToProcess, { type: 'start' }>): void
  report(report: Extract<FromProcess, { type: 'report' }>['report']): void
  /** The program has returned. */
  finish(exitCode: number): void
  hasEnded(): boolean
}

interface Mirror {
  connect(onChange: (path: string, mayWait?: boolean) => void): MirroredFs
  /** The number of the last `files` message that came before the start. */
  filesTaken: number
}

type Post = (message: FromProcess, transfer?: Transferable[]) => void

/** The machine as one program sees it: what it does goes to the kernel as messages, in the order it did it. */
export function createWorkerHost(start: ProcessStart, { connect, filesTaken }: Mirror, post: Post): WorkerHost {
  let ended = false
  let isMute = false
  const fs = connect((path, mayWait) => {
    wrote()
    outbox.changed(path, mayWait)
  })
  const postUntilEnd: Post = (message, transfer) => ended || post(message, transfer)
  const outbox = createOutbox(postUntilEnd, fs.record, start.maxOutputBytes)
  const stdin = createStdin(start.stdin)
  const checks = createQuestions<Extract<ToProcess, { type: 'checked' }>>()
  const lists = createQuestions<Extract<ToProcess, { type: 'listed' }>>()
  const services = createProcessServices((message) => outbox.send(message))
  const packages = createQuestions<Extract<ToProcess, { type: 'package' }>>()
  const lineListeners = new Map<number, (lines: Uint8Array) => void>()
  const { threadFiles, catchUp, wrote, took } = createThreadFiles({
    taken: () => filesTaken,
    take: takeFiles,
    send: outbox.send,
  })
  fs.onUse(catchUp)
  const kernel = connectKernel({
    start,
    send: outbox.send,
    applyFiles: (ops) => fs.applyRemote(ops),
    threadFiles,
  })
  function write(stream: StreamName, data: string | Uint8Array) {
    if (!isMute) outbox.write(stream, typeof data === 'string' ? encodeUtf8(data) : data)
  }

  const host: MachineHost & { kernel: KernelClient } = {
    argv: start.argv,
    invoked: start.invoked,
    env: start.env,
    cwd: start.cwd,
    pid: start.pid,
    fs,
    terminal: start.terminal,
    stdin,
    kernel: kernel.client,
    bundleUrl: kernel.client.bundleUrl,
    mayShareWorker: start.mayShareWorker,
    stdout: (data) => write('stdout', data),
    stderr: (data) => write('stderr', data),
    mute() {
      isMute = true
    },
    shareInput() {
      if (typeof SharedArrayBuffer === 'undefined') return null
      const buffer = new SharedArrayBuffer(inputSize)
      outbox.send({ type: 'share-input', buffer })
      return createInputReader(buffer, () => outbox.send({ type: 'input-taken' }))
    },
    async check(paths, config) {
      const { diagnostics, message } = await checks.ask((id) => outbox.send({ type: 'check', id, paths, config }))
      if (!diagnostics) throw new Error(message)
      return diagnostics
    },
    list: async () => (await lists.ask((id) => outbox.send({ type: 'list', id }))).processes,
    services: services.api,
    async fetchPackage(request, onLines = () => undefined) {
      const { id, outcome } = await packages.ask((id) => {
        lineListeners.set(id, onLines)
        outbox.send({ type: 'package', id, request })
      })
      lineListeners.delete(id)
      if (outcome.ok) return outcome.answer
      throw Object.assign(new Error(outcome.message), { code: outcome.code })
    },
    install(removed, records) {
      fs.applyRemote(installOps(removed, records))
      outbox.send({ type: 'install', removed, packages: records })
    },
    onSignal(listener) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) kernel.client.onSignal(signal, () => listener(signal))
    },
    exit(exitCode) {
      finish(exitCode)
      // So that not even a `finally` of the program runs after it.
      sleepUntilEnded()
      throw new Error(`The process has ended with code ${exitCode}.`)
    },
    spawn(argv, { cwd = host.cwd, env = host.env, stdin: input, output } = {}) {
      const stream = output === 'inherit' ? null : ({ kind: 'pipe', terminal: output !== 'captured' } as const)
      const child = kernel.client.spawn({
        argv,
        cwd,
        env: { ...env },
        detached: false,
        stdio: [
          input === 'inherit' ? { kind: 'pipe', terminal: true } : { kind: 'data', data: input ?? new Uint8Array() },
          stream ?? { kind: 'inherit', fd: 1 },
          stream ?? { kind: 'inherit', fd: 2 },
        ],
      })
      const [childInput] = child.wires
      const forward = (data: Uint8Array | null) => (data ? childInput?.write(data) : childInput?.end())
      return followChild(child, childInput ? stdin.pipe(forward) : () => undefined)
    },
  }
  const inputWire = kernel.client.descriptor(0)
  if (inputWire) stdin.follow(inputWire)

  function finish(exitCode: number) {
    const { isIdle, endedBy: signal } = host
    outbox.send({ type: 'exit', exitCode, ...(isIdle && { isIdle }), ...(signal && { signal }) })
    ended = true
  }

  function takeFiles({ ops, seen, number }: FilesMessage) {
    // It may have been asked for before it came.
    if (number <= filesTaken) return
    filesTaken = number
    fs.applyRemote(ops.filter((op) => !outbox.isAhead(op.path, seen)))
    services.filesChanged(ops.map(({ path }) => path))
    took(ops)
  }

  function receive(message: Exclude<ToProcess, { type: 'start' }>) {
    switch (message.type) {
      case 'files':
        takeFiles(message)
        break
      case 'stdin':
        stdin.receive(message.data)
        break
      case 'resize':
        if (host.terminal) Object.assign(host.terminal, message.size)
        break
      case 'checked':
        checks.settle(message)
        break
      case 'package-lines':
        lineListeners.get(message.id)?.(message.lines)
        break
      case 'package':
        packages.settle(message)
        break
      case 'wasm':
      case 'cached':
        services.receive(message)
        break
      case 'listed':
        lists.settle(message)
        break
      default:
        kernel.receive(message)
    }
  }

  return { host, receive, report: (report) => outbox.send({ type: 'report', report }), finish, hasEnded: () => ended }
}

/** The exit code comes after all output, as a shell wants it. */
function followChild({ pid, wires, onExit, kill }: Child, stopInput: () => void): ChildProcess {
  const [input = null, stdout = null, stderr = null] = wires
  const streams = { stdout: createOutputEnd(stdout), stderr: createOutputEnd(stderr) }
  const exited = new Promise<number>((resolve) => {
    onExit((code) => {
      stopInput()
      input?.close()
      resolve(code)
    })
  })
  return {
    pid,
    exit: Promise.all([exited, streams.stdout.ended, streams.stderr.ended]).then(([code]) => code),
    onOutput(listener) {
      streams.stdout.listen((data) => listener({ stream: 'stdout', data }))
      streams.stderr.listen((data) => listener({ stream: 'stderr', data }))
    },
    kill: (signal = 'SIGTERM') => void kill(signal),
  }
}

function createOutputEnd(wire: Wire | null) {
  const listeners: ((data: Uint8Array) => void)[] = []
  const ended = new Promise<void>((resolve) => {
    if (!wire) return resolve()
    wire.onClose(() => resolve())
    wire.onData((data) => {
      if (!data) return resolve()
      for (const listener of listeners) listener(data)
    })
  })
  return { ended, listen: (listener: (data: Uint8Array) => void) => listeners.push(listener) }
}

/** What was asked of the kernel and is not yet answered. */
function createQuestions<Answer extends { id: number }>() {
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  return {
    ask(send: (id: number) => void): Promise<Answer> {
      lastId += 1
      send(lastId)
      return new Promise((resolve) => waiting.set(lastId, resolve))
    },
    settle(answer: Answer) {
      waiting.get(answer.id)?.(answer)
      waiting.delete(answer.id)
    },
  }
}

/** An install as changes that a process's mirror of the files understands: a package takes the place of what stood there. */
export function installOps(removed: string[], packages: PackageRecord[]): FileOp[] {
  return [...removed.map((path): FileOp => ({ kind: 'gone', path })), ...packages]
}
