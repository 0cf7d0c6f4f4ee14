// An esbuild plugin for what every process carries and few run: these packages are bundled apart, and stand in the bundle
// as text that is compiled at the first call. The browser does not parse a text; parsing is a third of a process's start.
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Module → the functions of it that are called. Their constants come from modules that are not listed here. */
const groups = {
  sucrase: {
    sucrase: ['transform'],
    'sucrase/dist/esm/parser/index.js': ['parse'],
    'sucrase/dist/esm/identifyShadowedGlobals.js': ['default'],
  },
  'cjs-module-lexer': { 'cjs-module-lexer': ['parse', 'initSync'] },
}
const groupOf = Object.fromEntries(
  Object.entries(groups).flatMap(([group, modules]) => Object.keys(modules).map((name) => [name, group])),
)

/** @type {import('esbuild').Plugin} */
export const lazyPackagesPlugin = {
  name: 'lazy-packages',
  setup(build) {
    const names = new RegExp(`^(${Object.keys(groupOf).join('|').replaceAll('.', '\\.')})$`)
    build.onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'lazy-package' }))
    build.onResolve({ filter: /^lazy-group:/ }, ({ path }) => ({ path, namespace: 'lazy-group' }))
    build.onLoad({ filter: /.*/, namespace: 'lazy-package' }, ({ path }) => ({ contents: callsOf(path) }))
    build.onLoad({ filter: /.*/, namespace: 'lazy-group' }, ({ path }) =>
      textOf(build, path.slice('lazy-group:'.length)),
    )
  },
}

/** Each function loads its group and becomes the real one. */
function callsOf(name) {
  const group = groupOf[name]
  const calls = groups[group][name].map((key, index) => {
    const call = `(...values) => load()[${JSON.stringify(`${name}:${key}`)}](...values)`
    return `const call${index} = ${call}\nexport { call${index} as ${key} }`
  })
  return [`import { load } from ${JSON.stringify(`lazy-group:${group}`)}`, ...calls].join('\n')
}

async function textOf(build, group) {
  const { initialOptions, esbuild } = build
  const modules = Object.entries(groups[group])
  const imports = modules.map(([name], index) => `import * as module${index} from ${JSON.stringify(name)}`)
  const members = modules.flatMap(([name, keys], index) =>
    keys.map((key) => `${JSON.stringify(`${name}:${key}`)}: module${index}.${key}`),
  )
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents: `${imports.join('\n')}\nmodule.exports = { ${members.join(', ')} }`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'browser',
    target: initialOptions.target,
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  const text = `(module) => {${outputFiles[0].text}\nreturn module.exports }\n//# sourceURL=vitrine:${group}.js`
  return {
    // The program may put another eval in the place of this one.
    contents: `const compile = globalThis.eval
const text = ${JSON.stringify(text)}
let loaded
export const load = () => (loaded ??= compile(text)({ exports: {} }))`,
    watchFiles: Object.keys(metafile.inputs).filter((path) => path !== '<stdin>'),
  }
}
