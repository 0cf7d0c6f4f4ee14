// Entry of the bundle `node-brotli`: the Brotli codec with its WebAssembly inside. Loaded on the first use of Brotli.
import { CompressStream, DecompressStream } from 'vitrine:brotli'

Reflect.set(globalThis, Symbol.for('vitrine.bundle.node-brotli'), { CompressStream, DecompressStream })
