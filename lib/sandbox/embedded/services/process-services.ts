import type { ServiceAnswer, ServiceRequest, WasmName } from './protocol'

/** What the machine offers to its own programs beyond files, streams and children. */
export interface MachineServices {
  /** Told the paths that others changed, once the files are up to date. */
  onFiles(listener: (paths: string[]) => void): void
  wasm(name: WasmName): Promise<WebAssembly.Module>
  /** What an earlier process stored under this key; it survives a reload of the page. */
  readCache(key: string): Promise<Uint8Array | null>
  writeCache(key: string, data: Uint8Array): void
}

export function createProcessServices(send: (message: ServiceRequest) => void) {
  const fileListeners = new Set<(paths: string[]) => void>()
  const wasmWaiters = new Map<WasmName, ((module: WebAssembly.Module | null) => void)[]>()
  const cacheReads = new Map<number, (data: Uint8Array | null) => void>()
  let lastRead = 0

  const api: MachineServices = {
    onFiles: (listener) => void fileListeners.add(listener),
    async wasm(name) {
      const module = await new Promise<WebAssembly.Module | null>((resolve) => {
        const waiters = wasmWaiters.get(name) ?? []
        wasmWaiters.set(name, [...waiters, resolve])
        if (waiters.length === 0) send({ type: 'need-wasm', name })
      })
      if (!module) throw new Error(`${name} could not be loaded; is the server of this page reachable?`)
      return module
    },
    readCache(key) {
      lastRead += 1
      const id = lastRead
      send({ type: 'cache-read', id, key })
      return new Promise((resolve) => cacheReads.set(id, resolve))
    },
    writeCache: (key, data) => send({ type: 'cache-write', key, data }),
  }

  return {
    api,
    filesChanged(paths: string[]) {
      for (const listener of fileListeners) listener(paths)
    },
    receive(message: ServiceAnswer) {
      switch (message.type) {
        case 'wasm':
          for (const resolve of wasmWaiters.get(message.name) ?? []) resolve(message.module)
          wasmWaiters.delete(message.name)
          break
        case 'cached':
          cacheReads.get(message.id)?.(message.data)
          cacheReads.delete(message.id)
          break
      }
    },
  }
}
