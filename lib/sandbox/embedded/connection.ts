import { VitrineError } from '@/lib/base'
import type { ExecutableChange, LinkChange } from '@/lib/workspace'
import type { ExitStatus, PortEvent } from '../types'
import type { LoadPackage } from './packages/load-package'
import type {
  BuiltFile,
  BundleAssets,
  BundleName,
  CallName,
  FromKernel,
  KernelCalls,
  KernelEvent,
  StreamName,
  ToKernel,
} from './protocol'
import type { TabServices } from './services/tab-services'
import { createWireTable, type Wire } from './wire'

export interface ProcessEvents {
  output(stream: StreamName, data: Uint8Array): void
  exit(status: ExitStatus): void
}

/** The page's end of the port to a kernel: matches answers with calls and hands events to whom they belong. */
export interface Connection {
  call<Name extends CallName>(
    machine: number,
    name: Name,
    parameters: KernelCalls[Name]['parameters'],
    signal?: AbortSignal,
  ): Promise<KernelCalls[Name]['answer']>
  send(message: Exclude<ToKernel, { type: 'call' }>): void
  /** Must be called right after a `spawn` was answered, before anything else is awaited. */
  follow(pid: number, events: ProcessEvents): void
  onFiles(machine: number, listener: (changes: { path: string; after: Uint8Array | null }[]) => void): () => void
  onLinks(machine: number, listener: (changes: readonly LinkChange[]) => void): () => void
  onExecutables(machine: number, listener: (changes: readonly ExecutableChange[]) => void): () => void
  /** Tells of the ports that are open now, then of each change. */
  onPort(machine: number, listener: (event: PortEvent) => void): () => void
  /** Must be called right after a `connect` was answered, before anything else is awaited. */
  openWire(id: number): Wire
  onInstall(machine: number, listener: () => void): () => void
  onProcesses(machine: number, listener: () => void): () => void
  /** All calls fail and all processes count as killed from now on. */
  close(reason: string): void
  readonly closed: boolean
}

const heartbeatMs = 1500
/** The kernel runs nobody's code and answers in milliseconds; even a very busy machine gets this many beats. */
const maxSilentTicks = 6

