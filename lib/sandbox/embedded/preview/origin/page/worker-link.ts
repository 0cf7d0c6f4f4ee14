import { type BridgeClient, createBridgeClient } from '../../bridge/client'
import type { ServerLink } from '../../page/server-link'
import type { ToWorker } from '../messages'

/** A channel to the server, asked of the Service Worker when it is first needed, and again when it is gone. */
export function createWorkerLink(): Pick<ServerLink, 'bridge'> {
  let bridge: Promise<BridgeClient> | null = null
  const open = async () => {
    const { active } = await navigator.serviceWorker.ready
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('close', () => {
      bridge = null
    })
    const message: ToWorker = { vitrineChannel: true }
    active?.postMessage(message, [port2])
    return createBridgeClient(port1)
  }
  return {
    get bridge() {
      bridge ??= open()
      return bridge
    },
  }
}
