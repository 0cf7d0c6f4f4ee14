import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DELETE, POST } from '@/app/api/mcp/[server]/route'
import { GET } from '@/app/api/mcp/route'
import { pageRequest } from '@/lib/server/testing/loopback'
import { type StandInOptions, type StandInServer, startToolServer } from '../testing/tool-server'
import { createToolClient } from './client'

const servers: StandInServer[] = []
const never = new AbortController().signal

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** The client through our route to a server on this machine, as it is in use. */
async function connect(options: StandInOptions = {}, waits: { callTimeoutMs?: number; timeoutMs?: number } = {}) {
  const server = await startToolServer(options)
  servers.push(server)
  vi.stubEnv('VITRINE_MCP_SERVERS', server.address)
  const { servers: allowed } = (await (await GET(pageRequest('/api/mcp'))).json()) as { servers: { id: string }[] }
  const route: typeof globalThis.fetch = async (input, init = {}) => {
    const { body, ...rest } = init
    const request = pageRequest(String(input), body ?? undefined, rest)
    return request.method === 'DELETE' ? DELETE(request) : POST(request)
  }
  const client = createToolClient({ url: `/api/mcp/${allowed[0]?.id}`, fetch: route, ...waits })
  const methods = () => server.messages.map(({ method = 'answer' }) => method)
  return { server, client, methods }
}

const echo = {
  name: 'echo',
  description: 'Says it again.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  annotations: { readOnlyHint: true },
  answer: ({ text }: Record<string, unknown>) => ({ content: [{ type: 'text', text: `you said ${String(text)}` }] }),
}

describe.each(['json', 'stream'] as const)('with a server that answers in %s', (answers) => {
  it('introduces itself, lists the tools of all pages, and calls one in the same session', async () => {
    const plain = Array.from({ length: 5 }, (_, index) => ({ name: `tool-${index}` }))
    const { client, server, methods } = await connect({ tools: [echo, ...plain], pageSize: 2, answers })
    const tools = await client.listTools(never)
    expect(tools.map(({ name, readOnly }) => `${name} ${readOnly}`)).toEqual([
      'echo true',
      ...plain.map(({ name }) => `${name} false`),
    ])
    expect(tools[0]).toEqual({
      name: 'echo',
      description: 'Says it again.',
      inputSchema: echo.inputSchema,
      readOnly: true,
    })
    expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } }, never)).toEqual({
      ok: true,
      text: 'you said hi',
    })
    expect(methods()).toEqual([
      'initialize',
      'notifications/initialized',
      'tools/list',
      'tools/list',
      'tools/list',
      'tools/call',
    ])
    expect(server.headers[0]).not.toHaveProperty('mcp-session-id')
    for (const headers of server.headers.slice(1)) {
      expect(headers).toMatchObject({ 'mcp-session-id': 'session-1', 'mcp-protocol-version': '2025-06-18' })
    }
    await client.close()
    expect(server.sessions.size).toBe(0)
  })

  it('begins anew when the server has forgotten the session, and calls once', async () => {
    const { client, server, methods } = await connect({ tools: [echo], answers })
    await client.listTools(never)
    server.sessions.clear()
    const call = { name: 'echo', arguments: { text: 'still there' } }
    expect((await client.callTool(call, never)).text).toBe('you said still there')
    expect(methods().slice(3)).toEqual(['tools/call', 'initialize', 'notifications/initialized', 'tools/call'])
  })
})

it('begins one session for calls that come at the same time', async () => {
  const { client, methods } = await connect({ tools: [echo] })
  await Promise.all(['a', 'b', 'c'].map((text) => client.callTool({ name: 'echo', arguments: { text } }, never)))
  expect(methods().filter((method) => method === 'initialize')).toHaveLength(1)
})

