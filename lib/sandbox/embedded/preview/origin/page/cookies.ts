/**
 * Cookies for the whole site would reach other projects' pages, and some libraries set them by habit: they stay on this
 * host. Without a path they are for all of it, since the worker sees no others.
 */
export function keepCookiesOnHost(): void {
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
  if (!cookie?.get || !cookie.set) return
  const { get, set } = cookie
  Object.defineProperty(Document.prototype, 'cookie', {
    configurable: true,
    enumerable: true,
    get,
    set(this: Document, text: unknown) {
      const cookie = String(text).replace(/;\s*domain\s*=[^;]*/gi, '')
      set.call(this, /;\s*path\s*=/i.test(cookie) ? cookie : `${cookie}; path=/`)
    },
  })
}
