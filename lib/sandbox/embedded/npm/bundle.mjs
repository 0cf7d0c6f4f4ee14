// esbuild plugin for the npm bundle: npm's own resolver (@npmcli/arborist) on the sandbox's files and registry route.
// Node's modules become the small stand-ins in shims/; what fetches, caches and runs scripts is left out.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const shims = join(dirname(fileURLToPath(import.meta.url)), 'shims')
/** Modules that exist here, under other implementations. */
const replaced = {
  events: 'events.ts',
  fs: 'fs.ts',
  'fs/promises': 'fs-promises.ts',
  os: 'os.ts',
  path: 'path.ts',
  url: 'url.ts',
  util: 'util.ts',
  pacote: 'pacote.ts',
  // Used to show trees only; the library's own way there is CommonJS around a large glob matcher.
  '@npmcli/map-workspaces': 'map-workspaces.ts',
}
/** Never reached: installing is ours, and nothing here opens a connection or runs a script. */
const absent = new Set([
  '@npmcli/installed-package-contents',
  '@npmcli/metavuln-calculator',
  '@npmcli/node-gyp',
  '@npmcli/run-script',
  'cacache',
  'npm-registry-fetch',
  'child_process',
  'crypto',
  'http',
  'https',
  'module',
  'net',
  'stream',
  'timers/promises',
  'zlib',
])

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'npm',
  setup(build) {
    build.initialOptions.inject = [...(build.initialOptions.inject ?? []), join(shims, 'globals.ts')]
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const name = path.replace(/^node:/, '')
      if (Object.hasOwn(replaced, name) && importer !== '') return { path: join(shims, replaced[name]) }
      return absent.has(name) ? { path: name, namespace: 'absent' } : undefined
    })
    build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `module.exports = new Proxy(() => { throw new Error('${path} is not part of the sandbox.') }, {
        get: (target, key) => (key === '__esModule' ? false : typeof key === 'string' ? module.exports : undefined),
      })`,
    }))
  },
}
