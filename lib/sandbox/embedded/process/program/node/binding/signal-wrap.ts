import { type Signal, signalNumbers, signalOf } from '../../../../signals'
import type { Binding, BindingContext } from './context'
import { handleWrapOf } from './handle-wrap'

export function createSignalWrapBinding(context: BindingContext): Binding {
  const HandleWrap = handleWrapOf(context)

  class SignalWrap extends HandleWrap {
    #stop: (() => void) | null = null

    constructor() {
      super('SIGNALWRAP')
    }

    start(number: number): number {
      const signal = signalOf(number)
      if (!signal || signal === 'SIGKILL' || signal === 'SIGSTOP') return context.errnoOf('EINVAL')
      this.#stop?.()
      this.#stop = listen(signal, () => this.makeCallback('onsignal', number))
      return 0
    }

    stop(): number {
      this.#stop?.()
      this.#stop = null
      return 0
    }

    protected override onClose(): void {
      this.stop()
    }
  }
  Object.defineProperty(SignalWrap, 'name', { value: 'Signal' })

  function listen(signal: Signal, listener: () => void): () => void {
    const { kernel } = context.host
    if (kernel) return kernel.onSignal(signal, listener)
    let isHeard = true
    context.host.onSignal((name) => {
      if (isHeard && name === signal) listener()
    })
    return () => {
      isHeard = false
    }
  }

  return { Signal: SignalWrap }
}

/** `process.kill`: 0 or the error's number. Signal 0 only asks. */
export function killProcess(context: BindingContext, pid: number, number: number): number {
  const signal = number === 0 ? null : signalOf(number)
  if (signal === undefined) return context.errnoOf('EINVAL')
  const { kernel, pid: own } = context.host
  if (kernel) return kernel.kill(pid, signal) ? 0 : context.errnoOf('ESRCH')
  if (pid !== own && pid !== 0) return context.errnoOf('ESRCH')
  if (signal) context.host.exit(128 + signalNumbers[signal])
  return 0
}
