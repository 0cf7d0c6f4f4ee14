import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RpcMessage {
  id?: number | string
  method?: string
  params?: Record<string, unknown>
  result?: unknown
  error?: unknown
}

export interface StandInTool {
  name: string
  description?: string
  inputSchema?: unknown
  annotations?: unknown
  /** The result of a call; a function may also take the response into its own hands and return null. */
  answer?: (args: Record<string, unknown>, response: ServerResponse, id: number | string) => unknown
}

export interface StandInOptions {
  /** Any free one by default. */
  port?: number
  tools?: readonly StandInTool[]
  pageSize?: number
  answers?: 'json' | 'stream'
  version?: string
  /** Beside tools, by method of the protocol: its results. Without it there are only tools. */
  offers?: Record<string, (params: Record<string, unknown>) => unknown>
  /** Answers initialize in its own way. */
  initialize?: (response: ServerResponse, message: RpcMessage) => void
}

export interface StandInServer {
  address: string
  /** Everything it was told, answers included. */
  messages: RpcMessage[]
  headers: IncomingMessage['headers'][]
  sessions: Set<string>
  tools: StandInTool[]
  close(): Promise<void>
}

/** A server of tools on this machine that keeps to the protocol, except where a test wants it otherwise. */
export async function startToolServer(options: StandInOptions = {}): Promise<StandInServer> {
  const { pageSize = 50, answers = 'json', version = '2025-06-18' } = options
  const messages: RpcMessage[] = []
  const headers: IncomingMessage['headers'][] = []
  const sessions = new Set<string>()
  const tools = [...(options.tools ?? [])]
  let lastSession = 0

  const give = (response: ServerResponse, { id }: RpcMessage, result: unknown, extra: Record<string, string> = {}) => {
    const text = JSON.stringify({ jsonrpc: '2.0', id, result })
    if (answers === 'json') response.writeHead(200, { 'content-type': 'application/json', ...extra }).end(text)
    else
      response
        .writeHead(200, { 'content-type': 'text/event-stream', ...extra })
        .end(`event: message\ndata: ${text}\n\n`)
  }

  function hear(message: RpcMessage, session: string | undefined, response: ServerResponse): unknown {
    if (message.method === 'initialize') {
      if (options.initialize) return options.initialize(response, message)
      const id = `session-${++lastSession}`
      sessions.add(id)
      const serverInfo = { name: 'stand-in', version: '1' }
      const named = Object.keys(options.offers ?? {}).map((method) => [method.split('/')[0], {}] as const)
      const capabilities = { ...(options.tools && { tools: {} }), ...Object.fromEntries(named) }
      const result = { protocolVersion: version, capabilities, serverInfo }
      return give(response, message, result, { 'mcp-session-id': id })
    }
    if (session === undefined || !sessions.has(session)) return response.writeHead(404).end()
    if (message.id === undefined || message.method === undefined) return response.writeHead(202).end()
    if (message.method === 'tools/list') {
      const from = Number(message.params?.cursor ?? 0)
      const page = tools
        .slice(from, from + pageSize)
        .map(({ answer, ...tool }) => ({ inputSchema: { type: 'object' }, ...tool }))
      const next = from + pageSize < tools.length ? { nextCursor: String(from + pageSize) } : {}
      return give(response, message, { tools: page, ...next })
    }
    const offered = options.offers?.[message.method]
    if (offered) return give(response, message, offered(message.params ?? {}))
    const found = tools.find(({ name }) => name === message.params?.name)
    if (!found) {
      const error = { code: -32602, message: `Unknown tool: ${String(message.params?.name)}` }
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id: message.id, error }))
    }
    const args = (message.params?.arguments ?? {}) as Record<string, unknown>
    const result = found.answer?.(args, response, message.id) ?? {
      content: [{ type: 'text', text: `${found.name} ran` }],
    }
    return response.headersSent ? null : give(response, message, result)
  }

  const server = createServer(async (request, response) => {
    const session = request.headers['mcp-session-id'] as string | undefined
    headers.push(request.headers)
    if (request.method === 'DELETE') {
      sessions.delete(session ?? '')
      response.writeHead(204).end()
      return
    }
    let text = ''
    for await (const piece of request) text += piece
    const message = JSON.parse(text) as RpcMessage
    messages.push(message)
    hear(message, session, response)
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}/mcp`,
    messages,
    headers,
    sessions,
    tools,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