interface PendingCall {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** What the kernel asks of the page, having no network. */
export interface PageServices {
  loadBundle(name: BundleName): Promise<{ source: BuiltFile; assets?: BundleAssets }>
  loadPackage: LoadPackage
  tab: TabServices
}

export function createConnection(port: MessagePort, { loadBundle, loadPackage, tab }: PageServices): Connection {
  const calls = new Map<number, PendingCall>()
  const processes = new Map<number, ProcessEvents>()
  const fileListeners = new Map<number, Set<(changes: { path: string; after: Uint8Array | null }[]) => void>>()
  const linkListeners = new Map<number, Set<(changes: readonly LinkChange[]) => void>>()
  const executableListeners = new Map<number, Set<(changes: readonly ExecutableChange[]) => void>>()
  const portListeners = new Map<number, Set<(event: PortEvent) => void>>()
  const openPorts = new Map<number, Map<number, PortEvent>>()
  const installListeners = new Map<number, Set<() => void>>()
  const processListeners = new Map<number, Set<() => void>>()
  let lastId = 0
  let silentTicks = 0
  let closedBecause: string | null = null
  const gone = () => new VitrineError('internal_error', closedBecause ?? 'The sandbox is gone.')
  const send = (message: ToKernel) => port.postMessage(message)
  const wires = createWireTable((message) => {
    if (closedBecause === null) send(message)
  })

  function receive(event: KernelEvent) {
    switch (event.type) {
      case 'answer':
        if (event.ok) calls.get(event.id)?.resolve(event.value)
        else calls.get(event.id)?.reject(new VitrineError('internal_error', event.message))
        calls.delete(event.id)
        break
      case 'output':
        processes.get(event.pid)?.output(event.stream, event.data)
        break
      case 'exit':
        processes.get(event.pid)?.exit(event.status)
        processes.delete(event.pid)
        break
      case 'files':
        for (const listener of fileListeners.get(event.machine) ?? []) listener(event.changes)
        break
      case 'links':
        for (const listener of linkListeners.get(event.machine) ?? []) listener(event.changes)
        break
      case 'executables':
        for (const listener of executableListeners.get(event.machine) ?? []) listener(event.changes)
        break
      case 'port':
        receivePort(event)
        break
      case 'wire-data':
      case 'wire-read':
      case 'wire-end':
      case 'wire-close':
        wires.receive(event)
        break
      case 'pong':
        break
      case 'installed':
        for (const listener of installListeners.get(event.machine) ?? []) listener()
        break
      case 'processes':
        for (const listener of processListeners.get(event.machine) ?? []) listener()
        break
      case 'need-bundle':
        loadBundle(event.name).then(
          ({ source, assets }) => send({ type: 'bundle', name: event.name, source, assets }),
          () => send({ type: 'bundle', name: event.name, source: null }),
        )
        break
      case 'need-package':
        loadPackage(event.request, (lines) => {
          if (closedBecause === null) port.postMessage({ type: 'package-lines', id: event.id, lines }, [lines.buffer])
        }).then((outcome) => {
          const { buffer } = outcome.ok ? outcome.answer.data : {}
          if (closedBecause === null)
            port.postMessage({ type: 'package', id: event.id, outcome }, buffer ? [buffer] : [])
        }, reportError)
        break
      default:
        tab.receive(event, (message, transfer = []) => {
          if (closedBecause === null) port.postMessage(message, transfer)
        })
    }
  }

  function receivePort({ machine, ...event }: Extract<KernelEvent, { type: 'port' }>) {
    const ports = openPorts.get(machine) ?? new Map<number, PortEvent>()
    openPorts.set(machine, ports)
    const { port: number, pid, open } = event
    if (open) ports.set(number, { port: number, pid, open })
    else ports.delete(number)
    for (const listener of portListeners.get(machine) ?? []) listener({ port: number, pid, open })
  }

  function close(reason: string) {
    if (closedBecause !== null) return
    closedBecause = reason
    clearInterval(heartbeat)
    port.close()
    for (const call of calls.values()) call.reject(gone())
    for (const events of processes.values()) events.exit({ exitCode: 137, timedOut: false })
    calls.clear()
    processes.clear()
    wires.closeAll()
  }

  // An answer and the events after it may share a message: a pause between them lets `spawn` register its process.
  let received: Promise<void> = Promise.resolve()
  port.onmessage = ({ data }: MessageEvent<FromKernel>) => {
    silentTicks = 0
    received = received.then(async () => {
      for (const event of data) {
        // A listener that fails must not cost the others their events, now or later.
        try {
          receive(event)
        } catch (error) {
          reportError(error)
        }
        if (event.type === 'answer') await Promise.resolve()
      }
    })
  }

  // A frame that crashes tells nobody. Ticks are counted, not time, so that a page that slept does not give up on waking.
  const heartbeat = setInterval(() => {
    silentTicks += 1
    if (silentTicks > maxSilentTicks) close('The sandbox has crashed.')
    else send({ type: 'ping' })
  }, heartbeatMs)

  return {
    call<Name extends CallName>(
      machine: number,
      name: Name,
      parameters: KernelCalls[Name]['parameters'],
      signal?: AbortSignal,
    ) {
      if (closedBecause !== null) return Promise.reject(gone())
      if (signal?.aborted) return Promise.reject(signal.reason)
      lastId += 1
      const id = lastId
      return new Promise<KernelCalls[Name]['answer']>((resolve, reject) => {
        const onAbort = () => {
          send({ type: 'cancel', id })
          calls.delete(id)
          reject(signal?.reason)
        }
        const settle = <Value>(settleWith: (value: Value) => void) => {
          return (value: Value) => {
            signal?.removeEventListener('abort', onAbort)
            settleWith(value)
          }
        }
        calls.set(id, {
          resolve: settle((value) => resolve(value as KernelCalls[Name]['answer'])),
          reject: settle(reject),
        })
        signal?.addEventListener('abort', onAbort, { once: true })
        send({ type: 'call', id, machine, name, parameters } as ToKernel)
      })
    },
    send(message) {
      if (closedBecause === null) send(message)
    },
    follow(pid, events) {
      if (closedBecause === null) processes.set(pid, events)
      else events.exit({ exitCode: 137, timedOut: false })
    },
    onFiles(machine, listener) {
      const listeners = fileListeners.get(machine) ?? new Set()
      fileListeners.set(machine, listeners.add(listener))
      return () => listeners.delete(listener)
    },
    onLinks(machine, listener) {
      const listeners = linkListeners.get(machine) ?? new Set()
      linkListeners.set(machine, listeners.add(listener))
      return () => listeners.delete(listener)
    },
    onExecutables(machine, listener) {
      const listeners = executableListeners.get(machine) ?? new Set()
      executableListeners.set(machine, listeners.add(listener))
      return () => listeners.delete(listener)
    },
    onPort(machine, listener) {
      const listeners = portListeners.get(machine) ?? new Set()
      portListeners.set(machine, listeners.add(listener))
      for (const event of openPorts.get(machine)?.values() ?? []) listener(event)
      return () => listeners.delete(listener)
    },
    openWire: wires.open,
    onInstall(machine, listener) {
      const listeners = installListeners.get(machine) ?? new Set()
      installListeners.set(machine, listeners.add(listener))
      return () => listeners.delete(listener)
    },
    onProcesses(machine, listener) {
      const listeners = processListeners.get(machine) ?? new Set()
      processListeners.set(machine, listeners.add(listener))
      return () => listeners.delete(listener)
    },
    close,
    get closed() {
      return closedBecause !== null
    },
  }
}
