// esbuild plugin for the node-brotli bundle: brotli-wasm as the module `vitrine:brotli`, whose WebAssembly is part of
// the script and instantiated without waiting. Its own loaders fetch a file, which the sandbox cannot.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.resolve('brotli-wasm'))), 'pkg.bundler')
const glue = join(folder, 'brotli_wasm_bg.js')
const wasm = join(folder, 'brotli_wasm_bg.wasm')

export const plugin = {
  name: 'brotli',
  setup(build) {
    build.onResolve({ filter: /^vitrine:brotli$/ }, () => ({ path: glue }))
    build.onResolve({ filter: /brotli_wasm_bg\.wasm$/ }, () => ({ path: wasm, namespace: 'brotli-instance' }))
    build.onResolve({ filter: /^brotli-bytes$/ }, () => ({ path: wasm, namespace: 'brotli-bytes' }))
    build.onLoad({ filter: /./, namespace: 'brotli-bytes' }, async () => ({
      contents: await readFile(wasm),
      loader: 'binary',
    }))
    build.onLoad({ filter: /./, namespace: 'brotli-instance' }, async () => ({
      contents: instanceModule(WebAssembly.Module.exports(new WebAssembly.Module(await readFile(wasm)))),
      resolveDir: folder,
    }))
  },
}

function instanceModule(exported) {
  const names = exported.map(({ name }) => name).join(', ')
  return `
    import bytes from 'brotli-bytes'
    import * as glue from ${JSON.stringify(glue)}
    const module = new WebAssembly.Module(bytes)
    export const { ${names} } = new WebAssembly.Instance(module, { './brotli_wasm_bg.js': glue }).exports
  `
}
