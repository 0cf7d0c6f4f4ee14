import type { CompressionEngine, Span, StepResult } from './engine'
import { OutputQueue } from './output-queue'
import { createStoredBrotli, type StoredBrotli } from './stored-brotli'

/** The part of brotli-wasm that is used here. */
export interface BrotliCodec {
  CompressStream: new (quality?: number) => CompressStream
  DecompressStream: new () => DecompressStream
}

interface CodecResult {
  readonly buf: Uint8Array
  readonly code: number
  readonly input_offset: number
  free(): void
}

interface CompressStream {
  compress(input: Uint8Array | undefined, outputSize: number): CodecResult
  free(): void
}

interface DecompressStream {
  decompress(input: Uint8Array, outputSize: number): CodecResult
  free(): void
}

const operation = { process: 0, flush: 1, finish: 2 } as const
const resultCode = { success: 1, needsMoreInput: 2 } as const
const bufferErrno = -5
const outputPieceBytes = 65_536
/** Input is kept this long before the encoder starts, for a flush could still come (see `#flush`). */
const undecidedBytes = 1_048_576

/**
 * Brotli compression. The WASM encoder cannot flush in mid-stream, so a stream whose first megabyte is flushed goes on
 * with stored blocks: what was written can be read at once, but is not made smaller. Later flushes have no effect.
 */
export class BrotliEncoderEngine implements CompressionEngine {
  readonly #codec: BrotliCodec
  readonly #quality: number | undefined
  #undecided: Uint8Array[] = []
  #undecidedLength = 0
  #stream: CompressStream | undefined
  #stored: StoredBrotli | undefined
  readonly #output = new OutputQueue()
  #isFinished = false

  constructor(codec: BrotliCodec, quality?: number) {
    this.#codec = codec
    this.#quality = quality
  }

  step(flush: number, input: Span, output: Span): StepResult {
    try {
      if (input.length > 0) this.#take(input.bytes.slice(input.offset, input.offset + input.length))
      if (flush === operation.flush) this.#flush()
      if (flush === operation.finish) this.#finish()
    } catch {
      // The codec throws strings without a code; Node knows this one error.
      const error = { message: 'Compression failed', errno: -1, code: 'ERR_BROTLI_COMPRESSION_FAILED' }
      return { availableIn: 0, availableOut: output.length, error }
    }
    return { availableIn: 0, availableOut: this.#output.drain(output) }
  }

  reset(): undefined {
    this.close()
    this.#undecided = []
    this.#undecidedLength = 0
    this.#stored = undefined
    this.#output.clear()
    this.#isFinished = false
  }

  close(): void {
    this.#stream?.free()
    this.#stream = undefined
  }

  #take(bytes: Uint8Array): void {
    if (this.#stored) {
      this.#stored.add(bytes)
    } else if (this.#stream) {
      this.#feed(bytes)
    } else {
      this.#undecided.push(bytes)
      this.#undecidedLength += bytes.length
      if (this.#undecidedLength > undecidedBytes) this.#startStream()
    }
  }

  #flush(): void {
    if (!this.#stream && !this.#stored) {
      this.#stored = createStoredBrotli()
      for (const bytes of this.#undecided.splice(0)) this.#stored.add(bytes)
    }
    if (this.#stored) this.#output.add(this.#stored.flush())
  }

  #finish(): void {
    if (this.#isFinished) return
    this.#isFinished = true
    if (this.#stored) {
      this.#output.add(this.#stored.finish())
      return
    }
    const stream = this.#stream ?? this.#startStream()
    for (let isDone = false; !isDone; ) {
      const result = stream.compress(undefined, outputPieceBytes)
      this.#output.add(result.buf)
      isDone = result.code === resultCode.success
      result.free()
    }
  }

  #startStream(): CompressStream {
    const stream = new this.#codec.CompressStream(this.#quality)
    this.#stream = stream
    for (const bytes of this.#undecided.splice(0)) this.#feed(bytes)
    return stream
  }

  #feed(bytes: Uint8Array): void {
    let rest = bytes
    for (let isDone = false; !isDone; ) {
      const result = (this.#stream as CompressStream).compress(rest, outputPieceBytes)
      this.#output.add(result.buf)
      rest = rest.subarray(result.input_offset)
      isDone = result.code === resultCode.needsMoreInput && rest.length === 0
      result.free()
    }
  }
}

/** Brotli decompression; `errorName` turns the decoder's number into the name that Node's error code is made of. */
export class BrotliDecoderEngine implements CompressionEngine {
  readonly #codec: BrotliCodec
  readonly #errorName: (code: number) => string
  #stream: DecompressStream
  #isDone = false

  constructor(codec: BrotliCodec, errorName: (code: number) => string) {
    this.#codec = codec
    this.#errorName = errorName
    this.#stream = new codec.DecompressStream()
  }

  step(flush: number, input: Span, output: Span): StepResult {
    if (this.#isDone) return { availableIn: input.length, availableOut: output.length }
    const end = input.offset + input.length
    try {
      const result = this.#stream.decompress(input.bytes.subarray(input.offset, end), output.length)
      output.bytes.set(result.buf, output.offset)
      const availableIn = input.length - result.input_offset
      const availableOut = output.length - result.buf.length
      const code = result.code
      result.free()
      this.#isDone = code === resultCode.success
      const isCutShort = flush === operation.finish && code === resultCode.needsMoreInput
      const error = isCutShort
        ? { message: 'unexpected end of file', errno: bufferErrno, code: 'Z_BUF_ERROR' }
        : undefined
      return { availableIn, availableOut, error }
    } catch (cause) {
      const errno = Number(/-\d+/.exec(String(cause))?.[0] ?? -1)
      const error = { message: 'Decompression failed', errno, code: this.#errorName(errno) }
      return { availableIn: input.length, availableOut: output.length, error }
    }
  }

  reset(): undefined {
    this.close()
    this.#stream = new this.#codec.DecompressStream()
    this.#isDone = false
  }

  close(): void {
    this.#stream.free()
  }
}
