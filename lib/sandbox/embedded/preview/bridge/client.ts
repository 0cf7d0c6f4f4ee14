import type { FromServer, ToServer } from './protocol'

export interface BridgeAnswer {
  status: number
  statusText: string
  headers: [string, string][]
  body: ReadableStream<Uint8Array<ArrayBuffer>>
}

export interface SocketEvents {
  opened(protocol: string): void
  message(data: string | Uint8Array): void
  closed(code: number, reason: string): void
}

export interface BridgeClient {
  /** Rejects with a `TypeError`, as `fetch` does, when the server does not answer. */
  request(
    request: Omit<Extract<ToServer, { type: 'request' }>, 'type' | 'id'>,
    signal?: AbortSignal,
  ): Promise<BridgeAnswer>
  socket(
    url: string,
    protocols: string[],
    events: SocketEvents,
  ): { send(data: string | Uint8Array): void; close(code: number, reason: string): void }
  /** A further channel to the same server, for somebody else. */
  channel(): MessagePort
  /** The other end of `port` gets a channel to the same server. */
  share(port: MessagePort): void
  close(): void
}

interface Waiting {
  resolve(answer: BridgeAnswer): void
  reject(error: unknown): void
  body: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null
}

export function createBridgeClient(port: MessagePort): BridgeClient {
  const requests = new Map<number, Waiting>()
  const sockets = new Map<number, SocketEvents>()
  let lastId = 0
  let closed = false
  const post = (message: ToServer, transfer: Transferable[] = []) => port.postMessage(message, transfer)

  function receive(message: FromServer) {
    const waiting = requests.get(message.id)
    switch (message.type) {
      case 'head': {
        const { id, status, statusText, headers } = message
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          start: (controller) => {
            if (waiting) waiting.body = controller
          },
          cancel: () => {
            requests.delete(id)
            post({ type: 'abort', id })
          },
        })
        waiting?.resolve({ status, statusText, headers, body })
        break
      }
      case 'body':
        waiting?.body?.enqueue(new Uint8Array(message.data))
        break
      case 'end':
        waiting?.body?.close()
        requests.delete(message.id)
        break
      case 'failed':
        fail(message.id, new TypeError(message.message))
        break
      case 'socket-opened':
        sockets.get(message.id)?.opened(message.protocol)
        break
      case 'socket-message':
        sockets.get(message.id)?.message(message.data)
        break
      case 'socket-closed':
        sockets.get(message.id)?.closed(message.code, message.reason)
        sockets.delete(message.id)
        break
    }
  }

  function fail(id: number, error: unknown) {
    const waiting = requests.get(id)
    requests.delete(id)
    waiting?.body?.error(error)
    waiting?.reject(error)
  }

  function close() {
    if (closed) return
    closed = true
    port.close()
    for (const id of [...requests.keys()]) fail(id, new TypeError('The server has ended.'))
    for (const events of sockets.values()) events.closed(1006, 'The server has ended.')
    sockets.clear()
  }

  const share = (other: MessagePort) => post({ type: 'channel' }, [other])

  port.onmessage = ({ data }: MessageEvent<FromServer>) => receive(data)
  // Fires in browsers that tell when the other end is gone; elsewhere the IDE closes it.
  port.addEventListener('close', close)

  return {
    request(request, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (closed) return Promise.reject(new TypeError('The server has ended.'))
      lastId += 1
      const id = lastId
      return new Promise((resolve, reject) => {
        requests.set(id, { resolve, reject, body: null })
        signal?.addEventListener('abort', () => {
          if (!requests.has(id)) return
          post({ type: 'abort', id })
          fail(id, signal.reason)
        })
        post({ type: 'request', id, ...request })
      })
    },
    socket(url, protocols, events) {
      lastId += 1
      const id = lastId
      sockets.set(id, events)
      if (closed) queueMicrotask(() => events.closed(1006, ''))
      else post({ type: 'socket', id, url, protocols })
      return {
        send: (data) => post({ type: 'socket-send', id, data }),
        close: (code, reason) => post({ type: 'socket-close', id, code, reason }),
      }
    },
    channel() {
      const { port1, port2 } = new MessageChannel()
      share(port2)
      return port1
    },
    share,
    close,
  }
}
