import { basename, dirname, extname, resolve } from '../builtins/path'
import { namespaces } from '../node/binding/types'
import { createCircularWarnings } from './circular'
import type { CommonJsOptions } from './commonjs'
import { importName } from './emit'
import { moduleNotFound, nodeError } from './errors'
import { parseJsonModule } from './json'
import { positionsOfEdits, registerPositions } from './positions'
import type { Refusal } from './resolve'
import { wrapperHead } from './stack'

/** One CommonJS module; the class is what `require('module')` gives. */
export interface CommonJsModule {
  id: string
  path: string
  filename: string | null
  exports: unknown
  loaded: boolean
  children: CommonJsModule[]
  parent: CommonJsModule | null | undefined
  paths: string[]
  require(specifier: string): unknown
  load(filename: string): void
  _compile(content: string, filename: string): unknown
}

export interface RequireFunction {
  (specifier: string): unknown
  resolve: ((specifier: string, options?: ResolveOptions) => string) & {
    paths(specifier: string): string[] | null
  }
  cache: Record<string, CommonJsModule>
  extensions: Record<string, ExtensionHandler>
  main: CommonJsModule | undefined
}

interface ResolveOptions {
  paths?: string[]
}

type ExtensionHandler = (module: CommonJsModule, filename: string) => void

/** What packages reach for, and may replace, on `require('module')`. */
export interface ModuleClass {
  new (id?: string, parent?: CommonJsModule | null): CommonJsModule
  _cache: Record<string, CommonJsModule>
  _pathCache: Record<string, string>
  _extensions: Record<string, ExtensionHandler>
  globalPaths: string[]
  wrapper: [string, string]
  wrap(script: string): string
  _nodeModulePaths(from: string): string[]
  _resolveLookupPaths(request: string, parent?: CommonJsModule | null): string[] | null
  _findPath(request: string, paths: readonly string[]): string | false
  _resolveFilename(request: string, parent?: CommonJsModule | null, isMain?: boolean, options?: ResolveOptions): string
  _load(request: string, parent?: CommonJsModule | null, isMain?: boolean): unknown
  _initPaths(): void
  _preloadModules(requests: readonly string[]): void
  createRequire(from: string | URL): RequireFunction
}

const ownExports = 'module.exports'
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

type Wrapper = (this: unknown, ...values: unknown[]) => unknown

