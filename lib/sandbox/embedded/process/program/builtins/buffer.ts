import { nodeError } from '../loader/errors'
import { customInspect } from '../node/inspect'

type Encoding = 'utf8' | 'utf-8' | 'hex' | 'base64' | 'base64url' | 'latin1' | 'binary' | 'ascii' | 'utf16le' | 'ucs2'

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder('utf-8', { ignoreBOM: true }) }

function encode(text: string, encoding: string): Uint8Array {
  switch (encoding.toLowerCase() as Encoding) {
    case 'utf8':
    case 'utf-8':
      return utf8.encoder.encode(text)
    case 'hex':
      return Uint8Array.from(/^(?:[\da-f]{2})*/i.exec(text)?.[0].match(/../g) ?? [], (pair) =>
        Number.parseInt(pair, 16),
      )
    case 'base64':
    case 'base64url':
      return fromLatin1(
        atob(
          text
            .replaceAll('-', '+')
            .replaceAll('_', '/')
            .replace(/[^A-Za-z0-9+/]/g, ''),
        ),
      )
    case 'latin1':
    case 'binary':
    case 'ascii':
      return fromLatin1(text)
    case 'utf16le':
    case 'ucs2':
      return Uint8Array.from(
        { length: text.length * 2 },
        (_, i) => (text.charCodeAt(i >> 1) >> (i % 2 === 0 ? 0 : 8)) & 0xff,
      )
    default:
      throw nodeError('ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`, TypeError)
  }
}

const fromLatin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff)

function toLatin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return text
}

function decode(bytes: Uint8Array, encoding: string): string {
  switch (encoding.toLowerCase() as Encoding) {
    case 'utf8':
    case 'utf-8':
      return utf8.decoder.decode(bytes)
    case 'hex':
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    case 'base64':
      return btoa(toLatin1(bytes))
    case 'base64url':
      return btoa(toLatin1(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
    case 'latin1':
    case 'binary':
      return toLatin1(bytes)
    case 'ascii':
      return toLatin1(bytes.map((byte) => byte & 0x7f))
    case 'utf16le':
    case 'ucs2':
      return new TextDecoder('utf-16le').decode(bytes)
    default:
      throw nodeError('ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`, TypeError)
  }
}

type Bytes = string | ArrayBufferLike | ArrayLike<number> | Uint8Array

/** `Buffer`, as far as text, bytes and files need it. */
export class Buffer extends Uint8Array {
  // Typed-array methods such as `map` and `slice` make Buffers, as in Node.
  static override from(value: Bytes | Iterable<number>, encoding?: unknown, length?: unknown): Buffer {
    if (typeof value === 'string') return Buffer.#wrap(encode(value, String(encoding ?? 'utf8')))
    if (
      value instanceof ArrayBuffer ||
      (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer)
    ) {
      return new Buffer(value as ArrayBuffer, Number(encoding ?? 0), length === undefined ? undefined : Number(length))
    }
    return Buffer.#wrap(Uint8Array.from(value as Iterable<number>))
  }
  static #wrap(bytes: Uint8Array): Buffer {
    return new Buffer(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
  }
  static alloc(size: number, fill?: string | number): Buffer {
    const buffer = new Buffer(size)
    if (typeof fill === 'number') buffer.fill(fill)
    else if (fill !== undefined && fill !== '') {
      const pattern = encode(fill, 'utf8')
      for (let i = 0; i < size; i++) buffer[i] = pattern[i % pattern.length] ?? 0
    }
    return buffer
  }
  static allocUnsafe(size: number): Buffer {
    return new Buffer(size)
  }
  static concat(list: readonly Uint8Array[], total = list.reduce((sum, part) => sum + part.length, 0)): Buffer {
    const out = new Buffer(total)
    let offset = 0
    for (const part of list) {
      out.set(part.subarray(0, Math.max(0, total - offset)), Math.min(offset, total))
      offset += part.length
    }
    return out
  }
  static isBuffer(value: unknown): value is Buffer {
    return value instanceof Buffer
  }
  static isEncoding(name: unknown): boolean {
    return /^(utf-?8|hex|base64(url)?|latin1|binary|ascii|utf16le|ucs2)$/i.test(String(name))
  }
  static byteLength(value: string | Uint8Array, encoding = 'utf8'): number {
    return typeof value === 'string' ? encode(value, encoding).length : value.byteLength
  }
  static compare(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const difference = (a[i] ?? 0) - (b[i] ?? 0)
      if (difference !== 0) return difference < 0 ? -1 : 1
    }
    return a.length === b.length ? 0 : a.length < b.length ? -1 : 1
  }

  override toString(encoding: unknown = 'utf8', start = 0, end = this.length): string {
    return decode(this.subarray(start, end), String(encoding))
  }
  toJSON() {
    return { type: 'Buffer', data: Array.from(this) }
  }
  equals(other: Uint8Array): boolean {
    return Buffer.compare(this, other) === 0
  }
  compare(other: Uint8Array): -1 | 0 | 1 {
    return Buffer.compare(this, other)
  }
  /** Shares memory with this buffer, unlike a typed array's `slice`. */
  override slice(start?: number, end?: number): Buffer {
    return this.subarray(start, end) as Buffer
  }
  write(text: string, offset = 0, length?: number | string, encoding = 'utf8'): number {
    const bytes = encode(text, typeof length === 'string' ? length : encoding)
    const part = bytes.subarray(0, Math.min(this.length - offset, typeof length === 'number' ? length : bytes.length))
    this.set(part, offset)
    return part.length
  }
  copy(target: Uint8Array, targetStart = 0, start = 0, end = this.length): number {
    const part = this.subarray(start, Math.min(end, start + target.length - targetStart))
    target.set(part, targetStart)
    return part.length
  }
  [customInspect]() {
    const shown = Array.from(this.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const rest = this.length - 50
    return `<Buffer${shown === '' ? '' : ` ${shown}`}${rest > 0 ? ` ... ${rest} more byte${rest === 1 ? '' : 's'}` : ''}>`
  }
}

export function createBufferModule(): object {
  return {
    Buffer,
    Blob,
    File: globalThis.File,
    atob: globalThis.atob,
    btoa: globalThis.btoa,
    constants: { MAX_LENGTH: 2 ** 32 },
  }
}
