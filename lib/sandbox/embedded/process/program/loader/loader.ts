import { extname } from '../builtins/path'
import { createCommonJs } from './commonjs'
import type { CommonJsModule, ModuleClass, RequireFunction } from './commonjs-module'
import { type Customization, type CustomizedImports, createCustomizedImports } from './customized-imports'
import { errorAt, type SourcePlace } from './errors'
import { toFileUrl, toPath } from './file-url'
import { placeOfImport, type Target } from './graph'
import { createHookChain, type ModuleHooks } from './hooks'
import { type Attributes, createImportRules, isRunnable, type ModuleRules, parseAttributes } from './import-rules'
import { createLinker, type Linker } from './link'
import type { ResolverFs } from './package-scope'
import type { RequiredModules } from './required-modules'
import { createResolver, type Resolver, type ResolverOptions } from './resolve'
import {
  createSources,
  type Lowering,
  type Parser,
  type Source,
  type SourceCache,
  type Sources,
  type StandIn,
} from './source'
import type { Transpile } from './transpile'

export interface Builtins {
  has(name: string): boolean
  /** The module object; throws `ERR_FEATURE_UNAVAILABLE` for what Node has and we do not. */
  load(name: string, loader: Loader): unknown
}

/** That of `node:diagnostics_channel`. */
export interface TracingChannel {
  hasSubscribers: boolean
  traceSync(run: (...values: never[]) => unknown, context: object, receiver: unknown, ...values: unknown[]): unknown
  tracePromise<T>(run: () => Promise<T>, context: object): Promise<T>
}

export interface Surroundings {
  cwd(): string
  env: Record<string, string | undefined>
  execPath?: string
  /** An error of Node's own table. */
  nodeError?(code: string, ...values: unknown[]): Error
  /** Makes a method warn that `module.parent` is deprecated; set where the program asks for it. */
  deprecateParent?: ((method: (...values: never[]) => unknown) => (...values: never[]) => unknown) | undefined
  onMain?(module: CommonJsModule): void
  warn?(message: string, kind?: string, code?: string): void
  /** Finds the place of syntax errors. */
  parser?: Parser
  /** Called with the syntax errors of CommonJS files. */
  onSyntaxError?(error: SyntaxError): void
  /** The channel by which programs trace what is loaded. */
  channelOf?(name: 'module.require' | 'module.import'): TracingChannel
  /** Whether `import.meta.resolve` takes a second argument. */
  resolvesFromParent?: boolean
  /** Whether types are taken away by TypeScript's own transpiler, which moves lines and leaves a source map. */
  transformsTypes?: boolean
  /** Told of the code that a file becomes. */
  onCode?(path: string, code: string): void
  /** What becomes of `require` of an ES module, where the command line says so. */
  requireOfModules?: 'refused' | 'warned' | 'warned-outside-packages' | undefined
}

export interface LoaderOptions {
  fs: ResolverFs
  builtins: Builtins
  aliases?: ResolverOptions['aliases']
  isStrict?: ResolverOptions['isStrict']
  jsx?: ResolverOptions['jsx']
  /** Node's own words for what is wrong with an import. */
  rules?: () => ModuleRules | null
  cache?: SourceCache
  /** Asked for every file; answers the code as it is where nothing is to be done. */
  lower?: Lowering
  /** Counts pending work; see `LinkerOptions.hold`. */
  hold?: () => () => void
  /** Absolute path of the program's entry. */
  main?: string
  /** Whether a path is that of code without a file. */
  isText?: (path: string) => boolean
  /** Conditions of package exports beyond Node's own. */
  conditions?: readonly string[]
  /** Where the process stands now. */
  surroundings?: Surroundings
  /** See `StandIn`. */
  standInFor?: StandIn
  /** TypeScript's own transpiler, fetched by the first file that needs it. */
  transpile?: () => Transpile
}

