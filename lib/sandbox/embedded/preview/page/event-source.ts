import { dispatch } from './xhr'

const states = { CONNECTING: 0, OPEN: 1, CLOSED: 2 }
const defaultRetryMs = 3000

/** `EventSource` on the page's `fetch`. */
export function installEventSource(url: () => URL): void {
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
    for (const type of [PageEventSource, PageEventSource.prototype]) Object.defineProperty(type, name, { value })
  }
  Object.assign(window, { EventSource: PageEventSource })
}
