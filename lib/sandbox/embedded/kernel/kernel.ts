import { messageOf, unreachable } from '@/lib/base'
import { isScript } from '@/lib/workspace'
import type { TestReport } from '../../types'
import { projectRoot } from '../process/host'
import {
  type BundleName,
  type CallName,
  type FromKernel,
  type KernelBoot,
  type KernelCalls,
  type KernelRequest,
  lateBundles,
  type ToKernel,
} from '../protocol'
import { createKernelServices } from '../services/kernel-services'
import { createEventQueue } from './event-queue'
import { Machine, type MachineContext } from './machine'
import { createFileTable, toLinkRecord, toRecord } from './machine-files'
import type { OpenWorker } from './open-worker'
import { createShownOutput, maxShownBytes, maxTerminalBytes } from './output'
import { createPackageRequests } from './package-requests'
import { Process, type ProcessOptions } from './process'
import { resolveLine } from './programs'
import { StartQueue } from './start-queue'
import { testLanguage } from './test-language'
import type { WireOwner } from './wires'
import { createBundleSource } from './worker-pool'

/** The shell is the slowest to start; by then the page has done its own work. */
const shellWarmDelayMs = 2500
/** Tests are what most first commands run. */
const testingWarmDelayMs = 800

const firstBundles = ['node-late', 'node-crypto', 'node-zlib'] as const

type Answer<Name extends CallName> = KernelCalls[Name]['answer']

export interface Kernel {
  receive(message: ToKernel): void
}

