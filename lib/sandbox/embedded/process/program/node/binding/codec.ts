import { plainBytes } from '@/lib/base'
// Node's text encodings as plain functions between strings and bytes.
import { natives } from '../natives'

const encoder = new natives.TextEncoder()
const utf8Decoder = new natives.TextDecoder('utf-8', { ignoreBOM: true })
const chunkSize = 8192

export type Encoding = 'ascii' | 'utf8' | 'base64' | 'utf16le' | 'latin1' | 'hex' | 'base64url'

/** The order of C++'s `enum encoding`. */
export const encodingsByNumber: readonly (Encoding | 'buffer')[] = [
  'ascii',
  'utf8',
  'base64',
  'utf16le',
  'latin1',
  'hex',
  'buffer',
  'base64url',
]

const aliases: Record<string, Encoding> = {
  'utf-8': 'utf8',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  'utf-16le': 'utf16le',
  binary: 'latin1',
}

export function toEncoding(name: unknown): Encoding {
  if (typeof name === 'number') return toEncoding(encodingsByNumber[name])
  const lower = String(name ?? 'utf8').toLowerCase()
  return aliases[lower] ?? (lower in decoders ? (lower as Encoding) : 'utf8')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const base64Digits = `${alphabet}+/`
const urlDigits = `${alphabet}-_`
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const digitValues = new Int8Array(256).fill(-1)
for (let index = 0; index < 64; index++) {
  digitValues[base64Digits.charCodeAt(index)] = index
  digitValues[urlDigits.charCodeAt(index)] = index
}

export function bytesOf(view: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (ArrayBuffer.isView(view)) return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return new Uint8Array(view)
}

function fromLatin1(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += chunkSize) {
    text += String.fromCharCode.apply(null, bytes.subarray(start, start + chunkSize) as unknown as number[])
  }
  return text
}

function fromUtf16(bytes: Uint8Array): string {
  const length = bytes.length >> 1
  const aligned = new Uint8Array(length * 2)
  aligned.set(bytes.subarray(0, length * 2))
  const units = new Uint16Array(aligned.buffer)
  let text = ''
  for (let start = 0; start < length; start += chunkSize) {
    text += String.fromCharCode.apply(null, units.subarray(start, start + chunkSize) as unknown as number[])
  }
  return text
}

function fromHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexPairs[byte]
  return text
}

function fromBase64(bytes: Uint8Array, digits: string, pads: boolean): string {
  let text = ''
  let index = 0
  for (; index + 2 < bytes.length; index += 3) {
    const bits = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    text += `${digits[bits >> 18]}${digits[(bits >> 12) & 63]}${digits[(bits >> 6) & 63]}${digits[bits & 63]}`
  }
  const left = bytes.length - index
  if (left === 0) return text
  const bits = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8)
  text += `${digits[bits >> 18]}${digits[(bits >> 12) & 63]}`
  if (left === 2) text += digits[(bits >> 6) & 63]
  return pads ? text + '='.repeat(3 - left) : text
}

const decoders: Record<Encoding, (bytes: Uint8Array) => string> = {
  utf8: (bytes) => utf8Decoder.decode(plainBytes(bytes)),
  utf16le: fromUtf16,
  latin1: fromLatin1,
  ascii: (bytes) => fromLatin1(bytes.map((byte) => byte & 127)),
  hex: fromHex,
  base64: (bytes) => fromBase64(bytes, base64Digits, true),
  base64url: (bytes) => fromBase64(bytes, urlDigits, false),
}

function toLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

function toUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    bytes[index * 2] = unit
    bytes[index * 2 + 1] = unit >> 8
  }
  return bytes
}

/** As forgiving as Node: both alphabets, anything else skipped, the first `=` ends it. */
function toBase64Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4))
  let length = 0
  let bits = 0
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 61) break
    const value = unit < 256 ? (digitValues[unit] ?? -1) : -1
    if (value < 0) continue
    bits = ((bits << 6) | value) & 0xffffff
    count += 6
    if (count >= 8) {
      count -= 8
      bytes[length++] = bits >> count
    }
  }
  return bytes.subarray(0, length)
}

function hexValue(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  const lower = unit | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

function toHexBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1)
  for (let index = 0; index < bytes.length; index++) {
    const high = hexValue(text.charCodeAt(index * 2))
    const low = hexValue(text.charCodeAt(index * 2 + 1))
    if (high < 0 || low < 0) return bytes.subarray(0, index)
    bytes[index] = (high << 4) | low
  }
  return bytes
}

const encoders: Record<Encoding, (text: string) => Uint8Array> = {
  utf8: (text) => encoder.encode(text),
  utf16le: toUtf16,
  latin1: toLatin1,
  ascii: toLatin1,
  base64: toBase64Bytes,
  base64url: toBase64Bytes,
  hex: toHexBytes,
}

export const encodeText = (text: string, encoding: Encoding): Uint8Array => encoders[encoding](text)
export const decodeText = (bytes: Uint8Array, encoding: Encoding): string => decoders[encoding](bytes)

/** Writes as much of the text as fits, never a part of a UTF-8 character; answers the bytes written. */
export function encodeTextInto(text: string, target: Uint8Array, encoding: Encoding): number {
  if (encoding === 'utf8' && plainBytes(target) === target) return encoder.encodeInto(text, target).written
  const bytes = encodeText(text, encoding)
  let length = Math.min(bytes.length, target.length)
  if (encoding === 'utf16le') length -= length % 2
  else if (encoding === 'utf8') while (length < bytes.length && ((bytes[length] ?? 0) & 0xc0) === 0x80) length--
  target.set(bytes.subarray(0, length))
  return length
}

export function utf8Length(text: string): number {
  let length = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) length += 1
    else if (unit < 0x800) length += 2
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      length += 4
      index++
    } else length += 3
  }
  return length
}
