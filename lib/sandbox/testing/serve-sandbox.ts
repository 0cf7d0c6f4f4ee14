import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'esbuild'
import { buildSandbox } from '../../../scripts/build-sandbox.mjs'
import { headersOf, isolationOf } from '../embedded/headers.mjs'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.zip': 'application/zip',
}
/** What the IDE's own pages send. */
const pageHeaders = (allowed: string, userAgent: string | undefined) => ({
  ...isolationOf('/page.html', userAgent),
  'Content-Type': 'text/html; charset=utf-8',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Content-Security-Policy': `default-src 'self'; frame-src 'self' ${allowed}; connect-src 'self' ${allowed}`,
})
const page = '<!doctype html><title>Test</title><body></body><script src="/test.js"></script>'

export interface PackageReply {
  status: number
  body: string | Uint8Array
  headers?: Record<string, string>
}

export interface TestServer {
  origin: string
  close(): Promise<void>
}

/**
 * A page like the IDE's that runs `entry` (bundled), with public/sandbox beside it under its real headers.
 * `packages` stands for the server's package route. `/plain` is the same page with no policy at all; `/vendor` may also reach WebContainer's host.
 */
export async function serveSandbox(
  entry: string,
  packages: (path: string, full: boolean) => Promise<PackageReply> = async () => ({ status: 404, body: '' }),
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
    if (pathname === '/') {
      response.writeHead(200, pageHeaders('', agent)).end(page)
    } else if (pathname === '/vendor') {
      response.writeHead(200, pageHeaders('https://stackblitz.com', agent)).end(page)
    } else if (pathname === '/plain') {
      response.writeHead(200, { 'Content-Type': types['.html'] }).end(page)
    } else if (pathname === '/test.js') {
      response.writeHead(200, { 'Content-Type': types['.js'] }).end(script)
    } else if (/^\/sandbox\/[\w.-]+$/.test(pathname)) {
      const body = await readFile(join('public', pathname))
      response.writeHead(200, { 'Content-Type': types[extname(pathname)], ...headersOf(pathname, agent) }).end(body)
    } else if (pathname.startsWith('/api/packages/')) {
      const { status, body, headers } = await packages(
        pathname.slice('/api/packages/'.length),
        searchParams.has('full'),
      )
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
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
