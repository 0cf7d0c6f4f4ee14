import { type ExportSpecifier, type ImportSpecifier, parse } from 'es-module-lexer/js'
import { type Options, transform } from 'sucrase'
import type { Transpiled } from '../../../typescript/transpile'
import { extname } from '../builtins/path'
import { errorAt, placeAt, type SourcePlace } from './errors'
import type { ResolverFs } from './package-scope'
import { type PositionMap, positionsOfMappings } from './positions'
import type { Resolver } from './resolve'
import { needsTranspiler, type Transpile, transpileWith } from './transpile'
import type { ProjectConfig } from './tsconfig'

/** A file, ready to be linked: types and JSX gone, lines where they were. */
export interface Source {
  path: string
  format: 'module' | 'commonjs' | 'json'
  code: string
  /** Static, dynamic and `import.meta` places in `code`; empty for JSON. */
  imports: readonly ImportSpecifier[]
  exports: readonly ExportSpecifier[]
  /** Of the source map from `code` to the file, where lines moved. */
  mappings?: string
}

/** Sources by path; a file that did not change since is not transformed again, also across loaders. */
export type SourceCache = Map<string, { text: string; source: Source }>

export interface Sources {
  load(path: string): Source
  /** The same module as CommonJS, for `require` of an ES module. */
  loadAsCommonJs(path: string): string
  /** From places in `code` to places in the file, where taking types and JSX away moved them. */
  positionsOf(path: string): readonly PositionMap[]
}

const typed = /\.([cm]?ts|tsx)$/
const withJsx = /\.[jt]sx$/

/** `transpile` is fetched when the first file needs it. */
export function createSources(
  fs: ResolverFs,
  resolver: Resolver,
  { cache, transpile }: { cache: SourceCache; transpile: (() => Transpile) | undefined },
): Sources {
  /** What the text becomes where only TypeScript itself can tell; null where the quick way does. */
  function byTranspiler(path: string, text: string): Transpiled | null {
    const config = resolver.configOf(path)
    if (transpile === undefined || path.includes('/node_modules/') || !needsTranspiler(path, text, config)) return null
    return transpileWith(transpile(), path, text, config)
  }

  /** A path may carry the query of its import. */
  function load(asked: string): Source {
    const query = asked.indexOf('?')
    if (query !== -1 && !fs.isFile(asked)) return { ...load(asked.slice(0, query)), path: asked }
    const path = asked
    const text = fs.readText(path)
    const known = cache.get(path)
    if (known?.text === text) return known.source
    const source = toSource(path, text, resolver, byTranspiler(path, text))
    cache.set(path, { text, source })
    return source
  }
  return {
    load,
    loadAsCommonJs(path) {
      const text = fs.readText(path)
      return strip(path, byTranspiler(path, text)?.code ?? text, resolver.configOf(path), true)
    },
    positionsOf(path) {
      const { mappings } = load(path)
      if (mappings !== undefined) return [positionsOfMappings(() => mappings)]
      if (!isCompiled(path)) return []
      const text = fs.readText(path)
      return [positionsOfMappings(() => mappingsOf(path, text, resolver.configOf(path)))]
    },
  }
}

function toSource(path: string, text: string, resolver: Resolver, transpiled: Transpiled | null): Source {
  if (extname(path) === '.json') return { path, format: 'json', code: text, imports: [], exports: [] }
  const plain = text.startsWith('#!') ? `//${text}` : text.replace(/^\ufeff/, '')
  const code = transpiled?.code ?? strip(path, plain, resolver.configOf(path), false)
  const [imports, exports, , hasModuleSyntax] = lex(path, code)
  const format = formatOf(path, hasModuleSyntax, resolver)
  return { path, format, code, imports, exports, ...(transpiled === null ? {} : { mappings: transpiled.mappings }) }
}

/**
 * As Node decides, with one leniency: a file of a package that says nothing (or a TypeScript file) is an ES module
 * when it is written as one.
 */
function formatOf(path: string, hasModuleSyntax: boolean, resolver: Resolver): 'module' | 'commonjs' {
  const extension = extname(path)
  if (extension === '.mjs' || extension === '.mts') return 'module'
  if (extension === '.cjs' || extension === '.cts') return 'commonjs'
  const type = resolver.scopes.of(path)?.json.type
  if (type === 'module') return 'module'
  return hasModuleSyntax && (type !== 'commonjs' || typed.test(path)) ? 'module' : 'commonjs'
}

const isCompiled = (path: string) => typed.test(path) || withJsx.test(path)

function strip(path: string, text: string, config: ProjectConfig, toCommonJs: boolean): string {
  if (!isCompiled(path) && !toCommonJs) return text
  try {
    return transform(text, optionsFor(path, config, toCommonJs)).code
  } catch (error) {
    throw toSyntaxError(path, error)
  }
}

function optionsFor(path: string, config: ProjectConfig, toCommonJs: boolean): Options {
  return {
    transforms: [
      ...(typed.test(path) ? (['typescript'] as const) : []),
      ...(withJsx.test(path) ? (['jsx'] as const) : []),
      ...(toCommonJs ? (['imports'] as const) : []),
    ],
    jsxRuntime: config.jsx === 'react' ? 'classic' : 'automatic',
    ...(config.jsxImportSource === null ? {} : { jsxImportSource: config.jsxImportSource }),
    keepUnusedImports: config.keepUnusedImports,
    production: true,
    disableESTransforms: true,
    preserveDynamicImport: true,
    filePath: path,
  }
}

/** Made only when a stack is read: most programs end without one. */
function mappingsOf(path: string, text: string, config: ProjectConfig): string {
  const plain = text.replace(/^\ufeff/, '')
  const options = { ...optionsFor(path, config, false), sourceMapOptions: { compiledFilename: path } }
  return transform(plain, options).sourceMap?.mappings ?? ''
}

/** The parser's complaint as Node would print it: the bare sentence, and the place as the only frame. */
function toSyntaxError(path: string, error: unknown): Error {
  if (!(error instanceof Error)) return new SyntaxError(String(error))
  const position = /\s*\((\d+):(\d+)\)\s*$/.exec(error.message)
  const message = error.message.replace(`Error transforming ${path}: `, '').replace(/\s*\(\d+:\d+\)\s*$/, '')
  const place: SourcePlace | null =
    position === null ? null : { file: path, line: Number(position[1]), column: Number(position[2]) + 1 }
  return errorAt(new SyntaxError(message), place ?? { file: path, line: 1, column: 1 })
}

function lex(path: string, code: string): ReturnType<typeof parse> {
  try {
    return parse(code, path)
  } catch (error) {
    const index = error instanceof Error && 'idx' in error ? Number(error.idx) : 0
    throw (
      locateSyntaxError(path, code) ??
      errorAt(new SyntaxError('Invalid or unexpected token'), placeAt(path, code, index))
    )
  }
}

/** Where the syntax of a JavaScript text breaks, as far as the parser sees it; null when it finds nothing. */
export function locateSyntaxError(path: string, code: string): Error | null {
  try {
    transform(code, { transforms: ['jsx'], disableESTransforms: true, filePath: path })
    return null
  } catch (error) {
    return toSyntaxError(path, error)
  }
}
