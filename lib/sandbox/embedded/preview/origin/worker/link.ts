import { type BridgeClient, createBridgeClient } from '../../bridge/client'
import { ownPath } from '../addresses'
import type { FromWorker, StorageEntries } from '../messages'
import { createWorkerCookies, type WorkerCookies } from './cookies'

const linkTimeoutMs = 5000

/** The way to the server that answers this origin. */
export interface Link {
  bridge: BridgeClient
  cookies: WorkerCookies
}

export interface LinkHolder {
  connect(port: MessagePort, storage: StorageEntries): void
  /** The present link; a worker that was stopped has lost it, and asks for another. Null when nobody gives one. */
  get(): Promise<Link | null>
}

export function createLinkHolder({ clients }: Pick<ServiceWorkerGlobal, 'clients'>): LinkHolder {
  let link: Link | null = null
  const waiting = new Set<(link: Link | null) => void>()

  async function tellRelays(vitrineWorker: FromWorker['vitrineWorker']) {
    const message: FromWorker = { vitrineWorker }
    for (const client of await clients.matchAll({ type: 'window', includeUncontrolled: true })) {
      if (new URL(client.url).pathname === `${ownPath}relay.html`) client.postMessage(message)
    }
  }

  return {
    connect(port, entries) {
      link?.bridge.close()
      const storage = new Map(entries)
      const save = () => void tellRelays({ kind: 'storage', entries: [...storage] })
      const bridge = createBridgeClient(port)
      const made = { bridge, cookies: createWorkerCookies(storage, save) }
      // Fires in browsers that tell when the IDE has gone.
      port.addEventListener('close', () => {
        if (link === made) link = null
      })
      link = made
      for (const take of waiting) take(link)
      waiting.clear()
      void tellRelays({ kind: 'connected' })
    },
    get() {
      if (link) return Promise.resolve(link)
      return new Promise((resolve) => {
        waiting.add(resolve)
        setTimeout(() => {
          if (waiting.delete(resolve)) resolve(null)
        }, linkTimeoutMs)
        // Once for all who wait: a second link would end the first, and what is under way on it.
        if (waiting.size === 1) void tellRelays({ kind: 'lost' })
      })
    },
  }
}
