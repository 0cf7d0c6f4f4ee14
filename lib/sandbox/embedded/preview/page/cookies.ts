/** Cookies of one preview, in the same map as its storage: `cookie:<name>` → the `Set-Cookie` text. */
export interface CookieJar {
  /** What `document.cookie` reads. */
  read(url: string): string
  /** What a request carries, `HttpOnly` ones included. */
  header(url: string): string
  /** From `document.cookie =` or a `Set-Cookie` header. */
  set(text: string, url: string, options?: { fromScript?: boolean }): void
}

interface Cookie {
  name: string
  value: string
  path: string
  expiresAt: number | null
  httpOnly: boolean
}

const prefix = 'cookie:'

export function createCookieJar(storage: Map<string, string>, onChange: () => void = () => undefined): CookieJar {
  const cookiesFor = (url: string) => {
    const { pathname } = new URL(url)
    const all = [...storage].filter(([key]) => key.startsWith(prefix)).map(([, text]) => parseCookie(text, '/'))
    return all.filter(
      ({ path, expiresAt }) =>
        (expiresAt === null || expiresAt > Date.now()) &&
        (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)),
    )
  }
  const toText = (cookies: Cookie[]) =>
    cookies.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ')
  return {
    read: (url) => toText(cookiesFor(url).filter(({ httpOnly }) => !httpOnly)),
    header: (url) => toText(cookiesFor(url)),
    set(text, url, { fromScript = false } = {}) {
      const cookie = parseCookie(text, new URL(url).pathname.replace(/\/[^/]*$/, '') || '/')
      if (fromScript && cookie.httpOnly) return
      const key = `${prefix}${cookie.name}`
      if (cookie.expiresAt !== null && cookie.expiresAt <= Date.now()) storage.delete(key)
      else storage.set(key, serialise(cookie))
      onChange()
    },
  }
}

export function parseCookie(text: string, defaultPath: string): Cookie {
  const [pair = '', ...attributes] = text.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const cookie: Cookie = {
    name: at === -1 ? '' : pair.slice(0, at).trim(),
    value: pair.slice(at + 1).trim(),
    path: defaultPath,
    expiresAt: null,
    httpOnly: false,
  }
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split('=')
    if (/^path$/i.test(name) && value.startsWith('/')) cookie.path = value
    else if (/^max-age$/i.test(name)) cookie.expiresAt = Date.now() + Number(value) * 1000
    else if (/^expires$/i.test(name)) cookie.expiresAt ??= Date.parse(value) || null
    else if (/^httponly$/i.test(name)) cookie.httpOnly = true
  }
  return cookie
}

function serialise({ name, value, path, expiresAt, httpOnly }: Cookie): string {
  const expires = expiresAt === null ? '' : `; expires=${new Date(expiresAt).toUTCString()}`
  return `${name}=${value}; path=${path}${expires}${httpOnly ? '; httponly' : ''}`
}