it('answers questions of the server while it waits, and refuses what it does not offer', async () => {
  const asking = {
    name: 'asking',
    answer(_args: unknown, response: import('node:http').ServerResponse, id: number | string) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const send = (message: unknown) =>
        response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...(message as object) })}\n\n`)
      send({ id: 'q1', method: 'ping' })
      send({ id: 'q2', method: 'sampling/createMessage', params: {} })
      send({ method: 'notifications/message', params: { data: 'news' } })
      response.write('data: this is not JSON\n\n')
      setTimeout(() => {
        send({ id, result: { content: [{ type: 'text', text: 'done' }] } })
        response.end()
      }, 100)
      return null
    },
  }
  const { client, server } = await connect({ tools: [asking] })
  expect(await client.callTool({ name: 'asking', arguments: {} }, never)).toEqual({ ok: true, text: 'done' })
  await vi.waitFor(() =>
    expect(server.messages.filter(({ method }) => method === undefined)).toMatchObject([
      { id: 'q1', result: {} },
      { id: 'q2', error: { code: -32601 } },
    ]),
  )
})

it('takes text and names what it leaves out', async () => {
  const mixed = {
    name: 'mixed',
    answer: () => ({
      isError: true,
      content: [
        { type: 'text', text: 'broken' },
        { type: 'image', mimeType: 'image/png', data: 'AAAA' },
        { type: 'resource', resource: { uri: 'file:///a.txt', text: 'inside' } },
        { type: 'resource_link', name: 'more', uri: 'https://a.example/more' },
        { type: 'hologram' },
      ],
    }),
  }
  const { client } = await connect({
    tools: [mixed, { name: 'data', answer: () => ({ structuredContent: { a: 1 } }) }],
  })
  const { ok, text } = await client.callTool({ name: 'mixed', arguments: {} }, never)
  expect(ok).toBe(false)
  expect(text.split('\n\n')).toEqual([
    'broken',
    '(a picture of type image/png was left out: only text is taken)',
    'file:///a.txt\ninside',
    'more: https://a.example/more',
    '(something of type hologram was left out)',
  ])
  expect((await client.callTool({ name: 'data', arguments: {} }, never)).text).toBe('{\n  "a": 1\n}')
})

it('keeps answers within bounds', async () => {
  const { client } = await connect({
    tools: [{ name: 'long', answer: () => ({ content: [{ type: 'text', text: 'x'.repeat(500_000) }] }) }],
  })
  const { text } = await client.callTool({ name: 'long', arguments: {} }, never)
  expect(text).toMatch(/^Warning: truncated output/)
  expect(text.length).toBeLessThan(41_000)
})

describe('a server’s files and prompts', () => {
  const offers: StandInOptions['offers'] = {
    'resources/list': ({ cursor }) =>
      cursor === 'two'
        ? { resources: [{ uri: 'notes://2', name: 'Second' }] }
        : { resources: [{ uri: 'notes://1', name: 'First', description: 'Of two.' }], nextCursor: 'two' },
    'resources/read': ({ uri }) => ({ contents: [{ uri, text: 'inside' }] }),
    'prompts/list': () => ({ prompts: [{ name: 'sum', arguments: [{ name: 'of', required: true }, { name: 'in' }] }] }),
    'prompts/get': ({ name }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `Do the ${name}.` } }] }),
  }
  const said = (name: string, given: Record<string, unknown> = {}) =>
    connect({ offers }).then(({ client }) => client.callTool({ name, arguments: given }, never))

  it('are tools that only read, beside its own or instead of them', async () => {
    const names = async (options: StandInOptions) =>
      (await (await connect(options)).client.listTools(never)).map(({ name, readOnly }) => `${name} ${readOnly}`)
    const methods = Object.keys(offers).map((name) => `${name} true`)
    expect(await names({ offers, tools: [echo, { name: 'resources/read' }] })).toEqual([...methods, 'echo true'])
    expect(await names({ offers })).toEqual(methods)
  })

  it('are told in words', async () => {
    expect(await said('resources/list')).toEqual({
      ok: true,
      text: 'notes://1 · First · Of two.\nThere are more: call it again with {"cursor": "two"}.',
    })
    expect((await said('resources/list', { cursor: 'two' })).text).toBe('notes://2 · Second')
    expect((await said('resources/read', { uri: 'notes://1' })).text).toBe('notes://1\ninside')
    expect((await said('prompts/list')).text).toBe('sum(of, in?)')
    expect((await said('prompts/get', { name: 'sum' })).text).toBe('Do the sum.')
  })

  it('that have not the shape are refused', async () => {
    const { client } = await connect({ offers: { 'resources/read': () => ({ contents: 7 }) } })
    await expect(client.callTool({ name: 'resources/read', arguments: { uri: 'a' } }, never)).rejects.toThrow(
      'an answer that the protocol does not know',
    )
  })
})

describe('a server that does not keep to the protocol', () => {
  const failure = async (options: StandInOptions, waits = {}) => {
    const { client } = await connect(options, waits)
    return client.listTools(never).then(String, (error: Error) => error.message)
  }
  const json = { 'content-type': 'application/json' }

  it('is told apart by what it does wrong', async () => {
    expect(await failure({ version: '1999-01-01' })).toContain('speaks version 1999-01-01')
    expect(await failure({ initialize: (response) => response.writeHead(200, json).end('<html>') })).toContain(
      'ended its answer to initialize before it said anything',
    )
    expect(
      await failure({
        initialize: (response, { id }) =>
          response.writeHead(200, json).end(JSON.stringify({ jsonrpc: '2.0', id, result: 7 })),
      }),
    ).toContain('did not introduce itself')
    expect(
      await failure({ initialize: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('hi') }),
    ).toContain('neither JSON nor an event stream')
  })

  it('has its broken tools passed over and its names counted once', async () => {
    const tools = [
      echo,
      { name: 'two words' },
      { name: 'no-schema', inputSchema: 'any' },
      { ...echo, description: 'Another.' },
    ]
    const { client } = await connect({ tools })
    expect((await client.listTools(never)).map(({ name, description }) => `${name}: ${description}`)).toEqual([
      'echo: Says it again.',
    ])
  })

  it('says what a refusal says', async () => {
    const { client } = await connect()
    await expect(client.callTool({ name: 'nothing', arguments: {} }, never)).rejects.toThrow(
      'The server of tools refused: Unknown tool: nothing (-32602)',
    )
  })
})

it('lets who waits for a beginning that another made go, and begins anew for who stays', async () => {
  let asked = 0
  const { client } = await connect({
    tools: [echo],
    initialize: (response, { id }) => {
      // The first is never answered.
      if (asked++ > 0)
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: 1, message: 'not today' } }))
    },
  })
  const [one, two] = [new AbortController(), new AbortController()]
  const listing = [one.signal, two.signal, never].map((signal) =>
    client.listTools(signal).catch((error: Error) => error.message),
  )
  await vi.waitFor(() => expect(asked).toBe(1))
  two.abort(new Error('two stopped'))
  expect(await listing[1]).toBe('two stopped')
  expect(asked).toBe(1)
  one.abort(new Error('one stopped'))
  expect(await listing[0]).toBe('one stopped')
  expect(await listing[2]).toContain('not today')
})

describe('a call without an end', () => {
  const endless = {
    name: 'endless',
    answer(_args: unknown, response: import('node:http').ServerResponse) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const timer = setInterval(
        () => response.write('data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n'),
        10,
      )
      response.on('close', () => clearInterval(timer))
      return null
    },
  }
  const cancelled = (server: StandInServer) =>
    vi.waitFor(() => {
      const { id } = server.messages.find(({ method }) => method === 'tools/call') ?? {}
      const found = server.messages.find(({ method }) => method === 'notifications/cancelled')
      expect(found?.params).toMatchObject({ requestId: id })
      return found?.params?.reason
    })

  it('is given up after a while, and the server is told', async () => {
    const { client, server } = await connect({ tools: [endless] }, { callTimeoutMs: 300 })
    await expect(client.callTool({ name: 'endless', arguments: {} }, never)).rejects.toThrow(
      'did not answer tools/call within',
    )
    expect(await cancelled(server)).toBe('took too long')
  })

  it('ends at once when the user stops it, and the server is told', async () => {
    const { client, server } = await connect({ tools: [endless] })
    const stop = new AbortController()
    const calling = client.callTool({ name: 'endless', arguments: {} }, stop.signal)
    await vi.waitFor(() => expect(server.messages.some(({ method }) => method === 'tools/call')).toBe(true))
    stop.abort(new Error('stopped here'))
    await expect(calling).rejects.toThrow('stopped here')
    expect(await cancelled(server)).toBe('stopped by the user')
  })
})
