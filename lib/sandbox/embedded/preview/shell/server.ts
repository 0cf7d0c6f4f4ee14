import { toBase64 } from '@/lib/base'
import { type BridgeClient, createBridgeClient } from '../bridge/client'
import { createCookieJar } from '../page/cookies'
import type { LoadedText } from './module-graph'

export interface Loaded {
  /** After redirects. */
  url: string
  status: number
  headers: Headers
  bytes: Uint8Array<ArrayBuffer>
}

export interface ServerRequest {
  url: string
  method?: string
  body?: Uint8Array | null
  headers?: [string, string][]
}

export interface Server {
  bridge: BridgeClient
  load(request: ServerRequest): Promise<Loaded>
  text(url: string, destination: string): Promise<LoadedText>
  /** Each file once; null when it is missing. */
  data(url: string): Promise<string | null>
}

const maxRedirects = 20

/** The shell's own way to the server: follows redirects, carries cookies. `storage` is kept up to date. */
export function openServer(port: MessagePort, storage: Map<string, string>): Server {
  const bridge = createBridgeClient(port)
  const files = new Map<string, Promise<string | null>>()
  const cookies = createCookieJar(storage)

  async function load({ url, method = 'GET', body = null, headers = [] }: ServerRequest, hops = 0): Promise<Loaded> {
    const cookie = cookies.header(url)
    const sent: [string, string][] = cookie === '' ? headers : [...headers, ['cookie', cookie]]
    const answer = await bridge.request({ url, method, body, headers: sent })
    for (const [name, value] of answer.headers) if (name.toLowerCase() === 'set-cookie') cookies.set(value, url)
    const received = new Headers(answer.headers.filter(([name]) => name.toLowerCase() !== 'set-cookie'))
    const target = received.get('location')
    if ([301, 302, 303, 307, 308].includes(answer.status) && target !== null && hops < maxRedirects) {
      await answer.body.cancel()
      const next = new URL(target, url)
      next.hash ||= new URL(url).hash
      const keepsBody = answer.status >= 307 || method === 'GET'
      if (next.origin !== new URL(url).origin)
        throw new Error(`${url} redirects to ${next.href}, which is another site.`)
      return load(
        keepsBody ? { url: next.href, method, body, headers } : { url: next.href, headers: withoutType(headers) },
        hops + 1,
      )
    }
    const bytes = new Uint8Array(await new Response(answer.body).arrayBuffer())
    return { url, status: answer.status, headers: received, bytes }
  }

  async function text(url: string, destination: string): Promise<LoadedText> {
    const loaded = await load({ url, headers: [['sec-fetch-dest', destination]] })
    return {
      url: loaded.url,
      status: loaded.status,
      type: loaded.headers.get('content-type') ?? '',
      text: new TextDecoder().decode(loaded.bytes),
      isPrepared: loaded.headers.has('x-vitrine-prepared'),
    }
  }

  async function readData(url: string): Promise<string | null> {
    if (!url.startsWith('http://localhost')) return null
    const loaded = await load({ url: url.replace(/#.*/, ''), headers: [['sec-fetch-dest', 'image']] }).catch(() => null)
    if (loaded === null || loaded.status >= 400) return null
    const hash = /#.*/.exec(url)?.[0] ?? ''
    return `${toDataUrl(loaded.bytes, loaded.headers.get('content-type'))}${hash}`
  }

  return {
    bridge,
    load,
    text,
    data(url) {
      const known = files.get(url) ?? readData(url)
      files.set(url, known)
      return known
    },
  }
}

function withoutType(headers: [string, string][]): [string, string][] {
  return headers.filter(([name]) => name.toLowerCase() !== 'content-type')
}

export function toDataUrl(bytes: Uint8Array, type: string | null): string {
  return `data:${type ?? 'application/octet-stream'};base64,${toBase64(bytes)}`
}
