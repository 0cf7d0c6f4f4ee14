import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ResponsesRequest } from '@/lib/models'
import { demoReply, streamReply } from '@/lib/models/scripted'
import type { Reply } from '@/lib/models/scripted/reply'

/** What the upstream does with one request; `cutAfterBytes` ends the connection in mid stream. */
export type Behaviour =
  | { kind: 'answer'; reply?: Reply; cutAfterEvent?: string; pace?: number }
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  | { kind: 'raw'; body: string }

export interface Upstream {
  /** Bodies as they arrived, in order. */
  requests: ResponsesRequest[]
  headers: IncomingMessage['headers'][]
  /** How many connections the client closed before the answer was whole. */
  aborted: number
  /** Taken from the front, one a request; when empty, `answer` does. */
  next: Behaviour[]
  /** Answers when `next` is empty; the demo’s scripts by default. */
  answer: (request: ResponsesRequest) => Reply
  /** Answered with 401, wherever it is tried. */
  refusedKey: string | null
  reset(): void
  close(): Promise<void>
}

/** A Responses server on loopback that the tests control. */
export async function startUpstream(port: number): Promise<Upstream> {
  const upstream: Upstream = {
    requests: [],
    headers: [],
    aborted: 0,
    next: [],
    answer: demoReply,
    refusedKey: null,
    reset() {
      upstream.requests = []
      upstream.headers = []
      upstream.aborted = 0
      upstream.next = []
      upstream.answer = demoReply
      upstream.refusedKey = null
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  const server: Server = createServer((request, response) => {
    respond(request, response).catch((error) => response.destroy(error))
  })

  async function respond(request: IncomingMessage, response: ServerResponse) {
    if (upstream.refusedKey !== null && request.headers.authorization === `Bearer ${upstream.refusedKey}`) {
      const error = { message: `Incorrect API key provided: ${upstream.refusedKey}`, code: 'invalid_api_key' }
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
      return
    }
    if (request.url?.endsWith('/models')) {
      const data = [
        {
          id: 'test-model',
          context_length: 64_000,
          pricing: { prompt: '0.000001', completion: '0.000002' },
          architecture: { input_modalities: ['text', 'image'] },
        },
      ]
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
      return
    }
    const body: ResponsesRequest = JSON.parse(await readText(request))
    upstream.requests.push(body)
    upstream.headers.push(request.headers)
    response.on('close', () => {
      if (!response.writableFinished) upstream.aborted += 1
    })
    const behaviour = upstream.next.shift() ?? { kind: 'answer' }
    if (behaviour.kind === 'status') {
      response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers })
      response.end(
        JSON.stringify(behaviour.body ?? { error: { message: `status ${behaviour.status}`, type: 'server_error' } }),
      )
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (behaviour.kind === 'raw') {
      response.end(behaviour.body)
      return
    }
    const { reply = upstream.answer(body), cutAfterEvent, pace = 0 } = behaviour
    for await (const event of streamReply(reply, { request: body, pace })) {
      if (response.destroyed) return
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      if (event.type === cutAfterEvent) {
        // Let the bytes leave before the connection dies.
        setTimeout(() => response.destroy(), 50)
        return
      }
    }
    response.end()
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return upstream
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
