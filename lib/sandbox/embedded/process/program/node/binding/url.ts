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

/** Chromium escapes these in paths, and Node does not: others that nobody uses stand for them meanwhile. */
const keptInPaths = [
  ['|', '\u{10fffc}'],
  ['^', '\u{10fffd}'],
] as const

const hidden = (text: string) => keptInPaths.reduce((all, [char, other]) => all.replaceAll(char, other), text)
const shown = (path: string) =>
  path.includes('%F4%8F%BF%B')
    ? keptInPaths.reduce((all, [char, other]) => all.replaceAll(encodeURIComponent(other), char), path)
    : path

interface Punycode {
  toUnicode(host: string): string
  decode(label: string): string
}

/** Nothing but spaces, which Chromium alone allows, is escaped in hosts that are domains; and asterisks. */
const domainOf = (hostname: string) => hostname.replaceAll('%2A', '*')

/**
 * WHATWG URLs through the browser's own parser, less the liberties that Chromium takes; Node's URL class reads the
 * parts' offsets from `urlComponents`.
 */
export function createUrlBinding(context: BindingContext): Binding {
  const components = new Uint32Array(9)
  /** Loaded without the warning that is meant for programs. */
  function punycode(): Punycode {
    const before = context.process.noDeprecation
    context.process.noDeprecation = true
    try {
      return context.require<Punycode>('punycode')
    } finally {
      context.process.noDeprecation = before
    }
  }
  const unicode = (host: string) => punycode().toUnicode(host)

  /** Whether the label that follows `xn--` is the punycode of anything. */
  function isEncoded(label: string): boolean {
    try {
      return !/^[\0-\x7f]*$/.test(punycode().decode(label))
    } catch {
      return false
    }
  }

  /** Chromium lets spaces and punycode of nothing pass. */
  function hasHost({ protocol, hostname }: URL): boolean {
    if (Object.hasOwn(schemes, protocol) && domainOf(hostname).includes('%')) return false
    return (
      !hostname.includes('xn--') ||
      hostname.split('.').every((label) => !label.startsWith('xn--') || isEncoded(label.slice(4)))
    )
  }

  function publish(url: URL): string {
    const { protocol, username, password, host, port } = url
    const hostname = Object.hasOwn(schemes, protocol) ? domainOf(url.hostname) : url.hostname
    const pathname = shown(url.pathname)
    const href = url.href.replace(host + url.pathname, () => host.replace(url.hostname, () => hostname) + pathname)
    return publishParts({ href, protocol, username, password, hostname, port, pathname })
  }

  function publishParts(
    url: Pick<URL, 'href' | 'protocol' | 'username' | 'password' | 'hostname' | 'port' | 'pathname'>,
  ) {
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

  function read(input: string, base = ''): URL {
    const make = (text: string, from: string) => (from === '' ? new natives.URL(text) : new natives.URL(text, from))
    const url = make(input, base)
    if (!hasHost(url)) throw new TypeError('It has no host.')
    if (/%7C|%5E/.test(url.pathname)) url.pathname = make(hidden(input), hidden(base)).pathname
    return url
  }

  function parse(input: string, base: string | undefined, throws: boolean): string | undefined {
    try {
      return publish(read(input, base))
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
    canParse: (input: string, base?: string) => parse(input, base, false) !== undefined,
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
      const part = settable[action]
      if (part === undefined) return false
      try {
        const url = read(href)
        if (part === 'href') return publish(read(value))
        url[part] = part === 'pathname' ? hidden(value) : value
        return hasHost(url) && publish(url)
      } catch {
        return false
      }
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
    const hostname = domainOf(url.hostname)
    return (hostname === before && domain !== before) || hostname.includes('%') ? '' : hostname
  } catch {
    return ''
  }
}
