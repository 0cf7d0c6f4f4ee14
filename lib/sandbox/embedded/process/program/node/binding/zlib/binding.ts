import crc32 from 'pako/lib/zlib/crc32.js'
import { type BrotliCodec, BrotliDecoderEngine, BrotliEncoderEngine } from './brotli-engine'
import { CompressionHandle, type Defer, type HandleStart } from './handle'
import { ZlibEngine } from './zlib-engine'

/** What the zlib binding needs of the process it runs in. */
export interface ZlibSupport {
  /** Runs as a macrotask of its own and keeps the process alive until then. */
  readonly defer: Defer
  /** Loads the Brotli codec, a large part of its own, on first use. */
  readonly loadBrotli: () => BrotliCodec
  /** `zlib.constants`. */
  readonly constants: Readonly<Record<string, number>>
  /** The error for what this machine does not have. */
  readonly unavailable: (sentence: string) => Error
}

/** Version of the zlib that pako ports. */
const zlibVersion = '1.2.13'
const brotliUnset = 0xffff_ffff
const brotliQuality = 1
const brotliDisableContextModeling = 4
const textEncoder = new TextEncoder()

/** `internalBinding('zlib')`. */
export function createZlibBinding(support: ZlibSupport) {
  const { defer } = support

  class Zlib extends CompressionHandle {
    readonly #mode: number

    constructor(mode: number) {
      super(defer)
      this.#mode = mode
    }

    init(...[windowBits, level, memLevel, strategy, writeState, onWrite, dictionary]: ZlibInit): void {
      const options = { windowBits, level, memLevel, strategy, dictionary: dictionary && bytesOf(dictionary) }
      this.begin({ engine: new ZlibEngine(this.#mode, options), writeState, onWrite })
    }
  }

  class BrotliEncoder extends CompressionHandle {
    constructor() {
      super(defer)
    }

    init(params: Uint32Array, writeState: Uint32Array, onWrite: HandleStart['onWrite']): void {
      checkBrotliParams(params)
      const quality = params[brotliQuality]
      const engine = new BrotliEncoderEngine(support.loadBrotli(), quality === brotliUnset ? undefined : quality)
      this.begin({ engine, writeState, onWrite })
    }
  }

  class BrotliDecoder extends CompressionHandle {
    constructor() {
      super(defer)
    }

    init(_params: Uint32Array, writeState: Uint32Array, onWrite: HandleStart['onWrite']): void {
      const engine = new BrotliDecoderEngine(support.loadBrotli(), (code) => brotliErrorName(support.constants, code))
      this.begin({ engine, writeState, onWrite })
    }
  }

  /** Zstandard has no codec here; both directions say so. */
  class Zstd {
    constructor() {
      throw support.unavailable('Zstandard is not available in the sandbox; use gzip or brotli.')
    }
  }

  return {
    Zlib,
    BrotliEncoder,
    BrotliDecoder,
    ZstdCompress: class ZstdCompress extends Zstd {},
    ZstdDecompress: class ZstdDecompress extends Zstd {},
    ZLIB_VERSION: zlibVersion,
    crc32(data: string | ArrayBufferView, value: number): number {
      const bytes = typeof data === 'string' ? textEncoder.encode(data) : bytesOf(data)
      return crc32(value, bytes, bytes.length, 0) >>> 0
    },
  }
}

type ZlibInit = [
  windowBits: number,
  level: number,
  memLevel: number,
  strategy: number,
  writeState: Uint32Array,
  onWrite: HandleStart['onWrite'],
  dictionary: ArrayBufferView | undefined,
]

/** The one parameter whose value the encoder refuses; the others are clamped. */
function checkBrotliParams(params: Uint32Array): void {
  const value = params[brotliDisableContextModeling]
  if (value === undefined || value === brotliUnset || value <= 1) return
  throw Object.assign(new Error('Initialization failed'), { code: 'ERR_ZLIB_INITIALIZATION_FAILED' })
}

/** Node's code is `ERR_` before the decoder's own name, `_ERROR_FORMAT_PADDING_1` for one: two underscores and all. */
function brotliErrorName(constants: Readonly<Record<string, number>>, code: number): string {
  const prefix = 'BROTLI_DECODER'
  const name = Object.keys(constants).find((key) => key.startsWith(`${prefix}_ERROR`) && constants[key] === code)
  return name ? `ERR_${name.slice(prefix.length)}` : 'ERR_BROTLI_DECODER_ERROR'
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
