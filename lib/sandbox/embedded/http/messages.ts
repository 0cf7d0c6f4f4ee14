import { fromLatin1, joinBytes } from '@/lib/base'
import type { ByteReader } from './byte-reader'

export type HeaderList = [name: string, value: string][]

/** The lines of a head after its first one. */
export function parseHeaders(lines: readonly string[]): HeaderList {
  return lines.flatMap((line): HeaderList => {
    const at = line.indexOf(':')
    return at <= 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]]
  })
}

export function headerOf(headers: HeaderList, name: string): string | null {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null
}

/** Characters that would end a header, and so smuggle another in, are left out. */
export function writeHead(first: string, headers: HeaderList): Uint8Array<ArrayBuffer> {
  const clean = (text: string) => text.replace(/[\r\n\0]/g, '')
  const lines = [first, ...headers.map(([name, value]) => `${name}: ${value}`)].map(clean)
  return fromLatin1(`${lines.join('\r\n')}\r\n\r\n`)
}

/** The body of a message, by its headers: chunked, of a known length, or (responses) until the end. */
export async function* readBody(
  reader: ByteReader,
  headers: HeaderList,
  untilEnd: boolean,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (/chunked/i.test(headerOf(headers, 'transfer-encoding') ?? '')) {
    yield* readChunks(reader)
    return
  }
  const length = headerOf(headers, 'content-length')
  if (length === null && !untilEnd) return
  let left = length === null ? Number.POSITIVE_INFINITY : Number(length)
  while (left > 0) {
    const part = await reader.some(left)
    if (part === null) {
      if (length !== null) throw new Error('The connection ended in the middle of a message.')
      return
    }
    left -= part.byteLength
    yield part
  }
}

async function* readChunks(reader: ByteReader): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (;;) {
    const size = Number.parseInt((await reader.line()) ?? '', 16)
    if (!(size >= 0)) throw new Error('A chunk of an HTTP message has no size.')
    if (size === 0) {
      // Trailers end with an empty line.
      for (let line = await reader.line(); line !== null && line !== ''; line = await reader.line());
      return
    }
    yield await reader.exactly(size)
    await reader.line()
  }
}

export function writeChunk(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = fromLatin1(`${data.byteLength.toString(16)}\r\n`)
  return joinBytes([head, data, Uint8Array.of(13, 10)])
}
