import { encodeUtf8 } from '@/lib/base'
import type { FileOp, FilesMessage, FromProcess, SyncCall } from '../protocol'
import { isSignal, type Signal } from '../signals'
import { runChildFor } from './children'
import type { Process } from './process'
import { isLate } from './worker-pool'

const headerBytes = 8

/** What a process that sleeps on a shared buffer is told; see `process/sync-answer.ts` for the reader. */
interface SyncAnswer {
  exitCode: number
  signal: Signal | null
  /** Why the call itself failed, as a code such as `ETIMEDOUT`. */
  error: string | null
  /** By descriptor; null where it is no pipe. */
  output: (Uint8Array | null)[]
  /** What others wrote meanwhile. */
  files: FileOp[]
  /** Where those came as messages: whose each of them was. */
  messages?: { number: number; seen: number; count: number }[]
}

/** Those after `number`, if none between is missing. A package's memory is shared, which only messages can do. */
function following(untaken: FilesMessage[], number: number): FilesMessage[] {
  const later = untaken.filter((message) => message.number > number)
  if (later[0]?.number !== number + 1) return []
  const end = later.findIndex(({ ops }) => ops.some(({ kind }) => kind === 'package'))
  return end === -1 ? later : later.slice(0, end)
}

/** JSON with the lengths of the byte strings that follow it: `[length of JSON][JSON][bytes…]`. */
function encodeAnswer({ output, files, ...plain }: SyncAnswer): Uint8Array {
  const blobs: Uint8Array[] = []
  const keep = (data: Uint8Array) => {
    blobs.push(data)
    return data.byteLength
  }
  const head = {
    ...plain,
    output: output.map((data) => data && keep(data)),
    files: files.map((op) => ('data' in op ? { ...op, data: keep(op.data) } : op)),
  }
  const json = encodeUtf8(JSON.stringify(head))
  const bytes = new Uint8Array(4 + json.byteLength + blobs.reduce((sum, blob) => sum + blob.byteLength, 0))
  new DataView(bytes.buffer).setUint32(0, json.byteLength)
  bytes.set(json, 4)
  let at = 4 + json.byteLength
  for (const blob of blobs) {
    bytes.set(blob, at)
    at += blob.byteLength
  }
  return bytes
}

/** Writes as much of the answer as the buffer holds, from `offset` on, and wakes the sleeper. */
function putAnswer(buffer: SharedArrayBuffer, answer: Uint8Array, offset: number): void {
  const words = new Int32Array(buffer, 0, 2)
  const part = answer.subarray(offset, offset + buffer.byteLength - headerBytes)
  new Uint8Array(buffer, headerBytes, part.byteLength).set(part)
  words[1] = answer.byteLength
  Atomics.store(words, 0, 1)
  Atomics.notify(words, 0)
}

function isSyncBuffer(buffer: unknown): buffer is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer && buffer.byteLength >= 1024
}

/** What one process asks and sleeps for. It can ask but one thing at a time. */
export class SyncCalls {
  readonly #process: Process
  #answer: Uint8Array | null = null
  #lastNumber = 0

  constructor(process: Process) {
    this.#process = process
  }

  receive({ number, call, buffer }: Extract<FromProcess, { type: 'sync' }>): void {
    if (!isSyncBuffer(buffer)) throw new TypeError('not a shared buffer')
    // Who has waited long asks again.
    if (!(number > this.#lastNumber)) return
    this.#lastNumber = number
    if (call.name === 'more') {
      if (!this.#answer || !Number.isInteger(call.offset) || call.offset < 0) throw new RangeError('no answer waits')
      putAnswer(buffer, this.#answer, call.offset)
    } else if (call.name === 'files') this.#files(call.after, buffer)
    else if (call.name === 'kill') this.#kill(call.target, call.signal, buffer)
    else if (call.name === 'bundle') void this.#bundle(call.bundle, buffer)
    else this.#spawn(call, buffer)
  }

  #put(buffer: SharedArrayBuffer, answer: SyncAnswer): void {
    this.#answer = encodeAnswer(answer)
    putAnswer(buffer, this.#answer, 0)
  }

  #kill(target: number, signal: unknown, buffer: SharedArrayBuffer): void {
    const found = this.#process.machine.kill(target || -this.#process.group, isSignal(signal) ? signal : null)
    this.#put(buffer, { exitCode: 0, signal: null, error: found ? null : 'ESRCH', output: [], files: [] })
  }

  #files(after: number, buffer: SharedArrayBuffer): void {
    const messages = following(this.#process.worker?.untaken ?? [], after)
    this.#put(buffer, {
      exitCode: 0,
      signal: null,
      error: null,
      output: [],
      files: messages.flatMap(({ ops }) => ops),
      messages: messages.map(({ number, seen, ops }) => ({ number, seen, count: ops.length })),
    })
  }

  async #bundle(name: unknown, buffer: SharedArrayBuffer): Promise<void> {
    const url = isLate(name) ? await this.#process.machine.context.bundles.url(name) : null
    const output = url === null ? [] : [encodeUtf8(url)]
    this.#put(buffer, { exitCode: 0, signal: null, error: url === null ? 'ENOENT' : null, output, files: [] })
  }

  #spawn(call: Extract<SyncCall, { name: 'spawn' }>, buffer: SharedArrayBuffer): void {
    const { pid, child, timeoutMs, maxBuffer, killSignal } = call
    if (typeof timeoutMs !== 'number' || typeof maxBuffer !== 'number' || !isSignal(killSignal)) {
      throw new TypeError('not limits')
    }
    const { worker } = this.#process
    const files: FileOp[] = []
    if (worker) worker.withheld = files
    const request = { pid: this.#process.checkChildPid(pid), child, timeoutMs, maxBuffer, killSignal }
    runChildFor(this.#process, request, (result) => {
      if (worker) worker.withheld = null
      this.#put(buffer, { ...result, files })
    })
  }
}
