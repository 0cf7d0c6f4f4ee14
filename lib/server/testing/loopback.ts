import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LoopbackRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export interface Loopback {
  /** What `OPENAI_BASE_URL` is set to. */
  url: string
  requests: LoopbackRequest[]
  close(): Promise<void>
}

/** A model server of the tests' own on this machine. */
export async function startLoopback(
  answer: (request: LoopbackRequest, response: ServerResponse) => void,
): Promise<Loopback> {
  const requests: LoopbackRequest[] = []
  const server = createServer((incoming, response) => {
    let body = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (piece: string) => {
      body += piece
    })
    incoming.on('end', () => {
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body }
      requests.push(request)
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function sse(...events: unknown[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
}

/** A request as a page of this server sends it. */
export function pageRequest(path: string, body?: unknown, init: RequestInit & { duplex?: 'half' } = {}): Request {
  const headers = new Headers({
    host: 'localhost:3000',
    origin: 'http://localhost:3000',
    'sec-fetch-site': 'same-origin',
  })
  if (body !== undefined) headers.set('content-type', 'application/json')
  new Headers(init.headers).forEach((value, name) => void headers.set(name, value))
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return new Request(`http://localhost:3000${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(text === undefined ? {} : { body: text }),
    ...init,
    headers,
  })
}
