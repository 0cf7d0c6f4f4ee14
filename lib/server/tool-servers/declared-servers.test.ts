import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { POST as ownRoute } from '@/app/api/mcp/own/route'
import { GET } from '@/app/api/mcp/route'
import { toolServerHeaders } from '@/lib/base'
import { handle } from '../handle'
import { pageRequest } from '../testing/loopback'
import type { Send, SentMessage } from './public-fetch'
import { declaredAddressProblem, declaredTarget } from './tool-server-target'
import { endToolSession, toolMessage } from './tool-servers'

/** Every name leads to this machine. */
vi.mock('node:dns/promises', () => ({ lookup: async () => [{ address: '127.0.0.1', family: 4 }] }))

const address = 'https://tools.example/mcp'
const token = 'hush-hush-0123'
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

let answer: () => Response
let sent: { address: string; message: SentMessage }[]

const send: Send = async (to, message) => {
  sent.push({ address: to, message })
  return answer()
}
const target = declaredTarget(send)
const POST = handle({ access: 'write', body: 'json' }, toolMessage(target))
const DELETE = handle({ access: 'write' }, endToolSession(target))

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  for (const name of ['VITRINE_OWN_MCP_SERVERS', 'VITRINE_PUBLIC_URL', 'VITRINE_TRUSTED_PROXY_HOPS']) {
    vi.stubEnv(name, undefined)
  }
  sent = []
  answer = () => Response.json({ jsonrpc: '2.0', id: 1, result: {} })
})
afterEach(() => {
  const logged = JSON.stringify(vi.mocked(console.info).mock.calls)
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  vi.useRealTimers()
  expect(logged).not.toMatch(/tools\.example|hush/)
})

const named = (headers: Record<string, string> = {}) => ({ [toolServerHeaders.address]: address, ...headers })
const ask = (headers: Record<string, string> = {}, body: unknown = list, post = POST) =>
  post(pageRequest('/api/mcp/own', body, { headers: named(headers) }))

async function refusal(response: Response): Promise<[status: number, code: string, message: string]> {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return [response.status, error.code, error.message]
}

describe('a server that a user declares', () => {
  it('gets the message, its token and the headers of the protocol, and nothing else', async () => {
    const response = await ask({ [toolServerHeaders.token]: token, cookie: 'a=b', 'mcp-session-id': 's1' })
    expect(await response.json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
    expect(sent).toMatchObject([{ address, message: { method: 'POST', body: JSON.stringify(list) } }])
    expect(Object.fromEntries(sent[0]?.message.headers ?? [])).toEqual({
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'mcp-session-id': 's1',
    })
    await DELETE(
      pageRequest('/api/mcp/own', undefined, {
        method: 'DELETE',
        headers: named({ [toolServerHeaders.token]: token }),
      }),
    )
    expect(sent[1]).toMatchObject({ address, message: { method: 'DELETE', body: null } })
  })

  it.each([
    ['', 'must be an address'],
    ['tools.example/mcp', 'must be an address'],
    ['http://tools.example/mcp', 'must be https'],
    ['http://localhost:8100/mcp', 'must be https; on this machine only whoever runs this IDE can allow one'],
    ['https://localhost/mcp', 'public internet'],
    ['https://127.0.0.1:8443/mcp', 'public internet'],
    ['https://[::1]/mcp', 'public internet'],
    ['https://[::ffff:8.8.8.8]/', 'plainly'],
    ['https://10.0.0.1/mcp', 'public internet'],
    ['https://100.64.1.1/mcp', 'public internet'],
    ['https://169.254.169.254/latest/meta-data', 'metadata'],
    ['https://2130706433/', 'plainly'],
    ['https://0177.0.0.1/', 'plainly'],
    ['https://metadata.google.internal/', 'metadata'],
    ['https://intranet/mcp', 'link-local'],
    ['https://user:hush@tools.example/mcp', 'credentials'],
    ['https://tools.example/mcp?key=hush', 'query'],
    ['https://tools.example/a/../mcp', 'plainly'],
    ['https://tools.example:22/mcp', 'port'],
    [`https://tools.example/${'a'.repeat(2_048)}`, 'longer'],
  ])('cannot be %s', async (text, why) => {
    const [status, code, message] = await refusal(await ask({ [toolServerHeaders.address]: text }))
    expect([status, code]).toEqual([400, 'invalid_request'])
    expect(message).toContain(why)
    expect(message).not.toContain('hush')
    expect(sent).toEqual([])
  })

  it.each([
    'https://tools.example',
    'https://tools.example/',
    'https://tools.example:8443/a/mcp',
    'https://1.1.1.1/mcp',
  ])('can be %s', (text) => expect(declaredAddressProblem(text)).toBeNull())

  it.each(['short', 'two words here', 'umlaut-tökens', `${token}\tx`])('cannot have the token “%s”', async (text) => {
    expect(await refusal(await ask({ [toolServerHeaders.token]: text }))).toMatchObject([
      400,
      'invalid_request',
      expect.stringContaining('printable'),
    ])
    expect(sent).toEqual([])
  })

  it('gets messages of the protocol only, and none that is too large', async () => {
    expect((await ask({}, { jsonrpc: '2.0', id: 1, method: 'resources/subscribe' })).status).toBe(400)
    expect((await ask({}, { ...list, params: { cursor: 'x'.repeat(300_000) } })).status).toBe(413)
    expect(sent).toEqual([])
  })

  it('cannot hand on the token that it got, or set a header by it', async () => {
    answer = () =>
      Response.json(
        { said: token },
        { headers: { 'mcp-session-id': `s-${token}`, 'set-cookie': 'a=b', 'x-other': '1' } },
      )
    const response = await ask({ [toolServerHeaders.token]: token })
    expect(await response.text()).toBe('{"said":"«token»"}')
    for (const name of ['mcp-session-id', 'set-cookie', 'x-other']) expect(response.headers.has(name), name).toBe(false)
  })

  it.each([
    [
      401,
      'Bearer resource_metadata="https://evil.example/x"',
      undefined,
      'a sign-in by OAuth, which this IDE cannot do',
    ],
    [401, 'Bearer', undefined, 'wants a sign-in (401). Make a token'],
    [401, 'Bearer resource_metadata="https://evil.example/x"', token, 'refused your token (401)'],
    [403, '', token, 'one with more rights'],
    [307, '', undefined, 'sent us elsewhere'],
  ])('that answers %i with “%s” is told apart', async (status, challenge, given, why) => {
    answer = () => new Response('', { status, headers: { 'www-authenticate': challenge } })
    const headers: Record<string, string> = given === undefined ? {} : { [toolServerHeaders.token]: given }
    const [, code, message] = await refusal(await ask(headers))
    expect(code).toBe('tool_server_error')
    expect(message).toContain(why)
    expect(message).not.toContain('evil')
  })

  it('that never says anything, or never ends what it says, is cut', async () => {
    vi.useFakeTimers()
    answer = () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
    const silent = expect((await ask()).text()).rejects.toThrow()
    await vi.advanceTimersByTimeAsync(120_000)
    await silent
    answer = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) }), {
        headers: { 'content-type': 'text/event-stream' },
      })
    await expect((await ask()).text()).rejects.toThrow('too large')
  })
})

