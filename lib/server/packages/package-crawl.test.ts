import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GET } from '@/app/api/packages/route'
import { VitrineError } from '@/lib/base'
import type { CrawlLine } from '@/lib/registry/crawl'
import { labelOf } from '@/lib/registry/want'
import { readEnv } from '../env'
import { handle } from '../handle'
import { type Loopback, pageRequest, startLoopback } from '../testing/loopback'
import { packageCrawl } from './package-crawl'

const longAgo = '2024-01-01T00:00:00.000Z'
const justNow = new Date().toISOString()
const versionsOf = (name: string, dependencies = {}) => ({
  '1.0.0': { name, version: '1.0.0', dependencies, dist: { tarball: `https://x.example/${name}-1.0.0.tgz` } },
  '2.0.0': { name, version: '2.0.0', dist: { tarball: `https://x.example/${name}-2.0.0.tgz` } },
})

let registry: Loopback
let prefix = 0

beforeEach(async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  registry = await startLoopback(({ path, headers }, response) => {
    const isFull = !headers.accept?.includes('install-v1')
    const name = decodeURIComponent(path.replace(/^\/npm\d+\//, ''))
    const answer = (fields: object) =>
      response
        .writeHead(200, { 'set-cookie': 'a=b' })
        .end(JSON.stringify({ name, 'dist-tags': { latest: '2.0.0' }, ...fields }))
    switch (name) {
      case 'app':
        return answer({ versions: versionsOf(name, { '@scope/lib': '^1.0.0', gone: '1' }), modified: longAgo })
      case '@scope/lib':
        return answer({ versions: versionsOf(name, { young: '*' }), modified: longAgo })
      case 'young':
        return answer({
          versions: versionsOf(name),
          modified: justNow,
          ...(isFull && { time: { '1.0.0': longAgo, '2.0.0': justNow } }),
        })
      case 'private':
        return response.writeHead(401).end('{"error":"token of operator@example.org is not valid"}')
      case 'cut':
        response.writeHead(200, { 'content-length': 100 }).write('{')
        return setTimeout(() => response.destroy(), 20)
      case 'slow':
        return undefined
      default:
        return response.writeHead(404).end()
    }
  })
  // Another address for each test: what one has asked for is not kept for the next.
  prefix += 1
  vi.stubEnv(
    'VITRINE_REGISTRY_URL',
    `${registry.url.replace('/v1', '').replace('//', '//operator:hush@')}/npm${prefix}`,
  )
})
afterEach(async () => {
  const logged = JSON.stringify(vi.mocked(console.info).mock.calls)
  await registry.close()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  expect(logged).not.toMatch(/hush|@scope/)
})

const get = (wants: string[], headers: Record<string, string> = {}) =>
  GET(pageRequest(`/api/packages?${new URLSearchParams(wants.map((want) => ['want', want]))}`, undefined, { headers }))

async function linesOf(response: Response): Promise<CrawlLine[]> {
  const text = await response.text()
  expect(text).not.toContain('hush')
  return text.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as CrawlLine)))
}

