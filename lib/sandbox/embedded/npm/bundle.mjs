// esbuild plugin for the npm bundle: npm's own resolver (@npmcli/arborist) on the sandbox's files and registry route.
// Node's modules become the small stand-ins in shims/; what fetches, caches and runs scripts is left out.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const shims = join(dirname(fileURLToPath(import.meta.url)), 'shims')
/** Modules that exist here, under other implementations. */
const replaced = {
  crypto: 'crypto.ts',
  fs: 'fs.ts',
  'fs/promises': 'fs-promises.ts',
  os: 'os.ts',
  path: 'path.ts',
  url: 'url.ts',
  util: 'util.ts',
  v8: 'v8.ts',
  pacote: 'pacote.ts',
  // The real one brings a file walker of its own.
  'bin-links': 'bin-links.ts',
  glob: 'glob.ts',
  '@npmcli/fs': 'npmcli-fs.ts',
}
/** Modules that are a value, not a set of names. */
const valueModules = {
  events: ['events.ts', 'EventEmitter'],
  process: ['globals.ts', 'process'],
}
/** Never reached: installing is ours, and nothing here opens a connection or runs a script. */
const absent = new Set([
  '@npmcli/git',
  '@npmcli/installed-package-contents',
  '@npmcli/metavuln-calculator',
  '@npmcli/node-gyp',
  '@npmcli/run-script',
  'cacache',
  'npm-registry-fetch',
  'child_process',
  'http',
  'https',
  'module',
  'net',
  'path/win32',
  'stream',
  'string_decoder',
  'timers/promises',
  'worker_threads',
  'zlib',
])

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'npm',
  setup(build) {
    build.initialOptions.inject = [...(build.initialOptions.inject ?? []), join(shims, 'globals.ts')]
    build.initialOptions.define = { ...build.initialOptions.define, __dirname: '"/npm"' }
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const name = path.replace(/^node:/, '')
      if (Object.hasOwn(replaced, name) && importer !== '') return { path: join(shims, replaced[name]) }
      if (Object.hasOwn(valueModules, name)) return { path: name, namespace: 'value' }
      return absent.has(name) ? { path: name, namespace: 'absent' } : undefined
    })
    build.onLoad({ filter: /.*/, namespace: 'value' }, ({ path }) => {
      const [file, name] = valueModules[path]
      return {
        contents: `const { ${name} } = require('./${file}'); module.exports = ${name}; ${name}.${name} = ${name}`,
        resolveDir: shims,
      }
    })
    build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `module.exports = new Proxy(() => { throw new Error('${path} is not part of the sandbox.') }, {
        get: (target, key) => (key === '__esModule' ? false : typeof key === 'string' ? module.exports : undefined),
      })`,
    }))
  },
}
