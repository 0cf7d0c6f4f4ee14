import { reachableFrom, sandboxOriginOf } from '../addresses'

/** Pages name servers of the sandbox by `http://localhost:<port>`: requests for those go through the page's own host. */
export function installReach(): void {
  const nativeFetch = window.fetch.bind(window)
  window.fetch = (input, init) => {
    if (!(input instanceof Request)) return nativeFetch(reach(input), init)
    const target = reach(input.url)
    return nativeFetch(target === input.url ? input : new Request(target, input), init)
  }
  const { open } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function openReachable(
    this: XMLHttpRequest,
    method: string,
    url: string | URL,
    ...rest: unknown[]
  ) {
    return Reflect.apply(open, this, [method, reach(url), ...rest])
  }
  const NativeEventSource = window.EventSource
  window.EventSource = class extends NativeEventSource {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(reach(url), init)
    }
  }
  const sendBeacon = navigator.sendBeacon.bind(navigator)
  navigator.sendBeacon = (url, data) => sendBeacon(reach(url), data)
}

function reach(target: string | URL): string {
  const text = String(target)
  if (!URL.canParse(text, document.baseURI)) return text
  return reachableFrom(location, new URL(text, document.baseURI)) ?? text
}

/** Where in the sandbox a WebSocket leads. */
export function socketAddress(target: string | URL): URL {
  const address = new URL(target, document.baseURI)
  if (address.host !== location.host) return address
  return new URL(`${address.pathname}${address.search}`, sandboxOriginOf(location.hostname))
}
