import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DELETE, POST } from '@/app/api/mcp/[server]/route'
import { GET } from '@/app/api/mcp/route'
import { type Loopback, pageRequest, startLoopback } from '../testing/loopback'

let server: Loopback
let elsewhere: Loopback
let address = ''
let id = ''

const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

beforeEach(async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  elsewhere = await startLoopback((_request, response) => response.end('{}'))
  server = await startLoopback((request, response) => {
    if (request.method === 'DELETE') return response.writeHead(405).end()
    const { method } = JSON.parse(request.body) as { method?: string }
    const json = {
      'content-type': 'application/json; charset=utf-8',
      'mcp-session-id': 'session-1',
      'set-cookie': 'a=b',
    }
    switch (request.headers['mcp-session-id']) {
      case 'gone':
        return response.writeHead(404).end()
      case 'moved':
        return response.writeHead(307, { location: `${elsewhere.url}/mcp` }).end()
      case 'locked':
        return response.writeHead(401, { 'www-authenticate': 'Bearer secret-realm' }).end('who are you')
      case 'echo':
        return response.writeHead(200, json).end(JSON.stringify({ token: request.headers.authorization }))
      case 'echo-error':
        return response
          .writeHead(500, { 'content-type': 'application/json' })
          .end(JSON.stringify({ jsonrpc: '2.0', error: { code: 1, message: `no ${request.headers.authorization}` } }))
      case 'html':
        return response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>')
      case 'broken':
        return response
          .writeHead(500, { 'content-type': 'application/json' })
          .end(JSON.stringify({ jsonrpc: '2.0', error: { code: 1, message: 'disk\nfull' } }))
      case 'huge': {
        response.writeHead(200, { 'content-type': 'application/json' })
        const piece = Buffer.alloc(1024 * 1024, 32)
        for (let count = 0; count < 9; count++) response.write(piece)
        return response.end()
      }
      case 'stream':
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n')
        return setTimeout(() => response.end('data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n'), 60)
    }
    if (method === 'notifications/initialized') return response.writeHead(202).end()
    return response.writeHead(200, json).end('{"jsonrpc":"2.0","id":1,"result":{}}')
  })
  address = server.url.replace('/v1', '/mcp')
  vi.stubEnv('VITRINE_MCP_SERVERS', address)
  const { servers } = (await (await GET(pageRequest('/api/mcp'))).json()) as {
    servers: { id: string; address: string }[]
  }
  expect(servers).toEqual([{ id: expect.stringMatching(/^[\w-]{22}$/), address }])
  id = servers[0]?.id ?? ''
})
afterEach(async () => {
  await Promise.all([server.close(), elsewhere.close()])
  const logged = JSON.stringify(vi.mocked(console.info).mock.calls)
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  expect(logged).not.toContain(id)
})

const send = (body: unknown, headers: Record<string, string> = {}, to = id) =>
  POST(pageRequest(`/api/mcp/${to}`, body, { headers }))

async function refusal(response: Response): Promise<[status: number, code: string, message: string]> {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return [response.status, error.code, error.message]
}

