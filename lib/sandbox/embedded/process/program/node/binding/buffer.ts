import { natives } from '../natives'
import {
  bytesOf,
  decodeText,
  type Encoding,
  encodeText,
  encodeTextInto,
  encodingsByNumber,
  toEncoding,
  utf8Length,
} from './codec'
import type { Binding, BindingContext } from './context'

const strictUtf8 = new natives.TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** The longest string that V8 makes. */
export const maxStringLength = 0x1fffffe8
const maxBufferLength = 2 ** 53 - 1

export function createBufferBinding(context: BindingContext): Binding {
  const { constants, nodeError } = context

  const slice = (encoding: Encoding) =>
    function (this: Uint8Array, start?: number, end?: number): string {
      const length = this.byteLength
      const from = start === undefined ? 0 : Number(start)
      const to = end === undefined ? length : Math.max(Number(end), from)
      if (from < 0 || to < 0 || to > length) {
        throw nodeError('ERR_OUT_OF_RANGE', from < 0 ? 'start' : 'end', `>= 0 && <= ${length}`, from < 0 ? from : to)
      }
      const perByte = encoding === 'hex' ? 2 : 1
      if ((to - from) * perByte > maxStringLength) throw tooLong()
      return decodeText(new Uint8Array(this.buffer, this.byteOffset + from, to - from), encoding)
    }

  function writeInto(target: Uint8Array, text: string, place: { offset: number; length: number }, encoding: Encoding) {
    if (typeof text !== 'string') throw nodeError('ERR_INVALID_ARG_TYPE', 'argument', 'string', text)
    const { offset } = place
    if (offset > target.byteLength || offset < 0) throw nodeError('ERR_BUFFER_OUT_OF_BOUNDS', 'offset')
    const length = Math.min(place.length, target.byteLength - offset)
    if (length <= 0) return 0
    return encodeTextInto(text, new Uint8Array(target.buffer, target.byteOffset + offset, length), encoding)
  }
  const write = (encoding: Encoding) =>
    function (this: Uint8Array, text: string, offset = 0, length = this.byteLength - offset): number {
      return writeInto(this, text, { offset, length }, encoding)
    }
  const writeStatic =
    (encoding: Encoding) =>
    (target: Uint8Array, text: string, offset = 0, length = target.byteLength - offset): number =>
      writeInto(target, text, { offset, length }, encoding)

  function search(
    buffer: ArrayBufferView,
    needle: Uint8Array,
    offset: number,
    step: { forward: boolean; unit: 1 | 2 },
  ) {
    return findBytes(bytesOf(buffer), needle, offset, step)
  }
  const unitOf = (encoding: number): 1 | 2 => (encodingsByNumber[encoding] === 'utf16le' ? 2 : 1)

  return {
    ...constants('buffer'),
    kMaxLength: maxBufferLength,
    kStringMaxLength: maxStringLength,
    setBufferPrototype: () => undefined,
    byteLengthUtf8: utf8Length,
    createFromString: (text: string, encoding: number) =>
      bufferFrom(context, encodeText(text, toEncoding(encodingsByNumber[encoding]))),
    createUnsafeArrayBuffer: (size: number) => new ArrayBuffer(size),
    copy(source: ArrayBufferView, target: ArrayBufferView, targetStart: number, sourceStart: number, length: number) {
      bytesOf(target).set(bytesOf(source).subarray(sourceStart, sourceStart + length), targetStart)
      return length
    },
    copyArrayBuffer(
      target: ArrayBuffer,
      targetOffset: number,
      source: ArrayBuffer,
      sourceOffset: number,
      length: number,
    ) {
      new Uint8Array(target, targetOffset, length).set(new Uint8Array(source, sourceOffset, length))
    },
    compare: (first: ArrayBufferView, second: ArrayBufferView) => compareBytes(bytesOf(first), bytesOf(second)),
    compareOffset(
      source: ArrayBufferView,
      target: ArrayBufferView,
      targetStart: number,
      sourceStart: number,
      targetEnd: number,
      sourceEnd: number,
    ) {
      if (sourceStart > source.byteLength)
        throw nodeError('ERR_OUT_OF_RANGE', 'sourceStart', `<= ${source.byteLength}`, sourceStart)
      if (targetStart > target.byteLength)
        throw nodeError('ERR_OUT_OF_RANGE', 'targetStart', `<= ${target.byteLength}`, targetStart)
      return compareBytes(
        bytesOf(source).subarray(sourceStart, sourceEnd),
        bytesOf(target).subarray(targetStart, targetEnd),
      )
    },
    fill(buffer: Uint8Array, value: unknown, start: number, end: number, encoding: unknown) {
      for (const [name, value] of Object.entries({ start, end }))
        if (value < 0) throw nodeError('ERR_OUT_OF_RANGE', name, '>= 0', value)
      if (end > buffer.byteLength) return -2
      if (start >= end) return undefined
      const target = new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start)
      const pattern =
        typeof value === 'string'
          ? encodeText(value, toEncoding(encoding))
          : ArrayBuffer.isView(value)
            ? bytesOf(value)
            : null
      if (pattern === null) target.fill(Number(value) & 255)
      else if (pattern.length === 0) return -1
      else repeatInto(target, pattern)
      return undefined
    },
    indexOfBuffer: (
      buffer: ArrayBufferView,
      value: ArrayBufferView,
      offset: number,
      encoding: number,
      forward: boolean,
    ) => search(buffer, bytesOf(value), offset, { forward, unit: unitOf(encoding) }),
    indexOfNumber: (buffer: ArrayBufferView, value: number, offset: number, forward: boolean) =>
      search(buffer, Uint8Array.of(value), offset, { forward, unit: 1 }),
    indexOfString: (buffer: ArrayBufferView, value: string, offset: number, encoding: number, forward: boolean) =>
      search(buffer, encodeText(value, toEncoding(encodingsByNumber[encoding])), offset, {
        forward,
        unit: unitOf(encoding),
      }),
    swap16: (buffer: Uint8Array) => swap(buffer, 2),
    swap32: (buffer: Uint8Array) => swap(buffer, 4),
    swap64: (buffer: Uint8Array) => swap(buffer, 8),
    isAscii(input: ArrayBufferView | ArrayBuffer) {
      assertAttached(context, input)
      return bytesOf(input).every((byte) => byte < 128)
    },
    isUtf8(input: ArrayBufferView | ArrayBuffer) {
      assertAttached(context, input)
      try {
        strictUtf8.decode(new Uint8Array(bytesOf(input)))
        return true
      } catch {
        return false
      }
    },
    atob: decodeAtob,
    btoa(text: string) {
      for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 255) return -1
      return decodeText(encodeText(text, 'latin1'), 'base64')
    },
    asciiSlice: slice('ascii'),
    base64Slice: slice('base64'),
    base64urlSlice: slice('base64url'),
    latin1Slice: slice('latin1'),
    hexSlice: slice('hex'),
    ucs2Slice: slice('utf16le'),
    utf8Slice: slice('utf8'),
    base64Write: write('base64'),
    base64urlWrite: write('base64url'),
    hexWrite: write('hex'),
    ucs2Write: write('utf16le'),
    asciiWriteStatic: writeStatic('latin1'),
    latin1WriteStatic: writeStatic('latin1'),
    utf8WriteStatic: writeStatic('utf8'),
    getZeroFillToggle: () => undefined,
  }
}

