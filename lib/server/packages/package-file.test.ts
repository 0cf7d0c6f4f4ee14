import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GET } from '@/app/api/packages/[...path]/route'
import { type Loopback, pageRequest, startLoopback } from '../testing/loopback'

let registry: Loopback
let elsewhere: Loopback

beforeEach(async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  elsewhere = await startLoopback((_request, response) => response.end('from elsewhere'))
  registry = await startLoopback((request, response) => {
    switch (request.path) {
      case '/npm/lodash':
        return response
          .writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'a=b', 'x-powered-by': 'secret-host' })
          .end(JSON.stringify({ name: 'lodash', accept: request.headers.accept }))
      case '/npm/@scope%2fname':
        return response.end('{"name":"@scope/name"}')
      case '/npm/lodash/-/lodash-1.0.0.tgz':
        return response.writeHead(200, { 'last-modified': 'Tue, 24 Nov 2026 10:00:00 GMT' }).end('tarball')
      case '/npm/moved':
        return response.writeHead(302, { location: '/npm/lodash' }).end()
      case '/npm/foreign':
        return response.writeHead(302, { location: `${elsewhere.url}/lodash` }).end()
      case '/npm/loop':
        return response.writeHead(302, { location: '/npm/loop' }).end()
      case '/npm/busy':
        return response.writeHead(429, { 'retry-after': '7' }).end()
      case '/npm/private':
        return response.writeHead(401).end('{"error":"token of operator@example.org is not valid"}')
      case '/npm/huge':
        return response.writeHead(200, { 'content-length': String(65 * 1024 * 1024) }).flushHeaders()
      case '/npm/growing': {
        const piece = Buffer.alloc(1024 * 1024)
        for (let count = 0; count < 70; count++) response.write(piece)
        return response.end()
      }
      default:
        return response.writeHead(404).end()
    }
  })
  vi.stubEnv('VITRINE_REGISTRY_URL', `${registry.url.replace('/v1', '').replace('//', '//operator:hush@')}/npm`)
})
afterEach(async () => {
  const logged = JSON.stringify(vi.mocked(console.info).mock.calls)
  await Promise.all([registry.close(), elsewhere.close()])
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  expect(logged).not.toMatch(/hush|lodash/)
})

const get = (path: string, headers: Record<string, string> = {}) =>
  GET(pageRequest(`/api/packages/${path}`, undefined, { headers }))

async function refusal(path: string): Promise<[status: number, code: string, message: string]> {
  const response = await get(path)
  const text = await response.text()
  expect(text).not.toContain('hush')
  const { error } = JSON.parse(text) as { error: { code: string; message: string } }
  return [response.status, error.code, error.message]
}

it('hands on metadata, in the short form, with headers of our own', async () => {
  const response = await get('lodash', { cookie: 'session=1', 'x-own': 'y' })
  expect(await response.json()).toMatchObject({ name: 'lodash', accept: expect.stringContaining('install-v1+json') })
  expect(response.headers.get('content-type')).toBe('application/json')
  for (const name of ['set-cookie', 'x-powered-by']) expect(response.headers.has(name)).toBe(false)
  const { headers } = registry.requests[0] ?? {}
  expect(headers).not.toHaveProperty('cookie')
  expect(headers).not.toHaveProperty('x-own')
  expect(headers).not.toHaveProperty('origin')
  expect(headers?.authorization).toBe(`Basic ${Buffer.from('operator:hush').toString('base64')}`)
})

it('asks for publishing times on request only', async () => {
  expect(await (await get('lodash?full')).json()).toMatchObject({ accept: 'application/json' })
})

it('reads scoped names as browsers write them', async () => {
  expect(await (await get('@scope/name')).json()).toEqual({ name: '@scope/name' })
  expect(await (await get('%40scope/name')).json()).toEqual({ name: '@scope/name' })
})

it('hands on a tarball and its date', async () => {
  const response = await get('lodash/-/lodash-1.0.0.tgz')
  expect(await response.text()).toBe('tarball')
  expect(response.headers.get('last-modified')).toBe('Tue, 24 Nov 2026 10:00:00 GMT')
})

it('follows redirects within the registry and nowhere else', async () => {
  expect(await (await get('moved')).json()).toMatchObject({ name: 'lodash' })
  expect(await refusal('foreign')).toMatchObject([502, 'registry_unreachable', expect.stringContaining('elsewhere')])
  expect(await refusal('loop')).toMatchObject([502, 'registry_unreachable', expect.any(String)])
  expect(elsewhere.requests).toEqual([])
})

it.each(['-/v1/search?text=x', 'lodash/latest', '..%2f..%2fetc', '.npmrc', 'a%2fb', 'lodash/-/x.zip', ''])(
  'has nothing at %s and asks nobody',
  async (path) => {
    expect(await refusal(path)).toMatchObject([404, 'not_found', expect.any(String)])
    expect(registry.requests).toEqual([])
  },
)

it('says what the registry refused', async () => {
  expect(await refusal('nowhere')).toEqual([404, 'not_found', 'The registry has no package “nowhere”.'])
  expect(await refusal('busy')).toMatchObject([429, 'rate_limit_exceeded', expect.any(String)])
  const [status, code, message] = await refusal('private')
  expect([status, code]).toEqual([502, 'registry_unreachable'])
  expect(message).not.toContain('operator')
})

it('stops what is too large, announced or not', async () => {
  expect(await refusal('huge')).toMatchObject([502, 'package_too_large', expect.stringContaining('64 MB')])
  const growing = await get('growing')
  await expect(growing.arrayBuffer()).rejects.toThrow()
})

it('says that the registry cannot be reached', async () => {
  vi.stubEnv('VITRINE_REGISTRY_URL', 'http://127.0.0.1:9')
  expect(await refusal('lodash')).toMatchObject([502, 'registry_unreachable', expect.stringContaining('reached')])
})

it('answers pages of this server only', async () => {
  const response = await get('lodash', { origin: 'https://evil.example' })
  expect(response.status).toBe(403)
  expect(registry.requests).toEqual([])
})

it('has room for an install of hundreds of packages, whatever the common limit', async () => {
  vi.stubEnv('VITRINE_REQUESTS_PER_MINUTE', '5')
  const statuses = new Set<number>()
  for (let count = 0; count < 400; count++) {
    const response = await get('lodash')
    await response.text()
    statuses.add(response.status)
  }
  expect([...statuses]).toEqual([200])
})