/** One registry of modules: a process has one, a test run has one per test file. */
export interface Loader {
  /** Imports an ES module or runs a CommonJS one; answers its namespace. */
  import(path: string): Promise<unknown>
  /** The same, but a CommonJS module has run, or thrown, when this returns. */
  start(path: string): unknown
  createRequire(importer: string | URL): RequireFunction
  /** What `require('module')` is built on. */
  Module: ModuleClass
  /** `import.meta` of a file. */
  metaOf(path: string): ImportMeta
  resolver: Resolver
  isStrict: ResolverOptions['isStrict']
  sources: Sources
  isFile(path: string): boolean
  isDirectory(path: string): boolean
  registerHooks(hooks: ModuleHooks): { deregister(): void }
  /** `import()` as a file does it. */
  importFrom(specifier: unknown, importer: string, options?: unknown): Promise<unknown>
  /** Asks asynchronous hooks for all that is imported from now on, when they are `ready`. */
  customize(hooks: Customization, ready: () => Promise<void>): void
  /** Gives ES modules what programs have assigned to builtins since. */
  syncBuiltins(): void
  /** Everything loaded so far and everything `path` would load statically, by path. */
  linker: Linker
  dispose(): void
}

export interface Registry {
  meta(path: string): ImportMeta
  import(specifier: unknown, importer: string, options?: unknown): Promise<unknown>
  require(path: string): unknown
  builtin(name: string): unknown
  started(id: number): void
  /** What an ES module that was required exports, live. */
  required(path: string): object | undefined
  /** Told of the namespaces of modules that have run, by path. */
  ran(namespaces: Record<string, object>): void
  /** Calls after an export of a required module was assigned. */
  onAssign(sync: () => void): void
  /** Called when a builtin's properties may have changed. */
  onSync(sync: () => void): void
}

/** Blob modules reach their loader through one hidden global. */
const registriesKey = '__module_registries'
if (!Object.hasOwn(globalThis, registriesKey))
  Object.defineProperty(globalThis, registriesKey, { value: Object.create(null) })
const registries = Reflect.get(globalThis, registriesKey) as Record<number, Registry>
let lastRegistry = 0

function publish(registry: Registry): { expression: string; dispose(): void } {
  const id = ++lastRegistry
  registries[id] = registry
  return { expression: `globalThis.${registriesKey}[${id}]`, dispose: () => delete registries[id] }
}

