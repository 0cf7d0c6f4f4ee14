import { basename, dirname, resolve } from '../builtins/path'
import { createCircularWarnings } from './circular'
import type { CommonJs, CommonJsOptions } from './commonjs'
import type { CommonJsModule, ExtensionHandler, ModuleClass, RequireFunction, ResolveOptions } from './commonjs-module'
import { compileCommonJs } from './compile-commonjs'
import { withDynamicImports } from './emit'
import { moduleNotFound, nodeError } from './errors'
import { toPath } from './file-url'
import { parseJsonModule } from './json'
import { positionsOfEdits, registerPositions } from './positions'
import { createRequiredModules, type RequiredModulesOptions } from './required-modules'
import type { Refusal } from './resolve'
import type { Source } from './source'
import { wrapperHead } from './stack'

const isNamedAsCode = /\.(?:[cm]?[jt]s|[jt]sx)$/
const plainWrapper: [string, string] = ['(function (exports, require, module, __filename, __dirname) { ', '\n});']

type Load = (request: string, parent: CommonJsModule | null, isMain: boolean) => unknown

type ModuleParts = Pick<CommonJs, 'Module' | 'isHandledByProgram'> & { wrapModuleLoad: Load }

type ModuleClassOptions = CommonJsOptions & Pick<RequiredModulesOptions, 'namesOfCommonJs'>

