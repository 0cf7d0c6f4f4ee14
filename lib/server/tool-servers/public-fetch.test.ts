import type { ServerResponse } from 'node:http'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createPublicFetch, type PublicFetchOptions } from './public-fetch'

/** A key that both sides know stands for certificates, which a test has none of. */
const psk = Buffer.from('known to both sides')
const tls = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const
const here = { address: '127.0.0.1', family: 4 }
const servers: Server[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://tools.example:${(server.address() as AddressInfo).port}/mcp`
}

const serve = (answer: (response: ServerResponse) => void) =>
  listen(createServer({ ...tls, pskCallback: () => psk }, (_request, response) => answer(response)))

/** This machine stands for the public internet, and nothing else does. */
const post = (address: string, options: PublicFetchOptions = {}, headers: Record<string, string> = {}) =>
  createPublicFetch({
    resolve: async () => [here],
    isAllowed: (each) => each === here.address,
    tls: { ...tls, pskCallback: () => ({ psk, identity: 'test' }), checkServerIdentity: () => undefined },
    ...options,
  })(address, { method: 'POST', headers: new Headers(headers), body: '{}', signal: AbortSignal.timeout(5_000) })

describe('a host', () => {
  it('is connected to at the address that was checked, and looked up once a request', async () => {
    const address = await serve((response) => response.end('here'))
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return [asked.length === 1 ? here : { address: '169.254.169.254', family: 4 }]
    }
    expect(await (await post(address, { resolve })).text()).toBe('here')
    expect(asked).toEqual(['tools.example'])
    await expect(post(address, { resolve })).rejects.toThrow('No host on the public internet has this name.')
  })

  it('with one address that is not public is refused, whichever the others are', async () => {
    const address = await serve((response) => response.end())
    for (const inside of ['10.0.0.1', '::1', '::ffff:127.0.0.1']) {
      const resolve = async () => [here, { address: inside, family: inside.includes(':') ? 6 : 4 }]
      await expect(post(address, { resolve })).rejects.toThrow('No host on the public internet')
    }
    await expect(post(address, { resolve: async () => [] })).rejects.toThrow('No host on the public internet')
  })

  it('in numbers is checked though it is never looked up, and as the address that it stands for', async () => {
    const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:a9fe:a9fe]', '169.254.169.254']
    for (const host of hosts) {
      await expect(post(`https://${host}/`, { isAllowed: undefined }), host).rejects.toThrow('No host on the public')
    }
    await expect(post('http://tools.example/')).rejects.toThrow('No host on the public')
  })

  it('that cannot be used is told apart by what is wrong', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    }
    await expect(post('https://nothing.example/', { resolve })).rejects.toThrow('No host on the public internet')
    const plain = await listen(createHttpServer((_request, response) => response.end()))
    await expect(post(plain)).rejects.toThrow('does not speak https')
    const gone = await serve((response) => response.end())
    await new Promise((closed) => servers.pop()?.close(closed))
    await expect(post(gone)).rejects.toThrow('takes no connections')
    const silent = await listen(createTcpServer((socket) => socket.on('error', () => {}).resume()))
    await expect(post(silent, { connectMs: 20 })).rejects.toThrow('did not take the connection')
  })
})

describe('an answer', () => {
  it('that points elsewhere is not followed', async () => {
    const address = await serve((response) =>
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    )
    expect((await post(address)).status).toBe(307)
  })

  it('that is compressed, or has a status that is none, is refused', async () => {
    const bomb = await serve((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'))
    await expect(post(bomb)).rejects.toThrow('compressed')
    const odd = await serve((response) => response.writeHead(799).end())
    await expect(post(odd)).rejects.toThrow('status 799')
    const empty = await serve((response) => response.writeHead(204).end())
    expect((await post(empty)).body).toBeNull()
  })

  it('without an end is let go of when its reader stops', async () => {
    let closed = () => {}
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve
    })
    const address = await serve((response) => {
      response.on('close', closed)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    })
    const reader = (await post(address)).body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n')
    await reader?.cancel()
    await isClosed
  })
})

it('sends the headers it is given, and asks for nothing compressed', async () => {
  let seen: unknown
  const address = await listen(
    createServer({ ...tls, pskCallback: () => psk }, (request, response) => {
      seen = request.headers
      response.end()
    }),
  )
  await (await post(address, {}, { authorization: 'Bearer abc' })).text()
  expect(Object.keys(seen as object).sort()).toEqual([
    'accept-encoding',
    'authorization',
    'connection',
    'content-length',
    'host',
  ])
})