const askedFor = () => registry.requests.map(({ path }) => decodeURIComponent(path.replace(/^\/npm\d+\//, '')))

it('answers a package and all that it depends on at once, with ages where some may be too young', async () => {
  const response = await get(['app@^1.0.0'], { cookie: 'session=1', 'x-own': 'y' })
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  expect(response.headers.has('set-cookie')).toBe(false)
  const lines = await linesOf(response)
  expect(
    lines.map((line) => [labelOf(line.for), 'error' in line ? line.error : Object.keys(line.packument.versions)]),
  ).toEqual(
    expect.arrayContaining([
      ['app@^1.0.0', ['1.0.0']],
      ['@scope/lib@^1.0.0', ['1.0.0']],
      ['gone@1', { code: 'not_found', message: 'The registry has no package “gone”.' }],
      ['young@*', ['1.0.0', '2.0.0']],
    ]),
  )
  expect(lines.find((line) => line.for.name === 'young')).toMatchObject({
    packument: { time: { '1.0.0': longAgo, '2.0.0': justNow } },
  })
  expect(askedFor().sort()).toEqual(['@scope/lib', 'app', 'gone', 'young', 'young'])
  for (const { headers } of registry.requests) {
    expect(headers.authorization).toBe(`Basic ${Buffer.from('operator:hush').toString('base64')}`)
    for (const name of ['cookie', 'x-own', 'origin']) expect(headers).not.toHaveProperty(name)
  }
})

it('asks the registry once for what many tabs want', async () => {
  await Promise.all(Array.from({ length: 8 }, async () => linesOf(await get(['app@*', 'app@1.0.0']))))
  await linesOf(await get(['@scope/lib@1']))
  expect(
    askedFor()
      .filter((name) => name !== 'gone')
      .sort(),
  ).toEqual(['@scope/lib', 'app', 'young', 'young'])
})

it('says of each package what the registry refused, and nothing of the operator’s', async () => {
  const [line] = await linesOf(await get(['private@1']))
  expect(line).toMatchObject({ for: { name: 'private', wanted: '1' }, error: { code: 'registry_unreachable' } })
  expect(JSON.stringify(line)).not.toContain('operator')
})

it('says of an answer that broke off that the registry could not be reached', async () => {
  const message = 'The package registry could not be reached.'
  expect(await linesOf(await get(['cut@1']))).toMatchObject([{ error: { code: 'registry_unreachable', message } }])
})

it.each([[[]], [['app']], [['app@1', '../x@1']], [['a@file:../b']], [Array(101).fill('app@1')]])(
  'asks nobody for %j',
  async (wants) => {
    const response = await get(wants)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', param: 'want' } })
    expect(registry.requests).toEqual([])
  },
)

it('answers pages of this server only', async () => {
  expect((await get(['app@1'], { origin: 'https://evil.example' })).status).toBe(403)
  expect(registry.requests).toEqual([])
})

it('counts each package that the registry is asked for as a request of the caller', async () => {
  const context = {
    request: pageRequest('/api/packages?want=app%401'),
    settings: readEnv(process.env),
    ...{ caller: null, body: {}, requestId: 'req_1', note: () => {} },
  }
  let left = 2
  const spend = vi.fn(async () => {
    left -= 1
    if (left < 0) throw new VitrineError('rate_limit_exceeded', 'Too many.')
  })
  const lines = await linesOf(packageCrawl({ ...context, spend }))
  expect(askedFor()).toHaveLength(2)
  const refused = lines.filter((line) => 'error' in line && line.error.code === 'rate_limit_exceeded')
  expect(refused.map((line) => line.for.name)).toEqual(['gone', 'young'])

  left = 100
  const ranges = Array.from({ length: 40 }, (_, index) => `want=young%40<${index + 2}`)
  const many = { ...context, request: pageRequest(`/api/packages?${ranges.join('&')}`), spend }
  for (const cost of [40, 2]) {
    spend.mockClear()
    await linesOf(packageCrawl(many))
    // What is known costs little.
    expect(spend).toHaveBeenCalledTimes(cost)
  }

  const costly = handle({ access: 'read', limit: { bucket: 'costly', requestsPerMinute: 5 } }, async ({ spend }) => {
    await spend(3)
    return Response.json({})
  })
  expect((await costly(pageRequest('/api/costly'))).status).toBe(200)
  expect((await costly(pageRequest('/api/costly'))).status).toBe(429)
})

it('stops asking when the client leaves', async () => {
  const leaving = new AbortController()
  const request = new Request(pageRequest('/api/packages?want=slow%401&want=app%401'), { signal: leaving.signal })
  const response = await GET(request)
  const reader = response.body?.getReader()
  await reader?.read()
  leaving.abort()
  await reader?.cancel()
  const before = askedFor().length
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(askedFor().length).toBe(before)
})
