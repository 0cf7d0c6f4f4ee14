import { decodeUtf8, encodeUtf8, messageOf } from '@/lib/base'
import type { FileData, FileMap } from '@/lib/workspace'
import type { BridgeHandler, BridgeRequest, BridgeResponse } from '../bridge/server'
import { mimeTypeOf } from '../mime-types'
import { findSiteFile } from './site-files'

/** Where a static site has its address; no port, so that it is none of the sandbox's servers. */
export const staticOrigin = 'http://localhost'

/**
 * Serves the project's files as a web server for development would: pages without their endings, `404.html`, and modules
 * with types and JSX stripped. It knows nothing but the files it is given.
 */
export function createStaticServer(files: () => FileMap): BridgeHandler {
  return {
    async request(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return plain(405, 'This preview shows files; there is no server that could take what was sent.')
      }
      const response = await answer(files(), request)
      return request.method === 'HEAD' ? { ...response, body: null } : response
    },
  }
}

async function answer(files: FileMap, { url, headers }: BridgeRequest): Promise<BridgeResponse> {
  const isModule = headers.get('sec-fetch-dest') === 'script'
  const path = findSiteFile(files, url.pathname, { isModule })
  if (path === null) return notFound(files, url.pathname)
  // Relative links in a folder's page need its slash.
  if (path.endsWith('/index.html') && !/(\/|\.html)$/.test(url.pathname)) {
    return { status: 301, headers: [['location', `${url.pathname}/${url.search}`]], body: null }
  }
  const data = files.get(path) ?? ''
  if (isModule && (/\.(css|[cm]?tsx?|jsx)$/.test(path) || !path.includes('.'))) return moduleOf(path, data)
  return { status: 200, headers: [['content-type', mimeTypeOf(path)]], body: bytesOf(data) }
}

function notFound(files: FileMap, pathname: string): BridgeResponse {
  const page = ['404.html', 'public/404.html'].find((path) => files.has(path))
  if (page === undefined) return plain(404, `Not in the project: ${pathname}`)
  return { status: 404, headers: [['content-type', 'text/html; charset=utf-8']], body: bytesOf(files.get(page) ?? '') }
}

async function moduleOf(path: string, data: FileData): Promise<BridgeResponse> {
  const text = typeof data === 'string' ? data : (decodeUtf8(data) ?? '')
  try {
    const body = path.endsWith('.css') ? styleModule(text) : await stripTypes(path, text)
    return { status: 200, headers: [['content-type', 'text/javascript; charset=utf-8']], body }
  } catch (error) {
    return plain(500, `${path}: ${messageOf(error)}`)
  }
}

async function stripTypes(path: string, text: string): Promise<string> {
  const { transform } = await import('sucrase')
  const jsx = path.endsWith('x')
  return transform(text, {
    transforms: jsx ? ['typescript', 'jsx'] : ['typescript'],
    filePath: path,
    jsxRuntime: 'automatic',
    production: true,
    disableESTransforms: true,
  }).code
}

function styleModule(css: string): string {
  return `const style = document.createElement('style'); style.textContent = ${JSON.stringify(css)}; document.head.append(style); export default style.textContent`
}

function plain(status: number, text: string): BridgeResponse {
  return { status, headers: [['content-type', 'text/plain; charset=utf-8']], body: text }
}

function bytesOf(data: FileData): Uint8Array {
  return typeof data === 'string' ? encodeUtf8(data) : data.slice()
}
