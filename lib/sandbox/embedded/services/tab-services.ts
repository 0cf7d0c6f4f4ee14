import type { ServiceEvent, ServiceInput, WasmName } from './protocol'
import type { TabCache } from './tab-cache'

export interface TabServices {
  receive(event: ServiceEvent, answer: (message: ServiceInput, transfer?: Transferable[]) => void): void
}

export interface TabServicesOptions {
  loadWasm(name: WasmName): Promise<ArrayBuffer>
  cache: TabCache | null
}

/** What the IDE page does for the machines: fetches and stores. */
export function createTabServices({ loadWasm, cache }: TabServicesOptions): TabServices {
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
          ;(cache?.read(event.key) ?? Promise.resolve(null)).then(
            (data) => answer({ type: 'cached', id: event.id, data }),
            () => answer({ type: 'cached', id: event.id, data: null }),
          )
          break
        case 'cache-write':
          // A full or refused storage costs time later, nothing else.
          cache?.write(event.key, event.data).catch((error) => console.warn('A build result could not be kept.', error))
          break
      }
    },
  }
}
