// esbuild plugin for the git bundle: isomorphic-git works on Node's Buffer, which a browser does not have.
import { createRequire } from 'node:module'

const shim = createRequire(import.meta.url).resolve('buffer/')

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'git',
  setup(build) {
    build.initialOptions.inject = ['vitrine-buffer']
    build.onResolve({ filter: /^vitrine-buffer$/ }, () => ({ path: 'buffer', namespace: 'global' }))
    build.onLoad({ filter: /.*/, namespace: 'global' }, () => ({
      contents: `export { Buffer } from ${JSON.stringify(shim)}`,
      resolveDir: import.meta.dirname,
    }))
  },
}
