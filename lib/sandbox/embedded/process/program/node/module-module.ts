import { transform } from 'sucrase'
import type { Loader } from '../loader/loader'
import type { Library } from './library/library'
import type { ModuleRegistration } from './module-registration'

interface UrlModule {
  fileURLToPath(url: string | URL): string
  pathToFileURL(path: string): URL
}

const moduleNames = [
  '_cache',
  '_pathCache',
  '_extensions',
  'globalPaths',
  '_findPath',
  '_nodeModulePaths',
  '_resolveLookupPaths',
  '_load',
  '_resolveFilename',
  'createRequire',
  '_initPaths',
  '_preloadModules',
  'wrap',
  '_stat',
  'runMain',
] as const

/** `require('module')`: the loader's `Module` with Node's functions on it. One object per loader. */
export function createModuleModule(library: Library, loader: Loader, registration: () => ModuleRegistration): unknown {
  const { Module } = loader
  const { context } = library
  if (Object.hasOwn(Module, 'Module')) return Module
  const { fileURLToPath } = library.require<UrlModule>('url')
  const { validateString, validateObject, validateOneOf } =
    library.require<Record<string, (...values: unknown[]) => void>>('internal/validators')

  function createRequire(from: unknown) {
    const isPath = typeof from === 'string' && (from.startsWith('/') || from.startsWith('file:'))
    if (!isPath && !(from instanceof URL) && !isUrl(from)) {
      throw context.nodeError(
        'ERR_INVALID_ARG_VALUE',
        'filename',
        from,
        'must be a file URL object, file URL string, or absolute path string',
      )
    }
    const text = String(from)
    return loader.createRequire(text.startsWith('file:') ? fileURLToPath(text) : text)
  }

  function findPackageJSON(specifier: unknown, base?: unknown): string | undefined {
    if (specifier === undefined) throw context.nodeError('ERR_MISSING_ARGS', 'specifier')
    const text = String(specifier)
    const importer = base === undefined ? `${(context.process.cwd as () => string)()}/_` : toPath(String(base))
    if (/^(\.|\/|file:)/.test(text)) {
      const target = text.startsWith('.') ? new URL(text, `file://${importer}`).pathname : toPath(text)
      return jsonOf(`${target.replace(/\/$/, '')}${loader.isDirectory(target) ? '/_' : ''}`)
    }
    const name = /^(@[^/]+\/)?[^/]+/.exec(text)?.[0] ?? text
    return Module._nodeModulePaths(importer.replace(/\/[^/]*$/, '') || '/')
      .map((folder) => `${folder}/${name}/package.json`)
      .find((path) => loader.isFile(path))
  }

  function jsonOf(path: string): string | undefined {
    const scope = loader.resolver.scopes.of(path)
    return scope ? `${scope.folder === '/' ? '' : scope.folder}/package.json` : undefined
  }

  const toPath = (text: string) => (text.startsWith('file:') ? fileURLToPath(text) : text)

  function stripTypeScriptTypes(code: unknown, options: { mode?: string; sourceUrl?: string } = {}): string {
    validateString?.(code, 'code')
    validateObject?.(options, 'options')
    const { mode = 'strip', sourceUrl = '' } = options
    validateOneOf?.(mode, 'options.mode', ['strip', 'transform'])
    const { code: stripped } = transform(String(code), {
      transforms: ['typescript'],
      keepUnusedImports: true,
      disableESTransforms: true,
      filePath: sourceUrl,
    })
    return sourceUrl ? `${stripped}\n\n//# sourceURL=${sourceUrl}` : stripped
  }

  /** The stacks of the sandbox show the places of the sources as it is. */
  const compileCache = { directory: undefined as string | undefined }
  const sourceMaps = library.require<Record<string, unknown>>('internal/source_map/source_map_cache')
  const statuses = { FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 } as const
  const functions = {
    Module,
    builtinModules: library.builtinNames(),
    isBuiltin: (name: unknown) => typeof name === 'string' && library.isBuiltin(name),
    createRequire,
    findPackageJSON,
    stripTypeScriptTypes,
    syncBuiltinESMExports: loader.syncBuiltins,
    registerHooks: loader.registerHooks,
    register: (specifier: unknown, parentUrl?: unknown, options?: unknown) =>
      registration().register(specifier, parentUrl, options),
    constants: Object.freeze({ compileCacheStatus: Object.freeze({ ...statuses }) }),
    // The browser keeps compiled code by itself.
    enableCompileCache: () => ({ status: statuses.DISABLED, message: 'The browser caches compiled code by itself.' }),
    getCompileCacheDir: () => compileCache.directory,
    flushCompileCache: () => undefined,
    SourceMap: library.require<Record<string, unknown>>('internal/source_map/source_map').SourceMap,
    findSourceMap: sourceMaps.findSourceMap,
    getSourceMapsSupport: sourceMaps.getSourceMapsSupport,
    setSourceMapsSupport: sourceMaps.setSourceMapsSupport,
  }
  // What ES modules can import by name are the enumerable properties.
  for (const name of [...moduleNames, ...Object.keys(functions)]) {
    const value: unknown = Reflect.get(Object.hasOwn(functions, name) ? functions : Module, name)
    Object.defineProperty(Module, name, { value, writable: true, configurable: true, enumerable: true })
  }
  return Module
}

function isUrl(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'href' in value && 'protocol' in value
}
