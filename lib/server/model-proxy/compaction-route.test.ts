import { describe, expect, it, vi } from 'vitest'
import { POST } from '@/app/api/v1/responses/compact/route'
import { pageRequest } from '../testing/loopback'
import { upstreamKey, useUpstream } from '../testing/upstream'

const serve = useUpstream()
const said = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Fix it.' }] }
const sealed = { type: 'compaction', id: 'cmp_1', encrypted_content: 'sealed' }

function ask(body: Record<string, unknown> = {}): Promise<Response> {
  return POST(pageRequest('/api/v1/responses/compact', { model: 'gpt-5.5', input: [said], ...body }))
}

describe('a history that the upstream shortens', () => {
  it('goes there with what concerns it and nothing else, and comes back as it is', async () => {
    const server = await serve((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=b' })
        .end(JSON.stringify({ id: 'r', object: 'response.compaction', output: [said, sealed], usage: {} })),
    )
    const response = await ask({ prompt_cache_key: 'thread', tools: [], stream: true, store: true, user: 'u' })
    expect(await response.json()).toMatchObject({ output: [said, sealed] })
    expect(response.headers.get('set-cookie')).toBeNull()
    const [request] = server.requests
    expect(request).toMatchObject({
      path: '/v1/responses/compact',
      headers: { authorization: `Bearer ${upstreamKey}` },
    })
    expect(JSON.parse(request?.body ?? '')).toEqual({ model: 'gpt-5.5', input: [said], prompt_cache_key: 'thread' })
  })

  it('has secrets masked in what comes back', async () => {
    const text = `The token is ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}.`
    const output = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }, sealed]
    await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'r', output })),
    )
    expect(await (await ask()).text()).toContain('«secret:')
  })

  it.each([
    [{ base_url: 'https://elsewhere.example' }, 400],
    [{ previous_response_id: 'resp_1' }, 400],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 400],
    [{ input: [] }, 400],
    [{ tools: [{ type: 'mcp', server_url: 'https://elsewhere.example' }] }, 403],
    [{ model: 'another' }, 404],
  ])('is refused before it leaves: %j', async (body, status) => {
    vi.stubEnv('VITRINE_MODELS', 'gpt-5.5')
    const server = await serve((_request, response) => void response.end())
    const response = await ask(body)
    expect([response.status, server.requests.length]).toEqual([status, 0])
  })

  it('is told to be unknown where the upstream does not know the route', async () => {
    await serve((_request, response) => void response.writeHead(404).end('not found'))
    expect((await ask()).status).toBe(404)
  })

  it('is told to be unknown by the demo model', async () => {
    const response = await ask({ model: 'vitrine-demo' })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } })
  })
})
