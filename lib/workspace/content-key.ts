import { encodeUtf8 } from '@/lib/base'
import type { FileData } from './files'

/**
 * Names content by its SHA-256: equal content, equal key. Synchronous, so that a change can be written in the same
 * task in which it happened; the page may be gone in the next.
 */
export function contentKey(data: FileData): string {
  if (typeof data !== 'string') return `bytes-${sha256(data)}`
  // UTF-8 cannot tell lone surrogates apart; JSON escapes them.
  return data.isWellFormed() ? `text-${sha256(encodeUtf8(data))}` : `json-${sha256(encodeUtf8(JSON.stringify(data)))}`
}

/** FIPS 180-4, as lower-case hex. WebCrypto's is asynchronous and missing outside secure contexts. */
export function sha256(bytes: Uint8Array): string {
  const state = Uint32Array.from(initialState)
  const schedule = new Uint32Array(64)
  const padded = pad(bytes)
  for (const view of [blocksOf(bytes), padded]) {
    for (let offset = 0; offset < view.byteLength; offset += 64) compress(state, schedule, view, offset)
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('')
}

/** The whole blocks of the message, without copying it. */
function blocksOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.byteLength % 64))
}

/** The rest of the message, a 1 bit, zeros, and the length in bits: one or two blocks. */
function pad(bytes: Uint8Array): DataView {
  const rest = bytes.byteLength % 64
  const view = new DataView(new ArrayBuffer(rest < 56 ? 64 : 128))
  new Uint8Array(view.buffer).set(bytes.subarray(bytes.byteLength - rest))
  view.setUint8(rest, 0x80)
  view.setUint32(view.byteLength - 8, Math.floor(bytes.byteLength / 2 ** 29))
  view.setUint32(view.byteLength - 4, bytes.byteLength << 3)
  return view
}

function compress(state: Uint32Array, w: Uint32Array, view: DataView, offset: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(offset + i * 4)
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number
    const y = w[i - 2] as number
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (roundConstants[i] as number) + (w[i] as number)) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

const primes = firstPrimes(64)
/** The first 32 bits of the fractional parts of the cube roots, and square roots, of the first primes. */
const roundConstants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))
const initialState = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))

function fraction(root: number): number {
  return (root % 1) * 2 ** 32
}

function firstPrimes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}
