// esbuild plugin for the shell bundle: just-bash's browser build still imports node:zlib, which pako stands in for, and
// reads compressed files with Node's Buffer.
import { createRequire } from 'node:module'

const buffer = createRequire(import.meta.url).resolve('buffer/')

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'shell',
  setup(build) {
    build.initialOptions.inject = ['vitrine-buffer']
    build.onResolve({ filter: /^vitrine-buffer$/ }, () => ({ path: 'buffer', namespace: 'global' }))
    build.onLoad({ filter: /.*/, namespace: 'global' }, () => ({
      contents: `export { Buffer } from ${JSON.stringify(buffer)}`,
      resolveDir: import.meta.dirname,
    }))
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node' }))
    build.onLoad({ filter: /.*/, namespace: 'node' }, () => ({
      contents: `
        import { gzip, ungzip } from 'pako'
        export const gzipSync = (data, { level } = {}) => gzip(data, { level: level ?? 6 })
        export const gunzipSync = (data) => ungzip(data)
        export const constants = {}
        export default {}`,
      resolveDir: import.meta.dirname,
    }))
  },
}