export function createLoader({
  fs,
  builtins,
  aliases,
  isStrict,
  jsx,
  rules = () => null,
  cache = new Map(),
  lower = (code) => code,
  main,
  surroundings,
  conditions = [],
  hold = () => () => {},
  isText = () => false,
  standInFor,
  transpile,
}: LoaderOptions): Loader {
  const hooks = createHookChain(toFileUrl)
  const syncs = new Set<() => void>()
  const warned = new Set<string>()
  const plainResolver = createResolver(fs, {
    conditions,
    isBuiltin: builtins.has,
    ...(aliases === undefined ? {} : { aliases }),
    ...(isStrict === undefined ? {} : { isStrict }),
    ...(jsx === undefined ? {} : { jsx }),
    onMissingMain(json, name) {
      if (warned.has(json)) return
      warned.add(json)
      const message = `Invalid 'main' field in '${json}' of '${name}'. Please either fix that or report it to the module author`
      surroundings?.warn?.(message, 'DeprecationWarning', 'DEP0128')
    },
  })
  const resolver = hooks.resolver(plainResolver)
  const sources = createSources(fs, resolver, {
    cache,
    lower,
    hook: hooks.load,
    standInFor,
    transpile,
    transformsTypes: surroundings?.transformsTypes ?? false,
    ...(surroundings?.onCode && { onCode: surroundings.onCode }),
    ...(jsx && { variant: JSON.stringify(jsx) }),
  })
  const metas = new Map<string, ImportMeta>()
  /** What imports led to: it stays, whatever becomes of the file. */
  const imported = new Map<string, Target>()
  const applyRules = createImportRules({ resolver, formatOf: (path) => sources.load(path).format, rules })
  const builtin = (name: string) => builtins.load(name, loader)
  let required: RequiredModules | undefined
  let customized: Customized | null = null
  /** CommonJS files that run because ES modules import them. */
  const facades: string[] = []

  function throughFacade(path: string): unknown {
    facades.push(path)
    try {
      return commonJs.loadForImport(path)
    } finally {
      facades.pop()
    }
  }

  const commonJs = createCommonJs({
    resolver,
    sources,
    builtin,
    isBuiltin: builtins.has,
    readText: fs.readText,
    stat: (path) => (fs.isFile(path) ? 0 : fs.isDirectory(path) ? 1 : -2),
    import: importFrom,
    meta,
    main: main ?? null,
    start: (path) => loader.start(path),
    native: {
      namespaceOf: (path) => linker.namespaceOf(path),
      waitsFor: (path, running) => [...running, ...facades].some((file) => linker.waitsFor(path, file)),
    },
    resolveImport(specifier, importer) {
      const source = sources.load(importer)
      const { s = -1 } = source.imports.find(({ n, d }) => n === specifier && d === -1) ?? {}
      return resolveImport(specifier, importer, attributesAt(source, s), () => placeOfImport(source, s))
    },
    onRequired(modules) {
      required = modules
    },
    ...(surroundings && { surroundings, onMain: surroundings.onMain }),
  })
  const registry = publish({
    meta,
    import: importFrom,
    require: (path) => throughFacade(path),
    required: (path) => required?.exportsOf(path),
    builtin,
    ran: (namespaces) => linker.ran(namespaces),
    onAssign: (sync) => required?.onAssign(sync),
    onSync: (sync) => void syncs.add(sync),
    started: (id) => linker.started(id),
  })
  const linker = createLinker({
    registry: registry.expression,
    sources,
    namesOfCommonJs: commonJs.namesOf,
    scopeOf: resolver.scopes.of,
    isRequired: (path) => required?.exportsOf(path) !== undefined,
    ...(surroundings?.parser && { parser: surroundings.parser }),
    hasRequire: () => commonJs.isInUse(),
    builtin,
    hold,
    resolve(specifier, importer, index) {
      const attributes = attributesAt(importer, index)
      return resolveImport(specifier, importer.path, attributes, () => placeOfImport(importer, index))
    },
  })

  function resolveImport(specifier: string, importer: string, attributes: Attributes, place: () => SourcePlace | null) {
    const key = keyOf(specifier, importer, attributes)
    const known = imported.get(key)
    if (known !== undefined) return known
    const found = applyRules({ specifier, importer, attributes, place })
    const target = found.kind === 'file' ? instanceOf(found.path) : found
    imported.set(key, target)
    return target
  }

  function meta(path: string): ImportMeta {
    const known = metas.get(path)
    if (known !== undefined) return known
    const isFile = path.startsWith('/')
    const [file = path, ...query] = isFile ? path.split(/(?=[?#])/) : [path.replace(/\?customized$/, '')]
    const place = { dirname: file.slice(0, file.lastIndexOf('/')) || '/', filename: file }
    const made = Object.assign(Object.create(null), {
      ...(isFile ? place : {}),
      main: path === main,
      resolve: (specifier: string, parent?: unknown) => resolveUrl(String(specifier), path, parent),
      url: toFileUrl(file) + query.join(''),
    }) as ImportMeta
    metas.set(path, made)
    return made
  }

  /** Only ES modules have an instance per query. */
  function instanceOf(path: string): Target {
    const query = path.startsWith('/') ? path.search(/[?#]/) : -1
    const file = query === -1 || fs.isFile(path) ? path : path.slice(0, query)
    return { kind: 'file', path: file === path || sources.load(file).format !== 'commonjs' ? path : file }
  }

  /** A relative URL needs no file behind it. `parent` is heeded where the command line says so. */
  function resolveUrl(specifier: string, importer: string, parent?: unknown): string {
    const parentUrl = surroundings?.resolvesFromParent && parent !== undefined ? parent : toFileUrl(importer)
    if (typeof parentUrl !== 'string' && !(parentUrl instanceof URL))
      throw (
        surroundings?.nodeError?.('ERR_INVALID_ARG_TYPE', 'parentURL', ['string', 'URL'], parentUrl) ?? new TypeError()
      )
    const url = /^\.{0,2}\/|^[a-z][a-z\d+.-]*:/i.test(specifier) ? URL.parse(specifier, parentUrl) : null
    if (url !== null) return url.href
    const from = toPath(String(parentUrl))
    const found = resolver.resolve(specifier, from, 'import')
    if (found.kind === 'builtin') return `node:${found.name}`
    if (found.kind === 'file') return toFileUrl(found.path)
    return urlOfMissing(() => applyRules({ specifier, importer: from, attributes: {}, place: () => null }))
  }

  async function importFrom(requested: unknown, importer: string, options?: unknown): Promise<unknown> {
    const specifier = String(requested)
    const channel = surroundings?.channelOf?.('module.import')
    if (!channel?.hasSubscribers) return importUntraced(specifier, importer, options)
    const context = { __proto__: null, parentURL: toFileUrl(importer), url: specifier }
    return channel.tracePromise(() => importUntraced(specifier, importer, options), context)
  }

  async function importUntraced(specifier: string, importer: string, options: unknown): Promise<unknown> {
    if (specifier.startsWith('blob:')) return import(/* webpackIgnore: true */ /* @vite-ignore */ specifier)
    const attributes = attributesOf(options)
    if (customized === null) return linker.import(resolveImport(specifier, importer, attributes, () => null))
    await customized.ready()
    return linker.import(await customized.imports.prepare(specifier, importer, attributes))
  }

  /** A file that only `import` could name has no format of its own. */
  function checkEntry(path: string) {
    if (!path.startsWith('/') || isText(path)) return
    const { type } = resolver.scopes.of(path)?.json ?? {}
    if (extname(path) === '' && type !== 'module' && fs.readText(path).startsWith('\0asm'))
      throw errorAt(new SyntaxError('Invalid or unexpected token'), { file: path, line: 1, column: 1 })
    if (resolver.isStrict(path) && !isRunnable(path)) rules()?.checkFormat(toFileUrl(path))
  }

  /** The program's entry, or code that has no file. */
  async function startCustomized(path: string, { ready, imports }: Customized): Promise<unknown> {
    await ready()
    if (isText(path)) await imports.prepareImportsOf(path)
    const target: Target = isText(path) ? { kind: 'file', path } : await imports.prepare(toFileUrl(path), undefined, {})
    if (target.kind === 'file' && sources.load(target.path).format === 'commonjs')
      return bare({ default: commonJs.load(target.path, target.path === main) })
    return linker.import(target)
  }

  const loader: Loader = {
    import: async (path) => loader.start(path),
    start(path) {
      if (customized !== null) return startCustomized(path, customized)
      if (commonJs.isHandledByProgram(path)) return bare({ default: commonJs.load(path, path === main) })
      const source = sources.load(path)
      if (source.format === 'module') checkEntry(path)
      if (source.format === 'module') return linker.import({ kind: 'file', path })
      return bare({ default: commonJs.load(path, path === main) })
    },
    createRequire: commonJs.createRequire,
    Module: commonJs.Module,
    metaOf: meta,
    resolver,
    isStrict,
    sources,
    linker,
    isFile: fs.isFile,
    isDirectory: fs.isDirectory,
    registerHooks: hooks.register,
    importFrom,
    customize(given, ready) {
      const imports = createCustomizedImports(given, {
        load: sources.load,
        give: sources.give,
        remember: (specifier, importer, attributes, target) =>
          void imported.set(keyOf(specifier, importer, attributes), target),
      })
      customized = { imports, ready }
    },
    syncBuiltins() {
      for (const sync of syncs) sync()
    },
    dispose() {
      registry.dispose()
      linker.dispose()
    },
  }
  return loader
}

const none: Attributes = {}

/** What a program has put on Object.prototype is not asked for. */
const bare = (value: object): object => Object.setPrototypeOf(value, null)

/** Where a file of a package would be is known without it. */
function urlOfMissing(find: () => Target): string {
  try {
    const found = find()
    return found.kind === 'builtin' ? `node:${found.name}` : toFileUrl(found.path)
  } catch (error) {
    const { code, url } = error as { code?: string; url?: string }
    if (url !== undefined && /^ERR_(?:UNSUPPORTED_DIR_IMPORT|MODULE_NOT_FOUND)$/.test(code ?? '')) return url
    throw error
  }
}

interface Customized {
  imports: CustomizedImports
  ready(): Promise<void>
}

const keyOf = (specifier: string, importer: string, attributes: Attributes) =>
  `${importer}\n${specifier}\n${JSON.stringify(attributes)}`

function attributesAt({ imports, code }: Source, index: number): Attributes {
  const { a, se } = imports.find(({ s }) => s === index) ?? { a: -1, se: 0 }
  return a === -1 ? none : parseAttributes(code.slice(a, se))
}

/** Of the second argument of `import()`. */
function attributesOf(options: unknown): Attributes {
  const given = typeof options === 'object' && options !== null && 'with' in options ? options.with : null
  return typeof given === 'object' && given !== null ? { ...given } : none
}