describe('a message', () => {
  it('goes to the allowed server with the headers of the protocol and no others, and its answer comes back bare', async () => {
    const response = await send(list, {
      'mcp-session-id': 'session-0',
      'mcp-protocol-version': '2025-06-18',
      cookie: 'theirs=1',
      'x-forwarded-for': '10.0.0.1',
      'last-event-id': '7',
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
    expect(response.headers.get('mcp-session-id')).toBe('session-1')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.has('set-cookie')).toBe(false)
    const { headers, path, body } = server.requests[0] ?? {}
    expect(path).toBe('/mcp')
    expect(JSON.parse(body ?? '')).toEqual(list)
    expect(headers).toMatchObject({
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': 'session-0',
      'mcp-protocol-version': '2025-06-18',
    })
    for (const name of ['cookie', 'origin', 'x-forwarded-for', 'authorization', 'last-event-id']) {
      expect(headers, name).not.toHaveProperty(name)
    }
  })

  it('is streamed when the server streams', async () => {
    const response = await send(list, { 'mcp-session-id': 'stream' })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body?.getReader()
    const first = new TextDecoder().decode((await reader?.read())?.value)
    expect(first).toContain('notifications/progress')
    expect(first).not.toContain('result')
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('result')
  })

  it('that wants no answer is accepted', async () => {
    const response = await send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect([response.status, await response.text()]).toEqual([202, ''])
  })

  it.each([
    ['no method of a client', { jsonrpc: '2.0', id: 1, method: 'resources/subscribe' }],
    ['no JSON-RPC', { method: 'tools/list' }],
    ['neither question nor answer', { jsonrpc: '2.0', id: 1 }],
  ])('is refused when it is %s', async (_what, body) => {
    expect(await refusal(await send(body))).toMatchObject([400, 'invalid_request', expect.any(String)])
    expect(server.requests).toEqual([])
  })

  it('is refused with a session id that could be another header', async () => {
    expect(await refusal(await send(list, { 'mcp-session-id': 'a b' }))).toMatchObject([
      400,
      'invalid_request',
      expect.any(String),
    ])
    expect(server.requests).toEqual([])
  })
})

describe('a server', () => {
  it('that the operator did not name cannot be reached, whatever stands in the path', async () => {
    for (const to of ['nothing', encodeURIComponent(address), `${id}x`, '..', '']) {
      expect((await send(list, {}, to)).status, to).toBe(404)
    }
    vi.stubEnv('VITRINE_MCP_SERVERS', '')
    expect(await refusal(await send(list))).toMatchObject([404, 'not_found', expect.any(String)])
    expect(server.requests).toEqual([])
  })

  it('cannot send us elsewhere', async () => {
    expect(await refusal(await send(list, { 'mcp-session-id': 'moved' }))).toEqual([
      502,
      'tool_server_error',
      'The server of tools cannot be used: It sent us elsewhere, where we do not follow.',
    ])
    expect(elsewhere.requests).toEqual([])
  })

  it('that forgot the session is told apart from one that fails', async () => {
    const failed = async (session: string) => refusal(await send(list, { 'mcp-session-id': session }))
    expect(await failed('gone')).toMatchObject([404, 'tool_session_ended', expect.any(String)])
    expect(await failed('locked')).toMatchObject([502, 'tool_server_error', expect.stringContaining('can set a token')])
    expect(await failed('html')).toMatchObject([502, 'tool_server_error', expect.stringContaining('neither JSON')])
    expect(await failed('broken')).toMatchObject([502, 'tool_server_error', expect.stringContaining('500: disk full.')])
  })

  it('that does not run is named as the reason', async () => {
    await server.close()
    expect(await refusal(await send(list))).toMatchObject([
      502,
      'tool_server_error',
      expect.stringContaining('reached'),
    ])
  })

  it('cannot fill the memory: an answer past the limit is cut', async () => {
    const response = await send(list, { 'mcp-session-id': 'huge' })
    await expect(response.text()).rejects.toThrow('too large')
  })

  it('need not offer to end sessions', async () => {
    const response = await DELETE(
      pageRequest(`/api/mcp/${id}`, undefined, { method: 'DELETE', headers: { 'mcp-session-id': 'session-1' } }),
    )
    expect(response.status).toBe(204)
    expect(server.requests).toMatchObject([{ method: 'DELETE', headers: { 'mcp-session-id': 'session-1' } }])
  })
})

describe('a token that the operator set for a server', () => {
  const token = 'hush-hush-0123'
  beforeEach(() => vi.stubEnv('VITRINE_MCP_TOKENS', `${address} ${token}`))

  it('goes there with every message and at the end, and the page hears only that there is one', async () => {
    await send(list)
    await DELETE(pageRequest(`/api/mcp/${id}`, undefined, { method: 'DELETE' }))
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill(`Bearer ${token}`))
    expect(await (await GET(pageRequest('/api/mcp'))).json()).toMatchObject({
      servers: [{ id, address, signedIn: true }],
    })
  })

  it('does not go elsewhere, wherever the server points', async () => {
    await send(list, { 'mcp-session-id': 'moved' })
    expect(elsewhere.requests).toEqual([])
  })

  it('is taken out of what comes back, and the one that is refused is named as such', async () => {
    expect(await (await send(list, { 'mcp-session-id': 'echo' })).text()).toBe('{"token":"Bearer «token»"}')
    const [, , message] = await refusal(await send(list, { 'mcp-session-id': 'echo-error' }))
    expect(message).toContain('500: no Bearer «token».')
    const [, , locked] = await refusal(await send(list, { 'mcp-session-id': 'locked' }))
    expect(locked).toContain('It refused the token that whoever runs this IDE set for it (401).')
  })
})

it('is for pages of this server alone', async () => {
  const foreign = pageRequest(`/api/mcp/${id}`, list, { headers: { origin: 'https://evil.example' } })
  expect((await POST(foreign)).status).toBe(403)
  const noProof = new Request(`http://localhost:3000/api/mcp/${id}`, {
    method: 'POST',
    headers: { host: 'localhost:3000', 'content-type': 'application/json' },
    body: JSON.stringify(list),
  })
  expect((await POST(noProof)).status).toBe(403)
  expect(server.requests).toEqual([])
})
