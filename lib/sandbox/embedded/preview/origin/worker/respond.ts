import { pageScript, reachableFrom, sandboxOriginOf, toSandboxUrl } from '../addresses'
import { insertScript } from './insert-script'
import type { Link } from './link'
import { failurePage, leavePage } from './pages'
import { headersFor } from './policy'
import { isText, textPage } from './text-page'

/** Statuses of which a response must have no body. */
const withoutBody = new Set([101, 103, 204, 205, 304])
const redirects = new Set([301, 302, 303, 307, 308])

/** Answers a request of a page from the server behind `link`. */
export async function respond(request: Request, link: Link, ide: string): Promise<Response> {
  const url = toSandboxUrl(new URL(request.url))
  const isPage = isPageRequest(request)
  try {
    const { method, signal } = request
    const body = method === 'GET' || method === 'HEAD' ? null : new Uint8Array(await request.arrayBuffer())
    const headers = await headersOf(request, url, link)
    const answer = await link.bridge.request({ method, url: url.href, headers, body }, signal)
    for (const [name, value] of answer.headers) {
      if (name.toLowerCase() === 'set-cookie' && request.credentials !== 'omit')
        await link.cookies.accept(value, request.url)
    }
    return isPage ? pageOf(answer, request, ide) : plainOf(answer, request, ide)
  } catch (error) {
    if (!isPage) return Response.error()
    return failurePage(url.href, error instanceof Error ? error.message : String(error), ide)
  }
}

export function isPageRequest({ mode, destination }: Request): boolean {
  return mode === 'navigate' || destination === 'iframe' || destination === 'document'
}

async function headersOf(request: Request, url: URL, { cookies }: Link): Promise<[string, string][]> {
  const headers: [string, string][] = [...request.headers]
  const { destination, method } = request
  headers.push(['sec-fetch-dest', isPageRequest(request) ? 'document' : destination === '' ? 'empty' : destination])
  const page = sandboxOriginOf(new URL(request.url).hostname)
  if (url.origin !== page || (method !== 'GET' && method !== 'HEAD')) headers.push(['origin', page])
  if (URL.canParse(request.referrer)) headers.push(['referer', toSandboxUrl(new URL(request.referrer)).href])
  const cookie = request.credentials === 'omit' ? '' : await cookies.header(request.url)
  if (cookie !== '') headers.push(['cookie', cookie])
  return headers
}

type Answer = Awaited<ReturnType<Link['bridge']['request']>>

function plainOf({ status, statusText, headers: answered, body }: Answer, request: Request, ide: string): Response {
  const isContext = isPageRequest(request) || /worker$/.test(request.destination)
  const headers = headersFor(answered, ide, { isContext })
  const target = headers.get('location')
  if (redirects.has(status) && target !== null) {
    const to = new URL(target, toSandboxUrl(new URL(request.url)))
    headers.set('location', reachableFrom(new URL(request.url), to) ?? to.href)
  }
  return new Response(withoutBody.has(status) ? null : body, { status, statusText, headers })
}

function pageOf(answer: Answer, request: Request, ide: string): Response {
  const target = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1]
  if (redirects.has(answer.status) && target !== undefined) {
    const from = toSandboxUrl(new URL(request.url))
    const to = new URL(target, from)
    // Another server is another host: the IDE goes there.
    if (to.origin !== from.origin) return leavePage(to.href, ide)
  }
  const response = plainOf(answer, request, ide)
  const type = response.headers.get('content-type')
  const isHtml = type === null || /^text\/html\b/i.test(type)
  if (response.body === null || (!isHtml && !isText(type))) return response
  const { status, statusText, headers, body } = response
  if (type === null) headers.set('content-type', 'text/html')
  else if (!isHtml) headers.set('content-type', 'text/html; charset=utf-8')
  const page = isHtml ? body.pipeThrough(insertScript(pageScript)) : textPage(body, type, pageScript)
  return new Response(page, { status, statusText, headers })
}
