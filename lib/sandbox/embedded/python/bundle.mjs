// esbuild plugin for the Python bundle: Python sources are text, a package of them an object of texts, and Pyodide's
// loader is kept from reaching for Node.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const testRunner = fileURLToPath(new URL('library/pytest', import.meta.url))
const testRunnerFiles = readdirSync(testRunner).filter((name) => name.endsWith('.py'))

export const inputs = [testRunner, ...testRunnerFiles.map((name) => join(testRunner, name))]

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'python',
  setup(build) {
    build.initialOptions.loader = { '.py': 'text' }
    build.onResolve({ filter: /\/library\/pytest$/ }, () => ({ path: testRunner, namespace: 'python-package' }))
    build.onLoad({ filter: /.*/, namespace: 'python-package' }, () => ({
      contents: JSON.stringify(
        Object.fromEntries(testRunnerFiles.map((name) => [name, readFileSync(join(testRunner, name), 'utf8')])),
      ),
      loader: 'json',
    }))
    build.onResolve({ filter: /^(node:.*|ws)$/ }, ({ path }) => ({ path, namespace: 'absent' }))
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default {}' }))
  },
}
