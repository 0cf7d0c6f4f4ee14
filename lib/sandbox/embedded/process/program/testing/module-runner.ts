import { basename, dirname, extname, resolve as resolvePath } from '../builtins/path'
import type { RequireFunction } from '../loader/commonjs-module'
import { errorAt, moduleNotFound } from '../loader/errors'
import { interopOf, type Namespace, namespaceOf } from '../loader/interop'
import { parseJsonModule } from '../loader/json'
import type { Loader } from '../loader/loader'
import type { ImportKind } from '../loader/resolve'
import { compileCommonJs, compileModule, type Evaluate } from './compile'
import { createModuleMocks, guardFactoryResult, type ModuleMocks } from './module-mocks'
import type { ViteFiles } from './vite-files'

/** A module as this registry knows it. */
interface Record {
  exports: Namespace
  /** Of CommonJS; `exports` is its namespace once it has run. */
  module: { exports: unknown } | null
  done: boolean
  running: Promise<Namespace> | null
  /** Modules whose import waits for this one. */
  importers: Set<string>
}

export type Found = { id: string; kind: 'file' | 'builtin' | 'virtual' }

/** `actual` passes mocks by; `mock` asks for one, made if need be. */
type ImportMode = 'normal' | 'actual' | 'mock'

export interface RunnerOptions {
  loader: Loader
  root: string
  /** Jest's: where tests are, and mocks of packages. */
  roots: readonly string[]
  flavour: 'vitest' | 'jest'
  /** Under vitest. */
  viteFiles: ViteFiles | null
  /** Modules of the runner itself (`vitest`, `@jest/globals`), made for the module that asks. */
  faces: ReadonlyMap<string, (importer: string) => object>
  /** `vi` or `jest` for one module. */
  toolsFor(importer: string): object
  automock(module: unknown, kind: 'automock' | 'spy'): unknown
  /** `import.meta` of a module. */
  metaOf(path: string): object
}

export interface ModuleRunner {
  import(path: string): Promise<unknown>
  importFrom(specifier: string, importer: string, mode?: ImportMode): Promise<Namespace>
  requireFrom(specifier: string, importer: string, mode?: ImportMode): unknown
  find(specifier: string, importer: string): Found
  mocks: ModuleMocks
  resetModules(): void
  /** Sentences on names that were imported and do not exist. */
  missingExports(): string[]
  /** Runs with a registry of its own, then goes back to the present one. */
  isolate<Result>(run: () => Result): Result
}

/**
 * The modules of one test file. Those of the project run as functions whose imports can be replaced (see `wrapModule`);
 * under vitest packages are loaded as Node loads them, under Jest everything is required through here.
 */
