import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../crypto/testing/node-support'
import { createZlibBinding } from './binding'
import { type BrotliCodec, BrotliDecoderEngine, BrotliEncoderEngine } from './brotli-engine'
import type { CompressionEngine } from './engine'
import { createStoredBrotli } from './stored-brotli'
import { ZlibEngine, zlibMode } from './zlib-engine'
import { createZstdCodec } from './zstd/zstd-codec'
import { ZstdDecoderEngine, ZstdEncoderEngine } from './zstd-engine'

/** The build for Node; the one for browsers fetches its WebAssembly. */
const codec = createRequire(import.meta.url)('brotli-wasm') as BrotliCodec
const seed = 20_260_103
const random = createRandom(seed)
const { Z_FINISH, Z_NO_FLUSH, Z_SYNC_FLUSH } = zlib.constants
const defaults = { windowBits: 15, level: 6, memLevel: 8, strategy: 0 }

/** Text that repeats itself, as compressible data does. */
function makeText(length: number): Buffer {
  const words = Array.from({ length: 20 }, () => Buffer.from(random.bytes(3)).toString('hex'))
  let text = ''
  while (text.length < length) text += `${words[random.below(words.length)]} `
  return Buffer.from(text.slice(0, length))
}

/** Runs an engine over the input in pieces, as Node's library does. */
function pump(engine: CompressionEngine, data: Uint8Array, flushes = [Z_NO_FLUSH, Z_FINISH] as number[]): Buffer {
  const output: Uint8Array[] = []
  const [between, last] = flushes as [number, number]
  const pieceLength = 1 + random.below(5000)
  for (let at = 0; at === 0 || at < data.length; at += pieceLength) {
    const piece = data.subarray(at, at + pieceLength)
    const flush = at + pieceLength >= data.length ? last : between
    let consumed = 0
    for (;;) {
      const bytes = new Uint8Array(1 + random.below(900))
      const input = { bytes: piece, offset: consumed, length: piece.length - consumed }
      const result = engine.step(flush, input, { bytes, offset: 0, length: bytes.length })
      if (result.error) throw Object.assign(new Error(result.error.message), result.error)
      output.push(bytes.subarray(0, bytes.length - result.availableOut))
      consumed = piece.length - result.availableIn
      if (result.availableOut > 0) break
    }
  }
  return Buffer.concat(output)
}

describe('zlib', () => {
  it.each([
    ['deflate', 'inflateSync', 'deflateSync', 'inflate'],
    ['gzip', 'gunzipSync', 'gzipSync', 'gunzip'],
    ['deflateRaw', 'inflateRawSync', 'deflateRawSync', 'inflateRaw'],
    ['gzip', 'unzipSync', 'deflateSync', 'unzip'],
  ] as const)(
    `writes %s for Node and reads what Node wrote (seed ${seed})`,
    (encode, nodeDecode, nodeEncode, decode) => {
      for (const level of [0, 1, 5, 9]) {
        const data = makeText(random.below(40_000))
        const packed = pump(new ZlibEngine(zlibMode[encode], { ...defaults, level }), data, [Z_SYNC_FLUSH, Z_FINISH])
        expect(zlib[nodeDecode](packed)).toEqual(data)
        const engine = new ZlibEngine(zlibMode[decode], { ...defaults, windowBits: decode === 'inflateRaw' ? 15 : 0 })
        expect(pump(engine, zlib[nodeEncode](data, { level }), [Z_NO_FLUSH, Z_SYNC_FLUSH])).toEqual(data)
      }
    },
  )

  it('uses a dictionary, and says when it is missing or another', () => {
    const data = makeText(2000)
    const dictionary = data.subarray(500, 900)
    const packed = zlib.deflateSync(data, { dictionary })
    const read = (options: object) => pump(new ZlibEngine(zlibMode.inflate, { ...defaults, ...options }), packed)
    expect(read({ dictionary })).toEqual(data)
    expect(() => read({})).toThrow('Missing dictionary')
    expect(() => read({ dictionary: Buffer.from('another') })).toThrow('Bad dictionary')
  })

  it('reads gzip members one after the other, and stops at padding', () => {
    const both = Buffer.concat([zlib.gzipSync('abc'), zlib.gzipSync('def'), Buffer.alloc(5)])
    expect(pump(new ZlibEngine(zlibMode.gunzip, { ...defaults, windowBits: 0 }), both).toString()).toBe('abcdef')
  })

  it('changes level and strategy in the middle of a stream', () => {
    const [first, second] = [makeText(20_000), makeText(20_000)]
    const engine = new ZlibEngine(zlibMode.deflate, { ...defaults, level: 0 })
    const head = pump(engine, first, [Z_SYNC_FLUSH, Z_SYNC_FLUSH])
    expect(engine.params(9, 0)).toBeUndefined()
    const tail = pump(engine, second)
    expect(zlib.inflateSync(Buffer.concat([head, tail]))).toEqual(Buffer.concat([first, second]))
    expect(tail.length).toBeLessThan(second.length / 2)
  })

  it("gives zlib's own words and codes for broken data", () => {
    const read = (data: Uint8Array) => pump(new ZlibEngine(zlibMode.inflate, { ...defaults, windowBits: 0 }), data)
    expect(() => read(Buffer.from('nothing like it'))).toThrow('incorrect header check')
    expect(() => read(zlib.deflateSync('cut short').subarray(0, -3))).toThrow('unexpected end of file')
  })

  it('counts checksums on', () => {
    const binding = createZlibBinding({
      defer: setImmediate,
      constants: {},
      loadBrotli: () => {
        throw new Error('not asked for')
      },
      loadZstd: () => {
        throw new Error('not asked for')
      },
      unavailable: (sentence) => new Error(sentence),
    })
    expect(binding.crc32('hello', 0)).toBe(0x3610a686)
    expect(binding.crc32(Buffer.from(' world'), binding.crc32('hello', 0))).toBe(binding.crc32('hello world', 0))
  })
})

