import { type BridgeClient, createBridgeClient } from '../../bridge/client'
import type { ServerLink } from '../../page/server-link'
import type { ToWorker } from '../messages'

/** A channel to the server, asked of the Service Worker when it is first needed. */
export function createWorkerLink(): Pick<ServerLink, 'bridge'> {
  let bridge: Promise<BridgeClient> | null = null
  const open = async () => {
    await navigator.serviceWorker.ready
    const { port1, port2 } = new MessageChannel()
    const message: ToWorker = { vitrineChannel: true }
    navigator.serviceWorker.controller?.postMessage(message, [port2])
    return createBridgeClient(port1)
  }
  return {
    get bridge() {
      bridge ??= open()
      return bridge
    },
  }
}
