// esbuild plugin for the shell bundle: just-bash's browser build still imports node:zlib for gzip, gunzip and zcat.

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'shell',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'absent' }))
    build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `
        const absent = () => { throw new Error('${path} is not available in the sandbox.') }
        export const gzipSync = absent, gunzipSync = absent, constants = {}
        export default {}`,
    }))
  },
}
