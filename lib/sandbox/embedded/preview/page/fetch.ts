import type { CookieJar } from './cookies'
import { installLocalFiles } from './local-files'
import type { ServerLink } from './server-link'

const maxRedirects = 20
const nullBody = new Set([101, 103, 204, 205, 304])

export interface FetchOptions {
  url(): URL
  cookies: CookieJar
}

export type FetchFromServer = typeof fetch

/** `fetch` and `Request` for a page whose own address is no base for relative ones. Other sites are refused: no network. */
export function installFetch(server: ServerLink, { url, cookies }: FetchOptions): FetchFromServer {
  const readLocal = installLocalFiles()
  const NativeRequest = window.Request

  class PageRequest extends NativeRequest {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === 'object' && 'method' in input ? input : new URL(String(input), url()).href, init)
    }
  }
  window.Request = PageRequest

  async function send(request: Request, body: Uint8Array | null, hops = 0): Promise<Response> {
    const target = new URL(request.url)
    const headers: [string, string][] = [...request.headers]
    const cookie = request.credentials === 'omit' ? '' : cookies.header(target.href)
    if (cookie !== '') headers.push(['cookie', cookie])
    const { method } = request
    const isOther = target.origin !== url().origin
    if (isOther || !/^(?:GET|HEAD)$/.test(method)) headers.push(['origin', url().origin])
    if (request.referrerPolicy !== 'no-referrer') {
      headers.push(['referer', isOther ? `${url().origin}/` : url().href.replace(/#.*/, '')])
    }
    const bridge = await server.bridge
    const answer = await bridge.request({ method, url: target.href, headers, body }, request.signal)
    for (const [name, value] of answer.headers) {
      if (name.toLowerCase() === 'set-cookie') cookies.set(value, target.href)
    }
    const visible = answer.headers.filter(([name]) => name.toLowerCase() !== 'set-cookie')
    const location = new Headers(visible).get('location')
    if ([301, 302, 303, 307, 308].includes(answer.status) && location !== null && request.redirect !== 'manual') {
      await answer.body.cancel()
      if (request.redirect === 'error' || hops >= maxRedirects) throw new TypeError('Failed to fetch: redirected')
      const keeps = answer.status >= 307 || method === 'GET' || method === 'HEAD'
      const next = new PageRequest(new URL(location, target).href, {
        method: keeps ? method : 'GET',
        headers: request.headers,
        signal: request.signal,
      })
      return send(next, keeps ? body : null, hops + 1)
    }
    const { status, statusText } = answer
    const response = new Response(nullBody.has(status) ? null : answer.body, { status, statusText, headers: visible })
    Object.defineProperties(response, {
      url: { value: target.href },
      redirected: { value: hops > 0 },
      type: { value: 'basic' },
    })
    return response
  }

  const pageFetch: FetchFromServer = async (input, init) => {
    const reference = input instanceof NativeRequest ? input.url : String(input)
    if (/^(blob|data):/i.test(reference)) {
      const local = readLocal(reference)
      if (local) return local
      throw new TypeError('Failed to fetch')
    }
    const request = new PageRequest(input, init)
    const { origin, hostname } = new URL(request.url)
    if (origin !== url().origin && hostname !== 'localhost' && hostname !== '127.0.0.1') {
      console.warn(`fetch(${JSON.stringify(request.url)}) was refused: the preview has no network.`)
      throw new TypeError('Failed to fetch')
    }
    const body = await request.arrayBuffer()
    return send(request, body.byteLength === 0 ? null : new Uint8Array(body))
  }
  window.fetch = pageFetch
  navigator.sendBeacon = (target, data) => {
    void pageFetch(target, { method: 'POST', body: data ?? null, keepalive: false }).catch(() => undefined)
    return true
  }
  return pageFetch
}
