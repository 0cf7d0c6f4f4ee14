import { deflate, deflateEnd, deflateInit2, deflateReset, deflateSetDictionary } from 'pako/lib/zlib/deflate.js'
import { inflate, inflateEnd, inflateInit2, inflateReset, inflateSetDictionary } from 'pako/lib/zlib/inflate.js'
import ZStream from 'pako/lib/zlib/zstream.js'
import type { CompressionEngine, CompressionError, Span, StepResult } from './engine'

/** Node's `node_zlib_mode`, as in `zlib.constants`. */
export const zlibMode = { deflate: 1, inflate: 2, gzip: 3, gunzip: 4, deflateRaw: 5, inflateRaw: 6, unzip: 7 } as const

const returnCode = { ok: 0, streamEnd: 1, needDictionary: 2, dataError: -3, bufferError: -5 } as const
const flushBlock = 5
const flushFinish = 4
const methodDeflated = 8
const gzipMagic = [0x1f, 0x8b] as const

const codeNames: Record<string, string> = {
  '0': 'Z_OK',
  '1': 'Z_STREAM_END',
  '2': 'Z_NEED_DICT',
  '-1': 'Z_ERRNO',
  '-2': 'Z_STREAM_ERROR',
  '-3': 'Z_DATA_ERROR',
  '-4': 'Z_MEM_ERROR',
  '-5': 'Z_BUF_ERROR',
  '-6': 'Z_VERSION_ERROR',
}

export interface ZlibOptions {
  readonly windowBits: number
  readonly level: number
  readonly memLevel: number
  readonly strategy: number
  readonly dictionary?: Uint8Array | undefined
}

/** The tuning that a level sets in deflate's state. */
interface DeflateState {
  level: number
  strategy: number
  matches: number
  head: Uint16Array
  max_lazy_match: number
  good_match: number
  nice_match: number
  max_chain_length: number
}

/** Deflate and inflate in all their wrappers, as Node's ZlibContext drives zlib. */
export class ZlibEngine implements CompressionEngine {
  readonly #options: ZlibOptions
  readonly #stream = new ZStream()
  #mode: number
  #magicBytesSeen = 0
  #status: number
  /** What went wrong before the first step; told by that step, as in Node, which initialises lazily. */
  #initError: CompressionError | undefined

  constructor(mode: number, options: ZlibOptions) {
    this.#mode = mode
    this.#options = options
    this.#status = this.#initialise()
    this.#initError = this.#status === returnCode.ok ? this.#setDictionary() : this.#error('Init error')
  }

  step(flush: number, input: Span, output: Span): StepResult {
    const stream = this.#stream
    stream.input = input.bytes
    stream.next_in = input.offset
    stream.avail_in = input.length
    stream.output = output.bytes
    stream.next_out = output.offset
    stream.avail_out = output.length
    const error = this.#initError ?? this.#run(flush)
    this.#initError = undefined
    return { availableIn: stream.avail_in, availableOut: stream.avail_out, error }
  }

  reset(): CompressionError | undefined {
    this.#status = this.#isDeflating() ? deflateReset(this.#stream) : inflateReset(this.#stream)
    return this.#status === returnCode.ok ? this.#setDictionary() : this.#error('Failed to reset stream')
  }

