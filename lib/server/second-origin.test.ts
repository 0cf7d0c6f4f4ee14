import { NextRequest } from 'next/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GET as originFile } from '@/app/%5F%5Fvitrine/[file]/route'
import { astrayPage, originHeaders } from '@/lib/sandbox/embedded/preview/origin/addresses'
import { proxy } from '@/proxy'

const ide = 'http://ide.vitrine.localhost:3000'
const host = `v${'0'.repeat(32)}-5173.preview.vitrine.localhost:3000`

beforeEach(() => {
  vi.stubEnv('VITRINE_PUBLIC_URL', ide)
  vi.stubEnv('VITRINE_SANDBOX_ORIGIN', 'http://preview.vitrine.localhost:3000')
})
afterEach(() => vi.unstubAllEnvs())

const requestTo = (path: string, at = host) => new NextRequest(`http://${at}${path}`, { headers: { host: at } })
const relay = (at: string, file = 'relay.html') =>
  originFile(requestTo(`/__vitrine/${file}`, at), { params: Promise.resolve({ file }) })

it.each(['/', '/p/new', '/api/health', '/sandbox/frame.html', '/_next/static/chunks/a.js'])(
  'a host of a preview has no %s of the IDE',
  (path) => {
    const response = proxy(requestTo(path))
    expect(response.status).toBe(404)
    expect(Object.fromEntries(response.headers)).toMatchObject(originHeaders(ide))
  },
)

it('the IDE’s own host goes on, and may show previews', () => {
  const response = proxy(requestTo('/p/new', 'ide.vitrine.localhost:3000'))
  expect(response.headers.get('x-middleware-next')).toBe('1')
  expect(response.headers.get('content-security-policy')).toContain('http://*.preview.vitrine.localhost:3000')
})

it('a page of the server’s own in place of a preview tells the IDE', async () => {
  const response = proxy(requestTo('/deep/route'))
  expect(Object.fromEntries(response.headers)).toMatchObject(astrayPage(ide).headers)
  expect(await response.text()).toContain('src="/__vitrine/astray.js"')
  expect(await (await relay(host, 'astray.js')).text()).toContain("kind: 'astray'")
})

it('the relay is on hosts of previews alone, and the IDE alone may show it', async () => {
  const response = await relay(host)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-security-policy': `default-src 'none'; script-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors ${ide}`,
    'connection-allowlist': '(response-origin);webrtc=block',
  })
  expect((await relay('ide.vitrine.localhost:3000')).status).toBe(404)
  expect((await relay(host, '../manifest.json')).status).toBe(404)
  expect((await relay(host, 'constructor')).status).toBe(404)
  vi.stubEnv('VITRINE_SANDBOX_ORIGIN', undefined)
  expect((await relay(host)).status).toBe(404)
})
