import { messageOf } from '@/lib/base'
import type { PortConnection } from '../../types'
import { createPortHandler } from '../http/client'
import { toPortConnection } from '../port-connection'
import type { BridgeHandler, BridgeRequest, BridgeResponse } from '../preview/bridge/server'
import type { KernelClient } from '../process/kernel-client/kernel-client'
import type { ProxyRule } from './config/proxy-rules'

export interface ProxyOptions {
  rules: readonly ProxyRule[]
  connect(port: number): Promise<PortConnection>
  onError(text: string): void
}

/** Has other servers of this sandbox answer what `server.proxy` gives them; `handler` answers the rest. */
export function withProxy(handler: BridgeHandler, { rules, connect, onError }: ProxyOptions): BridgeHandler {
  if (rules.length === 0) return handler
  const servers = createPortHandler(connect)

  async function forward(rule: ProxyRule, request: BridgeRequest): Promise<BridgeResponse> {
    const asked = request.url.pathname + request.url.search
    const headers = new Headers(request.headers)
    for (const [name, value] of rule.headers) headers.set(name, value)
    try {
      const path = rule.rewrite(asked)
      // What `//name` of a path says is no host.
      const base = rule.target.origin + rule.target.pathname.replace(/\/$/, '')
      const url = new URL(path.startsWith('/') ? base + path : `${base}/${path}`)
      if (!/^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])$/.test(url.hostname) || url.protocol !== 'http:') {
        throw new Error(`${url.origin} is outside of this sandbox, which has no network.`)
      }
      return await servers.request({ ...request, url, headers })
    } catch (error) {
      const text = `http proxy error: ${asked}\n${messageOf(error)}`
      onError(text)
      return { status: 500, headers: [['content-type', 'text/plain; charset=utf-8']], body: text }
    }
  }

  return {
    ...handler,
    request(request) {
      const { pathname, search } = request.url
      const rule = pathname.startsWith('/@vite/') ? undefined : rules.find(({ matches }) => matches(pathname + search))
      return rule ? forward(rule, request) : handler.request(request)
    },
  }
}

/** A connection to another program's port. */
export function connectPort(kernel: KernelClient, port: number): Promise<PortConnection> {
  return new Promise((resolve, reject) => {
    const wire = kernel.connect(port, {
      connected: () => resolve(toPortConnection(wire)),
      refused: () => reject(new Error(`Nothing listens on port ${port}; start that server too.`)),
    })
  })
}
