import 'server-only'
import { type IncomingHttpHeaders, type IncomingMessage, get as overHttp } from 'node:http'
import { get as overHttps } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  /** Unpacked. Ends with an error when `signal` aborts. Must be read or destroyed. */
  body: Readable
}

export interface HttpGetOptions {
  headers: Record<string, string>
  signal: AbortSignal
}

/**
 * GET over connections that stay open, in place of `fetch`, whose streams cost the server twice the processor's time: a crawl
 * asks a hundred times and reads tens of megabytes. Follows no redirects.
 */
export async function httpGet(url: URL, options: HttpGetOptions): Promise<HttpAnswer> {
  const incoming = await request(url, options)
  const { statusCode: status = 0, headers } = incoming
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return { status, headers, body: incoming }
  if (!/^(?:x-)?gzip$/.test(encoding)) {
    incoming.destroy()
    throw new Error(`The answer is packed by ${encoding}, which was not asked for.`)
  }
  // What goes wrong, the reader of the body hears.
  return { status, headers, body: pipeline(incoming, createGunzip(), () => undefined) }
}

function request(url: URL, { headers, signal }: HttpGetOptions, isSecondTry = false): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? overHttps : overHttp
  return new Promise((resolve, reject) => {
    const sent = get(url, { headers: { 'accept-encoding': 'gzip', ...headers }, signal }, resolve)
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The other side closed a connection that had been open for a while, in the moment in which it was used again.
      const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && !isSecondTry
      if (isStale) resolve(request(url, { headers, signal }, true))
      else reject(error)
    })
  })
}
