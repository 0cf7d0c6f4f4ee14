import { rewriteGlobals, virtualLocation, virtualWindow } from '../../preview/rewrite-globals'
import type { Framework } from '../config/evaluate'
import type { ViteContext } from '../context'
import { engineVersion } from '../engine'
import { fileNameOf, hashOf, stylePattern } from '../paths'
import { expandDynamicImports } from '../transform/dynamic-imports'
import { loadModule, type ModuleKinds } from '../transform/load-module'
import { absentModule } from './absent-module'
import { bundleCommonJs } from './bundle-common-js'
import { isModule, namesOfCommonJs } from './common-js'
import { createLargeCommonJs } from './large-common-js'

/** Dependencies as ready modules: each package that the app imports is one, what they share are chunks. */
export interface OptimizedDependencies {
  /** Part of every address, so that a change makes other modules. */
  hash: string
  /** Specifier → file name. */
  entries: Record<string, string>
  files: Record<string, string>
}

/** Bumped when results of an earlier form of this code must not be used. */
const formatVersion = 4
const bundledMark = 'deps-bundled'
/** Their compilers are bundled as well. */
const compiled: ReadonlySet<Framework> = new Set(['vue', 'svelte', 'solid'])

/** Whether this project's first page will need the bundler: what its packages become is not kept yet, and is no plain CommonJS. */
export async function needsBundler(context: ViteContext): Promise<boolean> {
  const { cache, config, resolver } = context
  if ((await cache.read(bundledMark)) !== null) return false
  if (config.frameworks.some((framework) => compiled.has(framework))) return true
  const page = `${config.root}/index.html`
  try {
    return Object.keys(resolver.packageOf(page)?.json.dependencies ?? {}).some((name) => {
      const found = resolver.resolve(name, page)
      return found.kind === 'file' && isModule(found.path, context)
    })
  } catch {
    // A package.json is broken: who imports the package says so.
    return false
  }
}

/** Specifier → names that the app asks for; a CommonJS package may export more than can be seen in it. */
export type WantedDependencies = ReadonlyMap<string, ReadonlySet<string>>

/** Bundles dependencies once; the result is kept in the tab by lockfile, engine and what is asked for. */
export async function optimizeDependencies(
  wanted: WantedDependencies,
  context: ViteContext,
  kinds: ModuleKinds,
): Promise<OptimizedDependencies> {
  const { config, packagesKey, cache } = context
  const asked = [...wanted].map(([specifier, names]) => [specifier, [...names].sort()]).sort()
  const hash = hashOf(
    JSON.stringify([formatVersion, engineVersion, packagesKey, config.conditions, config.define, asked]),
  )
  const key = `deps-${hash}`
  const known = await cache.read(key)
  if (known !== null) return JSON.parse(known) as OptimizedDependencies
  const built = { hash, ...(await bundle(wanted, context, kinds)) }
  cache.write(key, JSON.stringify(built))
  cache.write(bundledMark, '1')
  return built
}