/** Node's `Module`, on this loader's resolver and sources. One per registry of modules. */
export function createModuleClass(options: CommonJsOptions): ModuleClass {
  const { resolver, sources } = options
  let main: CommonJsModule | undefined
  const circular = createCircularWarnings((message) => options.surroundings?.warn?.(message))

  /** The module of Node's that a request names, without its scheme; null when it is a file. */
  const builtinOf = (request: string) =>
    request.startsWith('node:') ? request.slice('node:'.length) : options.isBuiltin(request) ? request : null

  class Module implements CommonJsModule {
    static _cache: Record<string, CommonJsModule> = Object.create(null)
    static _pathCache: Record<string, string> = Object.create(null)
    static _extensions: Record<string, ExtensionHandler> = Object.create(null)
    static globalPaths: string[] = []
    static wrapper: [string, string] = ['(function (exports, require, module, __filename, __dirname) { ', '\n});']

    exports: unknown = {}
    loaded = false
    children: CommonJsModule[] = []
    filename: string | null = null
    paths: string[] = []
    path: string
    parent: CommonJsModule | null | undefined

    constructor(
      readonly id = '',
      parent?: CommonJsModule | null,
    ) {
      this.path = dirname(id)
      Object.defineProperty(this, 'parent', { value: parent, writable: true, configurable: true, enumerable: false })
      if (parent && !parent.children.includes(this)) parent.children.push(this)
    }

    static wrap(script: string): string {
      return Module.wrapper[0] + script + Module.wrapper[1]
    }

    static _initPaths(): void {
      const { HOME, NODE_PATH = '' } = options.surroundings?.env ?? {}
      const own = HOME ? [`${HOME}/.node_modules`, `${HOME}/.node_libraries`] : []
      Module.globalPaths = [...NODE_PATH.split(':').filter(Boolean), ...own, '/usr/local/lib/node']
    }

    static _nodeModulePaths(from: string): string[] {
      const folders: string[] = []
      for (let folder = resolve(from); ; folder = dirname(folder)) {
        if (basename(folder) !== 'node_modules') folders.push(`${folder === '/' ? '' : folder}/node_modules`)
        if (folder === '/') return folders
      }
    }

    static _resolveLookupPaths(request: string, parent?: CommonJsModule | null): string[] | null {
      if (builtinOf(request) !== null) return null
      if (/^\.\.?(\/|$)/.test(request)) return [parent?.filename ? dirname(parent.filename) : '.']
      return [...(parent?.paths ?? []), ...Module.globalPaths]
    }

    static _findPath(request: string, paths: readonly string[]): string | false {
      for (const folder of request.startsWith('/') ? [''] : paths) {
        const found = find(resolve(folder || '/', request), `${folder || ''}/_`)
        if (found !== null) return found
      }
      return false
    }

    static _resolveFilename(
      request: string,
      parent?: CommonJsModule | null,
      _isMain = false,
      { paths }: ResolveOptions = {},
    ): string {
      if (builtinOf(request) !== null) return request
      if (paths !== undefined && !Array.isArray(paths)) {
        throw nodeError(
          'ERR_INVALID_ARG_VALUE',
          "The property 'options.paths' is invalid.",
          TypeError as ErrorConstructor,
        )
      }
      const cwd = options.surroundings?.cwd() ?? '/'
      const importers = paths?.map((path) => `${resolve(cwd, path)}/_`) ?? [importerOf(parent)]
      for (const importer of importers) {
        const found = find(request, importer)
        if (found !== null) return found
      }
      const looked = Module.globalPaths
        .map((folder) => find(`${folder}/${request}`, '/_'))
        .find((path) => path !== null)
      if (looked) return looked
      const failed = resolver.resolve(request, importers[0] ?? '/_', 'require')
      throw notFound(request, parent, failed.kind === 'missing' ? failed : { looked: request, hint: null })
    }

    static _load(request: string, parent?: CommonJsModule | null, isMain = false): unknown {
      const filename = builtinOf(request) === null ? Module._resolveFilename(request, parent, isMain) : request
      const name = builtinOf(filename)
      // Programs may put something into the cache in the place of a builtin, but not under its full name.
      if (name !== null) return (filename === name && Module._cache[name]?.exports) || options.builtin(name)
      const known = Module._cache[filename]
      if (known !== undefined) {
        if (parent && !parent.children.includes(known)) parent.children.push(known)
        if (!known.loaded) circular.begin(known.exports)
        return known.exports
      }
      const module = new Module(filename, parent)
      if (isMain) {
        main = module
        options.onMain?.(module)
        Object.assign(module, { id: '.' })
      }
      Module._cache[filename] = module
      let isWhole = false
      try {
        module.load(filename)
        isWhole = true
      } finally {
        circular.end(module.exports)
        if (!isWhole) {
          delete Module._cache[filename]
          if (parent) parent.children = parent.children.filter((child) => child !== module)
        }
      }
      return module.exports
    }

    static _preloadModules(requests: readonly string[]): void {
      const parent = new Module('internal/preload', null)
      parent.paths = Module._nodeModulePaths(options.surroundings?.cwd() ?? '/')
      for (const request of requests) parent.require(request)
    }

    static createRequire(from: string | URL): RequireFunction {
      const filename = toPath(from)
      const module = new Module(filename)
      module.filename = filename
      module.paths = Module._nodeModulePaths(module.path)
      return requireOf(module)
    }

    require(specifier: string): unknown {
      if (typeof specifier !== 'string') {
        const shown = specifier === null ? 'null' : `type ${typeof specifier}`
        const message = `The "id" argument must be of type string. Received ${shown}`
        throw nodeError('ERR_INVALID_ARG_TYPE', message, TypeError as ErrorConstructor)
      }
      if (specifier === '') {
        const message = "The argument 'id' must be a non-empty string. Received ''"
        throw nodeError('ERR_INVALID_ARG_VALUE', message, TypeError as ErrorConstructor)
      }
      return Module._load(specifier, this, false)
    }

    load(filename: string): void {
      this.filename ??= filename
      this.paths = Module._nodeModulePaths(dirname(filename))
      const handler = Module._extensions[longestExtension(filename)] ?? Module._extensions['.js']
      handler?.(this, filename)
      this.loaded = true
    }

    _compile(content: string, filename: string): unknown {
      registerPositions(filename, [positionsOfEdits(content, [], wrapperHead.length), ...sources.positionsOf(filename)])
      const wrapper = compile(filename, content)
      const dynamicImport = (specifier: string) => options.import(specifier, filename)
      Object.defineProperty(dynamicImport, 'meta', { get: () => options.meta(filename) })
      const { exports } = this
      return wrapper(dynamicImport).call(exports, exports, requireOf(this), this, filename, dirname(filename))
    }
  }

  const handlers = Module._extensions
  handlers['.js'] = (module, filename) => {
    const source = sources.load(filename)
    if (source.format === 'json') {
      module.exports = parseJsonModule(filename, source.code)
      return
    }
    const code = source.format === 'module' ? withOwnNames(sources.loadAsCommonJs(filename)) : source.code
    const hasImports = source.imports.some(({ d }) => d > -1)
    const hasMeta = source.format === 'module' && source.imports.some(({ d }) => d === -2)
    const plain = hasMeta ? code.replace(/(?<![.\w$#])import\s*\.\s*meta\b/g, `${importName}.meta`) : code
    const text = hasImports ? plain.replace(/(?<![.\w$#])import(?=\s*\()/g, importName) : plain
    try {
      module._compile(text, filename)
    } catch (error) {
      throw source.format === 'module' ? explainAwait(error, requestedFrom(module)) : error
    }
    // An ES module may say itself what `require` of it gives.
    const { exports } = module
    if (source.format === 'module' && isObject(exports) && Object.hasOwn(exports, ownExports))
      module.exports = Reflect.get(exports, ownExports)
    else if (source.format === 'module' && isObject(exports)) module.exports = toNamespace(exports)
  }
  /** The CommonJS file that asked for the graph of ES modules that this one belongs to. */
  function requestedFrom(module: CommonJsModule): string {
    let asked = module
    while (asked.parent?.filename && sources.load(asked.parent.filename).format === 'module') asked = asked.parent
    const from = asked.parent?.filename ? `\n  From ${asked.parent.filename} ` : ''
    return `${from}\n  Requiring ${asked.filename} `
  }
  handlers['.json'] = (module, filename) => {
    module.exports = parseJsonModule(filename, options.readText(filename))
  }
  handlers['.node'] = (_module, filename) => {
    const message = `“${filename}” is a native addon, which a browser cannot load. Look for a version of the package in WebAssembly.`
    throw nodeError('ERR_DLOPEN_FAILED', message)
  }

  function longestExtension(filename: string): string {
    const [, ...parts] = basename(filename).replace(/^\.+/, '').split('.')
    for (let index = 0; index < parts.length; index++) {
      const extension = `.${parts.slice(index).join('.')}`
      if (Module._extensions[extension]) return extension
    }
    return '.js'
  }

  /** Also by the extensions that a program has added. */
  function find(request: string, importer: string): string | null {
    const found = resolver.resolve(request, importer, 'require')
    if (found.kind === 'file') return found.path
    if (found.kind === 'builtin') return `node:${found.name}`
    const added = Object.keys(Module._extensions).filter((extension) => !['.js', '.json', '.node'].includes(extension))
    for (const extension of extname(request) === '' ? added : []) {
      const other = resolver.resolve(`${request}${extension}`, importer, 'require')
      if (other.kind === 'file') return other.path
    }
    return null
  }

  function importerOf(parent: CommonJsModule | null | undefined): string {
    if (parent?.filename) return parent.filename
    const [first] = parent?.paths ?? []
    return `${first ? dirname(first) : (options.surroundings?.cwd() ?? '/')}/_`
  }

  function requireOf(module: CommonJsModule): RequireFunction {
    const require = (specifier: string) => module.require(specifier)
    const resolveFrom = (request: string, given?: ResolveOptions) => {
      if (typeof request !== 'string') {
        throw nodeError(
          'ERR_INVALID_ARG_TYPE',
          'The "request" argument must be of type string.',
          TypeError as ErrorConstructor,
        )
      }
      return Module._resolveFilename(request, module, false, given)
    }
    const paths = (request: string) => Module._resolveLookupPaths(request, module)
    return Object.assign(require, {
      resolve: Object.assign(resolveFrom, { paths }),
      main: main ?? (options.main === null ? undefined : Module._cache[options.main]),
      extensions: Module._extensions,
      cache: Module._cache,
    })
  }

  function notFound(
    request: string,
    parent: CommonJsModule | null | undefined,
    why: { looked: string; hint: string | null; refusal?: Refusal },
  ) {
    const stack: string[] = []
    for (let at = parent; at; at = at.parent) stack.push(at.filename ?? at.id)
    const error = moduleNotFound({
      ...why,
      specifier: request,
      importer: stack.join('\n- '),
      kind: 'require',
      place: callerPlace(),
    })
    return Object.assign(error, { requireStack: stack })
  }

  Module._initPaths()
  return Module as unknown as ModuleClass
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)

/** What `require` of an ES module gives looks as a module's namespace; its exports stay those that the code assigns. */
function toNamespace(exports: object): object {
  namespaces.add(exports)
  // In the order of their names.
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(exports)).sort(byName)) {
    if (property.configurable && Reflect.deleteProperty(exports, name)) Object.defineProperty(exports, name, property)
  }
  Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' })
  return Object.setPrototypeOf(exports, null)
}

/**
 * An ES module may have names of its own where CommonJS has Node's, as in `const require = createRequire(…)`: they then
 * stand in a block, and what the imports became uses another name.
 */
function withOwnNames(code: string): string {
  if (!/\b(?:const|let|class)\s+(?:require|module|__filename|__dirname)\b/.test(code)) return code
  const renamed = code.replace(/(^|[;\s])(var _[\w$]+ = )?require\((?=['"])/g, `$1$2${requireName}(`)
  return `"use strict";const ${requireName}=require;{${renamed}\n}`
}
const requireName = '__module_require'

/** An ES module that awaits cannot be had by `require`. */
function explainAwait(error: unknown, places: string): unknown {
  if (!(error instanceof SyntaxError) || !/^await is only valid/.test(error.message)) return error
  const message =
    'require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the top-level await comes from, use --experimental-print-required-tla.'
  return nodeError('ERR_REQUIRE_ASYNC_MODULE', message + places)
}

/** Indirect eval keeps line numbers, which `new Function` would move by two. */
function compile(path: string, code: string): (dynamicImport: unknown) => Wrapper {
  const text = code.startsWith('#!') ? `//${code}` : code
  // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
  return globalThis.eval(`${wrapperHead}${text}\n})\n//# sourceURL=${path}`) as (dynamicImport: unknown) => Wrapper
}

function toPath(from: string | URL): string {
  const text = String(from)
  if (text.startsWith('file:')) return decodeURIComponent(new URL(text).pathname)
  if (typeof from === 'string' && text.startsWith('/')) return text
  const message = `The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received ${JSON.stringify(text)}`
  throw nodeError('ERR_INVALID_ARG_VALUE', message, TypeError as ErrorConstructor)
}

/** The `require` call in the user's file, for errors made in here. */
function callerPlace() {
  const frame = /(?:\(|at )(\/[^\s()]+):(\d+):(\d+)/.exec(new Error().stack ?? '')
  return frame === null ? null : { file: frame[1] ?? '', line: Number(frame[2]), column: Number(frame[3]) }
}
