import { rawModeMark } from '../../../../raw-mode'
import type { Binding, BindingContext } from './context'
import { openStandard } from './standard-streams'
import { streamWrapOf } from './stream-base'

export function createTtyWrapBinding(context: BindingContext): Binding {
  const { LibuvStreamWrap } = streamWrapOf(context)
  const isTTY = (fd: number) => isTerminal(context, fd)

  class TTY extends LibuvStreamWrap {
    readonly #fd: number

    constructor(fd: number, status: { code?: string; message?: string; errno?: number } = {}) {
      super('TTYWRAP')
      this.#fd = fd
      const stream = isTTY(fd) ? openStandard(context.host, fd) : null
      if (stream) this.attach(stream)
      else Object.assign(status, { code: 'EINVAL', message: 'invalid argument', errno: context.errnoOf('EINVAL') })
    }

    override get fd(): number {
      return this.#fd
    }

    getWindowSize(size: number[]): number {
      const { terminal } = context.host
      if (!terminal) return context.errnoOf('ENOTTY')
      size[0] = terminal.columns
      size[1] = terminal.rows
      return 0
    }

    /** The terminal of the page is told in the output that it shows. */
    setRawMode(isRaw: unknown): number {
      const { host } = context
      if (isTTY(1)) host.stdout(rawModeMark(Boolean(isRaw)))
      else if (isTTY(2)) host.stderr(rawModeMark(Boolean(isRaw)))
      return 0
    }
  }
  return { TTY, isTTY }
}

export function isTerminal({ host }: BindingContext, fd: number): boolean {
  if (host.terminal === null || fd < 0 || fd > 2) return false
  return host.kernel ? host.kernel.standard[fd] === 'terminal' : true
}
