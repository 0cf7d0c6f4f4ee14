import 'server-only'
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'
import { isPublicAddress } from './public-address'

const defaultConnectMs = 10_000
const notPublic = 'No host on the public internet has this name.'

/** Why a host could not be reached, as a sentence. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}

export interface SentMessage {
  method: 'POST' | 'DELETE'
  headers: Headers
  body: string | null
  signal: AbortSignal
}

/** Sends one message to an address. Follows no redirects. */
export type Send = (address: string, message: SentMessage) => Promise<Response>

export interface PublicFetchOptions {
  resolve?: (host: string) => Promise<LookupAddress[]>
  isAllowed?: (address: string) => boolean
  tls?: ConnectionOptions
  connectMs?: number
}

/**
 * Fetches https addresses that a stranger chose, on the public internet only. The name is looked up once, every address
 * that it stands for must be public, and the connection is made to those: a name that means something else a moment
 * later is not asked again. Answers come as they are sent; compressed ones are refused, since nothing here unpacks them.
 */
export function createPublicFetch(options: PublicFetchOptions = {}): Send {
  const { resolve: resolveName = lookupAll, isAllowed = isPublicAddress, connectMs = defaultConnectMs } = options

  async function checkedAddresses(host: string): Promise<LookupAddress[]> {
    const found = await resolveName(host)
    if (found.length === 0 || !found.every(({ address }) => isAllowed(address))) throw new UnreachableError(notPublic)
    return found
  }

  const pinned: RequestOptions['lookup'] = (host, { all }, callback) => {
    checkedAddresses(host).then(
      (found) => (all ? callback(null, found) : callback(null, found[0]?.address ?? '', found[0]?.family)),
      (error: Error) => callback(error, ''),
    )
  }

  return (address, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const url = new URL(address)
      const host = url.hostname.replace(/^\[|\]$/g, '')
      // A host in numbers is never looked up.
      if (url.protocol !== 'https:' || (isIP(host) !== 0 && !isAllowed(host))) {
        return reject(new UnreachableError(notPublic))
      }
      const request = httpsRequest(url, {
        ...options.tls,
        method,
        headers: { ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
        // A connection of its own: none that was made for another request, or by way of a proxy of the environment.
        agent: false,
        lookup: pinned,
        signal,
      })
      const tooLate = `It did not take the connection within ${Math.round(connectMs / 1000)} seconds.`
      const timer = setTimeout(() => request.destroy(new UnreachableError(tooLate)), connectMs)
      request.on('socket', (socket) => socket.once('secureConnect', () => clearTimeout(timer)))
      request.on('close', () => clearTimeout(timer))
      request.on('error', (error) => reject(explained(error)))
      request.on('response', (incoming) => {
        try {
          resolve(toResponse(incoming))
        } catch (error) {
          request.destroy()
          reject(error)
        }
      })
      request.end(body)
    })
}

async function lookupAll(host: string): Promise<LookupAddress[]> {
  return lookup(host, { all: true })
}

function toResponse(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 0
  if (status < 200 || status > 599) throw new UnreachableError(`It answered with the status ${status}, which is none.`)
  if ((incoming.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new UnreachableError('It answered compressed, which was not asked for.')
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  const isEmpty = status === 204 || status === 205 || status === 304
  if (isEmpty) incoming.resume()
  return new Response(isEmpty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>), { status, headers })
}

function explained(error: NodeJS.ErrnoException): Error {
  if (error instanceof UnreachableError || error.name === 'AbortError') return error
  return new UnreachableError(sentenceFor(error.code ?? ''), { cause: error })
}

function sentenceFor(code: string): string {
  if (code === 'ENOTFOUND' || code === 'ENODATA') return notPublic
  if (code.startsWith('EAI_')) return 'Its name could not be looked up just now.'
  if (code === 'ECONNREFUSED') return 'It takes no connections at this address.'
  if (/CERT|SIGNATURE|SELF_SIGNED/.test(code)) return `Its certificate is not valid for this address (${code}).`
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'It does not speak https at this address.'
  return 'It could not be reached.'
}
