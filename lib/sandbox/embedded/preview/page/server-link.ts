import { type BridgeClient, createBridgeClient } from '../bridge/client'

/** The page's way to its server. Scripts may ask before the channel is there: they wait. */
export interface ServerLink {
  open(port: MessagePort): void
  bridge: Promise<BridgeClient>
}

export function createServerLink(): ServerLink {
  const { promise, resolve } = Promise.withResolvers<BridgeClient>()
  return { bridge: promise, open: (port) => resolve(createBridgeClient(port)) }
}