  params(level: number, strategy: number): CompressionError | undefined {
    if (!this.#isDeflating()) return undefined
    this.#setParams(level, strategy)
    const isFine = this.#status === returnCode.ok || this.#status === returnCode.bufferError
    return isFine ? undefined : this.#error('Failed to set parameters')
  }

  close(): void {
    if (this.#isDeflating()) deflateEnd(this.#stream)
    else inflateEnd(this.#stream)
  }

  #isDeflating(): boolean {
    return this.#mode === zlibMode.deflate || this.#mode === zlibMode.gzip || this.#mode === zlibMode.deflateRaw
  }

  #initialise(): number {
    const { level, memLevel, strategy } = this.#options
    if (!this.#isDeflating()) return inflateInit2(this.#stream, this.#windowBits())
    return deflateInit2(this.#stream, level, methodDeflated, this.#windowBits(), memLevel, strategy)
  }

  /** zlib takes the wrapper as an offset to the window's size. */
  #windowBits(): number {
    const { windowBits } = this.#options
    if (this.#mode === zlibMode.gzip || this.#mode === zlibMode.gunzip) return windowBits + 16
    if (this.#mode === zlibMode.unzip) return windowBits + 32
    if (this.#mode === zlibMode.deflateRaw || this.#mode === zlibMode.inflateRaw) return -windowBits
    return windowBits
  }

  #setDictionary(): CompressionError | undefined {
    const { dictionary } = this.#options
    if (!dictionary) return undefined
    this.#status = returnCode.ok
    if (this.#mode === zlibMode.deflate || this.#mode === zlibMode.deflateRaw) {
      this.#status = deflateSetDictionary(this.#stream, dictionary)
    } else if (this.#mode === zlibMode.inflateRaw) {
      this.#status = inflateSetDictionary(this.#stream, dictionary)
    }
    return this.#status === returnCode.ok ? undefined : this.#error('Failed to set dictionary')
  }

  #run(flush: number): CompressionError | undefined {
    if (this.#isDeflating()) this.#status = deflate(this.#stream, flush)
    else this.#inflate(flush)
    return this.#errorAfterStep(flush)
  }

  #inflate(flush: number): void {
    const stream = this.#stream
    if (this.#mode === zlibMode.unzip) this.#detectWrapper()
    this.#status = inflate(stream, flush)
    if (this.#mode !== zlibMode.inflateRaw && this.#status === returnCode.needDictionary) this.#supplyDictionary(flush)
    // More input after a gzip member is another member or garbage; trailing zero bytes are padding.
    while (
      stream.avail_in > 0 &&
      this.#mode === zlibMode.gunzip &&
      this.#status === returnCode.streamEnd &&
      stream.input?.[stream.next_in] !== 0
    ) {
      this.reset()
      this.#status = inflate(stream, flush)
    }
  }

  #supplyDictionary(flush: number): void {
    const { dictionary } = this.#options
    if (!dictionary) return
    this.#status = inflateSetDictionary(this.#stream, dictionary)
    if (this.#status === returnCode.ok) this.#status = inflate(this.#stream, flush)
    // Both calls answer with a data error; this tells a bad dictionary from bad input.
    else if (this.#status === returnCode.dataError) this.#status = returnCode.needDictionary
  }

  /** Reads gzip's two magic bytes as they come, without taking them from the input. */
  #detectWrapper(): void {
    const { input, next_in, avail_in } = this.#stream
    for (let at = 0; at < avail_in && this.#mode === zlibMode.unzip; at++) {
      if (input?.[next_in + at] !== gzipMagic[this.#magicBytesSeen]) this.#mode = zlibMode.inflate
      else if (++this.#magicBytesSeen === gzipMagic.length) this.#mode = zlibMode.gunzip
    }
  }

  #errorAfterStep(flush: number): CompressionError | undefined {
    switch (this.#status) {
      case returnCode.ok:
      case returnCode.bufferError:
        return this.#stream.avail_out !== 0 && flush === flushFinish ? this.#error('unexpected end of file') : undefined
      case returnCode.streamEnd:
        return undefined
      case returnCode.needDictionary:
        return this.#error(this.#options.dictionary ? 'Bad dictionary' : 'Missing dictionary')
      default:
        return this.#error('Zlib error')
    }
  }

  /** zlib's own words win over ours. A buffer error has none in zlib, but pako gives it some. */
  #error(message: string): CompressionError {
    const own = this.#status === returnCode.bufferError ? '' : this.#stream.msg
    const code = codeNames[this.#status] ?? 'Z_UNKNOWN'
    return { message: own || message, errno: this.#status, code }
  }

  /** zlib's deflateParams, which pako lacks: ends the block, then takes the new level's tuning. */
  #setParams(level: number, strategy: number): void {
    const stream = this.#stream
    stream.input = new Uint8Array(0)
    stream.avail_in = 0
    stream.output ??= new Uint8Array(0)
    stream.avail_out = 0
    deflate(stream, flushBlock)
    const state = stream.state as DeflateState
    const tuned = tuningOf(level)
    if (state.level !== tuned.level) {
      // Level 0 keeps no hash of what it has stored.
      if (state.level === 0 && state.matches !== 0) state.head.fill(0)
      if (state.level === 0) state.matches = 0
      state.level = tuned.level
      state.max_lazy_match = tuned.max_lazy_match
      state.good_match = tuned.good_match
      state.nice_match = tuned.nice_match
      state.max_chain_length = tuned.max_chain_length
    }
    state.strategy = strategy
    this.#status = returnCode.ok
  }
}

/** pako keeps its table of levels to itself, so the numbers come from a stream made with that level. */
function tuningOf(level: number): DeflateState {
  const probe = new ZStream()
  deflateInit2(probe, level, methodDeflated, -9, 1, 0)
  return probe.state as DeflateState
}
