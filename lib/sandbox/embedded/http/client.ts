import type { PortConnection } from '../../types'
import type { BridgeHandler, BridgeRequest, BridgeResponse } from '../preview/bridge/server'
import { readerOf, readResponse } from './connection-reader'
import { type HeaderList, writeHead } from './messages'
import { openWebSocket } from './websocket'

/** Answers the preview from a port of the sandbox: every request gets a connection of its own. */
export function createPortHandler(connect: (port: number) => Promise<PortConnection>): BridgeHandler {
  const portOf = (url: URL) => Number(url.port) || 80
  return {
    async request(request) {
      const connection = await connect(portOf(request.url))
      return sendRequest(connection, request)
    },
    socket(url, protocols, socket) {
      connect(portOf(url)).then(
        (connection) => openWebSocket(connection, url, protocols, socket),
        () => socket.close(1006, `Nothing listens on port ${portOf(url)}.`),
      )
    },
  }
}

/** What browsers say with every request, and servers count on. */
const browserHeaders: HeaderList = [
  ['User-Agent', globalThis.navigator?.userAgent ?? 'Mozilla/5.0'],
  ['Accept', '*/*'],
  ['Accept-Language', globalThis.navigator?.language ?? 'en'],
]

async function sendRequest(connection: PortConnection, request: BridgeRequest): Promise<BridgeResponse> {
  const { method, url, headers, body, signal } = request
  const reader = readerOf(connection)
  const writer = connection.writable.getWriter()
  const drop = () => {
    reader.cancel()
    void writer.abort().catch(() => undefined)
  }
  signal.addEventListener('abort', drop, { once: true })
  const skipped = /^(host|connection|content-length|transfer-encoding|accept-encoding)$/i
  const sent: HeaderList = [
    ['Host', url.host],
    ...browserHeaders.filter(([name]) => !headers.has(name)),
    ...[...headers].filter(([name]) => !skipped.test(name)),
    ['Connection', 'close'],
  ]
  if (body !== null || /^(POST|PUT|PATCH)$/.test(method)) sent.push(['Content-Length', String(body?.byteLength ?? 0)])
  await writer.write(writeHead(`${method} ${url.pathname}${url.search} HTTP/1.1`, sent))
  if (body !== null) await writer.write(body)

  const response = await readResponse(reader, method)
  const done = () => {
    signal.removeEventListener('abort', drop)
    drop()
  }
  if (response.body === null) done()
  return {
    ...response,
    headers: response.headers.filter(([name]) => !isHopByHop(name)),
    body: response.body && streamOf(response.body, done),
  }
}

function streamOf(parts: AsyncGenerator<Uint8Array<ArrayBuffer>>, done: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await parts.next().catch((error: unknown) => {
        done()
        throw error
      })
      if (!part.done) return controller.enqueue(part.value)
      done()
      controller.close()
    },
    cancel: done,
  })
}

function isHopByHop(name: string): boolean {
  return /^(connection|keep-alive|transfer-encoding)$/i.test(name)
}
