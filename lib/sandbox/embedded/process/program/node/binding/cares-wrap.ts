import type { Binding, BindingContext } from './context'
import { canonicalIpv6, ipv4, toIpv6Words } from './ip-address'
import { createRequests, type Request } from './requests'

const family = { any: 0, v4: 4, v6: 6 } as const

/** Name look-ups on a machine without a network: it knows itself, and says so about everybody else. */
export function createCaresWrapBinding(context: BindingContext): Binding {
  let hasWarned = false

  function explain(name: string): void {
    if (hasWarned) return
    hasWarned = true
    const emitWarning = context.process.emitWarning as (text: string, options: object) => void
    emitWarning(
      `“${name}” cannot be reached: the sandbox has no network. Servers of the project itself answer on localhost.`,
      {
        type: 'NoNetworkWarning',
      },
    )
  }

  function look(name: string, wanted: number): string[] {
    if (isOwnName(name))
      return wanted === family.v6 ? ['::1'] : wanted === family.v4 ? ['127.0.0.1'] : ['127.0.0.1', '::1']
    if (ipv4.test(name)) return [name]
    return toIpv6Words(name) ? [name] : []
  }

  /** c-ares' resolver: there is no server to ask. */
  class ChannelWrap {
    #servers: unknown[] = [['127.0.0.1', 53]]
    getServers() {
      return this.#servers
    }
    setServers(servers: [family: number, address: string, port: number][]) {
      this.#servers = servers.map(([, address, port]) => [address, port])
      return 0
    }
    setLocalAddress() {}
    cancel() {}
  }
  const queries = [
    'queryAny',
    'queryA',
    'queryAaaa',
    'queryCaa',
    'queryCname',
    'queryMx',
    'queryNs',
    'queryTxt',
    'queryTlsa',
    'querySrv',
    'queryPtr',
    'queryNaptr',
    'querySoa',
    'getHostByAddr',
  ]
  for (const query of queries) {
    Object.defineProperty(ChannelWrap.prototype, query, {
      value(request: Request, name: string) {
        explain(name)
        request.complete('ECONNREFUSED')
        return 0
      },
    })
  }

  return {
    ...context.constants('cares_wrap'),
    ...createRequests(context, ['GetAddrInfoReqWrap', 'GetNameInfoReqWrap', 'QueryReqWrap']),
    ChannelWrap,
    getaddrinfo(request: Request, name: string, wanted: number) {
      const addresses = look(name, wanted)
      if (addresses.length > 0) request.complete(null, addresses)
      else {
        explain(name)
        request.complete(context.errnoOf('EAI_NONAME'), undefined)
      }
      return 0
    },
    getnameinfo(request: Request, address: string, port: number) {
      const name = /^(127\.|::1$)/.test(address) ? 'localhost' : address
      request.complete(null, name, port === 80 ? 'http' : port === 443 ? 'https' : port === 22 ? 'ssh' : String(port))
      return 0
    },
    canonicalizeIP: (address: string) => (ipv4.test(address) ? address : canonicalIpv6(address)),
    convertIpv6StringToBuffer(address: string) {
      const words = toIpv6Words(address)
      return words && Uint8Array.from(words.flatMap((word) => [word >> 8, word & 255]))
    },
    strerror: (code: number) => String(code),
  }
}

const isOwnName = (name: string) => /^(.+\.)?localhost\.?$/i.test(name) || name === 'vitrine'
