import type { ServerLink } from './server-link'
import { dispatch } from './xhr'

const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }

/** `WebSocket` over the bridge. `resolve` makes the address at the server of what a script gives. */
export function installWebSocket(server: Pick<ServerLink, 'bridge'>, resolve: (target: string | URL) => URL): void {
  class PageWebSocket extends EventTarget {
    readonly url: string
    readyState = states.CONNECTING
    protocol = ''
    extensions = ''
    bufferedAmount = 0
    binaryType: BinaryType = 'blob'
    #socket: { send(data: string | Uint8Array): void; close(code: number, reason: string): void } | null = null

    constructor(target: string | URL, protocols: string | string[] = []) {
      super()
      const address = resolve(target)
      address.protocol = address.protocol.replace('http', 'ws')
      this.url = address.href
      void this.#open([protocols].flat())
    }

    async #open(protocols: string[]) {
      const bridge = await server.bridge
      if (this.readyState !== states.CONNECTING) return
      this.#socket = bridge.socket(this.url, protocols, {
        opened: (protocol) => {
          this.protocol = protocol
          this.readyState = states.OPEN
          dispatch(this, new Event('open'))
        },
        message: (data) => {
          if (this.readyState !== states.OPEN) return
          dispatch(this, new MessageEvent('message', { data: this.#toData(data), origin: new URL(this.url).origin }))
        },
        closed: (code, reason) => this.#closed(code, reason),
      })
    }

    #toData(data: string | Uint8Array): unknown {
      if (typeof data === 'string') return data
      const bytes = new Uint8Array(data)
      return this.binaryType === 'arraybuffer' ? bytes.buffer : new Blob([bytes])
    }

    #closed(code: number, reason: string) {
      if (this.readyState === states.CLOSED) return
      const wasOpen = this.readyState !== states.CONNECTING
      this.readyState = states.CLOSED
      if (!wasOpen || code === 1006) dispatch(this, new Event('error'))
      dispatch(this, new CloseEvent('close', { code, reason, wasClean: code !== 1006 }))
    }

    send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void {
      if (this.readyState === states.CONNECTING) {
        throw new DOMException('The connection is not open yet.', 'InvalidStateError')
      }
      if (this.readyState !== states.OPEN) return
      if (typeof data === 'string') this.#socket?.send(data)
      else void new Response(data as BodyInit).arrayBuffer().then((bytes) => this.#socket?.send(new Uint8Array(bytes)))
    }

    close(code = 1000, reason = ''): void {
      if (this.readyState >= states.CLOSING) return
      this.readyState = states.CLOSING
      if (this.#socket) this.#socket.close(code, reason)
      else queueMicrotask(() => this.#closed(1006, ''))
    }
  }
  for (const [name, value] of Object.entries(states)) {
    for (const type of [PageWebSocket, PageWebSocket.prototype]) Object.defineProperty(type, name, { value })
  }
  Object.assign(window, { WebSocket: PageWebSocket })
}
