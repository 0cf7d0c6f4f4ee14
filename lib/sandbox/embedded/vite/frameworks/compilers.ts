import { dirname } from '../../process/program/builtins/path'
import type { Esbuild } from '../engine'
import type { Project } from '../project'
import type { WebResolver } from '../resolve'

/** Runs a compiler of the project's own `node_modules` in this process. */
export interface PackageRunner {
  /** A package of one ES module without imports, e.g. a browser build. */
  importFile(path: string): Promise<Record<string, unknown>>
  /** A script in UMD or CommonJS form without requires. */
  runScript(path: string): Record<string, unknown>
  /** A package with all it requires, bundled first; `key` names the result in the cache. */
  bundle(specifiers: readonly string[], key: string): Promise<Record<string, unknown>>
  find(specifier: string, how?: 'import' | 'require'): string | null
}

export interface PackageRunnerOptions {
  project: Project
  resolver: WebResolver
  esbuild: () => Promise<Esbuild>
  cache: { read(key: string): Promise<string | null>; write(key: string, text: string): void }
}

const stubs: Record<string, string> = {
  path: `const norm = p => { const out = []; for (const s of p.split('/')) { if (s === '..') out.pop(); else if (s && s !== '.') out.push(s) } return (p[0] === '/' ? '/' : '') + out.join('/') };
    const path = { sep: '/', delimiter: ':', basename: (p, e) => { const n = p.split('/').pop(); return e && n.endsWith(e) ? n.slice(0, -e.length) : n }, extname: p => { const i = p.lastIndexOf('.'); return i < 0 ? '' : p.slice(i) },
      dirname: p => p.slice(0, p.lastIndexOf('/')) || '/', join: (...a) => norm(a.filter(Boolean).join('/')), normalize: norm, isAbsolute: p => p[0] === '/', relative: (a, b) => b.startsWith(a + '/') ? b.slice(a.length + 1) : b,
      resolve: (...a) => { let r = ''; for (const p of a) r = p[0] === '/' ? p : r + '/' + p; return norm('/' + r) } };
    path.posix = path; path.win32 = path; module.exports = path`,
  assert: `const assert = (value, message) => { if (!value) throw message instanceof Error ? message : new Error(message || 'Assertion failed') }; module.exports = Object.assign(assert, { ok: assert, equal: (a, b) => assert(a == b), strictEqual: (a, b) => assert(a === b) })`,
  url: `module.exports = { fileURLToPath: u => String(u).replace('file://', ''), pathToFileURL: p => new URL('file://' + p), URL }`,
  util: `module.exports = { inspect: String, promisify: f => f, deprecate: f => f, types: {} }`,
  process: `module.exports = globalThis.process`,
  fs: `module.exports = { existsSync: () => false, readFileSync() { throw new Error('There are no files here.') }, statSync() { throw new Error('There are no files here.') }, promises: {} }`,
}

export function createPackageRunner({ project, resolver, esbuild, cache }: PackageRunnerOptions): PackageRunner {
  const from = `${project.root}/package.json`
  const loaded = new Map<string, Record<string, unknown>>()

  function runCode(code: string, name: string): Record<string, unknown> {
    provideProcess()
    const module: { exports: Record<string, unknown> } = { exports: {} }
    const run = new Function('module', 'exports', 'require', `${code}\n//# sourceURL=${name}`)
    run(module, module.exports, (wanted: string) => {
      const stub = stubs[wanted.replace(/^node:/, '')]
      // The bundler leaves requires alone that are no plain calls, such as Sass's.
      if (stub !== undefined) return runCode(stub, wanted)
      throw new Error(`${name} requires “${wanted}”, which is not available here.`)
    })
    return module.exports
  }

  async function bundled(specifiers: readonly string[], key: string): Promise<string> {
    const known = await cache.read(key)
    if (known !== null) return known
    const { build } = await esbuild()
    const result = await build({
      stdin: {
        contents: specifiers.map((name, index) => `exports[${index}] = require(${JSON.stringify(name)})`).join('\n'),
        resolveDir: project.root,
        loader: 'js',
      },
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      minify: true,
      keepNames: true,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
      plugins: [
        {
          name: 'packages',
          setup(setup) {
            setup.onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
              const bare = path.replace(/^node:/, '')
              const how = kind === 'import-statement' || kind === 'dynamic-import' ? 'import' : 'require'
              const found = resolver.resolve(path, namespace === 'files' ? importer : from, how)
              if (found.kind === 'file' && !/^node:/.test(path)) return { path: found.path, namespace: 'files' }
              return { path: bare, namespace: 'stubs' }
            })
            setup.onLoad({ filter: /.*/, namespace: 'stubs' }, ({ path }) => ({
              contents: stubs[path] ?? 'module.exports = {}',
            }))
            setup.onLoad({ filter: /.*/, namespace: 'files' }, ({ path }) => ({
              contents: project.readText(path),
              loader: path.endsWith('.json') ? 'json' : 'js',
              resolveDir: dirname(path),
            }))
          },
        },
      ],
    })
    const text = result.outputFiles[0]?.text ?? ''
    cache.write(key, text)
    return text
  }

  return {
    async importFile(path) {
      const known = loaded.get(path)
      if (known) return known
      provideProcess()
      const url = URL.createObjectURL(new Blob([project.readText(path)], { type: 'text/javascript' }))
      const module: Record<string, unknown> = await import(/* webpackIgnore: true */ url)
      URL.revokeObjectURL(url)
      loaded.set(path, module)
      return module
    },
    runScript(path) {
      const known = loaded.get(path) ?? runCode(project.readText(path), path)
      loaded.set(path, known)
      return known
    },
    async bundle(specifiers, key) {
      const known = loaded.get(key) ?? runCode(await bundled(specifiers, key), key)
      loaded.set(key, known)
      return known
    },
    find(specifier, how = 'import') {
      const found = resolver.resolve(specifier, from, how)
      return found.kind === 'file' ? found.path : null
    },
  }
}

/** Compilers look for a process; what they find is harmless. */
function provideProcess(): void {
  const holder = globalThis as { process?: unknown }
  holder.process ??= {
    env: { NODE_ENV: 'production' },
    platform: 'linux',
    argv: [],
    cwd: () => '/',
    versions: { node: '22.0.0' },
    stderr: {},
    stdout: {},
  }
}
