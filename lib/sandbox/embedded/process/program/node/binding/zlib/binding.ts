import crc32 from 'pako/lib/zlib/crc32.js'
import { type BrotliCodec, BrotliDecoderEngine, BrotliEncoderEngine } from './brotli-engine'
import { CompressionHandle, type Defer, type HandleStart } from './handle'
import { ZlibEngine } from './zlib-engine'
import { type ZstdCodec, ZstdDecoderEngine, ZstdEncoderEngine } from './zstd-engine'

/** What the zlib binding needs of the process it runs in. */
export interface ZlibSupport {
  /** Runs as a macrotask of its own and keeps the process alive until then. */
  readonly defer: Defer
  /** Loads the Brotli codec, a large part of its own, on first use. */
  readonly loadBrotli: () => BrotliCodec
  /** The same for Zstandard. */
  readonly loadZstd: () => ZstdCodec
  /** `zlib.constants`. */
  readonly constants: Readonly<Record<string, number>>
  /** The error for what this machine does not have. */
  readonly unavailable: (sentence: string) => Error
}

/** Version of the zlib that pako ports. */
const zlibVersion = '1.2.13'
const unsetParam = 0xffff_ffff
const brotliQuality = 1
const brotliDisableContextModeling = 4
/** `ZSTD_c_compressionLevel` and its siblings. */
const zstdParam = { level: 100, strategy: 107, windowLogMax: 100 } as const
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
      const engine = new BrotliEncoderEngine(support.loadBrotli(), quality === unsetParam ? undefined : quality)
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

  class ZstdCompress extends CompressionHandle {
    constructor() {
      super(defer)
    }

    init(...[params, pledgedSize, writeState, onWrite, dictionary]: ZstdInit): void {
      checkZstdParam(params[zstdParam.strategy], 0, 9)
      refuseDictionary(dictionary)
      const level = params[zstdParam.level]
      const engine = new ZstdEncoderEngine(support.loadZstd(), {
        level: level === undefined || level === unsetParam ? undefined : level | 0,
        pledgedSize,
      })
      this.begin({ engine, writeState, onWrite })
    }
  }

  class ZstdDecompress extends CompressionHandle {
    constructor() {
      super(defer)
    }

    init(...[params, , writeState, onWrite, dictionary]: ZstdInit): void {
      checkZstdParam(params[zstdParam.windowLogMax], 10, 31)
      refuseDictionary(dictionary)
      this.begin({ engine: new ZstdDecoderEngine(support.loadZstd()), writeState, onWrite })
    }
  }

  function refuseDictionary(dictionary: ArrayBufferView | undefined): void {
    if (dictionary) throw support.unavailable('Zstandard dictionaries are not available in the sandbox.')
  }

  return {
    Zlib,
    BrotliEncoder,
    BrotliDecoder,
    ZstdCompress,
    ZstdDecompress,
    ZLIB_VERSION: zlibVersion,
    crc32(data: string | ArrayBufferView, value: number): number {
      const bytes = typeof data === 'string' ? textEncoder.encode(data) : bytesOf(data)
      return crc32(value, bytes, bytes.length, 0) >>> 0
    },
  }
}

type ZstdInit = [
  params: Uint32Array,
  pledgedSize: number | undefined,
  writeState: Uint32Array,
  onWrite: HandleStart['onWrite'],
  dictionary: ArrayBufferView | undefined,
]

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
  if (value === undefined || value === unsetParam || value <= 1) return
  throw initializationFailed('Initialization failed')
}

function checkZstdParam(value: number | undefined, lowest: number, highest: number): void {
  const isFine = value === undefined || value === unsetParam || value === 0 || (value >= lowest && value <= highest)
  if (!isFine) throw initializationFailed('Setting parameter failed')
}

function initializationFailed(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_ZLIB_INITIALIZATION_FAILED' })
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
