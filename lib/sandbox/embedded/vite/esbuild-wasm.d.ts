// The package types only its main entry, which is for Node.
declare module 'esbuild-wasm/esm/browser.js' {
  export * from 'esbuild-wasm'
}
