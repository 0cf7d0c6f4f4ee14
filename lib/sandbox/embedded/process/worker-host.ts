import { encodeUtf8 } from '@/lib/base'
import type { Diagnostic } from '../../types'
import type {
  FileOp,
  FromProcess,
  PackageAnswer,
  PackageRecord,
  PackageRequest,
  ProcessStart,
  StdinSource,
  ToProcess,
} from '../protocol'
import type { ChildProcess } from './host'
import type { MachineHost } from './machine-host'
import { createOutbox } from './outbox'
import { createStdin } from './stdin'
import type { MirroredFs } from './virtual-fs'

export interface WorkerHost {
  host: MachineHost
  /** Takes what the kernel sends after the start. */
  receive(message: Exclude<ToProcess, { type: 'start' }>): void
  report(report: Extract<FromProcess, { type: 'report' }>['report']): void
  /** The program has returned. */
  finish(exitCode: number): void
}

/** The machine as one program sees it: what it does goes to the kernel as messages, in the order it did it. */
export function createWorkerHost(
  start: ProcessStart,
  connect: (onChange: (path: string) => void) => MirroredFs,
  post: (message: FromProcess) => void,
): WorkerHost {
  let ended = false
  const fs = connect((path) => outbox.changed(path))
  const outbox = createOutbox((message) => ended || post(message), fs.record, start.maxOutputBytes)
  const stdin = createStdin(start.stdin)
  const signalListeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>()
  const children = new Map<number, { output: OutputListener[]; exited: (code: number) => void }>()
  const checks = createChecks((id, paths) => outbox.send({ type: 'check', id, paths }))
  const packages = createPackageRequests((id, request) => outbox.send({ type: 'package', id, request }))
  let nextPid = start.firstChildPid
  const toBytes = (data: string | Uint8Array) => (typeof data === 'string' ? encodeUtf8(data) : data)

  const host: MachineHost = {
    argv: start.argv,
    env: start.env,
    cwd: start.cwd,
    pid: start.pid,
    fs,
    terminal: start.terminal,
    stdin,
    stdout: (data) => outbox.write('stdout', toBytes(data)),
    stderr: (data) => outbox.write('stderr', toBytes(data)),
    check: (paths) => checks.request(paths),
    fetchPackage: (request) => packages.request(request),
    install(removed, records) {
      fs.applyRemote(installOps(removed, records))
      outbox.send({ type: 'install', removed, packages: records })
    },
    onSignal: (listener) => signalListeners.add(listener),
    exit(exitCode) {
      finish(exitCode)
      sleepForEver()
      throw new Error(`The process has ended with code ${exitCode}.`)
    },
    spawn(argv, options = {}) {
      const pid = nextPid++
      const inherits = options.stdin === 'inherit'
      const source: StdinSource = inherits ? 'open' : (toBytesOrNull(options.stdin) ?? new Uint8Array())
      const { cwd = host.cwd, env = host.env } = options
      outbox.send({ type: 'spawn', pid, argv, cwd, env: { ...env }, stdin: source })
      const stopInput = inherits ? stdin.pipe((data) => outbox.send({ type: 'child-stdin', pid, data })) : null
      return followChild(pid, stopInput)
    },
  }

  function finish(exitCode: number) {
    outbox.send({ type: 'exit', exitCode })
    ended = true
  }

  function followChild(pid: number, stopInput: (() => void) | null): ChildProcess {
    const output: OutputListener[] = []
    const exit = new Promise<number>((resolve) => {
      children.set(pid, {
        output,
        exited(code) {
          children.delete(pid)
          stopInput?.()
          resolve(code)
        },
      })
    })
    return {
      pid,
      exit,
      onOutput: (listener) => output.push(listener),
      kill: (signal = 'SIGTERM') => outbox.send({ type: 'child-kill', pid, signal }),
    }
  }

  function receive(message: Exclude<ToProcess, { type: 'start' }>) {
    switch (message.type) {
      case 'files':
        fs.applyRemote(message.ops.filter((op) => !outbox.isAhead(op.path, message.seen)))
        break
      case 'stdin':
        stdin.receive(message.data)
        break
      case 'resize':
        if (host.terminal) Object.assign(host.terminal, message.size)
        break
      case 'signal':
        if (signalListeners.size === 0) host.exit(message.signal === 'SIGINT' ? 130 : 143)
        outbox.send({ type: 'signal-taken' })
        for (const listener of signalListeners) listener(message.signal)
        break
      case 'child-output':
        for (const listener of children.get(message.pid)?.output ?? []) listener(message)
        break
      case 'checked':
        checks.settle(message)
        break
      case 'package':
        packages.settle(message)
        break
      case 'child-exit':
        children.get(message.pid)?.exited(message.exitCode)
        break
    }
  }

  return { host, receive, report: (report) => outbox.send({ type: 'report', report }), finish }
}

/** Type checks asked of the kernel and not yet answered. */
function createChecks(send: (id: number, paths: string[] | null) => void) {
  const waiting: ((answer: Extract<ToProcess, { type: 'checked' }>) => void)[] = []
  let lastId = 0
  return {
    request(paths: string[] | null): Promise<Diagnostic[]> {
      lastId += 1
      send(lastId, paths)
      return new Promise((resolve, reject) => {
        waiting[lastId] = ({ diagnostics, message }) =>
          diagnostics ? resolve(diagnostics) : reject(new Error(message))
      })
    },
    settle: (answer: Extract<ToProcess, { type: 'checked' }>) => waiting[answer.id]?.(answer),
  }
}

/** Packages asked of the kernel and not yet answered. */
function createPackageRequests(send: (id: number, request: PackageRequest) => void) {
  const waiting = new Map<number, (answer: Extract<ToProcess, { type: 'package' }>) => void>()
  let lastId = 0
  return {
    request(request: PackageRequest): Promise<PackageAnswer> {
      lastId += 1
      const id = lastId
      send(id, request)
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ outcome }) => {
          if (outcome.ok) resolve(outcome.answer)
          else reject(Object.assign(new Error(outcome.message), { code: outcome.code }))
        })
      })
    },
    settle(answer: Extract<ToProcess, { type: 'package' }>) {
      waiting.get(answer.id)?.(answer)
      waiting.delete(answer.id)
    },
  }
}

/** An install as changes that a process's mirror of the files understands: a package takes the place of what stood there. */
export function installOps(removed: string[], packages: PackageRecord[]): FileOp[] {
  return [...removed.map((path): FileOp => ({ kind: 'gone', path })), ...packages]
}

type OutputListener = Parameters<ChildProcess['onOutput']>[0]

function toBytesOrNull(stdin: 'inherit' | Uint8Array | undefined): Uint8Array | null {
  return stdin instanceof Uint8Array ? stdin : null
}

/** Blocks until the kernel terminates the Worker, so that not even a `finally` runs after `exit`. */
function sleepForEver(): void {
  if (typeof SharedArrayBuffer === 'undefined') return
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
