import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it, vi } from 'vitest'
import { httpGet } from './http-get'

let server: Server
const never = new AbortController().signal

async function serve(answer: RequestListener): Promise<URL> {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

it('unpacks what was packed on the way, and says that it can', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(`to ${request.headers['accept-encoding']}`))
  })
  const { status, body } = await httpGet(url, { headers: {}, signal: never })
  expect([status, await textOf(body)]).toEqual([200, 'to gzip'])
})

it('refuses what it cannot unpack, and what is cut off', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/odd') response.writeHead(200, { 'content-encoding': 'br' }).end('x')
    else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(10_000)).subarray(0, 30))
  })
  await expect(httpGet(new URL('odd', url), { headers: {}, signal: never })).rejects.toThrow('br')
  const { body } = await httpGet(url, { headers: {}, signal: never })
  await expect(textOf(body)).rejects.toThrow()
})

it('asks again when a connection that had stayed open turns out to be closed', async () => {
  let requests = 0
  const url = await serve((request, response) => {
    requests += 1
    if (requests === 2) request.socket.destroy()
    else response.end(String(requests))
  })
  const ask = async () => textOf((await httpGet(url, { headers: {}, signal: never })).body)
  expect(await ask()).toBe('1')
  expect(await ask()).toBe('3')
})

it('does not ask again when a new connection breaks', async () => {
  let requests = 0
  const url = await serve((request) => {
    requests += 1
    request.socket.destroy()
  })
  await expect(httpGet(url, { headers: {}, signal: never })).rejects.toThrow()
  expect(requests).toBe(1)
})

it('asks again over a connection of its own, as the others are closed too', async () => {
  const used = new Set<Socket>()
  const url = await serve((request, response) => {
    const { socket } = request
    if (used.has(socket)) socket.destroy()
    else setTimeout(() => response.end('new'), 20)
    used.add(socket)
  })
  const ask = async () => textOf((await httpGet(url, { headers: {}, signal: never })).body)
  await Promise.all([ask(), ask()])
  expect(await ask()).toBe('new')
})

it('does not ask again once an answer has begun', async () => {
  let requests = 0
  const url = await serve((request, response) => {
    requests += 1
    if (requests === 1) return void response.end('whole')
    response.write('some')
    // Later the reader has it, and the connection breaks within the answer.
    setTimeout(() => request.socket.resetAndDestroy(), 20)
  })
  const ask = async () => textOf((await httpGet(url, { headers: {}, signal: never })).body)
  expect(await ask()).toBe('whole')
  await expect(ask()).rejects.toThrow('aborted')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(requests).toBe(2)
})

it('takes another protocol for no answer', async () => {
  const url = await serve(() => undefined)
  server.on('connection', (socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n')
  })
  await expect(httpGet(url, { headers: {}, signal: never })).rejects.toThrow()
})

it.each([{}, { 'content-encoding': 'gzip' }])(
  'takes no answer for whole when its signal ended it (%o)',
  async (headers) => {
    const text = 'x'.repeat(40_000)
    const url = await serve((_request, response) => {
      response.writeHead(200, headers).end('content-encoding' in headers ? gzipSync(text) : text)
    })
    const leaving = new AbortController()
    const { body } = await httpGet(url, { headers: {}, signal: leaving.signal })
    const reader = body[Symbol.asyncIterator]()
    await reader.next()
    leaving.abort()
    await expect(reader.next()).rejects.toThrow('aborted')
  },
)

it('tells nobody of a body that nobody reads', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync('x').subarray(0, 12))
  })
  const unheard = vi.fn()
  process.on('uncaughtException', unheard)
  const leaving = new AbortController()
  await httpGet(url, { headers: {}, signal: leaving.signal })
  leaving.abort()
  await new Promise((resolve) => setTimeout(resolve, 20))
  process.off('uncaughtException', unheard)
  expect(unheard).not.toHaveBeenCalled()
})

it('ends with its signal, before the answer and within it', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/begun') response.write('some')
  })
  const leaving = new AbortController()
  const waiting = httpGet(url, { headers: {}, signal: leaving.signal })
  const { body } = await httpGet(new URL('begun', url), { headers: {}, signal: leaving.signal })
  const text = textOf(body)
  leaving.abort()
  await expect(waiting).rejects.toThrow('aborted')
  await expect(text).rejects.toThrow('aborted')
})
