// Entry of the bundle `node-zstd`: the Zstandard codec with its WebAssembly inside. Loaded on the first use of it.
import wasm from 'vitrine:zstd-wasm'
import { createZstdCodec } from './zstd-codec'

Reflect.set(globalThis, Symbol.for('vitrine.bundle.node-zstd'), createZstdCodec(wasm))
