import { describe, expect, it, vi } from 'vitest'
import { POST } from '@/app/api/v1/responses/route'
import { sse, startLoopback } from '../testing/loopback'
import { askOf, completed, startStream, upstreamKey, useUpstream } from '../testing/upstream'

const serve = useUpstream()
const ask = askOf(POST)
const message = (...content: unknown[]) => ({ type: 'message', role: 'user', content })

describe('what goes upstream', () => {
  it('is rebuilt: known fields, store false, headers of our own', async () => {
    const server = await serve((_request, response) => void startStream(response).end(sse(completed)))
    const item = { type: 'a_kind_nobody_knows', deep: { nested: [1, null, 'x'] } }
    const tool = { type: 'function', name: 'f', parameters: {}, unknown_field: 1 }
    const response = await ask(
      {
        input: [item],
        tools: [tool],
        store: true,
        user: 'somebody',
        metadata: { a: 1 },
        client_metadata: { session_id: 's' },
        temperature: 0.5,
        prompt_cache_key: 'k',
      },
      { headers: { cookie: 'session=1', 'x-api-key': 'stolen', 'openai-organization': 'org', 'x-custom': '1' } },
    )
    await response.text()
    const [request] = server.requests
    expect(JSON.parse(request?.body ?? '')).toEqual({
      model: 'gpt-5.5',
      input: [item],
      stream: true,
      store: false,
      tools: [tool],
      temperature: 0.5,
      prompt_cache_key: 'k',
    })
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v1/responses',
      headers: {
        authorization: `Bearer ${upstreamKey}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
    })
    for (const name of ['cookie', 'x-api-key', 'openai-organization', 'x-custom', 'origin', 'x-forwarded-for'])
      expect(request?.headers[name]).toBeUndefined()
  })

  it.each(['base_url', 'baseURL', 'api_base', 'api_key', 'apiKey', 'headers', 'extra_headers', 'organization'])(
    'is never decided by “%s” in the body',
    async (field) => {
      const server = await serve((_request, response) => void response.end())
      const response = await ask({ [field]: 'http://169.254.169.254/' })
      expect(response.status).toBe(400)
      expect(server.requests).toHaveLength(0)
    },
  )

  it.each<[string, unknown]>([
    ['mcp', { type: 'mcp', server_url: 'https://evil.example' }],
    ['web search', { type: 'web_search' }],
    ['code interpreter', { type: 'code_interpreter', container: { type: 'auto' } }],
    ['a disguised server', { type: 'function', name: 'f', server_url: 'https://evil.example' }],
    ['a tool inside a namespace', { type: 'namespace', name: 'n', tools: [{ type: 'mcp' }] }],
    ['a shell in a container', { type: 'shell', environment: { type: 'container_auto' } }],
    ['a kind that is no text', { type: { toString: 1 } }],
  ])('holds no tool that runs elsewhere: %s', async (_name, tool) => {
    const server = await serve((_request, response) => void response.end())
    const refused = await ask({ tools: [tool] })
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { error: { code: 'policy_denied', message: expect.stringContaining('client_tools_only') } },
    ])
    for (const type of ['additional_tools', 'tool_search_output'])
      expect((await ask({ input: [{ type, tools: [tool] }] })).status).toBe(403)
    expect(server.requests).toHaveLength(0)
  })

  it('never shows the key of the server, even where the model server quotes it', async () => {
    await serve((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: `Bad key ${upstreamKey}.`, code: 'bad_request' } }))
    })
    const text = await (await ask({})).text()
    expect(text).toContain('«key of the server»')
    expect(text).not.toContain(upstreamKey)
  })

  it('makes a live web search that a client offers by itself a lookup, wherever its tools stand', async () => {
    const server = await serve((_request, response) => void response.end())
    const live = { type: 'web_search', external_web_access: true, search_context_size: 'low' }
    await ask({ tools: [live], input: [{ type: 'additional_tools', tools: [live] }] })
    const lookup = { ...live, external_web_access: false }
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
      tools: [lookup],
      input: [{ type: 'additional_tools', tools: [lookup] }],
    })
  })

  it.each<[string, unknown]>([
    ['an item of the account', { type: 'item_reference', id: 'msg_1' }],
    ['a file of the account', message({ type: 'input_file', file_id: 'file-1' })],
    ['a picture of the account', message({ type: 'input_image', file_id: 'file-1' })],
    ['a picture to fetch', message({ type: 'input_image', image_url: 'http://169.254.169.254/' })],
    ['something else as a picture', message({ type: 'input_image', image_url: 'data:text/html;base64,PGI+' })],
    ['a picture in the old shape', message({ type: 'image_url', image_url: { url: 'http://10.0.0.1/' } })],
    ['a file to fetch', message({ type: 'input_file', file_url: 'http://10.0.0.1/' })],
    [
      'a picture inside an output',
      { type: 'function_call_output', output: [{ type: 'input_image', image_url: 'file:///etc/passwd' }] },
    ],
  ])('holds nothing that the other side would look up: %s', async (_name, item) => {
    const server = await serve((_request, response) => void response.end())
    const refused = await ask({ input: [item] })
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { error: { code: 'invalid_request', param: 'input[0]' } },
    ])
    expect(server.requests).toHaveLength(0)
  })

  it('holds pictures and texts that it brings along', async () => {
    const server = await serve((_request, response) => void startStream(response).end(sse(completed)))
    const picture = { type: 'input_image', image_url: 'data:image/png;base64,AA==' }
    const item = message(picture, { type: 'input_text', text: 'http://x' })
    const output = { type: 'function_call_output', call_id: 'c', output: [picture] }
    await (await ask({ input: [item, output] })).text()
    expect(JSON.parse(server.requests[0]?.body ?? '').input).toEqual([item, output])
  })

  it('follows no redirect, so the key stays', async () => {
    const second = await startLoopback((_request, response) => void response.end())
    await serve((_request, response) => void response.writeHead(302, { location: `${second.url}/steal` }).end())
    const response = await ask()
    expect([response.status, await response.json()]).toMatchObject([502, { error: { code: 'upstream_error' } }])
    expect(second.requests).toHaveLength(0)
    await second.close()
  })

  it('asks only for models on the operator’s list', async () => {
    const server = await serve((_request, response) => void response.end())
    vi.stubEnv('VITRINE_MODELS', 'gpt-5.5')
    expect((await ask({ model: 'gpt-4' })).status).toBe(404)
    expect((await ask({ model: 'gpt-5.5\r\nx: y' })).status).toBe(404)
    expect(server.requests).toHaveLength(0)
  })
})
