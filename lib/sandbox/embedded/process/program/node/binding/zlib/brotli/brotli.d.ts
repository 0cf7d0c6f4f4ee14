/** brotli-wasm with its module compiled and instantiated at once; see `bundle.mjs`. */
declare module 'vitrine:brotli' {
  export { CompressStream, DecompressStream } from 'brotli-wasm'
}
