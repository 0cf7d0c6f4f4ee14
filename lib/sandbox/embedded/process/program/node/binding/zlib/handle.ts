import type { CompressionEngine, CompressionError, Span } from './engine'

/** Runs the function as a macrotask of its own, with the process kept alive until then. */
export type Defer = (run: () => void) => void

/** Called with the handle as `this` when an asynchronous write is done; Node's `processCallback`. */
type WriteCallback = (this: CompressionHandle) => void

/** What every stream shares once its engine is made. */
export interface HandleStart {
  readonly engine: CompressionEngine
  readonly writeState: Uint32Array
  readonly onWrite: WriteCallback
}

const empty = new Uint8Array(0)

/**
 * What Node's `lib/zlib.js` holds as `_handle`. It keeps its own state in private fields, since the library stores
 * `cb`, `buffer`, `onerror` and more on the same object.
 */
export abstract class CompressionHandle {
  declare onerror: (message: string, errno: number, code: string) => void
  #start: HandleStart | undefined
  #isWriting = false
  #isClosePending = false
  #isClosed = false
  readonly #defer: Defer

  constructor(defer: Defer) {
    this.#defer = defer
  }

  protected begin(start: HandleStart): void {
    this.#start = start
  }

  writeSync(...call: WriteArguments): void {
    this.#isWriting = true
    if (this.#step(call)) this.#isWriting = false
    this.#closeIfPending()
  }

  write(...call: WriteArguments): void {
    this.#isWriting = true
    this.#defer(() => {
      if (this.#isClosePending || !this.#step(call)) return this.#closeIfPending()
      this.#isWriting = false
      this.#start?.onWrite.call(this)
      this.#closeIfPending()
    })
  }

  close(): void {
    this.#isClosePending = this.#isWriting
    if (this.#isWriting || this.#isClosed) return
    this.#isClosed = true
    this.#start?.engine.close()
  }

  reset(): void {
    this.report(this.#start?.engine.reset())
  }

  params(level?: number, strategy?: number): void {
    if (level === undefined || strategy === undefined) return
    this.report(this.#start?.engine.params?.(level, strategy))
  }

  /** True when there was nothing to report. */
  protected report(error: CompressionError | undefined): boolean {
    if (!error) return true
    this.onerror(error.message, error.errno, error.code)
    this.#isWriting = false
    return false
  }

  #step([flush, input, inOffset, inLength, output, outOffset, outLength]: WriteArguments): boolean {
    const start = this.#start
    if (!start || this.#isClosed) throw new Error('The compression stream is closed or was never initialised')
    const source: Span = { bytes: bytesOf(input), offset: inOffset, length: inLength }
    const target: Span = { bytes: bytesOf(output), offset: outOffset, length: outLength }
    const { availableIn, availableOut, error } = start.engine.step(flush, source, target)
    if (!this.report(error)) return false
    start.writeState[0] = availableOut
    start.writeState[1] = availableIn
    return true
  }

  #closeIfPending(): void {
    if (!this.#isClosePending) return
    this.#isWriting = false
    this.close()
  }
}

type WriteArguments = [
  flush: number,
  input: ArrayBufferView | null,
  inOffset: number,
  inLength: number,
  output: ArrayBufferView,
  outOffset: number,
  outLength: number,
]

function bytesOf(view: ArrayBufferView | null): Uint8Array {
  if (!view) return empty
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
