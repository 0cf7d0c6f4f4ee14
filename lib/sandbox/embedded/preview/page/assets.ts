import type { FetchFromServer } from './fetch'

/** Attributes that make the browser load something, by the element's name. */
const loading: Record<string, readonly string[]> = {
  img: ['src'],
  source: ['src'],
  video: ['src', 'poster'],
  audio: ['src'],
  track: ['src'],
  input: ['src'],
  embed: ['src'],
  use: ['href', 'xlink:href'],
  image: ['href', 'xlink:href'],
  link: ['href'],
  script: ['src'],
}

export interface AssetSource {
  fetch: FetchFromServer
  /** Points the code of a script at the page's own `location`. */
  rewrite(code: string): Promise<string>
}

/**
 * Elements that the page makes load by address, which a srcdoc page cannot: their files come over the bridge and become
 * blobs. What is set by property or attribute is caught before the browser asks for it; what comes as HTML, after.
 */
export function installAssets({ fetch: fetchFromServer, rewrite }: AssetSource, base: () => URL): void {
  const blobs = new Map<string, Promise<string | null>>()
  const setNatively = Element.prototype.setAttribute
  const setNativelyNs = Element.prototype.setAttributeNS

  function blobOf(url: string): Promise<string | null> {
    const known = blobs.get(url)
    if (known) return known
    const made = fetchFromServer(url).then(
      async (response) => (response.ok ? URL.createObjectURL(await response.blob()) : null),
      () => null,
    )
    blobs.set(url, made)
    return made
  }

  const isLoading = (element: Element, name: string) => loading[element.localName]?.includes(name) ?? false

  /** Null when the browser can have the value as it is. */
  function targetOf(value: string): URL | null {
    if (value === '' || /^(data|blob|#|about|javascript):?/i.test(value) || !URL.canParse(value, base())) return null
    const url = new URL(value, base())
    return url.origin === base().origin ? url : null
  }

  /** Sets the attribute once the file is there. */
  function set(element: Element, name: string, value: string): boolean {
    const url = targetOf(value)
    if (url === null) return false
    element.setAttributeNS(null, 'data-src', value)
    if (element.localName === 'script') void loadScript(element, url)
    else if (element.localName === 'link') void loadLink(element, url)
    else {
      const { hash } = url
      url.hash = ''
      void blobOf(url.href).then((blob) => {
        if (element.getAttribute('data-src') !== value) return
        if (blob !== null) setNatively.call(element, name, blob + hash)
        else element.dispatchEvent(new Event('error'))
      })
    }
    return true
  }

  async function loadScript(element: Element, url: URL) {
    if (element.getAttribute('type') === 'module') {
      const api: unknown = Reflect.get(globalThis, '__vitrine')
      const load: unknown = Reflect.get(Object(api), 'import')
      if (typeof load === 'function') await settle(element, load(base().href, url.href))
      return
    }
    await settle(
      element,
      fetchFromServer(url).then(async (response) => {
        if (!response.ok) throw new Error(`${url.href} was not loaded.`)
        const code = `${await rewrite(await response.text())}\n//# sourceURL=${url.href}`
        setNatively.call(element, 'src', URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
      }),
      true,
    )
  }

  async function settle(element: Element, work: Promise<unknown>, tellsItself = false) {
    try {
      await work
      if (!tellsItself) element.dispatchEvent(new Event('load'))
    } catch (error) {
      console.error(error)
      element.dispatchEvent(new Event('error'))
    }
  }

  async function loadLink(element: Element, url: URL) {
    if (element.getAttribute('rel') !== 'stylesheet') return
    const style = document.createElement('style')
    await settle(
      element,
      fetchFromServer(url).then(async (response) => {
        style.textContent = await response.text()
        element.after(style)
      }),
    )
  }

  Element.prototype.setAttribute = function setAttribute(name, value) {
    if (!isLoading(this, name) || !set(this, name, String(value))) setNatively.call(this, name, value)
  }
  Element.prototype.setAttributeNS = function setAttributeNS(namespace, name, value) {
    if (!isLoading(this, name) || !set(this, name, String(value))) setNativelyNs.call(this, namespace, name, value)
  }
  const properties: [{ prototype: Element }, string][] = [
    [HTMLImageElement, 'src'],
    [HTMLMediaElement, 'src'],
    [HTMLSourceElement, 'src'],
    [HTMLScriptElement, 'src'],
    [HTMLLinkElement, 'href'],
    [HTMLInputElement, 'src'],
    [HTMLVideoElement, 'poster'],
  ]
  for (const [type, name] of properties) {
    const native = Object.getOwnPropertyDescriptor(type.prototype, name)
    if (!native?.get) continue
    Object.defineProperty(type.prototype, name, {
      ...native,
      get(this: Element) {
        const value = this.getAttribute('data-src')
        return value === null ? native.get?.call(this) : new URL(value, base()).href
      },
      set(this: Element, value: unknown) {
        if (!set(this, name, String(value))) native.set?.call(this, value)
      },
    })
  }

  function scan(root: Node) {
    if (!(root instanceof Element)) return
    for (const element of [root, ...root.querySelectorAll(Object.keys(loading).join(','))]) {
      for (const name of loading[element.localName] ?? []) {
        const value = element.getAttribute(name)
        const isInert = element.localName === 'script' || element.hasAttribute('data-src')
        if (value !== null && !isInert) set(element, name, value)
      }
    }
  }
  const observe = (root: Node) =>
    new MutationObserver((mutations) => {
      for (const { addedNodes } of mutations) addedNodes.forEach(scan)
    }).observe(root, { subtree: true, childList: true })
  observe(document)
  const attachNatively = Element.prototype.attachShadow
  Element.prototype.attachShadow = function attachShadow(init) {
    const root = attachNatively.call(this, init)
    observe(root)
    return root
  }
}
