import { isBytes } from '../kernel/machine-files'
import type { ProcessWorker } from '../kernel/worker-pool'
import type { ServiceEvent, ServiceInput, ServiceRequest, WasmName } from './protocol'

const maxCacheKeyLength = 200
const maxCacheBytes = 64 * 1024 * 1024

export interface KernelServices {
  /** What a process asks; processes are not trusted to speak the protocol. */
  receive(message: ServiceRequest, from: ProcessWorker): void
  /** What the IDE page answers. */
  answered(message: ServiceInput): void
}

/** Shared WebAssembly and the tab's cache, for all machines. */
export function createKernelServices(emit: (event: ServiceEvent) => void): KernelServices {
  const wasm = new Map<WasmName, Promise<WebAssembly.Module | null>>()
  const wasmArrivals = new Map<WasmName, (bytes: ArrayBuffer | null) => void>()
  const cacheReads = new Map<number, { id: number; worker: ProcessWorker }>()
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

  return {
    receive(message, from) {
      switch (message.type) {
        case 'need-wasm':
          if (message.name !== 'esbuild') throw new TypeError('not a WebAssembly module of ours')
          loadWasm(message.name).then(
            (module) => from.post({ type: 'wasm', name: message.name, module }),
            () => from.post({ type: 'wasm', name: message.name, module: null }),
          )
          break
        case 'cache-read':
          assertCacheKey(message.key)
          lastRead += 1
          cacheReads.set(lastRead, { id: message.id, worker: from })
          emit({ type: 'cache-read', id: lastRead, key: message.key })
          break
        case 'cache-write':
          assertCacheKey(message.key)
          if (!isBytes(message.data) || message.data.byteLength > maxCacheBytes) throw new TypeError('not cacheable')
          emit({ type: 'cache-write', key: message.key, data: message.data })
          break
      }
    },
    answered(message) {
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
      }
    },
  }
}

function assertCacheKey(key: unknown): void {
  if (typeof key !== 'string' || key.length > maxCacheKeyLength) throw new TypeError('not a cache key')
}