/** All machines of one frame: answers the IDE's calls and reports what happens in order. */
export function createKernel(
  process: KernelBoot['process'],
  post: (events: FromKernel) => void,
  openWorker: OpenWorker,
): Kernel {
  const emit = createEventQueue(post)
  const bundles = createBundleSource(process, (name: BundleName) => emit({ type: 'need-bundle', name }))
  const packages = createPackageRequests((id, request) => emit({ type: 'need-package', id, request }))
  const services = createKernelServices(emit)
  // Without shared memory a process cannot wait for a bundle, so what is used most must be there before it starts.
  const waits = !globalThis.crossOriginIsolated
  const early = waits ? firstBundles.map(bundles.url) : []
  if (waits) for (const name of lateBundles) void bundles.url(name)
  /** Pid 1 is the machine itself: the parent of what the IDE starts. */
  let lastIndex = 1
  const context: MachineContext = {
    bundles,
    openWorker,
    ready: Promise.all(early),
    starts: new StartQueue(navigator.hardwareConcurrency),
    services,
    nextIndex: () => ++lastIndex,
    onFiles: (machine, changes) => emit({ type: 'files', machine, changes }),
    onLinks: (machine, changes) => emit({ type: 'links', machine, changes }),
    onExecutables: (machine, changes) => emit({ type: 'executables', machine, changes }),
    onInstall: (machine) => emit({ type: 'installed', machine }),
    onProcesses: (machine) => emit({ type: 'processes', machine }),
    fetchPackage: packages.fetch,
    onPort: (machine, event) => emit({ type: 'port', machine, ...event }),
  }
  const page: WireOwner = { wires: new Map(), post: emit }
  let lastWire = 0
  const machines = new Map<number, Machine>([[1, new Machine(1, context)]])
  let lastMachine = 1
  const cancels = new Map<number, () => void>()
  void machines.get(1)?.warm('process')
  setTimeout(() => void machines.get(1)?.warmAtRest('testing'), testingWarmDelayMs)
  setTimeout(() => void machines.get(1)?.warmAtRest('shell'), shellWarmDelayMs)

  async function answer(request: KernelRequest): Promise<Answer<CallName>> {
    const machine = machines.get(request.machine)
    if (!machine) throw new Error('The sandbox has been disposed of.')
    switch (request.name) {
      case 'mount': {
        const table = createFileTable()
        const executables = request.parameters.executables && new Set(request.parameters.executables)
        for (const [path, data] of request.parameters.files) {
          const record = toRecord(path, data, executables ? executables.has(path) : isScript(data))
          table.set(record.path, record)
        }
        for (const [path, target] of request.parameters.links ?? []) {
          const record = toLinkRecord(path, target)
          table.set(record.path, record)
        }
        machine.mount(table)
        return undefined
      }
      case 'apply':
        machine.edit(request.parameters.changes)
        return undefined
      case 'link':
        machine.link(request.parameters.changes)
        return undefined
      case 'setExecutable':
        machine.setExecutable(request.parameters.changes)
        return undefined
      case 'snapshot':
        return machine.snapshot()
      case 'spawn':
        return { pid: spawn(machine, request.parameters).pid }
      case 'test':
        return runTests(machine, request.parameters, request.id)
      case 'check':
        return cancellable(request.id, (signal) => machine.check(request.parameters.paths, signal))
      case 'symbols':
        return cancellable(request.id, (signal) => machine.symbols(signal))
      case 'connect':
        lastWire -= 1
        if (machine.ports.connect(request.parameters.port, { owner: page, wire: lastWire }) !== null)
          return { wire: lastWire }
        throw new Error(`Nothing listens on port ${request.parameters.port}.`)
      case 'declarations':
        return machine.declarations()
      case 'processes':
        return machine.list()
      case 'fork':
        lastMachine += 1
        machines.set(lastMachine, machine.fork(lastMachine))
        return { machine: lastMachine }
      case 'dispose':
        machines.delete(machine.id)
        machine.dispose()
        return undefined
      default:
        return unreachable(request)
    }
  }

  function spawn(machine: Machine, request: KernelCalls['spawn']['parameters']): Process {
    const { command, cwd, env, stdin, timeoutMs, terminal } = request
    const options: ProcessOptions = {
      command,
      program: resolveLine(command),
      cwd: cwd ? `${projectRoot}/${cwd}` : projectRoot,
      env: { ...environment(env, terminal !== null), PWD: cwd ? `${projectRoot}/${cwd}` : projectRoot },
      stdio: ({ pid }) => ({
        stdin: stdin === null ? 'open' : new TextEncoder().encode(stdin),
        outputs: createShownOutput(
          (stream, data) => emit({ type: 'output', pid, stream, data }),
          env.VITRINE_TERMINAL === undefined ? maxShownBytes : maxTerminalBytes,
        ),
        standard: terminal ? ['terminal', 'terminal', 'terminal'] : ['pipe', 'pipe', 'pipe'],
        wires: [],
      }),
      terminal,
      timeoutMs,
    }
    return new Process(machine, options, {
      exit: (pid, exitCode, _signal, timedOut) => emit({ type: 'exit', pid, status: { exitCode, timedOut } }),
    })
  }

  function runTests(
    machine: Machine,
    { files, filter, coverage, timeoutMs }: KernelCalls['test']['parameters'],
    id: number,
  ) {
    return new Promise<TestReport>((resolve, reject) => {
      const startedAt = performance.now()
      const isPython = testLanguage(files, machine.paths()) === 'python'
      let report: TestReport | undefined
      let output = ''
      const options: ProcessOptions = {
        ...(isPython
          ? { command: 'pytest', program: { kind: 'run', bundle: 'python', argv: ['pytest'] } }
          : { command: 'vitest run', program: { kind: 'run', bundle: 'testing', argv: ['vitest', 'run'] } }),
        cwd: projectRoot,
        env: environment({}, false),
        stdio: () => ({
          stdin: new Uint8Array(),
          outputs: createShownOutput((_stream, data) => {
            output += new TextDecoder().decode(data)
          }),
          standard: ['none', 'pipe', 'pipe'],
          wires: [],
        }),
        timeoutMs: timeoutMs ?? null,
        test: { ...(files && { files }), ...(filter !== undefined && { filter }), ...(coverage && { coverage }) },
      }
      const process = new Process(machine, options, {
        report: (value) => {
          report = value
        },
        exit: (_pid, exitCode, _signal, timedOut) => {
          cancels.delete(id)
          if (report) return resolve(report)
          const durationMs = performance.now() - startedAt
          const why = timedOut
            ? `The tests did not end within ${((timeoutMs ?? 0) / 1000).toLocaleString('en')} s; an endless loop?`
            : `The tests ended with exit code ${exitCode} before they could report.`
          resolve(failedRun(`${why}\n${output}`.trim(), durationMs))
        },
      })
      cancels.set(id, () => {
        process.end(137)
        reject(new Error('Cancelled.'))
      })
    })
  }

  async function cancellable<Answer>(id: number, run: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const stop = new AbortController()
    cancels.set(id, () => stop.abort())
    try {
      return await run(stop.signal)
    } finally {
      cancels.delete(id)
    }
  }

  function findProcess(pid: number): Process | undefined {
    for (const machine of machines.values()) {
      const process = machine.processes.get(pid)
      if (process) return process
    }
    return undefined
  }

  return {
    receive(message) {
      switch (message.type) {
        case 'call':
          answer(message).then(
            (value) => emit({ type: 'answer', id: message.id, ok: true, value }),
            (error) => emit({ type: 'answer', id: message.id, ok: false, message: messageOf(error) }),
          )
          break
        case 'cancel':
          cancels.get(message.id)?.()
          break
        case 'stdin':
          findProcess(message.pid)?.write(message.data)
          break
        case 'kill':
          findProcess(message.pid)?.kill(message.signal)
          break
        case 'resize':
          findProcess(message.pid)?.resize(message.size)
          break
        case 'ping':
          emit({ type: 'pong' })
          break
        case 'wire-data':
        case 'wire-read':
        case 'wire-end':
        case 'wire-close':
          page.wires.get(message.wire)?.receive(message)
          break
        case 'bundle':
          bundles.arrived(message.name, message.source, message.assets)
          break
        case 'package-lines':
        case 'package':
          packages.receive(message)
          break
        case 'wasm':
        case 'cached':
          services.answered(message)
          break
        default:
          unreachable(message)
      }
    },
  }
}

/** What a login shell on the machine would export; `CI` is not set. */
function environment(env: Record<string, string>, hasTerminal: boolean): Record<string, string> {
  return {
    PATH: `${projectRoot}/node_modules/.bin:/usr/local/bin:/usr/bin:/bin`,
    HOME: projectRoot,
    USER: 'vitrine',
    SHELL: '/bin/sh',
    LANG: 'en_US.UTF-8',
    TERM: hasTerminal ? 'xterm-256color' : 'dumb',
    // Its synchronous calls then wait for a process: a message cannot be taken from a thread without yielding.
    ESBUILD_WORKER_THREADS: '0',
    ...env,
  }
}

/** The report of a run that could not report for itself: one suite that says why. */
function failedRun(error: string, durationMs: number): TestReport {
  return { passed: 0, failed: 1, skipped: 0, durationMs, suites: [{ file: '(test run)', error, tests: [] }] }
}
