import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'esbuild'
import { buildSandbox } from '../../../scripts/build-sandbox.mjs'
import { headersOf, isolationOf } from '../embedded/headers.mjs'
import { astrayPage, originHeaders } from '../embedded/preview/origin/addresses'
import { originFile } from '../embedded/preview/origin/serve'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.zip': 'application/zip',
}
/** What the IDE's own pages send. */
const pageHeaders = (allowed: string, userAgent: string | undefined, frames = "'self'") => ({
  ...isolationOf('/page.html', userAgent),
  'Content-Type': 'text/html; charset=utf-8',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Content-Security-Policy': `default-src 'self'; frame-src ${frames} ${allowed}; connect-src 'self' ${allowed}`,
})
/** Two hosts under one site, on the server's own port: the IDE's, and the one under which previews have theirs. */
export const secondOrigin = (port: number) => ({
  ide: `http://ide.vitrine.localhost:${port}`,
  preview: `http://preview.vitrine.localhost:${port}`,
})
const page = '<!doctype html><title>Test</title><body></body><script src="/test.js"></script>'

export interface PackageReply {
  status: number
  body: string | Uint8Array
  headers?: Record<string, string>
}

export interface PackageRouteRequest {
  path: string
  full: boolean
  wants: string[]
}

export interface TestServer {
  origin: string
  port: number
  close(): Promise<void>
}

/**
 * A page like the IDE's that runs `entry` (bundled), with public/sandbox beside it under its real headers.
 * Under the names of `secondOrigin` it is an IDE whose previews have an origin of their own.
 * `packages` stands for the server's package route. `/plain` is the same page with no policy at all; `/vendor` may also reach WebContainer's host.
 */
export async function serveSandbox(
  entry: string,
  packages: (request: PackageRouteRequest) => Promise<PackageReply> = async () => ({ status: 404, body: '' }),
): Promise<TestServer> {
  await buildSandbox()
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    write: false,
    logLevel: 'error',
  })
  const script = bundle.outputFiles[0]?.text ?? ''

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const agent = request.headers['user-agent']
    const host = request.headers.host ?? ''
    const { ide, preview } = secondOrigin(Number(new URL(`http://${host}`).port))
    if (host.endsWith(`.${new URL(preview).host}`)) {
      const file = pathname.startsWith('/__vitrine/') ? await originFile(pathname.slice(11), ide) : null
      const { body, headers } = astrayPage(ide)
      if (!file) response.writeHead(404, headers).end(body)
      else {
        const own = { ...headersOf(pathname, agent), ...originHeaders(ide), 'Content-Type': file.type }
        response.writeHead(200, own).end(file.body)
      }
    } else if (pathname === '/') {
      const frames = host === new URL(ide).host ? `${host}/sandbox/ ${preview.replace('//', '//*.')}` : undefined
      response.writeHead(200, pageHeaders('', agent, frames)).end(page)
    } else if (pathname === '/vendor') {
      response.writeHead(200, pageHeaders('https://stackblitz.com', agent)).end(page)
    } else if (pathname === '/plain') {
      response.writeHead(200, { 'Content-Type': types['.html'] }).end(page)
    } else if (pathname === '/test.js') {
      response.writeHead(200, { 'Content-Type': types['.js'] }).end(script)
    } else if (/^\/sandbox\/[\w.-]+$/.test(pathname)) {
      const body = await readFile(join('public', pathname))
      response.writeHead(200, { 'Content-Type': types[extname(pathname)], ...headersOf(pathname, agent) }).end(body)
    } else if (/^\/api\/packages(?:\/|$)/.test(pathname)) {
      const { status, body, headers } = await packages({
        path: pathname.slice('/api/packages/'.length),
        full: searchParams.has('full'),
        wants: searchParams.getAll('want'),
      })
      response.writeHead(status, headers).end(body)
    } else response.writeHead(404).end()
  }

  return listen((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
}

/** A server on a free loopback port. */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
