import { toBase64 } from '@/lib/base'
import type { PortConnection } from '../../types'
import type { BridgeSocket } from '../preview/bridge/server'
import type { ByteReader } from './byte-reader'
import { readerOf, readResponseHead } from './connection-reader'
import { headerOf, writeHead } from './messages'

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
const maxMessageBytes = 64 * 1024 * 1024

/** A WebSocket to a server of the sandbox (RFC 6455, client side), for a socket of the previewed page. */
export async function openWebSocket(
  connection: PortConnection,
  url: URL,
  protocols: readonly string[],
  socket: BridgeSocket,
): Promise<void> {
  const reader = readerOf(connection)
  const writer = connection.writable.getWriter()
  const send = (opcode: number, data: Uint8Array) => writer.write(frameOf(opcode, data)).catch(() => socket.close(1006))
  const key = toBase64(crypto.getRandomValues(new Uint8Array(16)))
  try {
    await writer.write(
      writeHead(`GET ${url.pathname}${url.search} HTTP/1.1`, [
        ['Host', url.host],
        ['Connection', 'Upgrade'],
        ['Upgrade', 'websocket'],
        ['Origin', `http://${url.host}`],
        ['Sec-WebSocket-Version', '13'],
        ['Sec-WebSocket-Key', key],
        ...(protocols.length > 0 ? [['Sec-WebSocket-Protocol', protocols.join(', ')] satisfies [string, string]] : []),
      ]),
    )
    const { status, headers } = await readResponseHead(reader)
    if (status !== 101) return socket.close(1006, `The server answered ${status} instead of a WebSocket.`)
    socket.onMessage = (data) => {
      const isText = typeof data === 'string'
      void send(isText ? opcodes.text : opcodes.binary, isText ? new TextEncoder().encode(data) : data)
    }
    socket.onClose = (code, reason) => {
      void send(opcodes.close, closePayload(code, reason)).then(() => reader.cancel())
    }
    socket.accept(headerOf(headers, 'sec-websocket-protocol') ?? '')
    const [code, reason] = await receive(reader, socket, (data) => void send(opcodes.pong, data))
    await send(opcodes.close, closePayload(code, reason))
    socket.close(code, reason)
  } catch {
    socket.close(1006, 'The connection was lost.')
  } finally {
    reader.cancel()
  }
}

/** Hands messages on until the other side closes; answers why. */
async function receive(
  reader: ByteReader,
  socket: BridgeSocket,
  pong: (data: Uint8Array) => void,
): Promise<[code: number, reason: string]> {
  let parts: Uint8Array<ArrayBuffer>[] = []
  let type: number = opcodes.text
  for (;;) {
    const { opcode, isLast, data } = await readFrame(reader)
    if (opcode === opcodes.ping) pong(data)
    else if (opcode === opcodes.close) {
      const code = data.byteLength >= 2 ? new DataView(data.buffer).getUint16(0) : 1005
      return [code, new TextDecoder().decode(data.subarray(2))]
    } else if (opcode !== opcodes.pong) {
      if (opcode !== opcodes.continuation) {
        type = opcode
        parts = []
      }
      parts.push(data)
      if (!isLast) continue
      const whole = new Uint8Array(await new Blob(parts).arrayBuffer())
      socket.send(type === opcodes.text ? new TextDecoder().decode(whole) : whole)
    }
  }
}

async function readFrame(reader: ByteReader) {
  const [first = 0, second = 0] = await reader.exactly(2)
  let length = second & 0x7f
  if (length === 126) length = new DataView((await reader.exactly(2)).buffer).getUint16(0)
  else if (length === 127) length = Number(new DataView((await reader.exactly(8)).buffer).getBigUint64(0))
  if (length > maxMessageBytes) throw new Error('A WebSocket message is larger than 64 MB.')
  const mask = second & 0x80 ? await reader.exactly(4) : null
  const data = await reader.exactly(length)
  if (mask) for (const [index, byte] of data.entries()) data[index] = byte ^ (mask[index % 4] ?? 0)
  return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, data }
}

/** Clients mask what they send. */
function frameOf(opcode: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const { byteLength: length } = data
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const frame = new Uint8Array(6 + extended + length)
  const view = new DataView(frame.buffer)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) view.setUint16(2, length)
  if (extended === 8) view.setBigUint64(2, BigInt(length))
  const mask = crypto.getRandomValues(new Uint8Array(4))
  frame.set(mask, 2 + extended)
  for (const [index, byte] of data.entries()) frame[6 + extended + index] = byte ^ (mask[index % 4] ?? 0)
  return frame
}

function closePayload(code: number, reason: string): Uint8Array<ArrayBuffer> {
  if (code < 1000 || code === 1005 || code === 1006) return new Uint8Array()
  const text = new TextEncoder().encode(reason).slice(0, 120)
  const payload = new Uint8Array(2 + text.byteLength)
  new DataView(payload.buffer).setUint16(0, code)
  payload.set(text, 2)
  return payload
}
