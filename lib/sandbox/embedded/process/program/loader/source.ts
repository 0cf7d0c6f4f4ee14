import { type ExportSpecifier, type ImportSpecifier, parse } from 'es-module-lexer/js'
import { transform } from 'sucrase'
import { extname } from '../builtins/path'
import { errorAt, placeAt, type SourcePlace } from './errors'
import type { ResolverFs } from './package-scope'
import type { Resolver } from './resolve'
import type { ProjectConfig } from './tsconfig'

/** A file, ready to be linked: types and JSX gone, lines where they were. */
export interface Source {
  path: string
  format: 'module' | 'commonjs' | 'json'
  code: string
  /** Static, dynamic and `import.meta` places in `code`; empty for JSON. */
  imports: readonly ImportSpecifier[]
  exports: readonly ExportSpecifier[]
}

/** Sources by path; a file that did not change since is not transformed again, also across loaders. */
export type SourceCache = Map<string, { text: string; source: Source }>

export interface Sources {
  load(path: string): Source
  /** The same module as CommonJS, for `require` of an ES module. */
  loadAsCommonJs(path: string): string
}

const typed = /\.([cm]?ts|tsx)$/
const withJsx = /\.[jt]sx$/

/** May answer another text and format for a file than what is there. */
export type SourceHook = (
  path: string,
  plain: () => { format: Source['format']; text: string },
) => { format: Source['format']; text: string } | null

export function createSources(
  fs: ResolverFs,
  resolver: Resolver,
  cache: SourceCache,
  hook: SourceHook = () => null,
): Sources {
  function load(path: string): Source {
    const changed = hook(path, () => {
      const text = fs.readText(path)
      return { format: toSource(path, text, resolver).format, text }
    })
    if (changed) return toSource(path, changed.text, resolver, changed.format)
    const text = fs.readText(path)
    const known = cache.get(path)
    if (known?.text === text) return known.source
    const source = toSource(path, text, resolver)
    cache.set(path, { text, source })
    return source
  }
  return {
    load,
    loadAsCommonJs: (path) => strip(path, fs.readText(path), configFor(path, resolver), true),
  }
}

function toSource(path: string, text: string, resolver: Resolver, given?: Source['format']): Source {
  if ((given ?? (extname(path) === '.json' ? 'json' : null)) === 'json')
    return { path, format: 'json', code: text, imports: [], exports: [] }
  const plain = text.startsWith('#!') ? `//${text}` : text.replace(/^\ufeff/, '')
  const code = strip(path, plain, configFor(path, resolver), false)
  const [imports, exports, , hasModuleSyntax] = lex(path, code)
  const format = given ?? formatOf(path, hasModuleSyntax, resolver)
  return { path, format, code, imports, exports }
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

function strip(path: string, text: string, config: ProjectConfig, toCommonJs: boolean): string {
  const isTyped = typed.test(path)
  const hasJsx = withJsx.test(path)
  if (!isTyped && !hasJsx && !toCommonJs) return text
  try {
    return transform(text, {
      transforms: [
        ...(isTyped ? (['typescript'] as const) : []),
        ...(hasJsx ? (['jsx'] as const) : []),
        ...(toCommonJs ? (['imports'] as const) : []),
      ],
      jsxRuntime: config.jsx === 'react' ? 'classic' : 'automatic',
      ...(config.jsxImportSource === null ? {} : { jsxImportSource: config.jsxImportSource }),
      keepUnusedImports: config.keepUnusedImports,
      production: true,
      disableESTransforms: true,
      preserveDynamicImport: true,
      filePath: path,
    }).code
  } catch (error) {
    throw toSyntaxError(path, error)
  }
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

/** What hooks invent has no folder. */
const configFor = (path: string, resolver: Resolver) => resolver.configOf(path.startsWith('/') ? path : '/')
