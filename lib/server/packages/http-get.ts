import 'server-only'
import { type IncomingHttpHeaders, type IncomingMessage, get as overHttp } from 'node:http'
import { get as overHttps } from 'node:https'
import { addAbortSignal, pipeline, type Readable } from 'node:stream'
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
export async function httpGet(url: URL, { headers, signal }: HttpGetOptions): Promise<HttpAnswer> {
  const incoming = await request(url, { headers, signal })
  const body = addAbortSignal(signal, unpacked(incoming))
  // What goes wrong, whoever reads the body hears; where nobody does, nobody need know.
  body.on('error', () => undefined)
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body }
}

function unpacked(incoming: IncomingMessage): Readable {
  const encoding = incoming.headers['content-encoding'] || 'identity'
  if (/^identity$/i.test(encoding)) return incoming
  if (/^(?:x-)?gzip$/i.test(encoding)) return pipeline(incoming, createGunzip(), () => undefined)
  incoming.destroy()
  throw new Error(`The answer is packed by ${encoding}, which was not asked for.`)
}

function request(url: URL, options: HttpGetOptions, isSecondTry = false): Promise<IncomingMessage> {
  const { headers, signal } = options
  const get = url.protocol === 'https:' ? overHttps : overHttp
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    // A second try gets a connection of its own: the others that had stayed open are as likely to be closed.
    const agent = isSecondTry ? false : undefined
    const sent = get(url, { headers: { 'accept-encoding': 'gzip', ...headers }, agent })
    // Not Node's `signal`: that would make an answer which has come, but is not read yet, end early without an error.
    const leave = () => sent.destroy(signal.reason)
    signal.addEventListener('abort', leave)
    let hasAnswer = false
    sent.on('response', (incoming) => {
      hasAnswer = true
      signal.removeEventListener('abort', leave)
      resolve(incoming)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The other side closed a connection that had been open for a while, in the moment in which it was used again.
      const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && !isSecondTry && !hasAnswer
      if (isStale) resolve(request(url, options, true))
      else reject(error)
    })
    sent.on('close', () => {
      signal.removeEventListener('abort', leave)
      // Without an error where the other side wants to speak another protocol (101).
      reject(new Error('The connection was closed without an answer.'))
    })
  })
}
