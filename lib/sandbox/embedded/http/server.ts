import { fromLatin1, messageOf } from '@/lib/base'
import type { BridgeHandler, BridgeResponse } from '../preview/bridge/server'
import type { Wire } from '../wire'
import { type ByteReader, createByteReader } from './byte-reader'
import { type HeaderList, headerOf, parseHeaders, readBody, writeChunk, writeHead } from './messages'

const maxBodyBytes = 64 * 1024 * 1024

/** An HTTP/1.1 server on one connection of a port that a program of ours listens on. */
export async function serveHttp(wire: Wire, handler: BridgeHandler): Promise<void> {
  const reader = readerOf(wire)
  const gone = new AbortController()
  wire.onClose(() => gone.abort())
  try {
    for (;;) {
      const isKept = await serveOne(wire, reader, handler, gone.signal)
      if (!isKept) return
    }
  } catch (error) {
    if (!gone.signal.aborted) wire.write(writeHead('HTTP/1.1 400 Bad Request', [['X-Reason', messageOf(error)]]))
  } finally {
    wire.end()
  }
}

/** False when the connection ends with this answer. */
async function serveOne(wire: Wire, reader: ByteReader, handler: BridgeHandler, signal: AbortSignal): Promise<boolean> {
  const head = await reader.head()
  if (head === null) return false
  const [first = '', ...lines] = head.split('\r\n')
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first) ?? []
  if (method === undefined || target === undefined) throw new Error('not a request')
  const headers = parseHeaders(lines)
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const part of readBody(reader, headers, false)) {
    length += part.byteLength
    if (length > maxBodyBytes) throw new Error('The body is larger than 64 MB.')
    parts.push(part)
  }
  const body = length === 0 ? null : new Uint8Array(await new Blob(parts).arrayBuffer())
  const url = new URL(target, `http://${headerOf(headers, 'host') ?? 'localhost'}`)
  const response = await handler
    .request({ method, url, headers: new Headers(headers), body, signal })
    .catch(
      (error): BridgeResponse => ({ status: 500, headers: [['content-type', 'text/plain']], body: messageOf(error) }),
    )
  const isKept = !/close/i.test(headerOf(headers, 'connection') ?? '')
  await respond(wire, response, { isKept, isHead: method === 'HEAD', signal })
  return isKept
}

async function respond(
  wire: Wire,
  { status, statusText = '', headers, body }: BridgeResponse,
  { isKept, isHead, signal }: { isKept: boolean; isHead: boolean; signal: AbortSignal },
): Promise<void> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const isStream = bytes instanceof ReadableStream
  const sized: HeaderList = isStream
    ? [['Transfer-Encoding', 'chunked']]
    : [['Content-Length', String(bytes?.byteLength ?? 0)]]
  const connection: HeaderList = isKept ? [] : [['Connection', 'close']]
  wire.write(writeHead(`HTTP/1.1 ${status} ${statusText || 'OK'}`, [...headers, ...sized, ...connection]))
  if (bytes === null || isHead) return
  if (!isStream) {
    if (!wire.write(bytes)) await wire.drained()
    return
  }
  const stream = bytes.getReader()
  const cancel = () => void stream.cancel()
  signal.addEventListener('abort', cancel)
  for (let part = await stream.read(); !part.done && !signal.aborted; part = await stream.read()) {
    if (!wire.write(writeChunk(part.value))) await wire.drained()
  }
  signal.removeEventListener('abort', cancel)
  wire.write(fromLatin1('0\r\n\r\n'))
}

function readerOf(wire: Wire): ByteReader {
  const waiting: (Uint8Array | null)[] = []
  let taker: ((data: Uint8Array | null) => void) | null = null
  wire.onData((data) => {
    if (taker) taker(data)
    else waiting.push(data)
    taker = null
  })
  return createByteReader(() => {
    const [data] = waiting
    if (data === undefined) {
      return new Promise((resolve) => {
        taker = resolve
      })
    }
    // The end stays.
    if (data !== null) waiting.shift()
    return Promise.resolve(data)
  })
}
