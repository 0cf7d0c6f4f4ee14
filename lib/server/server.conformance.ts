import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { POST } from '@/app/api/v1/responses/route'
import { baseUrlProblem } from './env'
import { type Loopback, pageRequest, sse, startLoopback } from './testing/loopback'
import { declaredAddressProblem } from './tool-servers/tool-server-target'

const fixtures = process.env.VITRINE_FIXTURES ?? '../shared/fixtures'
let upstream: Loopback

beforeAll(async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  upstream = await startLoopback((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(
      sse({ type: 'response.completed', sequence_number: 0, response: { id: 'r', status: 'completed', output: [] } }),
    )
  })
  vi.stubEnv('OPENAI_BASE_URL', upstream.url)
  vi.stubEnv('OPENAI_API_KEY', 'sk-conformance')
  vi.stubEnv('VITRINE_MODELS', undefined)
  vi.stubEnv('VITRINE_REQUESTS_PER_MINUTE', '100000')
})
afterAll(async () => {
  await upstream.close()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('request bodies of a real client', () => {
  const files = readdirSync(join(fixtures, 'wire'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  )

  it('are all here', () => expect(files.length).toBeGreaterThanOrEqual(23))

  it.each(files)('%s passes with its items and tools unchanged', async (file) => {
    const { body } = JSON.parse(readFileSync(join(fixtures, 'wire', file), 'utf8')) as { body: Record<string, unknown> }
    const before = upstream.requests.length
    const response = await POST(pageRequest('/api/v1/responses', body))
    expect(response.status).toBe(200)
    await response.text()
    const sent = JSON.parse(upstream.requests[before]?.body ?? '')
    const { client_metadata: _dropped, ...expected } = body
    expect(sent).toEqual({ ...expected, store: false })
  })
})

describe('addresses that must not be reached', () => {
  // Some of the lines are hostile by their blanks.
  const urls = readFileSync(join(fixtures, 'safety/ssrf-urls.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

  it('are all here', () => expect(urls).toHaveLength(30))

  it.each(urls)('%s is refused as a field of the body and ignored as a header', async (url) => {
    for (const field of ['base_url', 'api_base', 'baseURL']) {
      const before = upstream.requests.length
      const response = await POST(
        pageRequest('/api/v1/responses', { model: 'm', input: 'x', stream: true, [field]: url }),
      )
      expect(response.status).toBe(400)
      expect(upstream.requests).toHaveLength(before)
    }
    const before = upstream.requests.length
    const headers = new Headers()
    for (const name of ['x-base-url', 'openai-base-url', 'x-forwarded-host', 'x-upstream'])
      headers.set(name, encodeURI(url.trim()))
    const response = await POST(pageRequest('/api/v1/responses', { model: 'm', input: 'x', stream: true }, { headers }))
    await response.text()
    expect(upstream.requests).toHaveLength(before + 1)
    expect(JSON.stringify(upstream.requests.at(-1)?.headers)).not.toContain('base-url')
  })

  it('are refused in the environment too, but for plain https hosts and this machine, which are the operator’s choice', () => {
    const accepted = urls.filter((url) => baseUrlProblem(url) === null)
    console.log(`as OPENAI_BASE_URL: ${urls.length - accepted.length}/30 refused; accepted:`, accepted)
    expect(accepted).toEqual([
      'http://127.0.0.1',
      'http://[::1]',
      'https://api.openai.com.evil.example/v1',
      'https://api.openai.com:8443/v1',
      'https://api.openai.com/v1/files',
    ])
  })

  it('are refused as servers of tools that a user adds, but for plain https hosts, whose addresses are checked when they are called', () => {
    expect(urls.filter((url) => declaredAddressProblem(url) === null)).toEqual([
      'https://api.openai.com.evil.example/v1',
      'https://api.openai.com:8443/v1',
      'https://api.openai.com/v1/files',
    ])
  })
})
