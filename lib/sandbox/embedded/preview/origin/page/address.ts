import { tellIde } from '../../page/tell'
import { watchTitle } from '../../page/watch'

/** What of the Navigation API is used; some browsers lack it. */
interface Navigation extends EventTarget {
  readonly canGoBack: boolean
  readonly canGoForward: boolean
}
interface NavigateEvent extends Event {
  readonly destination: { readonly url: string }
  readonly downloadRequest: string | null
}

/** Tells the IDE where the page is, and asks it to show what lies elsewhere: this frame stays on its origin. */
export function watchAddress(): void {
  const { navigation } = window as { navigation?: Navigation }
  const tell = () =>
    tellIde({
      kind: 'address',
      url: location.href,
      title: document.title,
      canGoBack: navigation?.canGoBack ?? history.length > 1,
      canGoForward: navigation?.canGoForward ?? false,
    })
  const leave = (event: Event, url: string) => {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || new URL(url).origin === location.origin)
      return
    event.preventDefault()
    tellIde({ kind: 'leave', url })
  }

  addEventListener('DOMContentLoaded', tell)
  addEventListener('load', tell)
  addEventListener('popstate', tell)
  addEventListener('hashchange', tell)
  navigation?.addEventListener('currententrychange', tell)
  navigation?.addEventListener('navigate', (event) => {
    const { destination, downloadRequest } = event as NavigateEvent
    if (event.cancelable && downloadRequest === null) leave(event, destination.url)
  })
  addEventListener('DOMContentLoaded', () => watchTitle(tell))

  // There is one frame: what asks for a window of its own is shown in it.
  addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
    if (event.defaultPrevented || event.button !== 0 || !link || link.href === '' || link.hasAttribute('download'))
      return
    const isElsewhere = ['_blank', '_top', '_parent'].includes(link.target)
    leave(event, link.href)
    if (!isElsewhere || event.defaultPrevented) return
    event.preventDefault()
    location.href = link.href
  })
  window.open = (target) => {
    if (target !== undefined && target !== '') location.href = String(target)
    return null
  }
}
