import type { ServerLink } from './server-link'
import { dispatch } from './xhr'

const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }
const defaultRetryMs = 3000

/** `WebSocket` and `EventSource` over the bridge. */
export function installSockets(server: ServerLink, url: () => URL): void {
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
      const address = new URL(target, url())
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

  class PageEventSource extends EventTarget {
    readonly url: string
    readonly withCredentials: boolean
    readyState = states.CONNECTING
    #stop = new AbortController()
    #lastId = ''
    #retryMs = defaultRetryMs

    constructor(target: string | URL, { withCredentials = false }: EventSourceInit = {}) {
      super()
      this.url = new URL(target, url()).href
      this.withCredentials = withCredentials
      void this.#connect()
    }

    async #connect() {
      try {
        const id: Record<string, string> = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId }
        const headers = { accept: 'text/event-stream', ...id }
        const response = await fetch(this.url, { headers, signal: this.#stop.signal, cache: 'no-store' })
        const type = response.headers.get('content-type') ?? ''
        if (response.status !== 200 || !type.startsWith('text/event-stream')) return this.#end()
        this.readyState = states.OPEN
        dispatch(this, new Event('open'))
        await this.#read(response)
      } catch (error) {
        if (this.#stop.signal.aborted) return
        // It says so once; each try to come back may fail too.
        if (this.readyState === states.OPEN) console.debug(`The event stream ended: ${String(error)}`)
      }
      if (this.readyState === states.CLOSED) return
      this.readyState = states.CONNECTING
      dispatch(this, new Event('error'))
      setTimeout(() => void (this.readyState !== states.CLOSED && this.#connect()), this.#retryMs)
    }

    #end() {
      this.readyState = states.CLOSED
      dispatch(this, new Event('error'))
    }

    async #read(response: Response) {
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        text = (text + part.value).replaceAll('\r\n', '\n').replaceAll('\r', '\n')
        const events = text.split('\n\n')
        text = events.pop() ?? ''
        for (const event of events) this.#receive(event)
      }
    }

    #receive(event: string) {
      let type = 'message'
      const data: string[] = []
      for (const line of event.split('\n')) {
        const at = line.indexOf(':')
        const field = at === -1 ? line : line.slice(0, at)
        const value = at === -1 ? '' : line.slice(at + 1).replace(/^ /, '')
        if (field === 'data') data.push(value)
        else if (field === 'event') type = value
        else if (field === 'id') this.#lastId = value
        else if (field === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value)
      }
      if (data.length === 0) return
      const init = { data: data.join('\n'), lastEventId: this.#lastId, origin: new URL(this.url).origin }
      dispatch(this, new MessageEvent(type, init))
    }

    close(): void {
      this.readyState = states.CLOSED
      this.#stop.abort()
    }
  }
  for (const [name, value] of Object.entries(states)) {
    for (const type of [PageWebSocket, PageWebSocket.prototype]) Object.defineProperty(type, name, { value })
    const forSource = name === 'CLOSED' ? 2 : value
    if (name === 'CLOSING') continue
    for (const type of [PageEventSource, PageEventSource.prototype]) {
      Object.defineProperty(type, name, { value: forSource })
    }
  }
  Object.assign(window, { WebSocket: PageWebSocket, EventSource: PageEventSource })
}
