/** `XMLHttpRequest` over the page's `fetch`; asynchronous only, as nothing in the page can wait for its server. */
export function installXhr(url: () => URL): void {
  const states = { UNSENT: 0, OPENED: 1, HEADERS_RECEIVED: 2, LOADING: 3, DONE: 4 }

  class PageXhr extends EventTarget {
    readyState = 0
    status = 0
    statusText = ''
    response: unknown = ''
    responseText = ''
    responseXML: Document | null = null
    responseType: XMLHttpRequestResponseType = ''
    responseURL = ''
    timeout = 0
    withCredentials = false
    readonly upload = new EventTarget()
    #method = 'GET'
    #target = ''
    #headers = new Headers()
    #received: Headers | null = null
    #mimeType: string | null = null
    #stop = new AbortController()

    open(method: string, target: string | URL, isAsync = true): void {
      if (!isAsync) {
        throw new DOMException(
          'Synchronous requests are not available in the preview; use fetch.',
          'InvalidAccessError',
        )
      }
      this.#method = method.toUpperCase()
      this.#target = new URL(target, url()).href
      this.#headers = new Headers()
      this.#stop = new AbortController()
      this.#enter(states.OPENED)
    }

    setRequestHeader(name: string, value: string): void {
      this.#headers.append(name, value)
    }

    getResponseHeader(name: string): string | null {
      return this.#received?.get(name) ?? null
    }

    getAllResponseHeaders(): string {
      return [...(this.#received ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join('')
    }

    overrideMimeType(type: string): void {
      this.#mimeType = type
    }

    abort(): void {
      this.#stop.abort()
    }

    send(body: XMLHttpRequestBodyInit | Document | null = null): void {
      const sent = body instanceof Document ? new XMLSerializer().serializeToString(body) : body
      const hasBody = this.#method !== 'GET' && this.#method !== 'HEAD'
      const init = { method: this.#method, headers: this.#headers, signal: this.#stop.signal }
      const limit = this.timeout > 0 ? setTimeout(() => this.#stop.abort('timeout'), this.timeout) : undefined
      this.#tell('loadstart')
      fetch(this.#target, hasBody ? { ...init, body: sent } : init)
        .then((response) => this.#receive(response))
        .catch(() => this.#fail())
        .finally(() => {
          clearTimeout(limit)
          this.#tell('loadend')
        })
    }

    async #receive(response: Response) {
      this.status = response.status
      this.statusText = response.statusText
      this.responseURL = response.url
      this.#received = response.headers
      this.#enter(states.HEADERS_RECEIVED)
      const bytes = await this.#readBody(response)
      this.response = this.#toResponse(bytes)
      this.#enter(states.DONE)
      this.#tell('load')
    }

    async #readBody(response: Response): Promise<Uint8Array<ArrayBuffer>> {
      const parts: Uint8Array<ArrayBuffer>[] = []
      const decoder = new TextDecoder()
      const reader = response.body?.getReader()
      let loaded = 0
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        parts.push(part.value)
        loaded += part.value.byteLength
        if (this.responseType === '' || this.responseType === 'text') {
          this.responseText += decoder.decode(part.value, { stream: true })
          this.response = this.responseText
        }
        this.#enter(states.LOADING)
        this.#tell('progress', loaded)
      }
      return new Uint8Array(await new Blob(parts).arrayBuffer())
    }

    #toResponse(bytes: Uint8Array<ArrayBuffer>): unknown {
      const type = this.#mimeType ?? this.#received?.get('content-type') ?? ''
      const text = () => new TextDecoder().decode(bytes)
      switch (this.responseType) {
        case 'arraybuffer':
          return bytes.buffer
        case 'blob':
          return new Blob([bytes], { type })
        case 'json':
          try {
            return JSON.parse(text())
          } catch {
            return null
          }
        case 'document':
          this.responseXML = new DOMParser().parseFromString(text(), type.includes('xml') ? 'text/xml' : 'text/html')
          return this.responseXML
        default:
          this.responseText = text()
          return this.responseText
      }
    }

    #fail() {
      const { signal } = this.#stop
      this.status = 0
      this.#enter(states.DONE)
      this.#tell(signal.aborted ? (signal.reason === 'timeout' ? 'timeout' : 'abort') : 'error')
    }

    #enter(state: number) {
      this.readyState = state
      dispatch(this, new Event('readystatechange'))
    }

    #tell(type: string, loaded = 0) {
      dispatch(this, new ProgressEvent(type, { loaded }))
    }
  }
  for (const [name, value] of Object.entries(states)) {
    Object.defineProperty(PageXhr, name, { value })
    Object.defineProperty(PageXhr.prototype, name, { value })
  }
  Object.assign(window, { XMLHttpRequest: PageXhr })
}

/** To listeners, and to the `on…` property. */
export function dispatch(target: EventTarget, event: Event): void {
  target.dispatchEvent(event)
  const handler: unknown = Reflect.get(target, `on${event.type}`)
  if (typeof handler === 'function') handler.call(target, event)
}
