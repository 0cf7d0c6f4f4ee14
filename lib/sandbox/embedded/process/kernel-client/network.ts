import type { ListenAddress, ToProcess } from '../../protocol'
import { createWirePair, type Wire } from '../../wire'
import type { ConnectEvents, ConnectOptions, KernelClient, KernelPort, ListenEvents } from './kernel-client'

const firstFreePort = 20_000
const freePortCount = 29_000
const firstLocalPort = 49_152
const localPortCount = 16_384

type Calls = Pick<KernelClient, 'listen' | 'unlisten' | 'freePort' | 'connect'>
type Incoming = Extract<ToProcess, { type: 'accept' | 'connected' | 'connect-failed' | 'listen-failed' | 'address' }>

/** Where this process listens and whereto it connects. Addresses of others are known from what the kernel told last. */
export function createNetwork({ start, send }: KernelPort, openWire: (id?: number) => Wire) {
  const taken = new Set(start.addresses)
  const listening = new Map<ListenAddress, ListenEvents>()
  const connecting = new Map<number, ConnectEvents>()
  let localConnections = 0

  const calls: Calls = {
    listen(address, events) {
      if (taken.has(address)) return false
      taken.add(address)
      listening.set(address, events)
      send({ type: 'listen', address })
      return true
    },
    unlisten(address) {
      if (!listening.delete(address)) return
      taken.delete(address)
      send({ type: 'unlisten', address })
    },
    freePort() {
      const first = firstFreePort + Math.floor(Math.random() * freePortCount)
      for (let step = 0; step < freePortCount; step++) {
        const port = firstFreePort + ((first + step) % freePortCount)
        if (!taken.has(port)) return port
      }
      throw new Error('No port is free.')
    },
    connect(address, events, { isIPv4 = false, later } = {}) {
      if (later && listening.has(address)) return connectLocally(address, events, { isIPv4, later })
      const wire = openWire()
      connecting.set(wire.id, events)
      send({ type: 'connect', wire: wire.id, address, isIPv4 })
      return wire
    },
  }

  /** To an address of this process: the kernel need not carry it. */
  function connectLocally(
    address: ListenAddress,
    events: ConnectEvents,
    { isIPv4, later }: Required<ConnectOptions>,
  ): Wire {
    const [near, far] = createWirePair(later)
    const port = firstLocalPort + (localConnections++ % localPortCount)
    later(() => {
      const listener = listening.get(address)
      if (listener) listener.connection(far, port, isIPv4)
      else far.close()
    })
    later(() => events.connected(port))
    return near
  }

  function settle(wire: number): ConnectEvents | undefined {
    const events = connecting.get(wire)
    connecting.delete(wire)
    return events
  }

  return {
    calls,
    receive(message: Incoming) {
      switch (message.type) {
        case 'accept': {
          const wire = openWire(message.wire)
          const events = listening.get(message.address)
          if (events) events.connection(wire, message.remotePort, message.isIPv4)
          else wire.close()
          break
        }
        case 'connected':
          settle(message.wire)?.connected(message.localPort)
          break
        case 'connect-failed':
          settle(message.wire)?.refused()
          break
        case 'listen-failed': {
          const events = listening.get(message.address)
          listening.delete(message.address)
          events?.failed()
          break
        }
        case 'address':
          if (message.open) taken.add(message.address)
          else if (!listening.has(message.address)) taken.delete(message.address)
          break
      }
    },
  }
}
