import { ValueReader } from '../serialization/reader'
import { ValueWriter } from '../serialization/writer'
import { proxyDetails } from './types'

/** What a port that leaves a thread takes along; each end writes to the other. */
export interface MailMemory {
  inbound: SharedArrayBuffer
  outbound: SharedArrayBuffer
}

/** A power of two, as the counts of bytes wrap at 2 ** 32. */
const capacity = 2 ** 20
const countsBytes = 12
const entryHeadBytes = 8
const maxMessageBytes = 256 * 1024
const maxMessageValues = 5000

export function createMailMemory(): [near: MailMemory, far: MailMemory] | null {
  if (typeof SharedArrayBuffer === 'undefined') return null
  const [there, back] = [createBuffer(), createBuffer()]
  return [
    { inbound: back, outbound: there },
    { inbound: there, outbound: back },
  ]
}

const createBuffer = () => new SharedArrayBuffer(countsBytes + capacity)

/**
 * Messages as bytes in shared memory, beside the browser's, which come in turns of the event loop only: a thread that slept
 * on `Atomics.wait` reads with `receiveMessageOnPort` what it was woken for. Both carry a number; who has read one by the one
 * way drops it when it comes by the other. What bytes cannot say, what is long, or what nobody wants early has a number and
 * no bytes.
 */
export class EarlyMail {
  readonly #inbound: Ring
  readonly #outbound: Ring
  #sent = 0
  #received = 0

  constructor({ inbound, outbound }: MailMemory) {
    this.#inbound = new Ring(inbound)
    this.#outbound = new Ring(outbound)
  }

  /** From here on what comes in may be read early. */
  want(): void {
    this.#inbound.isWanted = true
  }

  /** Sends a message by the browser with its number, and then the bytes: the browser refuses values that look like plain ones. */
  send(message: unknown, post: (number: number) => void): void {
    const number = this.#sent + 1
    post(number)
    this.#sent = number
    const bytes = this.#outbound.isWanted ? toBytes(message) : null
    if (bytes) this.#outbound.put(number, bytes)
  }

  /** Whether a message that the browser brought is news. */
  receive(number: number): boolean {
    if (number <= this.#received) return false
    this.#received = number
    this.#inbound.drop(number)
    return true
  }

  /** The next message, if it is here already. */
  take(): { message: unknown } | null {
    // The browser may have been faster than the bytes.
    this.#inbound.drop(this.#received)
    const bytes = this.#inbound.take(this.#received + 1)
    if (!bytes) return null
    this.#received += 1
    return { message: new ValueReader(bytes, { host: refuse, sharedBuffer: refuse }).value() }
  }
}

/** Entries of one writer for one reader: length, number, bytes. */
class Ring {
  /** Bytes that were written and read since the beginning, and whether the reader wants any. */
  readonly #counts: Int32Array
  readonly #bytes: Uint8Array

  constructor(buffer: SharedArrayBuffer) {
    this.#counts = new Int32Array(buffer, 0, 3)
    this.#bytes = new Uint8Array(buffer, countsBytes)
  }

  get isWanted(): boolean {
    return Atomics.load(this.#counts, 2) === 1
  }

  set isWanted(isWanted: boolean) {
    Atomics.store(this.#counts, 2, Number(isWanted))
  }

  /** Leaves it out when there is no room. */
  put(number: number, bytes: Uint8Array): void {
    const written = Atomics.load(this.#counts, 0)
    const length = entryHeadBytes + bytes.byteLength
    if (((written - Atomics.load(this.#counts, 1)) >>> 0) + length > capacity) return
    this.#write(written, new Uint8Array(Uint32Array.of(bytes.byteLength, number).buffer))
    this.#write(written + entryHeadBytes, bytes)
    Atomics.store(this.#counts, 0, written + length)
  }

  drop(upTo: number): void {
    for (let entry = this.#first(); entry && entry.number <= upTo; entry = this.#first()) this.#passed(entry)
  }

  take(number: number): Uint8Array | null {
    const entry = this.#first()
    if (entry?.number !== number) return null
    const bytes = this.#read(entry.at + entryHeadBytes, entry.length)
    this.#passed(entry)
    return bytes
  }

  #first(): { at: number; length: number; number: number } | null {
    const at = Atomics.load(this.#counts, 1)
    if (Atomics.load(this.#counts, 0) === at) return null
    const [length = 0, number = 0] = new Uint32Array(this.#read(at, entryHeadBytes).buffer)
    return { at, length, number }
  }

  #passed({ at, length }: { at: number; length: number }): void {
    Atomics.store(this.#counts, 1, at + entryHeadBytes + length)
  }

  #write(at: number, bytes: Uint8Array): void {
    const start = at & (capacity - 1)
    const first = bytes.subarray(0, capacity - start)
    this.#bytes.set(first, start)
    this.#bytes.set(bytes.subarray(first.byteLength), 0)
  }

  #read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const start = at & (capacity - 1)
    const bytes = new Uint8Array(length)
    const first = this.#bytes.subarray(start, Math.min(start + length, capacity))
    bytes.set(first)
    bytes.set(this.#bytes.subarray(0, length - first.byteLength), first.byteLength)
    return bytes
  }
}

function refuse(): never {
  throw new TypeError('not data')
}

function toBytes(message: unknown): Uint8Array | null {
  if (!isShort(message)) return null
  const writer = new ValueWriter({ host: refuse, sharedBufferId: refuse, cloneError: (text) => new TypeError(text) })
  try {
    writer.value(message)
  } catch {
    return null
  }
  const bytes = writer.release()
  return bytes.byteLength <= maxMessageBytes ? bytes : null
}

/** Looks no further than it may. Getters and proxies are the browser's to ask, once. */
function isShort(message: unknown): boolean {
  const seen = new Set<object>()
  const waiting: unknown[] = [message]
  let bytes = 0
  for (let count = 0; waiting.length > 0; count++) {
    if (count > maxMessageValues || bytes > maxMessageBytes) return false
    const value = waiting.pop()
    if (typeof value === 'string') bytes += value.length
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (proxyDetails(value) !== undefined) return false
    if (ArrayBuffer.isView(value)) bytes += value.buffer.byteLength
    else if (value instanceof Error) bytes += String(value.stack).length
    else if (value instanceof ArrayBuffer) bytes += value.byteLength
    else if (value instanceof Map) waiting.push(...[...value].slice(0, maxMessageValues).flat())
    else if (value instanceof Set) waiting.push(...[...value].slice(0, maxMessageValues))
    else if (Array.isArray(value) && value.length > maxMessageValues) return false
    else
      for (const { value: inner, get } of Object.values(Object.getOwnPropertyDescriptors(value))) {
        if (get) return false
        waiting.push(inner)
      }
  }
  return true
}
