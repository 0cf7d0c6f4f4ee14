import { expect, it } from 'vitest'
import type { BridgeHandler } from '../preview/bridge/server'
import { readProxyRules } from './config/proxy-rules'
import { withProxy } from './proxy'

const handler: BridgeHandler = { request: async () => ({ status: 200, headers: [], body: 'vite' }) }

/** A server that answers with the request that it got. */
async function connect(port: number) {
  if (port !== 3000) throw new Error(`Nothing listens on port ${port}.`)
  let answer: (text: string) => void
  const asked = new Promise<string>((resolve) => {
    answer = resolve
  })
  return {
    readable: new ReadableStream<Uint8Array>({
      async pull(controller) {
        const text = await asked
        const body = JSON.stringify([text.split('\r\n')[0], /^x-from: (.*)$/im.exec(text)?.[1] ?? ''])
        controller.enqueue(new TextEncoder().encode(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`))
        controller.close()
      },
    }),
    writable: new WritableStream<Uint8Array>({ write: (data) => answer(new TextDecoder().decode(data)) }),
  }
}

function open(proxy: object) {
  const warnings: string[] = []
  const errors: string[] = []
  const rules = readProxyRules(proxy, warnings)
  const server = withProxy(handler, { rules, connect, onError: (text) => void errors.push(text) })
  const get = async (path: string) => {
    const { signal } = new AbortController()
    const url = new URL(path, 'http://localhost:5173')
    const { status, body } = await server.request({ method: 'GET', url, headers: new Headers(), body: null, signal })
    return `${status} ${await new Response(body as string | ReadableStream<Uint8Array>).text()}`
  }
  return { get, warnings, errors }
}

it('has another server answer what its rules say, and itself the rest', async () => {
  const { get, warnings } = open({
    '/api': 'http://localhost:3000',
    '/v1': {
      target: 'http://127.0.0.1:3000/base/',
      rewrite: (path: string) => path.slice(3),
      headers: { 'x-from': 'vite' },
    },
    '/v2': { target: 'http://localhost:3000', rewrite: (path: string) => path.slice(3) },
    '/cut/': { target: 'http://localhost:3000/base', rewrite: (path: string) => path.slice(5) },
    '^/(a|b)/.*\\.json$': { target: { host: 'localhost', port: 3000 }, changeOrigin: true },
  })
  expect(await get('/api/x?y=1')).toBe('200 ["GET /api/x?y=1 HTTP/1.1",""]')
  expect(await get('/v1/x')).toBe('200 ["GET /base/x HTTP/1.1","vite"]')
  expect(await get('/v1//localhost:4000/x')).toBe('200 ["GET /base//localhost:4000/x HTTP/1.1","vite"]')
  expect(await get('/v2//localhost:4000/x')).toBe('200 ["GET //localhost:4000/x HTTP/1.1",""]')
  expect(await get('/cut/x')).toBe('200 ["GET /base/x HTTP/1.1",""]')
  expect(await get('/b/c.json')).toBe('200 ["GET /b/c.json HTTP/1.1",""]')
  expect(await get('/b/c.txt')).toBe('200 vite')
  expect(warnings).toEqual([])
})

it('says what is wrong with a rule or its server', async () => {
  const { get, warnings, errors } = open({
    '/far': 'https://api.example.org',
    '/down': { target: 'http://localhost:4000', bypass: () => undefined, ws: true },
    '/none': {},
    '/broken': {
      target: 'http://localhost:3000',
      rewrite: () => {
        throw new Error('no rewriting')
      },
    },
  })
  expect(await get('/broken')).toMatch(/^500 .*no rewriting/s)
  expect(await get('/far/x')).toMatch(/^500 .*https:\/\/api\.example\.org is outside of this sandbox/s)
  expect(await get('/down')).toMatch(/^500 .*Nothing listens on port 4000/s)
  expect(errors).toHaveLength(3)
  expect(warnings).toEqual([
    '“bypass” of the proxy of “/down” is not used here.',
    '“ws” of the proxy of “/down” is not used here.',
    'The proxy of “/none” names no server.',
  ])
})
