import { joinBytes } from '@/lib/base'
import type { CompressionEngine, CompressionError, Span, StepResult } from './engine'
import { OutputQueue } from './output-queue'

/** The Zstandard codec, a bundle of its own. */
export interface ZstdCodec {
  /** One whole frame. */
  compress(data: Uint8Array, level: number): Uint8Array
  createDecoder(onData: (bytes: Uint8Array) => void): ZstdDecoder
}

/** Throws an error with a number of fzstd's as `code`. */
export interface ZstdDecoder {
  push(bytes: Uint8Array, isLast: boolean): void
}

/** `ZSTD_e_flush` and `ZSTD_e_end`. */
const directive = { flush: 1, end: 2 } as const
const defaultLevel = 3

export interface ZstdEncoderOptions {
  readonly level?: number | undefined
  readonly pledgedSize?: number | undefined
}

/** Zstandard compression. Every flush ends a frame: frames one after the other are one stream to any decoder. */
export class ZstdEncoderEngine implements CompressionEngine {
  readonly #codec: ZstdCodec
  readonly #options: ZstdEncoderOptions
  readonly #output = new OutputQueue()
  #pending: Uint8Array[] = []
  #total = 0
  #frames = 0

  constructor(codec: ZstdCodec, options: ZstdEncoderOptions) {
    this.#codec = codec
    this.#options = options
  }

  step(flush: number, input: Span, output: Span): StepResult {
    if (input.length > 0) this.#pending.push(input.bytes.slice(input.offset, input.offset + input.length))
    this.#total += input.length
    const error = flush === directive.end ? this.#sizeError() : undefined
    if (error) return { availableIn: 0, availableOut: output.length, error }
    const isEmptyEnd = flush === directive.end && this.#frames === 0
    if (flush !== 0 && (this.#pending.length > 0 || isEmptyEnd)) this.#endFrame()
    return { availableIn: 0, availableOut: this.#output.drain(output) }
  }

  reset(): undefined {
    this.#pending = []
    this.#output.clear()
    this.#total = 0
    this.#frames = 0
  }

  close(): void {
    this.reset()
  }

  #endFrame(): void {
    const whole = joinBytes(this.#pending.splice(0))
    this.#frames++
    this.#output.add(this.#codec.compress(whole, this.#options.level ?? defaultLevel))
  }

  #sizeError(): CompressionError | undefined {
    const { pledgedSize } = this.#options
    if (pledgedSize === undefined || pledgedSize === this.#total) return undefined
    return { message: 'Src size is incorrect', errno: -72, code: 'ZSTD_error_srcSize_wrong' }
  }
}

/** fzstd's number for data that ends too early. */
const unexpectedEnd = 5
const magicBytes = [0x28, 0xb5, 0x2f, 0xfd] as const

/** Zstandard decompression. The decoder keeps its last block back until more comes, so a reader is one block behind. */
export class ZstdDecoderEngine implements CompressionEngine {
  readonly #codec: ZstdCodec
  readonly #output = new OutputQueue()
  #decoder: ZstdDecoder
  #seen = 0
  #isEnded = false

  constructor(codec: ZstdCodec) {
    this.#codec = codec
    this.#decoder = this.#start()
  }

  step(flush: number, input: Span, output: Span): StepResult {
    const bytes = input.bytes.subarray(input.offset, input.offset + input.length)
    try {
      this.#read(bytes, flush === directive.end)
    } catch (cause) {
      return { availableIn: 0, availableOut: output.length, error: this.#errorOf(cause, bytes) }
    }
    return { availableIn: 0, availableOut: this.#output.drain(output) }
  }

  reset(): undefined {
    this.#output.clear()
    this.#decoder = this.#start()
    this.#seen = 0
    this.#isEnded = false
  }

  close(): void {
    this.#output.clear()
  }

  #start(): ZstdDecoder {
    return this.#codec.createDecoder((bytes) => this.#output.add(bytes))
  }

  #read(bytes: Uint8Array, isLast: boolean): void {
    if (this.#isEnded || (bytes.length === 0 && !isLast)) return
    this.#isEnded = isLast
    this.#decoder.push(bytes.slice(), isLast)
    this.#seen += bytes.length
  }

  #errorOf(cause: unknown, bytes: Uint8Array): CompressionError {
    const isOtherData = this.#seen === 0 && bytes.some((byte, index) => index < 4 && byte !== magicBytes[index])
    if (isOtherData) return { message: 'Unknown frame descriptor', errno: -10, code: 'ZSTD_error_prefix_unknown' }
    if ((cause as { code?: unknown }).code === unexpectedEnd) {
      return { message: 'unexpected end of file', errno: -5, code: 'Z_BUF_ERROR' }
    }
    return { message: 'Data corruption detected', errno: -20, code: 'ZSTD_error_corruption_detected' }
  }
}
