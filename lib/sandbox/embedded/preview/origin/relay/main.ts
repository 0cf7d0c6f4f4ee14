// A hidden page of the second origin beside the previewed one: starts the Service Worker, and brings it a channel to the
// server whenever it asks, since browsers stop idle workers. It stays while pages come and go.
import { messageOf } from '@/lib/base'
import { ownPath } from '../addresses'
import type { FromRelay, FromWorker, ToRelay, ToWorker } from '../messages'

/** The one origin that may show this page (`frame-ancestors`); its server writes it in front of this script. */
declare const vitrineIde: string

const tell = (message: FromRelay) => parent.postMessage({ vitrineRelay: message }, vitrineIde)
let registration: ServiceWorkerRegistration | null = null

addEventListener('message', ({ source, origin, data, ports }: MessageEvent<Partial<ToRelay> | null>) => {
  if (source !== parent || origin !== vitrineIde || !data?.vitrineConnect || !ports[0]) return
  void pass({ vitrineConnect: data.vitrineConnect }, ports[0])
})

/** A worker of an earlier visit may ask before this page has registered its own. */
async function pass(message: ToWorker, port: MessagePort) {
  const { active } = registration?.active ? registration : await navigator.serviceWorker.ready
  active?.postMessage(message, [port])
}

async function start() {
  if (!('serviceWorker' in navigator)) throw new Error('This browser has no service workers here.')
  navigator.serviceWorker.onmessage = ({ data }: MessageEvent<Partial<FromWorker> | null>) => {
    const message = data?.vitrineWorker
    if (message?.kind === 'lost') tell({ kind: 'ask' })
    else if (message) tell(message)
  }
  registration = await navigator.serviceWorker.register(`${ownPath}worker.js`, { scope: '/', updateViaCache: 'none' })
  await whenActive(registration)
  tell({ kind: 'ask' })
}

/** Resolves when the newest worker runs. */
function whenActive({ installing, waiting, active }: ServiceWorkerRegistration): Promise<void> {
  const newest = installing ?? waiting ?? active
  return new Promise((resolve, reject) => {
    const look = () => {
      if (newest?.state === 'activated') resolve()
      else if (newest === null || newest.state === 'redundant') reject(new Error('The service worker did not start.'))
    }
    newest?.addEventListener('statechange', look)
    look()
  })
}

tell({ kind: 'hello' })
start().catch((error: unknown) => tell({ kind: 'failed', reason: messageOf(error) }))
