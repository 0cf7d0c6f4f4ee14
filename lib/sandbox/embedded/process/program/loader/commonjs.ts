import { parse } from 'cjs-module-lexer'
import type { CommonJsModule, ModuleClass, RequireFunction } from './commonjs-module'
import type { Surroundings } from './loader'
import { createModuleClass } from './module-class'
import type { RequiredModules, RequiredModulesOptions } from './required-modules'
import type { Resolver } from './resolve'
import type { Sources } from './source'

export interface CommonJs {
  /** Runs a module once; answers `module.exports`. */
  load(path: string, isMain?: boolean): unknown
  /** The same for `import`: what the module exported when it had run, whatever became of it since. */
  loadForImport(path: string): unknown
  createRequire(importer: string | URL): RequireFunction
  /** The program itself says, by `require.extensions`, how files with this ending are loaded. */
  isHandledByProgram(path: string): boolean
  /** Names that `import { x } from 'cjs'` may use, found without running the file. */
  namesOf(path: string): Set<string>
  Module: ModuleClass
  /** Whether the program has CommonJS modules, or means to have. */
  isInUse(): boolean
}

export interface CommonJsOptions extends Pick<RequiredModulesOptions, 'native' | 'resolveImport'> {
  resolver: Resolver
  sources: Sources
  readText(path: string): string
  /** 0 for a file, 1 for a folder, negative for nothing. */
  stat(path: string): number
  isBuiltin(name: string): boolean
  builtin(name: string): unknown
  import(specifier: string, importer: string, options?: unknown): Promise<unknown>
  /** `import.meta` of an ES module that is required. */
  meta(path: string): ImportMeta
  /** The program's entry, for `require.main === module`. */
  main: string | null
  surroundings?: Surroundings
  /** Runs a file as the program's entry. */
  start(path: string): unknown
  /** Takes what `require` made of ES modules. */
  onRequired(modules: RequiredModules): void
  /** The program's entry has begun. */
  onMain?: (module: CommonJsModule) => void
}

export function createCommonJs(options: CommonJsOptions): CommonJs {
  const { resolver, sources } = options
  const names = new Map<string, Set<string>>()
  const { Module, wrapModuleLoad, isHandledByProgram } = createModuleClass({
    ...options,
    namesOfCommonJs: (path) => namesOf(path),
  })

  function namesOf(path: string, seen = new Set<string>()): Set<string> {
    const known = names.get(path)
    if (known !== undefined) return known
    const found = new Set<string>()
    if (seen.has(path)) return found
    seen.add(path)
    const source = sources.load(path)
    if (source.format === 'commonjs') {
      const { exports, reexports } = parseNames(source.code, path)
      for (const name of exports) found.add(name)
      for (const specifier of reexports) {
        const target = resolver.resolve(specifier, path, 'require')
        if (target.kind === 'file') for (const name of namesOf(target.path, seen)) found.add(name)
      }
    }
    found.delete('default')
    names.set(path, found)
    return found
  }

  return {
    Module,
    load: (path, isMain = path === options.main) => wrapModuleLoad(path, null, isMain),
    loadForImport(path) {
      const known = Module._cache[path]
      const exports = wrapModuleLoad(path, null, path === options.main)
      return known?.loaded === true ? Module.loadedExportsOf(known) : exports
    },
    createRequire: Module.createRequire,
    isHandledByProgram,
    isInUse: () => Object.keys(Module._cache).length > 0,
    namesOf: (path) => namesOf(path),
  }
}

function parseNames(code: string, path: string): { exports: string[]; reexports: string[] } {
  try {
    return parse(code, path)
  } catch {
    // A file this lexer cannot read has no named exports; running it reports what is wrong with it.
    return { exports: [], reexports: [] }
  }
}
