// esbuild plugin for the node-zstd bundle: the WebAssembly of @bokuweb/zstd-wasm as bytes, `vitrine:zstd-wasm`.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const wasm = join(dirname(fileURLToPath(import.meta.resolve('@bokuweb/zstd-wasm'))), 'zstd.wasm')

export const plugin = {
  name: 'zstd-wasm',
  setup(build) {
    build.onResolve({ filter: /^vitrine:zstd-wasm$/ }, () => ({ path: wasm, namespace: 'zstd-bytes' }))
    build.onLoad({ filter: /./, namespace: 'zstd-bytes' }, async () => ({
      contents: await readFile(wasm),
      loader: 'binary',
    }))
  },
}
