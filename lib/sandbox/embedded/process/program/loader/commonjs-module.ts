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

export interface ResolveOptions {
  paths?: string[]
}

export type ExtensionHandler = (module: CommonJsModule, filename: string) => void

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
  /** Runs the program's entry; programs may put their own in its place. */
  runMain(path?: string): unknown
  loadedExportsOf(module: CommonJsModule): unknown
  _stat(path: string): number
  createRequire(from: string | URL): RequireFunction
}
