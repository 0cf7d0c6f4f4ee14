import { plainBytes } from '@/lib/base'
import { natives } from '../natives'
import { bytesOf } from './codec'
import type { Binding, BindingContext } from './context'
import { hostOf } from './url'

const flushFlag = 1
const fatalFlag = 2
const ignoreBomFlag = 4

export function createEncodingBinding(context: BindingContext): Binding {
  const results = new Uint32Array(2)
  const encoder = new natives.TextEncoder()
  function decode(input: ArrayBufferView | ArrayBuffer, label: string, options: TextDecoderOptions) {
    const bytes = toBytes(context, input)
    try {
      return new natives.TextDecoder(label, options).decode(plainBytes(bytes))
    } catch {
      throw context.nodeError('ERR_ENCODING_INVALID_ENCODED_DATA', label, undefined)
    }
  }
  return {
    encodeIntoResults: results,
    encodeInto(text: string, target: Uint8Array) {
      const room = plainBytes(target)
      const { read, written } = encoder.encodeInto(text, room)
      if (room !== target) target.set(room.subarray(0, written))
      results.set([read, written])
    },
    encodeUtf8String: (text: string) => encoder.encode(text),
    decodeUTF8: (input: ArrayBuffer, ignoreBOM: boolean, fatal: boolean) =>
      decode(input, 'utf-8', { ignoreBOM, fatal }),
    decodeWindows1252: (input: ArrayBuffer, ignoreBOM: boolean, fatal: boolean) =>
      decode(input, 'windows-1252', { ignoreBOM, fatal }),
    toASCII: hostOf,
    toUnicode: (host: string) => context.require<{ toUnicode(host: string): string }>('punycode').toUnicode(host),
  }
}

function toBytes(context: BindingContext, input: unknown): Uint8Array {
  const isBuffer = ArrayBuffer.isView(input) || input instanceof ArrayBuffer
  const isShared = typeof SharedArrayBuffer !== 'undefined' && input instanceof SharedArrayBuffer
  if (!isBuffer && !isShared)
    throw context.nodeError(
      'ERR_INVALID_ARG_TYPE',
      'list',
      ['SharedArrayBuffer', 'ArrayBuffer', 'ArrayBufferView'],
      input,
    )
  return bytesOf(input as ArrayBufferView)
}

/** ICU's converters and widths, as the browser has them. */
export function createIcuBinding(context: BindingContext): Binding {
  const transcoders: Record<string, string> = {
    utf8: 'utf8',
    ucs2: 'ucs2',
    utf16le: 'ucs2',
    latin1: 'latin1',
    binary: 'latin1',
    ascii: 'latin1',
  }
  return {
    icuErrName: (code: number) => (code === -1 ? 'U_ILLEGAL_ARGUMENT_ERROR' : `U_ERROR_${code}`),
    getConverter(label: string, flags: number) {
      try {
        return new natives.TextDecoder(label, {
          fatal: (flags & fatalFlag) !== 0,
          ignoreBOM: (flags & ignoreBomFlag) !== 0,
        })
      } catch {
        return undefined
      }
    },
    hasConverter(label: string) {
      try {
        return new natives.TextDecoder(label) !== null
      } catch {
        return false
      }
    },
    decode(converter: TextDecoder, input: ArrayBuffer, flags: number, label: string) {
      const bytes = toBytes(context, input)
      try {
        return converter.decode(plainBytes(bytes), { stream: (flags & flushFlag) === 0 })
      } catch {
        throw context.nodeError('ERR_ENCODING_INVALID_ENCODED_DATA', label, undefined)
      }
    },
    transcode(source: Uint8Array, from: string, to: string) {
      const [reader, writer] = [transcoders[from], transcoders[to]]
      if (reader === undefined || writer === undefined) return -1
      const read = Reflect.get(source, `${reader}Slice`) as (start: number, end: number) => string
      const text = read.call(source, 0, source.length)
      const limit = to === 'ascii' ? 0x7f : 0xff
      const plain =
        writer === 'latin1'
          ? Array.from(text, (char) => ((char.codePointAt(0) ?? 0) > limit ? '?' : char)).join('')
          : text
      return context
        .require<{ Buffer: { from(text: string, encoding: string): Uint8Array } }>('buffer')
        .Buffer.from(plain, writer)
    },
    getStringWidth: textWidth,
  }
}

const wide: readonly [number, number][] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2795, 0x2797],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

/** Terminal columns of a text: East Asian wide characters and emoji take two, marks and controls none. */
export function textWidth(text: string): number {
  let width = 0
  for (const char of text.normalize('NFC')) {
    const point = char.codePointAt(0) ?? 0
    if (point < 32 || (point >= 127 && point < 160) || /[\p{Mn}\p{Me}\p{Cf}]/u.test(char)) continue
    width += point > 0x10ff && wide.some(([from, to]) => point >= from && point <= to) ? 2 : 1
  }
  return width
}