export const tooLong = () =>
  Object.assign(new Error(`Cannot create a string longer than 0x${maxStringLength.toString(16)} characters`), {
    code: 'ERR_STRING_TOO_LONG',
  })

/** A `Buffer` over the same bytes. */
export function bufferFrom(context: BindingContext, bytes: Uint8Array): Uint8Array {
  const { FastBuffer } = context.require<{ FastBuffer: new (...values: unknown[]) => Uint8Array }>('internal/buffer')
  return new FastBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function assertAttached({ nodeError }: BindingContext, input: ArrayBufferView | ArrayBuffer) {
  const buffer = ArrayBuffer.isView(input) ? input.buffer : input
  if ((buffer as ArrayBuffer & { detached?: boolean }).detached === true)
    throw nodeError('ERR_INVALID_STATE', 'Cannot validate on a detached buffer')
}

function compareBytes(first: Uint8Array, second: Uint8Array): number {
  const length = Math.min(first.length, second.length)
  for (let index = 0; index < length; index++) {
    const difference = (first[index] ?? 0) - (second[index] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return Math.sign(first.length - second.length)
}

function repeatInto(target: Uint8Array, pattern: Uint8Array) {
  target.set(pattern.subarray(0, target.length))
  for (let filled = Math.min(pattern.length, target.length); filled < target.length; filled *= 2) {
    target.copyWithin(filled, 0, Math.min(filled, target.length - filled))
  }
}

function findBytes(
  hay: Uint8Array,
  needle: Uint8Array,
  byteOffset: number,
  { forward, unit }: { forward: boolean; unit: 1 | 2 },
): number {
  let offset = Math.trunc(byteOffset)
  if (offset < 0) offset += hay.length
  if (offset < 0) {
    if (!forward) return -1
    offset = 0
  }
  const last = hay.length - needle.length
  if (offset > last) {
    if (forward) return needle.length === 0 ? Math.min(offset, hay.length) : -1
    offset = last
  }
  if (offset < 0) return -1
  if (needle.length === 0) return offset
  if (unit === 2 && needle.length < 2) return -1
  if (forward && unit === 1) return findForward(hay, needle, offset)
  for (let at = offset; forward ? at <= last : at >= 0; at += forward ? 1 : -1) {
    if ((unit === 1 || at % 2 === 0) && matchesAt(hay, needle, at)) return at
  }
  return -1
}

function findForward(hay: Uint8Array, needle: Uint8Array, offset: number): number {
  const first = needle[0] ?? 0
  for (let at = hay.indexOf(first, offset); at !== -1; at = hay.indexOf(first, at + 1)) {
    if (at + needle.length > hay.length) return -1
    if (matchesAt(hay, needle, at)) return at
  }
  return -1
}

function matchesAt(hay: Uint8Array, needle: Uint8Array, at: number): boolean {
  for (let index = 0; index < needle.length; index++) if (hay[at + index] !== needle[index]) return false
  return true
}

function swap(buffer: Uint8Array, size: number) {
  const bytes = bytesOf(buffer)
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return buffer
}

/** Negative numbers are the failures that lib/buffer.js tells apart. */
function decodeAtob(input: string): string | number {
  let text = String(input).replace(/[\t\n\f\r ]/g, '')
  if (text.length % 4 === 0) text = text.replace(/==?$/, '')
  if (/[^A-Za-z0-9+/]/.test(text)) return -1
  if (text.length % 4 === 1) return -3
  return decodeText(encodeText(text, 'base64'), 'latin1')
}