async function bundle(
  wanted: WantedDependencies,
  context: ViteContext,
  kinds: ModuleKinds,
): Promise<Omit<OptimizedDependencies, 'hash'>> {
  const { project, resolver, config } = context
  const defined = [...Object.keys(config.define), '__VUE_']
  const plain = bundleCommonJs(wanted, context, defined)
  if (plain) return plain
  const { build } = await context.esbuild()
  const from = `${config.root}/index.html`
  const large = createLargeCommonJs(defined)
  const result = await build({
    entryPoints: Object.fromEntries(
      [...wanted.keys()].map((specifier) => [fileNameOf(specifier), `entry:${specifier}`]),
    ),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/deps',
    write: false,
    logLevel: 'silent',
    chunkNames: 'chunk-[hash]',
    define: {
      'process.env.NODE_ENV': '"development"',
      global: 'globalThis',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      location: virtualLocation,
      'window.location': virtualLocation,
      'document.location': virtualLocation,
      'globalThis.location': virtualLocation,
      'self.location': virtualLocation,
      'document.defaultView': virtualWindow,
      ...config.define,
    },
    plugins: [
      {
        name: 'dependencies',
        setup(setup) {
          setup.onResolve({ filter: /^entry:/ }, ({ path }) => ({
            path: path.slice('entry:'.length),
            namespace: 'entry',
          }))
          setup.onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
            if (/^(?:data|https?|blob):/.test(path)) return { path, external: true }
            const how = kind === 'require-call' || kind === 'require-resolve' ? 'require' : 'import'
            const found = resolver.resolve(path, namespace === 'file-in-project' ? importer : from, how)
            if (found.kind === 'file') return { path: found.path, namespace: 'file-in-project', suffix: found.query }
            // What a browser does not have is an error when it is used, not before.
            if (found.kind === 'missing' && namespace === 'entry')
              return { errors: [{ text: `“${path}”: ${found.hint}` }] }
            return { path, namespace: found.kind === 'empty' ? 'empty' : 'absent' }
          })
          setup.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {}' }))
          setup.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({ contents: absentModule(path) }))
          setup.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
            contents: entryModule(path, wanted.get(path) ?? new Set(), context),
            resolveDir: '/',
          }))
          setup.onLoad({ filter: /.*/, namespace: 'file-in-project' }, async ({ path, suffix }) => {
            if (path.endsWith('.json')) return { contents: project.readText(path), loader: 'json' }
            if (!/\.[cm]?[jt]sx?$/.test(path) || stylePattern.test(path) || /\.svelte\.[jt]s$/.test(path)) {
              return { contents: (await loadModule({ path, query: suffix }, context, kinds)).code, loader: 'js' }
            }
            const text = expandDynamicImports(project.readText(path), { path, project, resolveAlias: (name) => name })
            const standIn = /\.c?js$/.test(path) ? large.standIn(text) : null
            if (standIn !== null) return { contents: standIn, loader: 'js' }
            const isTaken = /\}\s*=\s*(?:window|globalThis|self)\b/.test(text)
            return { contents: isTaken ? rewriteGlobals(text) : text, loader: loaderOf(path) }
          })
        },
      },
    ],
  })
  const prefix = '/deps/'
  const files: Record<string, string> = {}
  for (const { path, text } of result.outputFiles) files[path.slice(prefix.length)] = large.complete(text)
  const entries = Object.fromEntries([...wanted.keys()].map((specifier) => [specifier, `${fileNameOf(specifier)}.js`]))
  return { entries, files }
}

function loaderOf(path: string): 'js' | 'jsx' | 'ts' | 'tsx' {
  if (/\.[cm]?ts$/.test(path)) return 'ts'
  return path.endsWith('.tsx') ? 'tsx' : path.endsWith('.jsx') ? 'jsx' : 'js'
}

/** One entry for each specifier, with the default and the named exports that ES modules expect of CommonJS. */
function entryModule(specifier: string, asked: ReadonlySet<string>, context: ViteContext): string {
  const found = context.resolver.resolve(specifier, `${context.config.root}/index.html`)
  const quoted = JSON.stringify(specifier)
  if (found.kind !== 'file') return `export * from ${quoted}`
  const names = /\.(?:svelte|vue|json)$/.test(found.path) ? null : namesOfCommonJs(found.path, context)
  if (names === null) return `export * from ${quoted}; import * as all from ${quoted}; export default all.default`
  const all = [...new Set([...names, ...asked])].filter((name) => name !== 'default' && name !== '*')
  const named = all.map(
    (name, index) => `const _${index} = all[${JSON.stringify(name)}] ?? fallback?.[${JSON.stringify(name)}]`,
  )
  const exported = all.map((name, index) => `_${index} as ${name}`)
  return [
    `import * as all from ${quoted}; import fallback from ${quoted}; export default fallback`,
    ...named,
    `export { ${exported.join(', ')} }`,
  ].join('\n')
}
