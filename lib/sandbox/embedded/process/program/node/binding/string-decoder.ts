import { maxStringLength, tooLong } from './buffer'
import { bytesOf, decodeText, encodingsByNumber, toEncoding } from './codec'
import type { Binding, BindingContext } from './context'

interface Fields {
  kMissingBytes: number
  kBufferedBytes: number
  kEncodingField: number
}

/** Characters that a chunk leaves unfinished wait in the first four bytes of the decoder's state. */
export function createStringDecoderBinding({ constants, nodeError }: BindingContext): Binding {
  const fields = constants('string_decoder')
  const { kMissingBytes, kBufferedBytes, kEncodingField } = fields as unknown as Fields
  const encodingOf = (state: Uint8Array) => toEncoding(encodingsByNumber[state[kEncodingField] ?? 1])

  function decode(state: Uint8Array, chunk: unknown): string {
    if (typeof chunk === 'string') return chunk
    if (!ArrayBuffer.isView(chunk))
      throw nodeError('ERR_INVALID_ARG_TYPE', 'buf', ['Buffer', 'TypedArray', 'DataView'], chunk)
    const encoding = encodingOf(state)
    const waiting = state[kBufferedBytes] ?? 0
    let bytes = bytesOf(chunk)
    if (bytes.length > maxStringLength) throw tooLong()
    if (waiting > 0) {
      const joined = new Uint8Array(waiting + bytes.length)
      joined.set(state.subarray(0, waiting))
      joined.set(bytes, waiting)
      bytes = joined
    }
    const { kept, missing } = tailOf(bytes, encoding, waiting)
    state[kBufferedBytes] = kept
    state[kMissingBytes] = missing
    if (kept > 0) state.set(bytes.subarray(bytes.length - kept), 0)
    return decodeText(bytes.subarray(0, bytes.length - kept), encoding)
  }

  function flush(state: Uint8Array): string {
    const waiting = state.slice(0, state[kBufferedBytes] ?? 0)
    const encoding = encodingOf(state)
    state[kBufferedBytes] = 0
    state[kMissingBytes] = 0
    return decodeText(encoding === 'utf16le' ? waiting.subarray(0, waiting.length & ~1) : waiting, encoding)
  }
  return { ...fields, decode, flush }
}

function tailOf(bytes: Uint8Array, encoding: string, waiting: number): { kept: number; missing: number } {
  switch (encoding) {
    case 'utf8':
      return utf8Tail(bytes)
    case 'utf16le': {
      // A surrogate that waits already goes on waiting for the second half of its other.
      if (bytes.length === 3 && waiting >= 2) return { kept: 3, missing: 1 }
      if (bytes.length % 2 === 1) return { kept: 1, missing: 1 }
      return isHighSurrogate(bytes[bytes.length - 1]) ? { kept: 2, missing: 2 } : { kept: 0, missing: 0 }
    }
    case 'base64':
    case 'base64url': {
      const kept = bytes.length % 3
      return { kept, missing: kept === 0 ? 0 : 3 - kept }
    }
    default:
      return { kept: 0, missing: 0 }
  }
}

const isHighSurrogate = (upper: number | undefined) => upper !== undefined && upper >= 0xd8 && upper <= 0xdb

/** An unfinished character at the end: its first byte tells how many there must be. */
function utf8Tail(bytes: Uint8Array): { kept: number; missing: number } {
  for (let kept = 1; kept <= Math.min(3, bytes.length); kept++) {
    const lead = bytes[bytes.length - kept] ?? 0
    if ((lead & 0xc0) === 0x80) continue
    const needed = (lead & 0xf8) === 0xf0 ? 4 : (lead & 0xf0) === 0xe0 ? 3 : (lead & 0xe0) === 0xc0 ? 2 : 1
    return needed > kept ? { kept, missing: needed - kept } : { kept: 0, missing: 0 }
  }
  return { kept: 0, missing: 0 }
}
