import type { Binding, BindingContext } from './context'
import { createRequests, type Request } from './requests'
import { streamWrapOf } from './stream-base'

interface Address {
  address: string
  family: 'IPv4' | 'IPv6'
  port: number
}

const isLoopback = (address: string) => /^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.)/i.test(address)

/** TCP between the processes of the machine. There are no others to reach. */
export function createTcpWrapBinding(context: BindingContext): Binding {
  const { LibuvStreamWrap } = streamWrapOf(context)

  class TCP extends LibuvStreamWrap {
    constructor() {
      super('TCPWRAP')
    }

    #local: Address | null = null
    #remote: Address | null = null
    #isListening = false

    bind(address: string, port: number): number {
      return this.#bind({ address, family: 'IPv4', port })
    }

    bind6(address: string, port: number): number {
      return this.#bind({ address, family: 'IPv6', port })
    }

    listen(): number {
      const { kernel } = context.host
      const local = this.#local ?? { address: '0.0.0.0', family: 'IPv4', port: 0 }
      if (!kernel) return context.errnoOf('ENOSYS')
      if (local.port === 0) local.port = kernel.freePort()
      this.#local = local
      const listens = kernel.listen(local.port, {
        connection: (wire, remotePort, isIPv4) => {
          const client = new TCP()
          client.attach(wire)
          const { family } = local
          const address = family === 'IPv6' && isIPv4 ? mappedLoopback : loopback(family)
          client.#local = { ...local, address }
          client.#remote = { address, family, port: remotePort }
          this.makeCallback('onconnection', 0, client)
        },
        failed: () => this.makeCallback('onconnection', context.errnoOf('EADDRINUSE')),
      })
      if (!listens) return context.errnoOf('EADDRINUSE')
      this.#isListening = true
      this.setActive(true)
      return 0
    }

    connect(request: Request, address: string, port: number): number {
      return this.#connect(request, { address, family: 'IPv4', port })
    }

    connect6(request: Request, address: string, port: number): number {
      return this.#connect(request, { address, family: 'IPv6', port })
    }

    getsockname(out: object): number {
      return this.#tell(this.#local, out)
    }

    getpeername(out: object): number {
      return this.#tell(this.#remote, out)
    }

    setNoDelay(): number {
      return 0
    }

    setKeepAlive(): number {
      return 0
    }

    setSimultaneousAccepts(): number {
      return 0
    }

    reset(done?: () => void): number {
      this.closeStream({ reset: true })
      this.close(done)
      return 0
    }

    open(): number {
      return context.errnoOf('ENOTSUP')
    }

    protected override onClose(): void {
      if (this.#isListening && this.#local) context.host.kernel?.unlisten(this.#local.port)
      super.onClose()
    }

    #bind(address: Address): number {
      if (this.#local) return context.errnoOf('EINVAL')
      if (!isLoopback(address.address)) return context.errnoOf('EADDRNOTAVAIL')
      this.#local = address
      return 0
    }

    #connect(request: Request, remote: Address): number {
      const { kernel } = context.host
      if (!kernel) return context.errnoOf('ENOSYS')
      if (!isLoopback(remote.address)) return context.errnoOf('ENETUNREACH')
      if (remote.port === 0) {
        request.complete(context.errnoOf('ECONNREFUSED'), this, request, true, true)
        return 0
      }
      const release = context.hold()
      const finish = (status: number) => {
        release()
        if (!this.isBeingClosed) request.complete(status, this, request, true, true)
      }
      const events = {
        connected: (localPort: number) => {
          this.#local ??= { address: loopback(remote.family), family: remote.family, port: 0 }
          this.#local.port ||= localPort
          finish(0)
        },
        refused: () => finish(context.errnoOf('ECONNREFUSED')),
      }
      const wire = kernel.connect(remote.port, events, {
        isIPv4: remote.family === 'IPv4',
        later: (task) => context.loop.defer(task, { holds: false }),
      })
      this.#remote = { ...remote, address: isAny(remote.address) ? loopback(remote.family) : remote.address }
      this.attach(wire)
      return 0
    }

    #tell(address: Address | null, out: object): number {
      if (!address) return context.errnoOf('ENOTCONN')
      Object.assign(out, address)
      return 0
    }
  }

  return {
    TCP,
    ...createRequests(context, ['TCPConnectWrap']),
    constants: { SOCKET: 0, SERVER: 1, UV_TCP_IPV6ONLY: 1, UV_TCP_REUSEPORT: 2 },
  }
}

/** How a socket for both families sees IPv4. */
const mappedLoopback = '::ffff:127.0.0.1'
const loopback = (family: Address['family']) => (family === 'IPv6' ? '::1' : '127.0.0.1')
const isAny = (address: string) => address === '0.0.0.0' || address === '::'
