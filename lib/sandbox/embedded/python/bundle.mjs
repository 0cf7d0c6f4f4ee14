// esbuild plugin for the Python bundle: Python sources are text, and Pyodide's loader is kept from reaching for Node.

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'python',
  setup(build) {
    build.initialOptions.loader = { '.py': 'text' }
    build.onResolve({ filter: /^(node:.*|ws)$/ }, ({ path }) => ({ path, namespace: 'absent' }))
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default {}' }))
  },
}
