import { joinBytes } from '@/lib/base'
import type { Wire } from '../../../../wire'
import type { AnyFunction, BindingContext } from './context'
import { handleWrapOf } from './handle-wrap'
import { createRequests, type Request } from './requests'

/** What a stream handle reads and writes: a wire, or what looks like one. */
export type ByteStream = Omit<Wire, 'id'>

export const stateIndex = {
  kReadBytesOrError: 0,
  kArrayBufferOffset: 1,
  kBytesWritten: 2,
  kLastWriteWasAsync: 3,
} as const

const encoder = new TextEncoder()

/** Node's stream handles over wires: bytes in by `onread`, bytes out by requests that complete when there is room again. */
function createStreamWrap(context: BindingContext) {
  const state = new Int32Array(5)
  const HandleWrap = handleWrapOf(context)
  const eof = context.errnoOf('EOF')

  const { WriteWrap, ShutdownWrap } = createRequests(context, ['WriteWrap', 'ShutdownWrap'])

  class LibuvStreamWrap extends HandleWrap {
    /** Set by Node's library. */
    declare onread?: AnyFunction
    bytesRead = 0
    bytesWritten = 0
    #stream: ByteStream | null = null
    #isReading = false
    #hasEnded = false
    #isShut = false
    #isLent = false
    #pendingWrites = 0
    #userBuffer: Uint8Array | null = null
    /** What came after the reader had stopped. */
    #rest: Uint8Array | null = null
    #endsAfterRest = false
    /** What broke the stream while nobody read. */
    #failure = 0

    get isAttached(): boolean {
      return this.#stream !== null
    }

    get writeQueueSize(): number {
      return this.#pendingWrites
    }

    get fd(): number {
      return -1
    }

    attach(stream: ByteStream): void {
      this.#stream = stream
      this.#isLent = false
      stream.pause()
      stream.onData((data) => this.#receive(data))
      stream.onClose((wasReset) => (wasReset ? this.#fail(context.errnoOf('ECONNRESET')) : this.#receive(null)))
      if (this.#isReading) stream.resume()
    }

    /** Gives the stream to a child, until it is attached again. */
    lend(): ByteStream | null {
      this.#isLent = true
      return this.#stream
    }

    readStart(): number {
      if (this.isBeingClosed) return context.errnoOf('EINVAL')
      this.#isReading = true
      if (!this.#stream) return context.errnoOf('ENOTCONN')
      this.#settleActive()
      if (this.#rest) context.defer(() => this.#fillRest())
      if (this.#failure !== 0) context.defer(() => this.#fail(this.#failure))
      if (!this.#isLent) this.#stream.resume()
      return 0
    }

    readStop(): number {
      this.#isReading = false
      if (!this.#isLent) this.#stream?.pause()
      this.#settleActive()
      return 0
    }

    useUserBuffer(buffer: Uint8Array): void {
      this.#userBuffer = buffer
    }

    shutdown(request: Request): number {
      const stream = this.#stream
      if (!stream) return context.errnoOf('ENOTCONN')
      this.#isShut = true
      void stream.drained().then(() => {
        // Who shuts down knows of it before the other side does.
        request.complete(0)
        stream.end()
      })
      return 0
    }

    writeBuffer(request: Request, data: Uint8Array): number {
      return this.#write(request, data)
    }

    writeUtf8String(request: Request, text: string, handle?: unknown): number {
      return handle ? context.errnoOf('ENOTSUP') : this.#write(request, encoder.encode(text))
    }

    writeAsciiString(request: Request, text: string): number {
      return this.#write(request, encodeAs(text, 'latin1'))
    }

    writeLatin1String(request: Request, text: string): number {
      return this.#write(request, encodeAs(text, 'latin1'))
    }

    writeUcs2String(request: Request, text: string): number {
      return this.#write(request, encodeAs(text, 'utf16le'))
    }

    writev(request: Request, chunks: unknown[], allBuffers: boolean): number {
      const parts: Uint8Array[] = []
      if (allBuffers) parts.push(...(chunks as Uint8Array[]))
      else {
        for (let index = 0; index < chunks.length; index += 2) {
          const chunk = chunks[index]
          parts.push(typeof chunk === 'string' ? encodeAs(chunk, String(chunks[index + 1])) : (chunk as Uint8Array))
        }
      }
      return this.#write(request, join(parts))
    }

    setBlocking(): number {
      return 0
    }

    /** For handles whose stream comes later or is none. */
    protected get stream(): ByteStream | null {
      return this.#stream
    }

    protected override onClose(): void {
      this.closeStream()
    }

    protected closeStream(options?: { reset?: boolean }): void {
      this.#stream?.close(options)
      this.#stream = null
    }

    #write(request: Request, data: Uint8Array): number {
      const stream = this.#stream
      state[stateIndex.kBytesWritten] = data.byteLength
      state[stateIndex.kLastWriteWasAsync] = 0
      if (!stream) return context.errnoOf('EBADF')
      if (this.#isShut) return context.errnoOf('EPIPE')
      this.bytesWritten += data.byteLength
      const mayGoOn = stream.write(data)
      if (mayGoOn) return 0
      state[stateIndex.kLastWriteWasAsync] = 1
      this.#pendingWrites += data.byteLength
      this.#settleActive()
      void stream.drained().then(() => {
        this.#pendingWrites -= data.byteLength
        this.#settleActive()
        request.complete(0, this, undefined)
      })
      return 0
    }

    /** Only who reads learns of it. */
    #fail(errno: number): void {
      if (this.isBeingClosed || this.#hasEnded) return
      this.#failure = this.#isReading ? 0 : errno
      if (!this.#isReading) return
      this.#hasEnded = true
      state[stateIndex.kReadBytesOrError] = errno
      this.#settleActive()
      this.makeCallback('onread', undefined)
    }

    /** What comes meanwhile waits behind it. */
    #fillRest(): void {
      const rest = this.#rest
      if (!rest || !this.#isReading) return
      this.#rest = null
      this.#fill(rest)
      if (this.#rest === null && this.#endsAfterRest) this.#receive(null)
    }

    #receive(data: Uint8Array | null): void {
      if (this.isBeingClosed) return
      if (this.#rest) {
        if (data) {
          this.bytesRead += data.byteLength
          this.#rest = join([this.#rest, data])
        } else this.#endsAfterRest = true
        return
      }
      if (data === null) {
        if (this.#hasEnded) return
        this.#hasEnded = true
        state[stateIndex.kReadBytesOrError] = eof
        this.#settleActive()
        this.makeCallback('onread', undefined)
        return
      }
      this.bytesRead += data.byteLength
      if (this.#userBuffer) this.#fill(data)
      else this.#emit(data)
    }

    #emit(data: Uint8Array): void {
      state[stateIndex.kReadBytesOrError] = data.byteLength
      state[stateIndex.kArrayBufferOffset] = data.byteOffset
      this.makeCallback('onread', data.buffer)
    }

    #fill(data: Uint8Array): void {
      for (let offset = 0; offset < data.byteLength && this.#userBuffer; ) {
        if (!this.#isReading) {
          this.#rest = data.subarray(offset)
          return
        }
        const part = data.subarray(offset, offset + this.#userBuffer.byteLength)
        this.#userBuffer.set(part)
        offset += part.byteLength
        state[stateIndex.kReadBytesOrError] = part.byteLength
        this.makeCallback('readIntoUserBuffer')
      }
    }

    readIntoUserBuffer(): void {
      const next: unknown = this.onread?.call(this, undefined as never)
      if (next instanceof Uint8Array) this.#userBuffer = next
    }

    #settleActive(): void {
      this.setActive((this.#isReading && !this.#hasEnded && this.#stream !== null) || this.#pendingWrites > 0)
    }
  }
  Object.defineProperty(LibuvStreamWrap.prototype, 'isStreamBase', { value: false })

  function encodeAs(text: string, encoding: string): Uint8Array {
    return context.require<{ Buffer: BufferLike }>('buffer').Buffer.from(text, encoding)
  }

  return { LibuvStreamWrap, WriteWrap, ShutdownWrap, streamBaseState: state }
}

type StreamWrap = ReturnType<typeof createStreamWrap>
const wraps = new WeakMap<BindingContext, StreamWrap>()

export function streamWrapOf(context: BindingContext): StreamWrap {
  const known = wraps.get(context)
  if (known) return known
  const made = createStreamWrap(context)
  wraps.set(context, made)
  return made
}

interface BufferLike {
  from(text: string, encoding: string): Uint8Array
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  return only && parts.length === 1 ? only : joinBytes(parts)
}