describe('whether users may add servers', () => {
  const may = async (headers: Record<string, string> = {}) => {
    const listed = (await (await GET(pageRequest('/api/mcp', undefined, { headers }))).json()) as { mayAdd: boolean }
    const response = await ask(headers)
    expect(response.status).toBe(listed.mayAdd ? 200 : 403)
    return listed.mayAdd
  }
  const onLan = { host: '192.168.1.5:3000', origin: 'http://192.168.1.5:3000' }

  it('is yes on the machine of the server, and no for whoever comes from elsewhere', async () => {
    expect(await may()).toBe(true)
    expect(await may({ 'x-forwarded-for': '::ffff:127.0.0.1' })).toBe(true)
    expect(await may(onLan)).toBe(false)
    expect(await may({ 'x-forwarded-for': '203.0.113.7, 127.0.0.1' })).toBe(false)
    vi.stubEnv('VITRINE_TRUSTED_PROXY_HOPS', '1')
    expect(await may()).toBe(false)
    vi.stubEnv('VITRINE_TRUSTED_PROXY_HOPS', '0')
    vi.stubEnv('VITRINE_PUBLIC_URL', 'https://vitrine.example.org')
    expect(await may()).toBe(false)
  })

  it('is what the operator says', async () => {
    vi.stubEnv('VITRINE_OWN_MCP_SERVERS', 'on')
    expect(await may(onLan)).toBe(true)
    vi.stubEnv('VITRINE_OWN_MCP_SERVERS', 'off')
    expect(await may()).toBe(false)
    expect(await refusal(await ask())).toEqual([
      403,
      'servers_refused',
      'Whoever runs this IDE does not allow adding servers.',
    ])
  })
})

it('goes through the public internet alone, as the app has it', async () => {
  expect(await refusal(await ask({}, list, ownRoute))).toEqual([
    502,
    'tool_server_error',
    'The server of tools cannot be used: No host on the public internet has this name.',
  ])
  const foreign = pageRequest('/api/mcp/own', list, { headers: named({ origin: 'https://evil.example' }) })
  expect((await ownRoute(foreign)).status).toBe(403)
})
