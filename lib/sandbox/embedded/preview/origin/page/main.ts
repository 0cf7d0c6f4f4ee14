// The first script of every page of the second origin. Address, history, storage and modules are the browser's own there;
// this gives what a Service Worker cannot (WebSockets, other ports of the sandbox) and tells the IDE what happens.

import { capture } from '../../capture/main'
import type { ToPreview } from '../../messages'
import { captureConsole } from '../../page/console'
import { installPicker } from '../../page/picker'
import { tellPicture } from '../../page/picture'
import { removeWebRtc } from '../../page/remove-web-rtc'
import { tellIde, tellOnly } from '../../page/tell'
import { visibleText, watchPaint } from '../../page/watch'
import { installWebSocket } from '../../page/web-socket'
import { watchAddress } from './address'
import { keepCookiesOnHost } from './cookies'
import { installReach, socketAddress } from './reach'
import { createWorkerLink } from './worker-link'

/** The IDE's origin, from the Service Worker. */
declare const vitrineIde: string

/** A page inside a page of the project has nothing to tell. */
function isInsidePage(): boolean {
  try {
    return parent.location.origin === location.origin
  } catch {
    return false
  }
}

function listen() {
  const picker = installPicker()
  addEventListener('message', (event: MessageEvent<Partial<Record<string, unknown>> | null>) => {
    if (event.source !== parent || event.origin !== vitrineIde) return
    const message = event.data
    if (typeof message !== 'object' || message === null) return
    // The page's own listeners need not know.
    event.stopImmediatePropagation()
    if ('vitrineGo' in message) go(message.vitrineGo)
    else if ('vitrinePick' in message) picker.set(message.vitrinePick === true)
    else if ('vitrineText' in message) tellIde({ kind: 'text', text: visibleText() })
    else if ('vitrinePicture' in message) void tellPicture(capture)
  })
}

function go(where: unknown) {
  const to = where as Extract<ToPreview, { vitrineGo: unknown }>['vitrineGo']
  if (to === 'back') history.back()
  else if (to === 'forward') history.forward()
  else {
    tellIde({ kind: 'loading', url: location.href })
    location.reload()
  }
}

tellOnly(vitrineIde)
removeWebRtc()
keepCookiesOnHost()
installReach()
installWebSocket(createWorkerLink(), socketAddress)
// Code that our `vite` serves is written for pages whose location cannot be the browser's.
Object.assign(globalThis, {
  __vitrine: {
    get location() {
      return location
    },
    set location(url) {
      location.href = String(url)
    },
    window,
    tell: tellIde,
    import: (base: string, specifier: unknown): Promise<unknown> => import(new URL(String(specifier), base).href),
    resolver: (base: string) => (specifier: unknown) => new URL(String(specifier), base).href,
  },
})
if (!isInsidePage()) {
  tellIde({ kind: 'loading', url: location.href })
  captureConsole()
  listen()
  watchAddress()
  watchPaint()
  tellIde({ kind: 'ready' })
}