describe('brotli', () => {
  const { BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_PROCESS } = zlib.constants

  it(`writes for Node and reads what Node wrote (seed ${seed})`, () => {
    const data = makeText(60_000)
    const operations = [BROTLI_OPERATION_PROCESS, BROTLI_OPERATION_FINISH]
    const packed = pump(new BrotliEncoderEngine(codec, 5), data, operations)
    expect(packed.length).toBeLessThan(data.length / 2)
    expect(zlib.brotliDecompressSync(packed)).toEqual(data)
    const decoder = new BrotliDecoderEngine(codec, String)
    expect(pump(decoder, zlib.brotliCompressSync(data), operations)).toEqual(data)
  })

  it('can be read up to each flush', () => {
    const encoder = new BrotliEncoderEngine(codec)
    const decoder = new BrotliDecoderEngine(codec, String)
    for (const text of ['first', 'second', '']) {
      const flushed = pump(encoder, Buffer.from(text), [BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_FLUSH])
      const read = pump(decoder, flushed, [BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_FLUSH])
      expect(read.toString()).toBe(text)
    }
    pump(decoder, pump(encoder, new Uint8Array(0), [BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FINISH]))
  })

  it('stores blocks of any length that Node can read', () => {
    for (const length of [0, 1, 65_536, 65_537, 200_000]) {
      const stored = createStoredBrotli()
      const data = Buffer.from(random.bytes(length))
      stored.add(data)
      expect(zlib.brotliDecompressSync(stored.finish())).toEqual(data)
    }
  })

  it('says when the data ends too early', () => {
    const decoder = new BrotliDecoderEngine(codec, String)
    const cut = zlib.brotliCompressSync('something longer than this').subarray(0, 8)
    expect(() => pump(decoder, cut, [BROTLI_OPERATION_PROCESS, BROTLI_OPERATION_FINISH])).toThrow(
      'unexpected end of file',
    )
  })
})

describe('zstandard', () => {
  const wasm = createRequire(import.meta.url)
    .resolve('@bokuweb/zstd-wasm')
    .replace(/index\.node\.js$/, 'zstd.wasm')
  const zstd = createZstdCodec(readFileSync(wasm))
  const [proceed, flush, end] = [0, 1, 2]
  const pack = (data: Uint8Array, level?: number) => pump(new ZstdEncoderEngine(zstd, { level }), data, [proceed, end])
  const unpack = (data: Uint8Array) => pump(new ZstdDecoderEngine(zstd), data, [proceed, end])

  it(`reads what it wrote, at any level (seed ${seed})`, () => {
    for (const level of [-5, 1, 3, 19]) {
      const data = makeText(1 + random.below(50_000))
      const packed = pack(data, level)
      expect(packed.length).toBeLessThan(data.length)
      expect(unpack(packed)).toEqual(data)
    }
    expect(unpack(pack(new Uint8Array(0)))).toHaveLength(0)
  })

  it('reads what the reference implementation wrote', () => {
    const packed = Buffer.from('KLUv/QBYgAAA/9j/4AAQSkZJRgABAQEASA==', 'base64')
    const read = pump(new ZstdDecoderEngine(zstd), packed, [flush, flush])
    expect(read.toString('base64')).toBe('/9j/4AAQSkZJRgABAQEASA==')
  })

  it('writes what can be read up to each flush, all of it one stream', () => {
    const encoder = new ZstdEncoderEngine(zstd, {})
    const parts = ['first', 'second'].map((text) => pump(encoder, Buffer.from(text), [flush, flush]))
    expect(parts.map((part) => unpack(part).toString())).toEqual(['first', 'second'])
    expect(unpack(Buffer.concat(parts)).toString()).toBe('firstsecond')
  })

  it('holds a writer to the size that was pledged', () => {
    const encoder = new ZstdEncoderEngine(zstd, { pledgedSize: 10 })
    expect(() => pump(encoder, Buffer.from('four'), [proceed, end])).toThrow('Src size is incorrect')
  })

  it('says what is wrong with other data, and with data cut short', () => {
    expect(() => unpack(Buffer.from('nothing like it'))).toThrow('Unknown frame descriptor')
    expect(() => unpack(pack(makeText(500)).subarray(0, 40))).toThrow('unexpected end of file')
  })
})
