import { Decompress } from 'fzstd'
import type { ZstdCodec } from '../zstd-engine'

/** The functions that are used, under the names that the build of @bokuweb/zstd-wasm 0.0.27 exports them by. */
interface ZstdExports {
  readonly f: WebAssembly.Memory
  /** `__wasm_call_ctors` */
  g(): void
  /** `ZSTD_isError` */
  h(code: number): number
  /** `ZSTD_compressBound` */
  i(size: number): number
  /** `ZSTD_compress` */
  m(target: number, capacity: number, source: number, size: number, level: number): number
  /** `malloc` */
  s(size: number): number
  /** `free` */
  t(address: number): void
}

const pageBytes = 65_536

/** Compression by the reference implementation in WebAssembly; decompression by fzstd, which can stream. */
export function createZstdCodec(wasm: Uint8Array<ArrayBuffer>): ZstdCodec {
  const zstd = instantiate(wasm)

  function compress(data: Uint8Array, level: number): Uint8Array {
    const capacity = zstd.i(data.length)
    const [target, source] = [zstd.s(capacity), zstd.s(Math.max(1, data.length))]
    try {
      new Uint8Array(zstd.f.buffer).set(data, source)
      const size = zstd.m(target, capacity, source, data.length, level)
      if (zstd.h(size) !== 0) throw new Error(`Zstandard cannot compress this: code ${size}`)
      return new Uint8Array(zstd.f.buffer).slice(target, target + size)
    } finally {
      zstd.t(target)
      zstd.t(source)
    }
  }

  return { compress, createDecoder: (onData) => new Decompress(onData) }
}

function instantiate(wasm: Uint8Array<ArrayBuffer>): ZstdExports {
  const fail = () => {
    throw new Error('Zstandard stopped')
  }
  const imports = {
    a: fail,
    b: () => undefined,
    c: fail,
    d: () => 0,
    e(wantedBytes: number) {
      const missing = Math.ceil(((wantedBytes >>> 0) - exports.f.buffer.byteLength) / pageBytes)
      return missing <= 0 || exports.f.grow(missing) >= 0 ? 1 : 0
    },
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { a: imports })
  const exports = instance.exports as unknown as ZstdExports
  exports.g()
  return exports
}
