// The Service Worker of the second origin: answers every request of a previewed page from the sandbox, over a MessagePort
// that the relay brings, under a policy of its own. Pages of its origin may send it anything; it never asks the network,
// and nothing that it is told changes the policy.
import pageRuntime from 'virtual:origin-page'
import { ownPath, pageScript } from '../addresses'
import type { ToWorker } from '../messages'
import { createLinkHolder } from './link'
import { lostPage, refusalPage } from './pages'
import { headersFor } from './policy'
import { isPageRequest, respond } from './respond'

/** The IDE's origin; the server writes it in front of this script. */
declare const vitrineIde: string

const worker = globalThis as unknown as ServiceWorkerGlobal
const links = createLinkHolder(worker)

worker.addEventListener('install', () => void worker.skipWaiting())
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('message', (event) => {
  const [port] = event.ports
  const message = event.data as Partial<Record<string, unknown>> | null
  if (!port || typeof message !== 'object' || message === null) return
  if ('vitrineConnect' in message) connect(port, message as Extract<ToWorker, { vitrineConnect: unknown }>)
  else if ('vitrineChannel' in message) event.waitUntil(share(port))
})
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== worker.location.origin) return event.respondWith(Response.error())
  if (pathname === pageScript) return event.respondWith(ownScript())
  if (pathname.startsWith(ownPath) && !pathname.startsWith(`${ownPath}at/`)) return
  event.respondWith(answer(request))
})

function connect(port: MessagePort, { vitrineConnect: { storage } }: Extract<ToWorker, { vitrineConnect: unknown }>) {
  const isPairs = Array.isArray(storage) && storage.every((pair) => Array.isArray(pair) && pair.length === 2)
  if (isPairs) links.connect(port, storage)
}

async function share(port: MessagePort) {
  const link = await links.get()
  if (link) link.bridge.share(port)
  else port.close()
}

async function answer(request: Request): Promise<Response> {
  // In a tab of its own, no `frame-src` would keep the page from leaving.
  if (request.destination === 'document') return refusalPage(vitrineIde)
  const link = await links.get()
  if (link) return respond(request, link, vitrineIde)
  return isPageRequest(request) ? lostPage(vitrineIde) : Response.error()
}

function ownScript(): Response {
  const script = `{const vitrineIde=${JSON.stringify(vitrineIde)};${pageRuntime}}`
  return new Response(script, { headers: headersFor([['content-type', 'text/javascript; charset=utf-8']], vitrineIde) })
}
