import { isBytes } from '../kernel/machine-files'
import type { ProcessWorker } from '../kernel/worker-pool'
import type { ServerInfo, ServiceEvent, ServiceInput, ServiceRequest, WasmName } from './protocol'

const maxCacheKeyLength = 200
const maxCacheBytes = 64 * 1024 * 1024

export interface Requester {
  machine: number
  pid: number
  worker: ProcessWorker
}

export interface KernelServices {
  /** What a process asks; processes are not trusted to speak the protocol. */
  receive(message: ServiceRequest, from: Requester): void
  /** What the IDE page answers or starts. */
  answered(message: ServiceInput, ports: readonly MessagePort[]): void
  /** The process is gone, and its servers with it. */
  ended(pid: number): void
}

/** Shared WebAssembly, the tab's cache and the servers of all machines. */
export function createKernelServices(emit: (event: ServiceEvent) => void): KernelServices {
  const wasm = new Map<WasmName, Promise<WebAssembly.Module | null>>()
  const wasmArrivals = new Map<WasmName, (bytes: ArrayBuffer | null) => void>()
  const cacheReads = new Map<number, { id: number; worker: ProcessWorker }>()
  const servers: (ServerInfo & Requester)[] = []
  let lastRead = 0

  function loadWasm(name: WasmName): Promise<WebAssembly.Module | null> {
    const known = wasm.get(name)
    if (known) return known
    const loading = new Promise<ArrayBuffer | null>((resolve) => wasmArrivals.set(name, resolve)).then((bytes) =>
      bytes === null ? null : WebAssembly.compile(bytes),
    )
    wasm.set(name, loading)
    emit({ type: 'need-wasm', name })
    // A failed load is tried again with the next request.
    void loading.then((module) => module ?? wasm.delete(name)).catch(() => wasm.delete(name))
    return loading
  }

  function announce(machine: number) {
    const own = servers.filter((server) => server.machine === machine)
    emit({ type: 'servers', machine, servers: own.map(({ port, pid, name }) => ({ port, pid, name })) })
  }

  function listen({ port, name }: Extract<ServiceRequest, { type: 'listen' }>, from: Requester) {
    if (!Number.isInteger(port) || port < 1 || port > 65535 || typeof name !== 'string') {
      throw new TypeError('not a port to listen on')
    }
    const ok = !servers.some((server) => server.port === port && server.machine === from.machine)
    if (ok) servers.push({ ...from, port, name: name.slice(0, 40) })
    from.worker.post({ type: 'listening', port, ok })
    if (ok) announce(from.machine)
  }

  return {
    receive(message, from) {
      switch (message.type) {
        case 'need-wasm':
          if (message.name !== 'esbuild') throw new TypeError('not a WebAssembly module of ours')
          loadWasm(message.name).then(
            (module) => from.worker.post({ type: 'wasm', name: message.name, module }),
            () => from.worker.post({ type: 'wasm', name: message.name, module: null }),
          )
          break
        case 'cache-read':
          assertCacheKey(message.key)
          lastRead += 1
          cacheReads.set(lastRead, { id: message.id, worker: from.worker })
          emit({ type: 'cache-read', id: lastRead, key: message.key })
          break
        case 'cache-write':
          assertCacheKey(message.key)
          if (!isBytes(message.data) || message.data.byteLength > maxCacheBytes) throw new TypeError('not cacheable')
          emit({ type: 'cache-write', key: message.key, data: message.data })
          break
        case 'listen':
          listen(message, from)
          break
      }
    },
    answered(message, [channel]) {
      switch (message.type) {
        case 'wasm':
          wasmArrivals.get(message.name)?.(message.bytes)
          wasmArrivals.delete(message.name)
          break
        case 'cached': {
          const read = cacheReads.get(message.id)
          cacheReads.delete(message.id)
          read?.worker.post({ type: 'cached', id: read.id, data: message.data })
          break
        }
        case 'connect': {
          const server = servers.find(({ machine, port }) => machine === message.machine && port === message.port)
          if (channel && server) server.worker.post({ type: 'connection', port: message.port }, [channel])
          else channel?.close()
          break
        }
      }
    },
    ended(pid) {
      const gone = servers.filter((server) => server.pid === pid)
      for (const server of gone) servers.splice(servers.indexOf(server), 1)
      for (const machine of new Set(gone.map((server) => server.machine))) announce(machine)
    },
  }
}

function assertCacheKey(key: unknown): void {
  if (typeof key !== 'string' || key.length > maxCacheKeyLength) throw new TypeError('not a cache key')
}
