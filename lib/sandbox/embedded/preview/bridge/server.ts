import { messageOf } from '@/lib/base'
import type { FromServer, ToServer } from './protocol'

export interface BridgeRequest {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array | null
  signal: AbortSignal
}

export interface BridgeResponse {
  status: number
  statusText?: string
  headers: [string, string][]
  body: string | Uint8Array | ReadableStream<Uint8Array> | null
}

export interface BridgeSocket {
  /** The server takes the connection, under one of the protocols offered. */
  accept(protocol?: string): void
  send(data: string | Uint8Array): void
  close(code?: number, reason?: string): void
  onMessage: (data: string | Uint8Array) => void
  onClose: (code: number, reason: string) => void
}

export interface BridgeHandler {
  request(request: BridgeRequest): Promise<BridgeResponse>
  socket?(url: URL, protocols: readonly string[], socket: BridgeSocket): void
}

/** Answers what comes over `port` with `handler`, until the port closes. Messages of another shape are ignored. */
export function serveBridge(port: MessagePort, handler: BridgeHandler): void {
  const requests = new Map<number, AbortController>()
  const sockets = new Map<number, BridgeSocket>()
  const post = (message: FromServer) => port.postMessage(message)

  async function answer({ id, method, url, headers, body }: Extract<ToServer, { type: 'request' }>) {
    const stop = new AbortController()
    requests.set(id, stop)
    try {
      const request = { method, url: new URL(url), headers: new Headers(headers), body, signal: stop.signal }
      const response = await handler.request(request)
      if (stop.signal.aborted) return
      const { status, statusText = '' } = response
      post({ type: 'head', id, status, statusText, headers: response.headers })
      await sendBody(id, response.body, stop.signal)
      post({ type: 'end', id })
    } catch (error) {
      if (!stop.signal.aborted) post({ type: 'failed', id, message: messageOf(error) })
    } finally {
      requests.delete(id)
    }
  }

  async function sendBody(id: number, body: BridgeResponse['body'], signal: AbortSignal) {
    if (body === null) return
    if (typeof body === 'string') return post({ type: 'body', id, data: new TextEncoder().encode(body) })
    if (body instanceof Uint8Array) return post({ type: 'body', id, data: body })
    const reader = body.getReader()
    signal.addEventListener('abort', () => void reader.cancel())
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (signal.aborted) return
      post({ type: 'body', id, data: part.value })
    }
  }

  function openSocket({ id, url, protocols }: Extract<ToServer, { type: 'socket' }>) {
    const socket: BridgeSocket = {
      accept: (protocol = '') => post({ type: 'socket-opened', id, protocol }),
      send: (data) => post({ type: 'socket-message', id, data }),
      close(code = 1000, reason = '') {
        if (sockets.delete(id)) post({ type: 'socket-closed', id, code, reason })
      },
      onMessage: () => undefined,
      onClose: () => undefined,
    }
    sockets.set(id, socket)
    if (handler.socket) handler.socket(new URL(url), protocols, socket)
    else socket.close(1006, 'This server takes no WebSocket.')
  }

  // Fires in browsers that tell when the other end is gone: nobody waits for these answers any more.
  port.addEventListener('close', () => {
    for (const stop of requests.values()) stop.abort()
    for (const socket of sockets.values()) socket.onClose(1001, '')
    sockets.clear()
  })
  port.onmessage = ({ data, ports }: MessageEvent<unknown>) => {
    const message = readToServer(data)
    if (message === null) return
    switch (message.type) {
      case 'request':
        void answer(message)
        break
      case 'abort':
        requests.get(message.id)?.abort()
        break
      case 'socket':
        openSocket(message)
        break
      case 'socket-send':
        sockets.get(message.id)?.onMessage(message.data)
        break
      case 'socket-close': {
        const socket = sockets.get(message.id)
        sockets.delete(message.id)
        socket?.onClose(message.code, message.reason)
        if (socket) post({ type: 'socket-closed', id: message.id, code: message.code, reason: message.reason })
        break
      }
      case 'channel':
        if (ports[0]) serveBridge(ports[0], handler)
        break
    }
  }
}

function readToServer(data: unknown): ToServer | null {
  if (typeof data !== 'object' || data === null) return null
  const message = data as Partial<Record<string, unknown>>
  if (message.type === 'channel') return { type: 'channel' }
  if (typeof message.id !== 'number') return null
  switch (message.type) {
    case 'request':
    case 'socket':
      if (typeof message.url !== 'string' || !URL.canParse(message.url)) return null
      break
    case 'socket-send':
      if (typeof message.data !== 'string' && !(message.data instanceof Uint8Array)) return null
      break
    case 'abort':
    case 'socket-close':
      break
    default:
      return null
  }
  if (message.type === 'request' && !isRequest(message)) return null
  if (message.type === 'socket' && !isStrings(message.protocols)) return null
  return data as ToServer
}

function isRequest({ method, headers, body }: Partial<Record<string, unknown>>): boolean {
  const isPairs = Array.isArray(headers) && headers.every((pair) => isStrings(pair) && pair.length === 2)
  return typeof method === 'string' && isPairs && (body === null || body instanceof Uint8Array)
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}
