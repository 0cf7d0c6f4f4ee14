import type { WireMessage } from '../protocol'
import { isBytes } from './machine-files'

/** So much is under way to a receiver at a time; the rest waits here until it has taken some. */
const windowBytes = 512 * 1024
/** What a receiver lets lie. A sender that goes on beyond it is not listening to `wire-read`. */
const maxQueuedBytes = 128 * 1024 * 1024

/** Who holds ends of wires: a process or the IDE page. */
export interface WireOwner {
  readonly wires: Map<number, WireEnd>
  post(message: WireMessage): void
}

/** One owner's end. What the peer sends is queued here, so that a slow owner costs nobody else. */
export class WireEnd {
  peer: WireEnd | null = null
  readonly id: number
  readonly #owner: WireOwner
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #unreadBytes = 0
  #ending: 'open' | 'end' | 'close' = 'open'
  #endSent = false

  constructor(owner: WireOwner, id: number) {
    this.#owner = owner
    this.id = id
    owner.wires.set(id, this)
  }

  /** Bytes for the owner; false when it lets too much lie. */
  deliver(data: Uint8Array): boolean {
    if (this.#ending !== 'open') return true
    this.#queue.push(data)
    this.#queuedBytes += data.byteLength
    this.#flush()
    return this.#queuedBytes <= maxQueuedBytes
  }

  /** No more comes; `close` also takes nothing any more. What is queued goes out before. */
  finish(how: 'end' | 'close'): void {
    if (this.#ending === 'close') return
    this.#ending = how
    this.#flush()
  }

  /** What the owner says about this wire. */
  receive(message: WireMessage): void {
    switch (message.type) {
      case 'wire-data':
        if (!isBytes(message.data)) throw new TypeError('not data')
        if (this.peer && !this.peer.deliver(message.data)) throw new RangeError('more than anybody reads')
        break
      case 'wire-read':
        if (!(message.bytes > 0 && message.bytes <= this.#unreadBytes)) throw new RangeError('not what was sent')
        this.#unreadBytes -= message.bytes
        this.peer?.post({ type: 'wire-read', bytes: message.bytes })
        this.#flush()
        break
      case 'wire-end':
        this.peer?.finish('end')
        break
      case 'wire-close':
        this.drop(message.reset === true)
        break
    }
  }

  post(
    message: { type: 'wire-read'; bytes: number } | { type: 'wire-end' } | { type: 'wire-close'; reset?: boolean },
  ): void {
    if (this.#owner.wires.get(this.id) === this) this.#owner.post({ ...message, wire: this.id } as WireMessage)
  }

  /** The owner is gone or wants no more: the peer hears of it. */
  drop(isReset = false): void {
    if (this.#owner.wires.get(this.id) === this) this.#owner.wires.delete(this.id)
    this.#queue = []
    const { peer } = this
    this.peer = null
    if (!peer) return
    peer.peer = null
    if (isReset) peer.#reset()
    else peer.finish('close')
  }

  #reset(): void {
    this.#queue = []
    this.#ending = 'close'
    this.#endSent = true
    this.post({ type: 'wire-close', reset: true })
    this.#owner.wires.delete(this.id)
  }

  #flush(): void {
    while (this.#unreadBytes < windowBytes) {
      const data = this.#queue.shift()
      if (!data) break
      this.#queuedBytes -= data.byteLength
      this.#unreadBytes += data.byteLength
      this.#owner.post({ type: 'wire-data', wire: this.id, data })
    }
    if (this.#queue.length > 0 || this.#ending === 'open') return
    if (!this.#endSent) {
      this.#endSent = true
      this.post({ type: 'wire-end' })
    }
    if (this.#ending === 'close') {
      this.post({ type: 'wire-close' })
      this.#owner.wires.delete(this.id)
    }
  }
}

/** Joins two ends. */
export function joinWire(first: WireEnd, second: WireEnd): void {
  first.peer = second
  second.peer = first
}

export function dropWires(owner: WireOwner): void {
  for (const end of [...owner.wires.values()]) end.drop()
}
