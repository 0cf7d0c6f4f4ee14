import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PortConnection } from '../../types'
import type { BridgeSocket } from '../preview/bridge/server'
import { createPortHandler } from './client'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Node's own server, as one in the sandbox would answer. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(answer)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const handler = createPortHandler(async () => toConnection(connect(port, '127.0.0.1')))
  const send = (path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) =>
    handler.request({
      method: init.method ?? 'GET',
      url: new URL(path, 'http://localhost:3000'),
      headers: new Headers(init.headers),
      body: init.body === undefined ? null : new TextEncoder().encode(init.body),
      signal: new AbortController().signal,
    })
  return { handler, send }
}

function toConnection(socket: Socket): PortConnection {
  return { readable: Readable.toWeb(socket) as ReadableStream<Uint8Array>, writable: Writable.toWeb(socket) }
}

async function textOf(body: unknown): Promise<string> {
  return new Response(body as ReadableStream<Uint8Array> | null).text()
}

describe('a request to a port', () => {
  it('brings the answer of a server, with its status and headers', async () => {
    const { send } = await serve((request, response) => {
      response.writeHead(201, { 'X-Host': request.headers.host ?? '' }).end(`${request.method} ${request.url}`)
    })
    const { status, statusText, headers, body } = await send('/a?b=c')
    expect([status, statusText]).toEqual([201, 'Created'])
    expect(headers).toContainEqual(['X-Host', 'localhost:3000'])
    expect(await textOf(body)).toBe('GET /a?b=c')
  })

  it('says what every browser says, unless the page says another', async () => {
    const { send } = await serve(({ headers }, response) => {
      response.end(JSON.stringify([headers['user-agent'] !== undefined, headers.accept, headers['accept-language']]))
    })
    const answer = await send('/', { headers: { accept: 'application/json', 'accept-language': 'fr' } })
    expect(await textOf(answer.body)).toBe('[true,"application/json","fr"]')
  })

  it('sends a body, and reads one that comes in chunks', async () => {
    const { send } = await serve(async (request, response) => {
      for await (const part of request) response.write(String(part).toUpperCase())
      response.end('!')
    })
    expect(await textOf((await send('/', { method: 'POST', body: 'grüße' })).body)).toBe('GRÜSSE!')
  })

  it('hands on each part as it comes', async () => {
    let more: () => void = () => undefined
    const { send } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
      more = () => response.end('data: 2\n\n')
    })
    const { body } = await send('/')
    const reader = (body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n')
    more()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 2\n\n')
    expect((await reader.read()).done).toBe(true)
  })

  it('expects no body where there is none', async () => {
    const { send } = await serve((_request, response) => response.writeHead(204).end())
    expect((await send('/')).body).toBe(null)
    expect((await send('/', { method: 'HEAD' })).body).toBe(null)
  })

  it('does not let a header smuggle in another', async () => {
    const seen: string[][] = []
    const { send } = await serve((request, response) => {
      seen.push(request.rawHeaders)
      response.end()
    })
    await send('/', { headers: { 'x-name': 'value' } })
    expect(seen[0]).toContain('x-name')
    expect(seen[0]).not.toContain('accept-encoding')
  })

  it('says that a server gave no answer', async () => {
    const { send } = await serve((request) => request.socket.destroy())
    await expect(send('/')).rejects.toThrow('closed the connection without an answer')
  })
})

describe('a WebSocket to a port', () => {
  it('opens, carries text and bytes both ways, and closes with the reason', async () => {
    const { handler } = await serve(() => undefined)
    server?.on('upgrade', (request: IncomingMessage, socket: Socket) => echo(request, socket))
    const received: unknown[] = []
    const socket: BridgeSocket = {
      accept: vi.fn(),
      send: (data) => void received.push(data),
      close: vi.fn(),
      onMessage: () => undefined,
      onClose: () => undefined,
    }
    handler.socket?.(new URL('ws://localhost:3000/chat'), ['talk'], socket)
    await vi.waitFor(() => expect(socket.accept).toHaveBeenCalledWith('talk'))
    socket.onMessage('grüße')
    socket.onMessage(new Uint8Array(70_000).fill(7))
    await vi.waitFor(() => expect(received).toHaveLength(2))
    expect(received[0]).toBe('grüße')
    expect(received[1]).toEqual(new Uint8Array(70_000).fill(7))
    socket.onMessage('bye')
    await vi.waitFor(() => expect(socket.close).toHaveBeenCalledWith(4001, 'enough'))
  })
})

/** Sends back what comes; closes on “bye”. Frames are parsed as RFC 6455 says, whole or in parts. */
function echo(request: IncomingMessage, socket: Socket) {
  const accept = createHash('sha1').update(
    `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
  )
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\nSec-WebSocket-Protocol: talk\r\n\r\n`,
  )
  let buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (let frame = takeFrame(); frame; frame = takeFrame()) {
      if (frame.data.toString() === 'bye')
        socket.write(head(8, Buffer.concat([Buffer.from([0x0f, 0xa1]), Buffer.from('enough')])))
      else if (frame.opcode !== 8) socket.write(head(frame.opcode, frame.data))
    }
  })
  function takeFrame() {
    const [first = 0, second = 0] = buffer
    const short = second & 0x7f
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0
    if (buffer.length < 6 + extended) return null
    const length = extended === 2 ? buffer.readUInt16BE(2) : extended === 8 ? Number(buffer.readBigUInt64BE(2)) : short
    if (buffer.length < 6 + extended + length) return null
    const mask = buffer.subarray(2 + extended, 6 + extended)
    const data = Buffer.from(
      buffer.subarray(6 + extended, 6 + extended + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
    )
    buffer = buffer.subarray(6 + extended + length)
    return { opcode: first & 0x0f, data }
  }
}

function head(opcode: number, data: Buffer): Buffer {
  const long = Buffer.alloc(8)
  long.writeBigUInt64BE(BigInt(data.length))
  const size = data.length < 126 ? Buffer.from([data.length]) : Buffer.concat([Buffer.from([127]), long])
  return Buffer.concat([Buffer.from([0x80 | opcode]), size, data])
}
