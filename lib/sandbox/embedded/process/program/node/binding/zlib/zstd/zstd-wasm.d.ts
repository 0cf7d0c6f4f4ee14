/** The bytes of @bokuweb/zstd-wasm's module; see `bundle.mjs`. */
declare module 'vitrine:zstd-wasm' {
  const wasm: Uint8Array<ArrayBuffer>
  export default wasm
}
