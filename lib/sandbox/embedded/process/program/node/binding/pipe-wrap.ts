import type { ProcessHost } from '../../../host'
import type { Binding, BindingContext } from './context'
import { createRequests, type Request } from './requests'
import { openStandard } from './standard-streams'
import { streamWrapOf } from './stream-base'

const kinds = { SOCKET: 0, SERVER: 1, IPC: 2, UV_READABLE: 1, UV_WRITABLE: 2 } as const

/** Pipes to children and local sockets. */
export function createPipeWrapBinding(context: BindingContext): Binding {
  const { LibuvStreamWrap } = streamWrapOf(context)

  class Pipe extends LibuvStreamWrap {
    constructor() {
      super('PIPEWRAP')
    }

    #path = ''
    #isListening = false
    #fd = -1

    get fd(): number {
      return this.#fd
    }

    open(fd: number): number {
      const stream = context.host.kernel?.descriptor(fd && fd > 2 ? fd : -1) ?? openStandard(context.host, fd)
      if (!stream) return context.errnoOf('EBADF')
      this.#fd = fd
      this.attach(stream)
      return 0
    }

    bind(path: string): number {
      if (this.#path !== '') return context.errnoOf('EINVAL')
      this.#path = toAbsolute(path)
      return 0
    }

    listen(): number {
      const { kernel, fs } = context.host
      if (!kernel) return context.errnoOf('ENOSYS')
      const problem = this.#createFile(fs)
      if (problem !== null) return context.errnoOf(problem)
      const listens = kernel.listen(this.#path, {
        connection: (wire) => {
          const client = new Pipe()
          client.attach(wire)
          this.makeCallback('onconnection', 0, client)
        },
        failed: () => this.makeCallback('onconnection', context.errnoOf('EADDRINUSE')),
      })
      if (!listens) return context.errnoOf('EADDRINUSE')
      this.#isListening = true
      this.setActive(true)
      return 0
    }

    connect(request: Request, path: string): number {
      const { kernel } = context.host
      if (!kernel) return context.errnoOf('ENOSYS')
      const release = context.hold()
      const finish = (status: number) => {
        release()
        request.complete(status, this, request, true, true)
      }
      const events = { connected: () => finish(0), refused: () => finish(context.errnoOf('ENOENT')) }
      const wire = kernel.connect(toAbsolute(path), events, {
        later: (task) => context.loop.defer(task, { holds: false }),
      })
      this.attach(wire)
      return 0
    }

    /** Lets others read from or write to the socket's file, too. */
    fchmod(mode: number): number {
      const { fs } = context.host
      if (!fs.exists(this.#path)) return context.errnoOf('EBADF')
      const added = (mode & kinds.UV_READABLE ? 0o444 : 0) | (mode & kinds.UV_WRITABLE ? 0o222 : 0)
      fs.chmod(this.#path, fs.stat(this.#path).mode | added)
      return 0
    }

    setPendingInstances(): void {}

    protected override onClose(): void {
      const { kernel, fs } = context.host
      if (this.#isListening) {
        kernel?.unlisten(this.#path)
        fs.rm(this.#path, { force: true })
      }
      super.onClose()
    }

    /** A local socket is a file, too. */
    #createFile(fs: ProcessHost['fs']): 'EINVAL' | 'EACCES' | 'EADDRINUSE' | null {
      if (this.#path === '') return 'EINVAL'
      if (this.#path.startsWith('\0')) return null
      if (fs.exists(this.#path)) return 'EADDRINUSE'
      if (!fs.exists(this.#path.replace(/\/[^/]*$/, '') || '/')) return 'EACCES'
      fs.writeFile(this.#path, new Uint8Array())
      return null
    }
  }

  const toAbsolute = (path: string) => (path.startsWith('/') || path.startsWith('\0') ? path : `${cwd()}/${path}`)
  const cwd = () => (context.process.cwd as () => string)()

  return { Pipe, ...createRequests(context, ['PipeConnectWrap']), constants: kinds }
}
