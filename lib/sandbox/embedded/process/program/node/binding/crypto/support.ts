import { joinBytes } from '@/lib/base'

/** The part of Node's `Buffer` that the binding hands out and decodes with. */
export interface NodeBuffer extends Uint8Array {
  toString(encoding?: string): string
}

interface NodeBufferClass {
  from(text: string, encoding?: string): NodeBuffer
  from(bytes: ArrayBufferLike, offset: number, length: number): NodeBuffer
  isEncoding(name: unknown): boolean
}

/** What the crypto binding needs of the process it runs in. */
export interface CryptoSupport {
  /** Read on use: the binding may be made before Node's buffer module is. */
  readonly Buffer: NodeBufferClass
  /**
   * Runs as a macrotask of its own, when `after` has settled, inside the process's callback scope, and keeps the process
   * alive until then.
   */
  readonly defer: (run: () => void, after?: Promise<unknown>) => void
  /** The browser's own: by the time this runs, the global `crypto` may be Node's, which asks here. */
  readonly getRandomValues: RandomSource
  /** The browser's Web Crypto, where it gives one: makes large keys sooner, and beside the program. */
  readonly subtle?: SubtleCrypto | undefined
}

type RandomSource = (bytes: Uint8Array<ArrayBuffer>) => unknown

/** Anything that Node's library passes as bytes. */
export type ByteSource = ArrayBufferView | ArrayBufferLike

export function toBytes(source: ByteSource): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  return new Uint8Array(source)
}

/** A string in one of Node's encodings (utf8 when there is none), or bytes. */
export function decodeInput(support: CryptoSupport, data: string | ByteSource, encoding?: unknown): Uint8Array {
  if (typeof data !== 'string') return toBytes(data)
  // Not as a Buffer, whose `slice` does not copy.
  return toBytes(support.Buffer.from(data, support.Buffer.isEncoding(encoding) ? (encoding as string) : 'utf8'))
}

export function toBuffer(support: CryptoSupport, bytes: Uint8Array): NodeBuffer {
  return support.Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A string when the encoding is one of Node's, else a Buffer. */
export function encodeOutput(support: CryptoSupport, bytes: Uint8Array, encoding?: unknown): NodeBuffer | string {
  const buffer = toBuffer(support, bytes)
  return support.Buffer.isEncoding(encoding) ? buffer.toString(encoding as string) : buffer
}

/** An ArrayBuffer of exactly these bytes, which is what Node's jobs answer with. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer
}

export function concatBytes(...parts: Uint8Array[]): Uint8Array {
  return joinBytes(parts)
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] as number)
  return difference === 0
}

let randomSource: RandomSource | undefined

/** Called once, when the binding is made; the primitives that draw on it are used in one process only. */
export function setRandomSource(source: RandomSource): void {
  randomSource = source
}

/** Web Crypto fills at most 64 KiB a call. */
export function fillRandom(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const maxCallBytes = 65_536
  if (!randomSource) throw new Error('There is no source of random numbers yet')
  for (let at = 0; at < bytes.length; at += maxCallBytes) randomSource(bytes.subarray(at, at + maxCallBytes))
  return bytes
}
