import { joinBytes, plainBytes } from '@/lib/base'
import type { WireMessage } from './protocol'

/** So much may be under way before a writer is asked to wait. */
const windowBytes = 512 * 1024
const readBytes = 64 * 1024

/** Our end of a byte stream in both directions; see `WireMessage`. */
export interface Wire {
  readonly id: number
  /** One reader. What came before is kept for it. `null` is the end of the other side's data. */
  onData(listener: (data: Uint8Array | null) => void): void
  /** Called once, when the wire is gone in both directions without `close` having been called. */
  onClose(listener: (wasReset: boolean) => void): void
  /** Keeps what comes instead of handing it out; the sender notices after a while. */
  pause(): void
  resume(): void
  /** True when more may follow at once; else wait for `drained`. */
  write(data: Uint8Array): boolean
  /** Resolves when so much has been taken that more may be written, or nothing can be any more. */
  drained(): Promise<void>
  /** Ends our direction. */
  end(): void
  /** `reset`: the other side is not to get what it has not taken yet, and learns so. */
  close(options?: { reset?: boolean }): void
}

export interface WireTable {
  open(id: number): Wire
  receive(message: WireMessage): void
  /** All wires are gone. */
  closeAll(): void
}

type Send = (message: WireMessage) => void

export function createWireTable(send: Send): WireTable {
  const wires = new Map<number, WireEnd>()
  return {
    open(id) {
      const wire = new WireEnd(id, send, () => wires.delete(id))
      wires.set(id, wire)
      return wire
    },
    receive(message) {
      wires.get(message.wire)?.receive(message)
    },
    closeAll() {
      for (const { id } of [...wires.values()]) wires.get(id)?.receive({ type: 'wire-close', wire: id })
    },
  }
}

/** The two ends of a wire in one process. What one sends the other gets by `later`: in order, each in a turn of its own. */
export function createWirePair(later: (task: () => void) => void): [near: Wire, far: Wire] {
  const sendTo = (other: () => WireEnd): Send => {
    let hasEnded = false
    const end: WireMessage = { type: 'wire-end', wire: 0 }
    return (message) => {
      if (message.type === 'wire-data') {
        // Who wrote it may use its memory again.
        const data = message.data.slice()
        return later(() => other().receive({ ...message, data }))
      }
      // As the kernel does: who closes has ended before.
      const isEnd = message.type === 'wire-end' || (message.type === 'wire-close' && !message.reset)
      if (isEnd && !hasEnded) later(() => other().receive(end))
      hasEnded ||= isEnd
      if (message.type !== 'wire-end') later(() => other().receive(message))
    }
  }
  const nothing = () => undefined
  const near: WireEnd = new WireEnd(
    0,
    sendTo(() => far),
    nothing,
  )
  const far: WireEnd = new WireEnd(
    0,
    sendTo(() => near),
    nothing,
  )
  return [near, far]
}

class WireEnd implements Wire {
  readonly id: number
  readonly #send: Send
  readonly #forget: () => void
  #waiting: (Uint8Array | null)[] = []
  #reader: ((data: Uint8Array | null) => void) | null = null
  #closed: ((wasReset: boolean) => void) | null = null
  #wasReset = false
  #isPaused = false
  #isOpen = true
  #hasEnded = false
  #isDraining = false
  #underWay = 0
  #writers: (() => void)[] = []

  constructor(id: number, send: Send, forget: () => void) {
    this.id = id
    this.#send = send
    this.#forget = forget
  }

  onData(listener: (data: Uint8Array | null) => void): void {
    this.#reader = listener
    this.#drain()
  }

  onClose(listener: (wasReset: boolean) => void): void {
    this.#closed = listener
    this.#drain()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#drain()
  }

  write(data: Uint8Array): boolean {
    if (!this.#isOpen || this.#hasEnded || data.byteLength === 0) return true
    this.#underWay += data.byteLength
    this.#send({ type: 'wire-data', wire: this.id, data: plainBytes(data) })
    return this.#underWay < windowBytes
  }

  drained(): Promise<void> {
    if (this.#underWay < windowBytes || !this.#isOpen) return Promise.resolve()
    return new Promise((resolve) => this.#writers.push(resolve))
  }

  end(): void {
    if (!this.#isOpen || this.#hasEnded) return
    this.#hasEnded = true
    this.#send({ type: 'wire-end', wire: this.id })
  }

  close({ reset = false }: { reset?: boolean } = {}): void {
    if (this.#isOpen) this.#send({ type: 'wire-close', wire: this.id, ...(reset && { reset }) })
    this.#waiting = []
    this.#reader = null
    this.#closed = null
    this.#leave()
  }

  receive(message: WireMessage): void {
    switch (message.type) {
      case 'wire-data':
        this.#waiting.push(message.data)
        break
      case 'wire-end':
        this.#waiting.push(null)
        break
      case 'wire-read':
        this.#underWay -= message.bytes
        if (this.#underWay < windowBytes) this.#wake()
        break
      case 'wire-close':
        this.#wasReset = message.reset === true
        if (this.#wasReset) this.#waiting = []
        this.#leave()
        break
    }
    this.#drain()
  }

  #leave(): void {
    this.#isOpen = false
    this.#forget()
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#writers.splice(0)) resolve()
  }

  /** Small pieces that wait are read as one, as a socket's are. */
  #next(): Uint8Array | null {
    const parts: Uint8Array[] = []
    let size = 0
    for (
      let part = this.#waiting[0];
      part && (size === 0 || size + part.byteLength <= readBytes);
      part = this.#waiting[0]
    ) {
      parts.push(part)
      size += part.byteLength
      this.#waiting.shift()
    }
    if (parts.length === 0) this.#waiting.shift()
    return parts.length > 1 ? joinBytes(parts) : (parts[0] ?? null)
  }

  #drain(): void {
    // A reader may pause, resume or write while it is being told.
    if (this.#isDraining) return
    this.#isDraining = true
    while (!this.#isPaused && this.#reader && this.#waiting.length > 0) {
      const data = this.#next()
      if (data && this.#isOpen) this.#send({ type: 'wire-read', wire: this.id, bytes: data.byteLength })
      this.#reader(data)
    }
    this.#isDraining = false
    if (this.#isOpen || this.#waiting.length > 0) return
    const closed = this.#closed
    this.#closed = null
    closed?.(this.#wasReset)
  }
}
