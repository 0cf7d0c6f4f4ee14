import { natives } from '../natives'
import type { Binding, BindingContext } from './context'

/** Ada's scheme numbers. */
const schemes: Record<string, number> = { 'http:': 0, 'https:': 2, 'ws:': 3, 'ftp:': 4, 'wss:': 5, 'file:': 6 }
const notSpecial = 1
const absent = 0xffffffff
const settable = [
  'protocol',
  'host',
  'hostname',
  'port',
  'username',
  'password',
  'pathname',
  'search',
  'hash',
  'href',
] as const
const escapes: Record<string, string> = {
  '%': '%25',
  '\\': '%5C',
  '\n': '%0A',
  '\r': '%0D',
  '\t': '%09',
  '?': '%3F',
  '#': '%23',
  '[': '%5B',
  ']': '%5D',
  '^': '%5E',
  '|': '%7C',
  '~': '%7E',
}

/** WHATWG URLs through the browser's own parser; Node's URL class reads the parts' offsets from `urlComponents`. */
export function createUrlBinding(context: BindingContext): Binding {
  const components = new Uint32Array(9)
  const unicode = (host: string) => context.require<{ toUnicode(host: string): string }>('punycode').toUnicode(host)

  function publish(url: URL): string {
    const { href } = url
    const protocolEnd = url.protocol.length
    let usernameEnd = protocolEnd
    let hostStart = protocolEnd
    let hostEnd = protocolEnd
    let pathStart = protocolEnd
    if (href.startsWith('//', protocolEnd)) {
      usernameEnd = protocolEnd + 2 + url.username.length
      hostStart = usernameEnd + (url.password === '' ? 0 : 1 + url.password.length)
      const at = url.username === '' && url.password === '' ? 0 : 1
      hostEnd = hostStart + at + url.hostname.length
      pathStart = hostEnd + (url.port === '' ? 0 : 1 + url.port.length)
    } else if (href.startsWith('/.//', protocolEnd)) pathStart = protocolEnd + 2
    const afterPath = pathStart + url.pathname.length
    const searchStart = href[afterPath] === '?' ? afterPath : absent
    const hash = searchStart === absent ? (href[afterPath] === '#' ? afterPath : -1) : href.indexOf('#', afterPath)
    components.set([
      protocolEnd,
      usernameEnd,
      hostStart,
      hostEnd,
      url.port === '' ? absent : Number(url.port),
      pathStart,
      searchStart,
      hash === -1 ? absent : hash,
      schemes[url.protocol] ?? notSpecial,
    ])
    return href
  }

  function parse(input: string, base: string | undefined, throws: boolean): string | undefined {
    try {
      return publish(base === undefined ? new natives.URL(input) : new natives.URL(input, base))
    } catch {
      if (!throws) return undefined
      // Made by C++ in Node: without the code in its name.
      throw Object.assign(new TypeError('Invalid URL'), {
        code: 'ERR_INVALID_URL',
        input,
        ...(base === undefined ? {} : { base }),
      })
    }
  }

  return {
    urlComponents: components,
    parse,
    canParse: (input: string, base?: string) => natives.URL.canParse(input, base),
    domainToASCII: (domain: string) => hostOf(domain),
    domainToUnicode: (domain: string) => unicode(hostOf(domain)),
    format(href: string, hash: boolean, isUnicode: boolean, ...[search, auth]: [boolean, boolean]) {
      const url = new natives.URL(href)
      if (!hash) url.hash = ''
      if (!search) url.search = ''
      if (!auth) {
        url.username = ''
        url.password = ''
      }
      return isUnicode && url.hostname !== '' ? url.href.replace(url.hostname, unicode(url.hostname)) : url.href
    },
    pathToFileURL(path: string, isWindows: boolean, base?: string) {
      const url = new natives.URL('file://')
      url.pathname = path.replace(
        isWindows ? /[%\n\r\t?#[\]^|~]/g : /[%\\\n\r\t?#[\]^|~]/g,
        (char) => escapes[char] ?? char,
      )
      if (base !== undefined) url.hostname = base
      return publish(url)
    },
    update(href: string, action: number, value: string) {
      const url = new natives.URL(href)
      const part = settable[action]
      if (part === undefined) return false
      try {
        url[part] = value
      } catch {
        return false
      }
      return publish(url)
    },
    getOrigin(href: string) {
      const { origin } = new natives.URL(href)
      return origin
    },
  }
}

export function hostOf(domain: string): string {
  if (domain === '') return ''
  try {
    const url = new natives.URL('ws://x')
    const before = url.hostname
    url.hostname = domain
    return url.hostname === before && domain !== before ? '' : url.hostname
  } catch {
    return ''
  }
}
