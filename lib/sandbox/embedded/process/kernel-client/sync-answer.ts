import { sleepWhile } from '../../nap'
import type { FileOp, SyncCall } from '../../protocol'
import type { Signal } from '../../signals'
import type { SendToKernel } from './kernel-client'

/** The engine's own: a program's threads have another, see `shared-memory.ts`. */
const { store } = Atomics
const bufferBytes = 256 * 1024
const headerBytes = 8

interface Answer {
  exitCode: number
  signal: Signal | null
  error: string | null
  output: (Uint8Array | null)[]
  files: FileOp[]
  messages?: { number: number; seen: number; count: number }[]
}

export const hasSharedMemory = (): boolean => typeof SharedArrayBuffer !== 'undefined'

let buffer: SharedArrayBuffer | undefined
let lastNumber = 0

/** Asks the kernel and sleeps until it has answered; the other end is in `kernel/sync-calls.ts`. */
export function callSync(send: SendToKernel, call: SyncCall): Answer {
  buffer ??= new SharedArrayBuffer(bufferBytes)
  let total = sleepOn(buffer, send, call)
  const bytes = new Uint8Array(total)
  let offset = 0
  for (;;) {
    const part = new Uint8Array(buffer, headerBytes, Math.min(total - offset, bufferBytes - headerBytes))
    bytes.set(part, offset)
    offset += part.byteLength
    if (offset >= total) return decodeAnswer(bytes)
    total = sleepOn(buffer, send, { name: 'more', offset })
  }
}

function sleepOn(shared: SharedArrayBuffer, send: SendToKernel, call: SyncCall): number {
  const words = new Int32Array(shared, 0, 2)
  store(words, 0, 0)
  const number = ++lastNumber
  const ask = () => send({ type: 'sync', number, call, buffer: shared })
  ask()
  // Firefox now and then loses a message that has shared memory in it; the kernel answers a number once.
  sleepWhile(words, 0, 0, ask)
  return words[1] ?? 0
}

function decodeAnswer(bytes: Uint8Array): Answer {
  const jsonLength = new DataView(bytes.buffer).getUint32(0)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + jsonLength)))
  let at = 4 + jsonLength
  const take = (length: number) => {
    at += length
    return bytes.slice(at - length, at)
  }
  return {
    ...head,
    output: head.output.map((length: number | null) => (length === null ? null : take(length))),
    files: head.files.map((op: { data?: number }) => (op.data === undefined ? op : { ...op, data: take(op.data) })),
  }
}
