import type { ServerInfo, ServiceEvent, ServiceInput, WasmName } from './protocol'
import type { TabCache } from './tab-cache'

export interface PageServices {
  receive(event: ServiceEvent, answer: (message: ServiceInput, transfer?: Transferable[]) => void): void
  servers(machine: number): readonly ServerInfo[]
  onServers(machine: number, listener: (servers: readonly ServerInfo[]) => void): () => void
}

export interface PageServicesOptions {
  loadWasm(name: WasmName): Promise<ArrayBuffer>
  cache: TabCache | null
}

/** What the IDE page does for the machines: fetches, stores, and knows who listens. */
export function createPageServices({ loadWasm, cache }: PageServicesOptions): PageServices {
  const servers = new Map<number, readonly ServerInfo[]>()
  const listeners = new Map<number, Set<(servers: readonly ServerInfo[]) => void>>()
  return {
    receive(event, answer) {
      switch (event.type) {
        case 'need-wasm':
          loadWasm(event.name).then(
            (bytes) => answer({ type: 'wasm', name: event.name, bytes }, [bytes]),
            () => answer({ type: 'wasm', name: event.name, bytes: null }),
          )
          break
        case 'cache-read':
          (cache?.read(event.key) ?? Promise.resolve(null)).then(
            (data) => answer({ type: 'cached', id: event.id, data }),
            () => answer({ type: 'cached', id: event.id, data: null }),
          )
          break
        case 'cache-write':
          // A full or refused storage costs time later, nothing else.
          cache?.write(event.key, event.data).catch((error) => console.warn('A build result could not be kept.', error))
          break
        case 'servers':
          servers.set(event.machine, event.servers)
          for (const listener of listeners.get(event.machine) ?? []) listener(event.servers)
          break
      }
    },
    servers: (machine) => servers.get(machine) ?? [],
    onServers(machine, listener) {
      const own = listeners.get(machine) ?? new Set()
      listeners.set(machine, own.add(listener))
      return () => own.delete(listener)
    },
  }
}