/** Node's `Module`, on this loader's resolver and sources. One per registry of modules. */
export function createModuleClass(options: ModuleClassOptions): ModuleParts {
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
    static wrapper: [string, string] = [...plainWrapper]

    exports: unknown = {}
    loaded = false
    children: CommonJsModule[] = []
    filename: string | null = null
    paths: string[] = []
    path: string
    #parent: CommonJsModule | null | undefined
    #loadedExports: unknown

    constructor(
      readonly id = '',
      parent?: CommonJsModule | null,
    ) {
      this.path = dirname(id)
      this.#parent = parent
      if (parent && !parent.children.includes(this)) parent.children.push(this)
    }

    get parent() {
      return this.#parent
    }
    set parent(parent: CommonJsModule | null | undefined) {
      this.#parent = parent
    }
    /** `parent`, without the warning that programs may have asked for. */
    static parentOf(module: CommonJsModule): CommonJsModule | null | undefined {
      return #parent in module ? module.#parent : module.parent
    }

    /** What a module exported when it had run. */
    static loadedExportsOf(module: CommonJsModule): unknown {
      return #parent in module ? module.#loadedExports : module.exports
    }

    static _stat(path: string): number {
      return options.stat(path)
    }

    static wrap(script: string): string {
      return Module.wrapper[0] + script + Module.wrapper[1]
    }

    static _initPaths(): void {
      const { HOME, NODE_PATH = '' } = options.surroundings?.env ?? {}
      const own = HOME ? [`${HOME}/.node_modules`, `${HOME}/.node_libraries`] : []
      const prefix = resolve(options.surroundings?.execPath ?? '/usr/bin/node', '../..')
      Module.globalPaths = [...NODE_PATH.split(':').filter(Boolean), ...own, resolve(prefix, 'lib/node')]
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
      if (request.startsWith('node:') && !options.isBuiltin(request))
        throw notFound(request, parent, { looked: request, hint: null })
      if (builtinOf(request) !== null || sources.isGiven(request)) return request
      if (paths !== undefined) assertPaths(paths)
      const cwd = options.surroundings?.cwd() ?? '/'
      const importers = paths?.map((path) => `${resolve(cwd, path)}/_`) ?? [importerOf(parent)]
      for (const importer of importers) {
        const found = find(request, importer)
        if (found !== null) return found
      }
      const globalPaths = /^\.{0,2}(\/|$)/.test(request) ? [] : Module.globalPaths
      const looked = globalPaths.map((folder) => find(`${folder}/${request}`, '/_')).find((path) => path !== null)
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
        if (!known.loaded) {
          required.assertNoCycle(known)
          circular.begin(known.exports)
        }
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

    static runMain = function executeUserEntryPoint(path = String(options.main)): unknown {
      return options.start(path)
    }

    static _preloadModules(requests: readonly string[]): void {
      const parent = new Module('internal/preload', null)
      parent.paths = Module._nodeModulePaths(options.surroundings?.cwd() ?? '/')
      for (const request of requests) parent.require(request)
    }

    static createRequire(from: string | URL): RequireFunction {
      const given = fileOf(from)
      const filename = given.endsWith('/') ? `${given}noop.js` : given
      const module = new Module(filename)
      module.filename = filename
      module.paths = Module._nodeModulePaths(module.path)
      return requireOf(module)
    }

    require(specifier: string): unknown {
      assertString('id', specifier)
      if (specifier === '') throw invalid('ERR_INVALID_ARG_VALUE', 'id', '', 'must be a non-empty string')
      return wrapModuleLoad(specifier, this, false)
    }

    load(filename: string): void {
      this.filename ??= filename
      this.paths = Module._nodeModulePaths(dirname(filename))
      const handler = Module._extensions[longestExtension(filename)] ?? Module._extensions['.js']
      try {
        handler?.(this, filename)
      } catch (error) {
        if (error instanceof SyntaxError) options.surroundings?.onSyntaxError?.(error)
        throw error
      }
      this.loaded = true
      this.#loadedExports = this.exports
    }

    _compile(content: string, filename: string): unknown {
      registerPositions(filename, [positionsOfEdits(content, [], wrapperHead.length), ...sources.positionsOf(filename)])
      const wrapper = compileCommonJs(filename, content, {
        wrapped: isWrapperChanged() ? Module.wrap(content) : null,
        parser: options.surroundings?.parser,
      })
      const dynamicImport = (specifier: string, more?: unknown) => options.import(specifier, filename, more)
      Object.defineProperty(dynamicImport, 'meta', { get: () => options.meta(filename) })
      const { exports } = this
      return wrapper(dynamicImport).call(exports, exports, requireOf(this), this, filename, dirname(filename))
    }
  }

  /** Loads a module and tells those who trace it. */
  function wrapModuleLoad(request: string, parent: CommonJsModule | null, isMain: boolean): unknown {
    const channel = options.surroundings?.channelOf?.('module.require')
    if (!channel?.hasSubscribers) return Module._load(request, parent, isMain)
    const context = { __proto__: null, parentFilename: parent?.filename, id: request }
    return channel.traceSync(Module._load, context, Module, request, parent, isMain)
  }

  const { wrap } = Module
  const isWrapperChanged = () =>
    Module.wrap !== wrap || Module.wrapper[0] !== plainWrapper[0] || Module.wrapper[1] !== plainWrapper[1]
  if (options.surroundings?.deprecateParent) deprecateParent(Module.prototype, options.surroundings.deprecateParent)

  const handlers: Record<string, ExtensionHandler> = {
    '.js'(module, filename) {
      // Compilers stand in for this method of a module, then call us: what the file is, is theirs to say.
      if (Object.hasOwn(module, '_compile') && !isOfModulePackage(filename)) {
        module._compile(options.readText(filename), filename)
        return
      }
      const source = sources.load(filename)
      if (source.format === 'json') {
        module.exports = parseJsonModule(filename, source.code)
        return
      }
      const isModule = source.format === 'module' && !isScript(filename, source)
      if (isModule && isForRequire(module, filename)) return required.run(module, filename)
      const hasImports = source.imports.some(({ d }) => d > -1)
      const text = hasImports ? withDynamicImports(source.code) : source.code
      module._compile(text, filename)
    },
    '.json'(module, filename) {
      module.exports = parseJsonModule(filename, options.readText(filename))
    },
    '.node'(_module, filename) {
      // What is no library at all is refused as Node refuses it.
      if (!options.readText(filename).startsWith('\x7fELF')) {
        throw Object.assign(new Error(`${filename}: file too short`), { code: 'ERR_DLOPEN_FAILED' })
      }
      const message = `“${filename}” is a native addon, which a browser cannot load. Look for a version of the package in WebAssembly.`
      throw nodeError('ERR_DLOPEN_FAILED', message)
    },
  }
  Object.assign(Module._extensions, handlers)
  const isOfModulePackage = (filename: string) => resolver.scopes.of(filename)?.json.type === 'module'
  function isHandledByProgram(filename: string): boolean {
    const extension = longestExtension(filename)
    if (!filename.endsWith(extension) || isOfModulePackage(filename)) return false
    return Module._extensions[extension] !== handlers[extension]
  }

  /** To `require`, a package's type is that of its `.js`; a file without such an ending is what it is written as. */
  function isScript(filename: string, { imports, exports }: Source): boolean {
    return !isNamedAsCode.test(filename) && exports.length === 0 && imports.every(({ d }) => d > -1)
  }
  /** Throws, or answers false, where the command line takes `require` of ES modules away. */
  function isForRequire(module: CommonJsModule, filename: string): boolean {
    const parent = Module.parentOf(module)?.filename ?? null
    const { requireOfModules: rule } = options.surroundings ?? {}
    if (rule === 'warned' || (rule === 'warned-outside-packages' && !parent?.includes('/node_modules/'))) {
      const message = `CommonJS module ${parent} is loading ES Module ${filename} using require().\nSupport for loading ES Module in require() is an experimental feature and might change at any time`
      options.surroundings?.warn?.(message, 'ExperimentalWarning')
    }
    if (rule !== 'refused') return true
    const scope = resolver.scopes.of(filename)
    if (filename.endsWith('.mjs')) throw invalid('ERR_REQUIRE_ESM', filename, true, parent)
    // What is only written as a module is a script that does not parse.
    if (scope?.json.type !== 'module') return false
    const usesSyntax =
      sources.load(filename).exports.length > 0 || sources.load(filename).imports.some(({ d }) => d === -1)
    throw invalid('ERR_REQUIRE_ESM', filename, usesSyntax, parent, `${scope.folder}/package.json`)
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
    for (const extension of added) {
      const other = resolver.resolve(`${request}${extension}`, importer, 'require')
      if (other.kind === 'file') return other.path
    }
    return null
  }

  const invalid = (code: string, ...values: unknown[]) =>
    options.surroundings?.nodeError?.(code, ...values) ??
    nodeError(code, `The “${String(values[0])}” is invalid.`, TypeError as ErrorConstructor)

  function assertString(name: string, value: unknown) {
    if (typeof value !== 'string') throw invalid('ERR_INVALID_ARG_TYPE', name, 'string', value)
  }

  function assertPaths(paths: unknown) {
    if (!Array.isArray(paths)) throw invalid('ERR_INVALID_ARG_VALUE', 'options.paths', paths)
    for (const path of paths) assertString('paths[i]', path)
  }

  function importerOf(parent: CommonJsModule | null | undefined): string {
    if (parent?.filename) return parent.filename
    const [first] = parent?.paths ?? []
    return `${first ? dirname(first) : (options.surroundings?.cwd() ?? '/')}/_`
  }

  function requireOf(module: CommonJsModule): RequireFunction {
    const require = (specifier: string) => module.require(specifier)
    const resolveFrom = (request: string, given?: ResolveOptions) => {
      assertString('request', request)
      return Module._resolveFilename(request, module, false, given)
    }
    const paths = (request: string) => {
      assertString('request', request)
      return Module._resolveLookupPaths(request, module)
    }
    return withProperties(require, {
      resolve: withProperties(resolveFrom, { paths }),
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
    for (let at = parent; at; at = Module.parentOf(at)) stack.push(at.filename ?? at.id)
    const error = moduleNotFound({
      ...why,
      specifier: request,
      importer: stack.join('\n- '),
      kind: 'require',
      place: callerPlace(),
    })
    return Object.assign(error, { requireStack: stack })
  }

  const required = createRequiredModules({
    ...options,
    moduleOf: (path) => Module._cache[path],
    loadCommonJs: (path, parent) => wrapModuleLoad(path, parent, false),
    parentOf: Module.parentOf,
  })
  options.onRequired(required)

  Module._initPaths()
  return { Module: Module as unknown as ModuleClass, wrapModuleLoad, isHandledByProgram }
}

/** Defined, not set: programs may have put setters on Object.prototype. */
function withProperties<Target extends object, Properties extends object>(target: Target, properties: Properties) {
  for (const [key, value] of Object.entries(properties))
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  return target as Target & Properties
}

type Deprecate = (method: (...values: never[]) => unknown) => (...values: never[]) => unknown

/** Programs that ask for it are told where they read or set `module.parent`. */
function deprecateParent(prototype: object, deprecate: Deprecate) {
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, 'parent') ?? {}
  if (get && set)
    Object.defineProperty(prototype, 'parent', { configurable: true, get: deprecate(get), set: deprecate(set) })
}

function fileOf(from: string | URL): string {
  const text = String(from)
  if (text.startsWith('file:') || (typeof from === 'string' && text.startsWith('/'))) return toPath(text)
  const message = `The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received ${JSON.stringify(text)}`
  throw nodeError('ERR_INVALID_ARG_VALUE', message, TypeError as ErrorConstructor)
}

/** The `require` call in the user's file, for errors made in here. */
function callerPlace() {
  const frame = /(?:\(|at )(\/[^\s()]+):(\d+):(\d+)/.exec(new Error().stack ?? '')
  return frame === null ? null : { file: frame[1] ?? '', line: Number(frame[2]), column: Number(frame[3]) }
}
