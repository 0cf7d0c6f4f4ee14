// The first script of every previewed document: gives it what an opaque srcdoc page lacks (an address, history, storage,
// network to its own server, modules by address) and tells the IDE what happens. Must never trust what it is asked for.
import { installAssets } from './assets'
import type { PageConfig, ToPage } from './config'
import { captureConsole } from './console'
import { createCookieJar } from './cookies'
import { installEventSource } from './event-source'
import { installFetch } from './fetch'
import { installLocation } from './location'
import { installModules } from './modules'
import { installNavigation } from './navigation'
import { installPicker } from './picker'
import { drawBy, tellPicture } from './picture'
import { removeWebRtc } from './remove-web-rtc'
import { createRewriter } from './rewriter'
import { createServerLink } from './server-link'
import { installStorage } from './storage'
import { tellIde, tellShell } from './tell'
import { visibleText, watchPaint, watchTitle } from './watch'
import { installWebSocket } from './web-socket'
import { installXhr } from './xhr'

function boot(config: PageConfig): void {
  captureConsole()
  removeWebRtc()
  const storage = new Map(config.storage)
  const saveStorage = throttle(() => tellShell({ kind: 'storage', entries: [...storage] }))
  const place = installLocation(config)
  const cookies = createCookieJar(storage, saveStorage)
  installStorage(storage, saveStorage, { cookies, url: () => place.url.href })
  const server = createServerLink()
  const fetchFromServer = installFetch(server, { url: () => place.url, cookies })
  installXhr(() => place.url)
  installWebSocket(server, (target) => new URL(target, place.url))
  installEventSource(() => place.url)
  const rewriter = createRewriter()
  installAssets({ fetch: fetchFromServer, rewrite: rewriter.rewrite }, () => place.url)
  const modules = installModules(config)
  installNavigation(place)
  const picker = installPicker()

  addEventListener('message', (event: MessageEvent) => {
    if (event.source !== parent || typeof event.data !== 'object' || event.data === null) return
    const message = (event.data as Partial<ToPage>).vitrinePage
    if (!message) return
    // The page's own listeners need not know.
    event.stopImmediatePropagation()
    if (message.kind === 'server' && event.ports[0]) server.open(event.ports[0])
    else if (message.kind === 'loaded') modules.loaded(message)
    else if (message.kind === 'rewritten') rewriter.answered(message.id, message.code)
    else if (message.kind === 'traverse') place.traverse(message.url, message.state)
    else if (message.kind === 'pick') picker.set(message.on)
    else if (message.kind === 'text') tellIde({ kind: 'text', text: visibleText() })
    else if (message.kind === 'picture') void tellPicture(drawBy(message.code))
  })
  watchTitle((title) => tellShell({ kind: 'title', title }))
  watchPaint()
  Object.assign(globalThis, {
    __vitrine: Object.defineProperties(modules.api, {
      location: { get: () => place.location, set: (url: unknown) => place.location.assign(String(url)) },
      window: { value: place.window },
      tell: { value: tellIde },
    }),
  })
  tellIde({ kind: 'ready' })
}

function throttle(run: () => void): () => void {
  let isWaiting = false
  return () => {
    if (isWaiting) return
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      run()
    }, 50)
  }
}

Object.assign(globalThis, { __vitrineBoot: boot })
