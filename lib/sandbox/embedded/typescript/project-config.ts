import ts from 'typescript-browser'
import type { CheckedFiles } from './checked-files'

/** A tsconfig.json and what it governs; `path` is null for the defaults of a project without one. */
export interface ProjectConfig {
  path: string | null
  options: ts.CompilerOptions
  fileNames: string[]
  errors: readonly ts.Diagnostic[]
}

/** What a project without tsconfig.json gets: strict, modern, as bundlers and our loader resolve. */
const defaults: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
}

/** Nothing is written here, and a file that the agent asks about is checked whether or not a build would contain it. */
const forced: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  incremental: false,
  composite: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  sourceMap: false,
  noEmitOnError: false,
  tsBuildInfoFile: undefined,
  rootDir: undefined,
}

/** The root's tsconfig.json, or the one at a path, or those it refers to, as Vite's templates do. At least one. */
export function readProjectConfigs(files: CheckedFiles, path?: string): ProjectConfig[] {
  const root = (path === undefined ? ['/tsconfig.json', '/jsconfig.json'] : [`/${path}`]).find(files.exists)
  const configs = root ? readWithReferences(files, root, new Set()) : []
  if (configs.length > 0) return configs
  const host = configHost(files)
  const { fileNames } = ts.parseJsonConfigFileContent({ compilerOptions: { allowJs: true } }, host, '/')
  return [{ path: null, options: withNeeds({ ...defaults }), fileNames, errors: [] }]
}

function readWithReferences(files: CheckedFiles, path: string, seen: Set<string>): ProjectConfig[] {
  if (seen.has(path)) return []
  seen.add(path)
  const source = ts.readJsonConfigFile(path, files.read) as ts.TsConfigSourceFile & ParsedSource
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, configHost(files), folder, undefined, path)
  const referred = (parsed.projectReferences ?? []).flatMap((reference) => {
    const target = ts.resolveProjectReferencePath(reference)
    return files.exists(target) ? readWithReferences(files, target, seen) : []
  })
  const isSolution = parsed.fileNames.length === 0 && referred.length > 0
  if (isSolution) return referred
  // “No inputs were found” is no news while a project is being set up.
  const errors = [...source.parseDiagnostics, ...parsed.errors].filter(({ code }) => code !== 18003)
  return [{ path, options: withNeeds(parsed.options), fileNames: parsed.fileNames, errors }, ...referred]
}

function withNeeds(options: ts.CompilerOptions): ts.CompilerOptions {
  const isBundlerLike =
    options.moduleResolution === undefined || options.moduleResolution === ts.ModuleResolutionKind.Bundler
  return {
    ...options,
    ...forced,
    // Without @types/node nothing else declares console, timers, URL or fetch.
    ...(options.lib && {
      lib: options.lib.some((lib) => /lib\.dom\./.test(lib))
        ? options.lib
        : [...options.lib, 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    }),
    // Only automatic @types: listed ones that are not installed are reported once, by package.
    ...(options.types && { types: options.types.filter((name) => !ambientNames.has(name)) }),
    ...(isBundlerLike && { allowImportingTsExtensions: true }),
  }
}

/** `types` entries that the ambient files stand for. */
const ambientNames = new Set(['node', 'jest', 'vitest', 'vitest/globals', 'vite/client', 'vitest/importMeta'])

function configHost(files: CheckedFiles): ts.ParseConfigHost {
  return {
    useCaseSensitiveFileNames: true,
    fileExists: files.exists,
    readFile: files.read,
    readDirectory: (root, extensions, excludes, includes, depth) =>
      matchFiles(root, extensions, excludes, includes, true, '/', depth, files.entries, (path) => path),
  }
}

/** What a parsed file carries, but does not declare. */
interface ParsedSource {
  parseDiagnostics: readonly ts.Diagnostic[]
}

/** TypeScript's own walk over include and exclude patterns; exported by the package, but not declared. */
const { matchFiles } = ts as typeof ts & {
  matchFiles(
    root: string,
    extensions: readonly string[] | undefined,
    excludes: readonly string[] | undefined,
    includes: readonly string[] | undefined,
    useCaseSensitiveFileNames: boolean,
    currentDirectory: string,
    depth: number | undefined,
    entries: (path: string) => { files: string[]; directories: string[] },
    realpath: (path: string) => string,
  ): string[]
}