export function createModuleRunner(options: RunnerOptions): ModuleRunner {
  const { loader, root, flavour, viteFiles, faces } = options
  const isJest = flavour === 'jest'
  const mockRoots = isJest && options.roots.length > 0 ? options.roots : [root]
  const mocks = createModuleMocks()
  let records = new Map<string, Record>()
  let external = new Map<string, unknown>()
  const missingNames: { specifier: string; name: string; from: string }[] = []

  function find(specifier: string, importer: string): Found {
    const found = findWith(specifier, importer, isJest ? 'require' : 'import')
    if (found !== null) return found
    const isRelative = /^\.{0,2}\//.test(specifier)
    return { kind: 'virtual', id: isRelative ? resolvePath(dirname(importer), specifier) : specifier }
  }

  function findWith(specifier: string, importer: string, kind: ImportKind): Found | null {
    const byVite = viteFiles?.find(specifier, (name) => {
      const found = loader.resolver.resolve(name, importer, kind)
      return found.kind === 'file' ? found.path : null
    })
    if (byVite) return { kind: 'file', id: byVite }
    const found = loader.resolver.resolve(specifier, importer, kind)
    if (found.kind === 'builtin') return { kind: 'builtin', id: found.name }
    if (found.kind === 'file') return { kind: 'file', id: found.path }
    // Packages for ES modules only are compiled like the project's own files.
    return isJest && kind === 'require' ? findWith(specifier, importer, 'import') : null
  }

  function missing(specifier: string, importer: string): Error {
    const kind = isJest ? 'require' : 'import'
    const found = loader.resolver.resolve(specifier, importer, kind)
    const { looked, hint } = found.kind === 'missing' ? found : { looked: specifier, hint: null }
    const error = moduleNotFound({ specifier, importer, kind, looked, hint, place: null })
    if (isJest)
      error.message = `Cannot find module '${specifier}' from '${relative(importer)}'${hint === null ? '' : `\n${hint}`}`
    return isJest ? errorAt(error, null) : error
  }
  const relative = (path: string) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path)

  /** The file in `__mocks__` that stands for a module. */
  function manualMock({ id, kind }: Found, specifier: string): string | null {
    const isBare = kind === 'builtin' || kind === 'virtual' || id.includes('/node_modules/')
    const name = isBare ? specifier.replace(/^node:/, '') : basename(id, extname(id))
    for (const folder of isBare ? mockRoots : [dirname(id)]) {
      const mock = loader.resolver.resolveEntry(`${folder}/__mocks__/${name}`)
      if (mock !== null) return mock
    }
    return null
  }

  /** Which replacement holds for a module; Jest also takes those that lie ready for packages. */
  function mockFor(found: Found, specifier: string) {
    const mock = mocks.get(found.id)
    if (mock !== undefined) return mock.kind === 'actual' ? undefined : mock
    const isPackage = found.id.includes('/node_modules/') || (found.kind === 'virtual' && !found.id.startsWith('/'))
    if (isJest && isPackage && manualMock(found, specifier) !== null) return { kind: 'automock' } as const
    if (mocks.automockAll && found.kind === 'file' && !found.id.includes('/node_modules/'))
      return { kind: 'automock' } as const
    return undefined
  }

  function chooseMock(found: Found, specifier: string, mode: ImportMode) {
    if (mode === 'actual') return undefined
    return mode === 'mock' ? (mocks.get(found.id) ?? ({ kind: 'automock' } as const)) : mockFor(found, specifier)
  }

  async function importFrom(
    specifier: string,
    importer: string,
    mode: ImportMode = 'normal',
    stack: readonly string[] = [],
  ): Promise<Namespace> {
    const face = faces.get(specifier)
    if (face !== undefined) return namespaceOf(face(importer))
    const found = find(specifier, importer)
    const mock = chooseMock(found, specifier, mode)
    if (mock !== undefined && !isOwnOriginal(found, specifier, importer))
      return importMocked(found, specifier, importer, mock, stack)
    if (found.kind === 'virtual') throw missing(specifier, importer)
    return load(found, stack)
  }

  /** A manual mock that asks for the module it stands for gets the real one. */
  const isOwnOriginal = (found: Found, specifier: string, importer: string) => importer === manualMock(found, specifier)

  async function importMocked(
    found: Found,
    specifier: string,
    importer: string,
    mock: NonNullable<ReturnType<typeof mockFor>>,
    stack: readonly string[],
  ): Promise<Namespace> {
    const known = mocks.made.get(found.id)
    if (known !== undefined) return (await known) as Namespace
    const original = () => importFrom(specifier, importer, 'actual')
    const make = async (): Promise<Namespace> => {
      if (mock.kind === 'factory') {
        const result = await callFactory(() => mock.factory(original), mock.specifier)
        return isJest ? namespaceOf(result) : guardFactoryResult(result, mock.specifier)
      }
      const manual = mock.kind === 'automock' ? manualMock(found, specifier) : null
      if (manual !== null) return load({ kind: 'file', id: manual }, stack)
      return options.automock(await original(), mock.kind === 'spy' ? 'spy' : 'automock') as Namespace
    }
    const made = make()
    mocks.made.set(found.id, made)
    return made
  }

  function requireFrom(specifier: string, importer: string, mode: ImportMode = 'normal'): unknown {
    const face = faces.get(specifier)
    if (face !== undefined) return face(importer)
    const found = find(specifier, importer)
    const mock = chooseMock(found, specifier, mode)
    if (mock === undefined || isOwnOriginal(found, specifier, importer)) {
      if (found.kind === 'virtual') throw missing(specifier, importer)
      return loadSync(found)
    }
    if (mocks.made.has(found.id)) return mocks.made.get(found.id)
    const original = () => requireFrom(specifier, importer, 'actual')
    const make = () => {
      if (mock.kind === 'factory') return mock.factory(original)
      const manual = mock.kind === 'automock' ? manualMock(found, specifier) : null
      if (manual !== null) return loadSync({ kind: 'file', id: manual })
      return options.automock(original(), mock.kind === 'spy' ? 'spy' : 'automock')
    }
    const made = make()
    mocks.made.set(found.id, made)
    return made
  }

  const isExternal = ({ id, kind }: Found) =>
    kind === 'builtin' || (!isJest && id.includes('/node_modules/') && viteFiles?.isMade(id) !== true)

  async function load(found: Found, stack: readonly string[]): Promise<Namespace> {
    if (isExternal(found)) return loadExternal(found)
    const known = records.get(found.id)
    if (known !== undefined) {
      for (const importer of stack.slice(-1)) known.importers.add(importer)
      if (known.done || stack.includes(found.id) || waitsFor(found.id, stack)) return known.exports
      return known.running ?? known.exports
    }
    const record = createRecord(stack.slice(-1))
    records.set(found.id, record)
    record.running = evaluate(found.id, record, [...stack, found.id]).finally(() => {
      record.done = true
      record.running = null
    })
    return record.running
  }

  /** Whether a module that is still running waits for one of those that now ask for it. */
  function waitsFor(id: string, stack: readonly string[]): boolean {
    const seen = new Set<string>()
    const queue = [...stack]
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      if (path === id) return true
      queue.push(...(records.get(path)?.importers ?? []))
    }
    return false
  }

  async function loadExternal({ id, kind }: Found): Promise<Namespace> {
    const known = external.get(id)
    if (known !== undefined) return (await known) as Namespace
    if (kind === 'builtin') return namespaceOf(loader.createRequire(root)(`node:${id}`))
    if (loader.sources.load(id).format !== 'module') {
      const made = namespaceOf(loader.createRequire(id)(id))
      external.set(id, made)
      return made
    }
    const made = loader.import(id).then((namespace) => interopOf(namespace as Namespace))
    external.set(id, made)
    return made
  }

  async function evaluate(path: string, record: Record, stack: readonly string[]): Promise<Namespace> {
    const source = loader.sources.load(path)
    if (source.format !== 'module') return loadSyncNamespace(path, record)
    const run = compileModule(loader, path, 'async')
    try {
      await run(scopeOf(path, record, stack, (specifier) => importFrom(specifier, path, 'normal', stack)))
    } finally {
      noteMissing(path)
    }
    return record.exports
  }

  function noteMissing(path: string) {
    for (const { specifier, imported } of compileModule.importsOf(loader, path)) {
      const found = imported === '*' || faces.has(specifier) ? null : records.get(find(specifier, path).id)
      const isMissing = found?.done && found.module === null && !(imported in found.exports)
      if (isMissing) missingNames.push({ specifier, name: imported, from: path })
    }
  }

  function loadSyncNamespace(path: string, record: Record): Namespace {
    runCommonJs(path, record)
    return record.exports
  }

  function loadSync(found: Found): unknown {
    if (found.kind === 'builtin') return loader.createRequire(root)(`node:${found.id}`)
    const known = records.get(found.id)
    if (known !== undefined) return known.module === null ? known.exports : known.module.exports
    const record = createRecord([])
    records.set(found.id, record)
    try {
      if (loader.sources.load(found.id).format !== 'module') runCommonJs(found.id, record)
      else runAsBabelDoes(found.id, record)
    } catch (error) {
      records.delete(found.id)
      throw error
    }
    record.done = true
    return record.module === null ? record.exports : record.module.exports
  }

  /** An ES module made CommonJS: it may mix `import` with `module.exports`, and without `export` it is no ES module to others. */
  function runAsBabelDoes(path: string, record: Record) {
    const isMarked = compileModule.isMarked(loader, path)
    if (!isMarked) record.exports = {}
    const scope = scopeOf(path, record, [], (specifier) => namespaceOf(requireFrom(specifier, path)))
    if (!isMarked) record.module = scope.module
    void compileModule(loader, path, 'sync')(scope)
    if (scope.module.exports !== record.exports) record.module = scope.module
    if (record.module !== null) record.exports = namespaceOf(record.module.exports)
  }

  function runCommonJs(path: string, record: Record) {
    const source = loader.sources.load(path)
    const module = {
      id: path,
      filename: path,
      path: dirname(path),
      exports: {} as unknown,
      loaded: false,
      children: [],
      paths: [],
      parent: null,
    }
    record.module = module
    if (source.format === 'json') module.exports = parseJsonModule(path, source.code)
    else {
      const require = createRequire(path)
      Object.assign(module, { require })
      const importDynamic = (specifier: string) => importLater(specifier, path)
      compileCommonJs(loader, path)({ module, require, importDynamic, tools: options.toolsFor(path) })
    }
    module.loaded = true
    record.exports = namespaceOf(module.exports)
  }

  function createRequire(importer: string): RequireFunction {
    const require = (specifier: string) => requireFrom(specifier, importer)
    const resolve = (specifier: string) => {
      const found = find(specifier, importer)
      if (found.kind === 'virtual') throw missing(specifier, importer)
      return found.kind === 'builtin' ? specifier : found.id
    }
    const { paths } = loader.createRequire(importer).resolve
    return Object.assign(require, {
      resolve: Object.assign(resolve, { paths }),
      cache: {},
      extensions: {},
      main: undefined,
    })
  }

  async function importLater(specifier: string, importer: string): Promise<unknown> {
    return isJest ? namespaceOf(requireFrom(specifier, importer)) : importFrom(specifier, importer)
  }

  function scopeOf(
    path: string,
    record: Record,
    stack: readonly string[],
    importStatic: (specifier: string) => unknown,
  ): Evaluate {
    return {
      meta: () => options.metaOf(path),
      importDynamic: (specifier) => importFromOrRequire(String(specifier), path, stack),
      exports: (name, get) => {
        const safe = () => {
          try {
            return get()
          } catch (error) {
            if (error instanceof ReferenceError && !record.done) return undefined
            throw error
          }
        }
        Object.defineProperty(record.exports, name, { get: safe, enumerable: true, configurable: true })
      },
      star: (from) => {
        for (const key of Object.keys(from)) {
          if (key === 'default' || key in record.exports) continue
          Object.defineProperty(record.exports, key, { get: () => from[key], enumerable: true, configurable: true })
        }
      },
      importStatic,
      tools: options.toolsFor(path),
      require: isJest ? createRequire(path) : loader.createRequire(path),
      module: { exports: record.exports },
    }
  }

  function importFromOrRequire(specifier: string, path: string, stack: readonly string[]) {
    return isJest ? importLater(specifier, path) : importFrom(specifier, path, 'normal', stack)
  }

  function createRecord(importers: readonly string[]): Record {
    const exports = Object.create(isJest ? Object.prototype : null) as Namespace
    Object.defineProperty(exports, '__esModule', { value: true })
    if (!isJest) Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' })
    return { exports, module: null, done: false, running: null, importers: new Set(importers) }
  }

  function resetModules() {
    records = new Map()
    external = new Map()
    mocks.made.clear()
  }

  return {
    async import(path) {
      if (!isJest || compileModule.needsAsync(loader, path)) return load({ kind: 'file', id: path }, [])
      return loadSync({ kind: 'file', id: path })
    },
    importFrom,
    requireFrom,
    find,
    mocks,
    resetModules,
    missingExports: () =>
      missingNames.map(
        ({ specifier, name, from }) =>
          `(The module '${specifier}' does not provide an export named '${name}'; imported by ${relative(from)}.)`,
      ),
    isolate(run) {
      const kept = { records, made: new Map(mocks.made) }
      records = new Map()
      mocks.made.clear()
      const restore = () => {
        records = kept.records
        mocks.made.clear()
        for (const [id, value] of kept.made) mocks.made.set(id, value)
      }
      try {
        const result = run()
        if (!(result instanceof Promise)) return result
        return result.finally(restore) as typeof result
      } finally {
        restore()
      }
    },
  }
}

async function callFactory(run: () => unknown, specifier: string): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    throw new Error(
      '[vitest] There was an error when mocking a module. If you are using "vi.mock" factory, make sure there are no top level variables inside, since this call is hoisted to top of the file. Read more: https://vitest.dev/api/vi.html#vi-mock',
      { cause: error instanceof Error ? error : new Error(`${specifier}: ${String(error)}`) },
    )
  }
}
