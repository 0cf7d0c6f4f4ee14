import type { ListenAddress } from '../protocol'
import { joinWire, WireEnd, type WireOwner } from './wires'

const firstEphemeralPort = 49_152
const portCount = 65_536

/** The connecting side of a connection. */
export interface Remote {
  remotePort: number
  /** It asked for an IPv4 address. */
  isIPv4: boolean
}

/** A process that listens; it numbers the wires that the kernel brings. */
export interface Listener extends WireOwner {
  readonly pid: number
  nextWire(): number
  accept(address: ListenAddress, wire: number, from: Remote): void
}

interface Connecting {
  owner: WireOwner
  wire: number
  isIPv4?: boolean
}

export type PortWatcher = (address: ListenAddress, open: boolean, listener: Listener) => void

export function isAddress(address: unknown): address is ListenAddress {
  if (typeof address === 'string') return address.length > 0 && address.length < 4096
  return Number.isInteger(address) && Number(address) > 0 && Number(address) < portCount
}

/** Who listens where on one machine. Interfaces are not told apart: there is but one. */
export class PortTable {
  readonly #listeners = new Map<ListenAddress, Listener>()
  readonly #watch: PortWatcher
  #lastPort = firstEphemeralPort

  constructor(watch: PortWatcher) {
    this.#watch = watch
  }

  addresses(): ListenAddress[] {
    return [...this.#listeners.keys()]
  }

  /** Where a process listens. */
  portsOf(listener: Listener): number[] {
    return [...this.#listeners].flatMap(([address, owner]) =>
      owner === listener && typeof address === 'number' ? [address] : [],
    )
  }

  /** False when the address is taken. */
  listen(address: ListenAddress, listener: Listener): boolean {
    if (this.#listeners.has(address)) return false
    this.#listeners.set(address, listener)
    this.#watch(address, true, listener)
    return true
  }

  unlisten(address: ListenAddress, listener: Listener): void {
    if (this.#listeners.get(address) !== listener) return
    this.#listeners.delete(address)
    this.#watch(address, false, listener)
  }

  /** Ends all listening of a process. */
  release(listener: Listener): void {
    for (const [address, owner] of this.#listeners) if (owner === listener) this.unlisten(address, listener)
  }

  /** The connecting side's port number; null when nobody listens. */
  connect(address: ListenAddress, { owner, wire, isIPv4 = false }: Connecting): number | null {
    const listener = this.#listeners.get(address)
    if (!listener) return null
    const remote = new WireEnd(listener, listener.nextWire())
    joinWire(new WireEnd(owner, wire), remote)
    this.#lastPort = this.#lastPort + 1 < portCount ? this.#lastPort + 1 : firstEphemeralPort
    listener.accept(address, remote.id, { remotePort: this.#lastPort, isIPv4 })
    return this.#lastPort
  }
}
