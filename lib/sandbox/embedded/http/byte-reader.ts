import { joinBytes } from '@/lib/base'

/** Reads a byte stream in the pieces that a protocol has. */
export interface ByteReader {
  /** Up to and without the empty line that ends a head; null when the stream ends before. */
  head(): Promise<string | null>
  line(): Promise<string | null>
  /** Exactly `length` bytes; rejects when the stream ends before. */
  exactly(length: number): Promise<Uint8Array<ArrayBuffer>>
  /** Whatever comes next, at most `length` bytes; null at the end. */
  some(length?: number): Promise<Uint8Array<ArrayBuffer> | null>
}

const maxHeadBytes = 64 * 1024
const empty = new Uint8Array()

/** `next` answers the following chunk, null at the end. */
export function createByteReader(next: () => Promise<Uint8Array | null>): ByteReader {
  let buffer: Uint8Array<ArrayBuffer> = empty

  async function more(): Promise<boolean> {
    const chunk = await next()
    if (chunk === null) return false
    buffer = joinBytes([buffer, chunk])
    return true
  }

  function take(length: number): Uint8Array<ArrayBuffer> {
    const taken = buffer.slice(0, length)
    buffer = buffer.subarray(length)
    return taken
  }

  async function until(end: string): Promise<string | null> {
    for (;;) {
      const at = indexOf(buffer, end)
      if (at !== -1) {
        const text = new TextDecoder('latin1').decode(take(at))
        take(end.length)
        return text
      }
      if (buffer.byteLength > maxHeadBytes) throw new Error('The head of an HTTP message is larger than 64 KB.')
      if (!(await more())) return null
    }
  }

  return {
    head: () => until('\r\n\r\n'),
    line: () => until('\r\n'),
    async exactly(length) {
      if (buffer.byteLength >= length) return take(length)
      // Gathered and joined once: a long body comes in thousands of chunks.
      const parts: Uint8Array[] = [buffer]
      for (let size = buffer.byteLength; size < length; size += parts.at(-1)?.byteLength ?? 0) {
        const chunk = await next()
        if (chunk === null) throw new Error('The connection ended in the middle of a message.')
        parts.push(chunk)
      }
      buffer = joinBytes(parts)
      return take(length)
    },
    async some(length = Number.POSITIVE_INFINITY) {
      if (buffer.byteLength === 0 && !(await more())) return null
      return take(Math.min(length, buffer.byteLength))
    },
  }
}

function indexOf(bytes: Uint8Array, text: string): number {
  const first = text.charCodeAt(0)
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    let length = 1
    while (length < text.length && bytes[at + length] === text.charCodeAt(length)) length += 1
    if (length === text.length) return at
  }
  return -1
}
