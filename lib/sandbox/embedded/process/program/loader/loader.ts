import { createCommonJs } from './commonjs'
import { moduleNotFound } from './errors'
import { placeOfImport } from './graph'
import { createHookChain, type ModuleHooks } from './hooks'
import { createLinker, type Linker } from './link'
import type { CommonJsModule, ModuleClass, RequireFunction } from './module-class'
import type { ResolverFs } from './package-scope'
import { createResolver, type Resolver, type ResolverOptions } from './resolve'
import { createSources, type Lowering, type SourceCache, type Sources } from './source'
import type { Transpile } from './transpile'

export interface Builtins {
  has(name: string): boolean
  /** The module object; throws `ERR_FEATURE_UNAVAILABLE` for what Node has and we do not. */
  load(name: string, loader: Loader): unknown
}

export interface Surroundings {
  cwd(): string
  env: Record<string, string | undefined>
  onMain?(module: CommonJsModule): void
  warn?(message: string): void
}

export interface LoaderOptions {
  fs: ResolverFs
  builtins: Builtins
  aliases?: ResolverOptions['aliases']
  cache?: SourceCache
  /** Asked for every file; answers the code as it is where nothing is to be done. */
  lower?: Lowering
  /** Counts pending work; see `LinkerOptions.hold`. */
  hold?: () => () => void
  /** Absolute path of the program's entry. */
  main?: string
  /** Conditions of package exports beyond Node's own. */
  conditions?: readonly string[]
  /** Where the process stands now. */
  surroundings?: Surroundings
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
  sources: Sources
  isFile(path: string): boolean
  isDirectory(path: string): boolean
  registerHooks(hooks: ModuleHooks): { deregister(): void }
  /** Gives ES modules what programs have assigned to builtins since. */
  syncBuiltins(): void
  /** Everything loaded so far and everything `path` would load statically, by path. */
  linker: Linker
  dispose(): void
}

export interface Registry {
  meta(path: string): ImportMeta
  import(specifier: unknown, importer: string): Promise<unknown>
  require(path: string): unknown
  builtin(name: string): unknown
  started(id: number): void
  /** Called when a builtin's properties may have changed. */
  onSync(sync: () => void): void
}

const registriesKey = '__module_registries'
let lastRegistry = 0

/** Blob modules reach their loader through one hidden global. */
function publish(registry: Registry): { expression: string; dispose(): void } {
  const holder = globalThis as unknown as Record<string, Record<number, Registry> | undefined>
  if (holder[registriesKey] === undefined)
    Object.defineProperty(globalThis, registriesKey, { value: Object.create(null) })
  const id = ++lastRegistry
  const registries = holder[registriesKey] ?? {}
  registries[id] = registry
  return { expression: `globalThis.${registriesKey}[${id}]`, dispose: () => delete registries[id] }
}

export function createLoader({
  fs,
  builtins,
  aliases,
  cache = new Map(),
  lower = (code) => code,
  main,
  surroundings,
  conditions = [],
  hold = () => () => {},
  transpile,
}: LoaderOptions): Loader {
  const hooks = createHookChain(toFileUrl)
  const syncs = new Set<() => void>()
  const plainResolver = createResolver(fs, {
    conditions,
    isBuiltin: builtins.has,
    ...(aliases === undefined ? {} : { aliases }),
  })
  const resolver = hooks.resolver(plainResolver)
  const sources = createSources(fs, resolver, { cache, lower, hook: hooks.load, transpile })
  const metas = new Map<string, ImportMeta>()
  /** What dynamic imports led to: it stays, whatever becomes of the file. */
  const imported = new Map<string, { kind: 'file'; path: string }>()
  const builtin = (name: string) => builtins.load(name, loader)

  const commonJs = createCommonJs({
    resolver,
    sources,
    builtin,
    isBuiltin: builtins.has,
    readText: fs.readText,
    import: importFrom,
    meta,
    main: main ?? null,
    ...(surroundings && { surroundings, onMain: surroundings.onMain }),
  })
  const registry = publish({
    meta,
    import: importFrom,
    require: (path) => commonJs.load(path),
    builtin,
    onSync: (sync) => void syncs.add(sync),
    started: (id) => linker.started(id),
  })
  const linker = createLinker({
    registry: registry.expression,
    sources,
    namesOfCommonJs: commonJs.namesOf,
    builtin,
    hold,
    resolve(specifier, importer, index) {
      const found = resolver.resolve(specifier, importer.path, 'import')
      if (found.kind === 'file') return instanceOf(found)
      if (found.kind === 'builtin') return found
      throw moduleNotFound({
        ...found,
        specifier,
        importer: importer.path,
        kind: 'import',
        place: placeOfImport(importer, index),
      })
    },
  })

  function meta(path: string): ImportMeta {
    const known = metas.get(path)
    if (known !== undefined) return known
    const [file = path, query] = path.startsWith('data:') ? [path] : path.split(/(?=[?#])/)
    const place = { dirname: file.slice(0, file.lastIndexOf('/')) || '/', filename: file }
    const made = Object.assign(Object.create(null), {
      ...(path.startsWith('data:') ? {} : place),
      main: path === main,
      resolve: (specifier: string) => resolveUrl(String(specifier), path),
      url: toFileUrl(file) + (query ?? ''),
    }) as ImportMeta
    metas.set(path, made)
    return made
  }

  /** Only ES modules have an instance per query. */
  function instanceOf({ path, query = '' }: { path: string; query?: string }): { kind: 'file'; path: string } {
    const isModule = query !== '' && sources.load(path).format === 'module'
    return { kind: 'file', path: isModule ? path + query : path }
  }

  /** A relative URL needs no file behind it. */
  function resolveUrl(specifier: string, importer: string): string {
    if (/^\.{0,2}\/|^file:/.test(specifier)) return new URL(specifier, toFileUrl(importer)).href
    const found = resolver.resolve(specifier, importer, 'import')
    if (found.kind === 'builtin') return `node:${found.name}`
    if (found.kind === 'file') return toFileUrl(found.path)
    throw moduleNotFound({ ...found, specifier, importer, kind: 'import', place: null })
  }

  async function importFrom(requested: unknown, importer: string): Promise<unknown> {
    const specifier = String(requested)
    if (specifier.startsWith('blob:')) return import(/* webpackIgnore: true */ /* @vite-ignore */ specifier)
    const key = `${importer}\n${specifier}`
    const known = imported.get(key)
    if (known !== undefined) return linker.import(known)
    const found = resolver.resolve(specifier, importer, 'import')
    if (found.kind === 'builtin') return linker.import({ kind: 'builtin', name: found.name })
    if (found.kind === 'file') {
      const target = instanceOf(found)
      const namespace = await linker.import(target)
      imported.set(key, target)
      return namespace
    }
    throw moduleNotFound({ ...found, specifier, importer, kind: 'import', place: null })
  }

  const loader: Loader = {
    import: async (path) => loader.start(path),
    start(path) {
      const source = sources.load(path)
      if (source.format === 'module') return linker.import({ kind: 'file', path })
      return { default: commonJs.load(path, path === main) }
    },
    createRequire: commonJs.createRequire,
    Module: commonJs.Module,
    metaOf: meta,
    resolver,
    sources,
    linker,
    isFile: fs.isFile,
    isDirectory: fs.isDirectory,
    registerHooks: hooks.register,
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

export function toFileUrl(path: string): string {
  if (path.startsWith('data:')) return path
  return `file://${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`
}
