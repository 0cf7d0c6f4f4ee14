import type { AnyFunction, Binding, BindingContext } from './context'
import { type ByteStream, streamWrapOf } from './stream-base'
import { externals } from './types'

/** A stream handle whose other side is a stream of the program: `_tls_wrap` and `http` use one as if it were a socket. */
export function createJsStreamBinding(context: BindingContext): Binding {
  const { LibuvStreamWrap } = streamWrapOf(context)

  class JSStream extends LibuvStreamWrap {
    #listener: ((data: Uint8Array | null) => void) | null = null
    /** The write under way, and what waits for its end. */
    #request: object | null = null
    #waiting: (() => void)[] = []

    constructor() {
      super('JSSTREAM')
      const external = Object.freeze(Object.create(null) as object)
      externals.set(external, BigInt(this.getAsyncId()))
      Object.defineProperty(this, '_externalStream', { value: external })
      const call = (name: string, ...values: unknown[]) => {
        const fn: unknown = Reflect.get(this, name)
        if (typeof fn === 'function') Reflect.apply(fn as AnyFunction, this, values)
      }
      const stream: ByteStream = {
        onData: (listener) => {
          this.#listener = listener
        },
        onClose: () => undefined,
        pause: () => call('onreadstop'),
        resume: () => call('onreadstart'),
        write: (data) => {
          this.#request = {}
          call('onwrite', this.#request, [this.#toBuffer(data)])
          return this.#request === null
        },
        drained: () =>
          this.#request === null ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve)),
        end: () => call('onshutdown', {}),
        close: () => undefined,
      }
      this.attach(stream)
    }

    readBuffer(data: Uint8Array): void {
      this.#listener?.(data.slice())
    }

    emitEOF(): void {
      this.#listener?.(null)
    }

    finishWrite(): void {
      this.#request = null
      for (const resolve of this.#waiting.splice(0)) resolve()
    }

    /** Shutting down is announced when it is asked for. */
    finishShutdown(): void {}

    #toBuffer(data: Uint8Array): Uint8Array {
      const { Buffer } = context.require<{ Buffer: { from(data: Uint8Array): Uint8Array } }>('buffer')
      return Buffer.from(data)
    }
  }

  return { JSStream }
}
