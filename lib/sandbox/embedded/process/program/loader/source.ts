import { type ExportSpecifier, type ImportSpecifier, parse } from 'es-module-lexer/js'
import { type Options, transform } from 'sucrase'
import type { Transpiled } from '../../../typescript/transpile'
import { extname } from '../builtins/path'
import { errorAt, nodeError, placeAt, type SourcePlace } from './errors'
import { endBareFields } from './field-ends'
import { jsxOf } from './jsx'
import type { ResolverFs } from './package-scope'
import { type PositionMap, positionsOfMappings } from './positions'
import { hidePrivateNames, showPrivateNames } from './private-names'
import type { Resolver } from './resolve'
import { hideStringNames, showStringNames } from './string-names'
import { needsTranspiler, type Transpile, transpileWith } from './transpile'
import type { ProjectConfig } from './tsconfig'
import { codeOfWasm } from './wasm'

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
  /** From now on a path has this text, whatever its file says, if there is one. */
  give(path: string, format: Source['format'] | 'wasm', content: string | Uint8Array): void
  isGiven(path: string): boolean
  /** The same module as CommonJS, for `require` of an ES module. */
  loadAsCommonJs(path: string): string
  /** From places in `code` to places in the file, where taking types and JSX away moved them. */
  positionsOf(path: string): readonly PositionMap[]
}

const typed = /\.([cm]?ts|tsx)$/
const withJsx = /\.[jt]sx$/

/** Rewrites the code of a file, its lines kept; see `lower-async.ts`. */
export type Lowering = (code: string, path: string) => string

/** May answer another text and format for a file than what is there. */
export type SourceHook = (
  path: string,
  plain: () => { format: Source['format']; text: string },
) => { format: Source['format']; text: string } | null

/** What a file is to one tool alone: another text, or a module where it is no code. Null where it is what it says. */
export type StandIn = (path: string, read: () => string) => { text: string; format?: Source['format'] } | null

interface SourcesOptions {
  cache: SourceCache
  lower: Lowering
  hook?: SourceHook
  standInFor?: StandIn | undefined
  /** Fetched when the first file needs it. */
  transpile: (() => Transpile) | undefined
  /** Whether all files with types go through it; the code then names its source map, and is what stacks know. */
  transformsTypes?: boolean
  /** Told of the code that a file becomes. */
  onCode?: (path: string, code: string) => void
  /** What else sources depend on, for a cache that loaders of other settings use, too. */
  variant?: string
}

export function createSources(
  fs: ResolverFs,
  resolver: Resolver,
  {
    cache,
    lower,
    hook = () => null,
    standInFor,
    transpile,
    transformsTypes = false,
    onCode,
    variant = '',
  }: SourcesOptions,
): Sources {
  /** What the text becomes where only TypeScript itself can tell; null where the quick way does. */
  function byTranspiler(path: string, text: string): Transpiled | null {
    const config = configFor(path, resolver)
    if (transpile === undefined || path.includes('/node_modules/')) return null
    if (isTransformed(path)) return withSourceMap(path, transpileWith(transpile(), path, text, config))
    return needsTranspiler(path, text, config) ? transpileWith(transpile(), path, text, config) : null
  }
  const isTransformed = (path: string) => transformsTypes && typed.test(path)
  function make(path: string, text: string, given?: Source['format']): Source {
    const source = toSource(path, text, {
      resolver,
      lower,
      transpiled: byTranspiler(path, text),
      ...(given && { given }),
    })
    onCode?.(path, source.code)
    return source
  }

  const given = new Map<string, Source>()

  /** A path may carry the query of its import. */
  function load(asked: string): Source {
    const known = given.get(asked)
    if (known !== undefined) return known
    if (asked.startsWith('data:')) return loadData(asked)
    let text: string | undefined
    const read = () => {
      text ??= fs.readText(asked)
      return text
    }
    const standIn = standInFor?.(asked, read)
    if (standIn) return remembered(asked, standIn.text, () => make(asked, standIn.text, standIn.format))
    const query = asked.search(/[?#]/)
    if (query !== -1 && asked.startsWith('/') && !fs.isFile(asked))
      return { ...load(asked.slice(0, query)), path: asked }
    const path = asked
    const changed = hook(path, () => {
      const text = fs.readText(path)
      return { format: make(path, text).format, text }
    })
    if (changed) return make(path, changed.text, changed.format)
    return remembered(path, read(), () => {
      const isWasm = read().startsWith('\0asm') && /(?:\.wasm|\/[^./]+)$/.test(path)
      const bytes = isWasm ? fs.readBytes?.(path) : undefined
      return bytes ? wasmSource(path, bytes) : make(path, read())
    })
  }
  function remembered(path: string, text: string, create: () => Source): Source {
    const cached = cache.get(variant + path)
    if (cached?.text === text) return cached.source
    const source = create()
    cache.set(variant + path, { text, source })
    return source
  }
  function loadData(url: string): Source {
    const { mime, text } = parseDataUrl(url)
    const format = formatsOfMime[mime]
    if (format === undefined)
      throw nodeError('ERR_UNKNOWN_MODULE_FORMAT', `Unknown module format: ${mime} for URL ${url}`, RangeError)
    return make(url, text, format)
  }
  return {
    load,
    give(path, format, content) {
      const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
      given.set(path, format === 'wasm' ? wasmSource(path, content) : make(path, text, format))
    },
    isGiven: (path) => given.has(path),
    loadAsCommonJs(path) {
      const read = () => fs.readText(path)
      const text = standInFor?.(path, read)?.text ?? read()
      return lower(strip(path, byTranspiler(path, text)?.code ?? text, configFor(path, resolver), true), path)
    },
    positionsOf(path) {
      if (isTransformed(path)) return []
      const mappings = cache.get(variant + path)?.source.mappings
      if (mappings !== undefined) return [positionsOfMappings(() => mappings)]
      if (!isCompiled(path) || !fs.isFile(path)) return []
      const text = fs.readText(path)
      return [positionsOfMappings(() => mappingsOf(path, text, configFor(path, resolver)))]
    },
  }
}

function wasmSource(path: string, content: string | Uint8Array): Source {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const code = codeOfWasm(bytes)
  const [imports, exports] = parse(code, path)
  return { path, format: 'module', code, imports, exports }
}

/** The code with its source map in it, as Node leaves it. */
function withSourceMap(path: string, { code, mappings, error }: Transpiled): Transpiled {
  const map = JSON.stringify({ version: 3, sources: [path], names: [], mappings })
  const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(map)))
  return { code: `${code}\n//# sourceMappingURL=data:application/json;base64,${encoded}`, mappings, error }
}

const formatsOfMime: Record<string, Source['format']> = { 'text/javascript': 'module', 'application/json': 'json' }

function parseDataUrl(url: string): { mime: string; text: string } {
  const [, mime = '', isBase64, body] = /^data:([^,;]+)[^,]*?(;base64)?,(.*)$/s.exec(url) ?? []
  if (body === undefined) throw nodeError('ERR_INVALID_URL', 'Invalid URL', TypeError)
  const text = decodeURIComponent(body)
  if (!isBase64) return { mime, text }
  return { mime, text: new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0))) }
}

interface SourceOptions {
  resolver: Resolver
  lower: Lowering
  transpiled: Transpiled | null
  given?: Source['format']
}

function toSource(path: string, text: string, { resolver, lower, transpiled, given }: SourceOptions): Source {
  if ((given ?? (extname(path) === '.json' ? 'json' : null)) === 'json')
    return { path, format: 'json', code: text, imports: [], exports: [] }
  const plain = text.startsWith('#!') ? `//${text}` : text.replace(/^\ufeff/, '')
  const code = lower(transpiled?.code ?? strip(path, plain, configFor(path, resolver), false), path)
  const [imports, exports, , hasModuleSyntax] = lex(path, code)
  const format = given ?? formatOf({ path, code, hasModuleSyntax, resolver })
  return { path, format, code, imports, exports, ...(transpiled === null ? {} : { mappings: transpiled.mappings }) }
}

interface Written {
  path: string
  code: string
  hasModuleSyntax: boolean
  resolver: Resolver
}

/**
 * As Node decides, with one leniency: a file of a package that says nothing (or a TypeScript file) is an ES module
 * when it is written as one.
 */
function formatOf({ path, code, hasModuleSyntax, resolver }: Written): 'module' | 'commonjs' {
  const extension = extname(path)
  if (extension === '.mjs' || extension === '.mts') return 'module'
  if (extension === '.cjs' || extension === '.cts') return 'commonjs'
  const type = resolver.scopes.of(path)?.json.type
  if (type === 'module') return 'module'
  if (type === 'commonjs' && !typed.test(path)) return 'commonjs'
  return hasModuleSyntax || (!path.includes('/node_modules/') && awaitsOutside(code)) ? 'module' : 'commonjs'
}

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor

/** Whether code awaits where only a module can. */
export function awaitsOutside(code: string): boolean {
  return /\bawait\b/.test(code) && !parses(Function, code) && parses(AsyncFunction, code)
}

export function parses(Kind: FunctionConstructor, code: string): boolean {
  try {
    new Kind(code)
    return true
  } catch {
    return false
  }
}

const isCompiled = (path: string) => typed.test(path) || withJsx.test(path)

function strip(path: string, text: string, config: ProjectConfig, toCommonJs: boolean): string {
  if (!isCompiled(path) && !toCommonJs) return text
  try {
    const { code } = transform(
      toCommonJs ? hidePrivateNames(hideStringNames(text)) : text,
      optionsFor(path, text, { config, toCommonJs }),
    )
    return endBareFields(text, toCommonJs ? showStringNames(showPrivateNames(code)) : code)
  } catch (error) {
    throw toSyntaxError(path, error)
  }
}

function optionsFor(
  path: string,
  text: string,
  { config, toCommonJs }: { config: ProjectConfig; toCommonJs: boolean },
): Options {
  const { isClassic, importSource, factory, fragment } = jsxOf(text, config)
  return {
    transforms: [
      ...(typed.test(path) ? (['typescript'] as const) : []),
      ...(withJsx.test(path) ? (['jsx'] as const) : []),
      ...(toCommonJs ? (['imports'] as const) : []),
    ],
    jsxRuntime: isClassic ? 'classic' : 'automatic',
    ...(importSource !== null && { jsxImportSource: importSource }),
    ...(factory !== null && { jsxPragma: factory }),
    ...(fragment !== null && { jsxFragmentPragma: fragment }),
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
  const options = {
    ...optionsFor(path, text, { config, toCommonJs: false }),
    sourceMapOptions: { compiledFilename: path },
  }
  return transform(plain, options).sourceMap?.mappings ?? ''
}

/** The parser's complaint as Node would print it: the bare sentence, and the place as the only frame. */
export function toSyntaxError(path: string, error: unknown): Error {
  const { message, place } = toProblem(path, error)
  return errorAt(new SyntaxError(message), place)
}

interface SyntaxProblem {
  message: string
  place: SourcePlace
}

function toProblem(path: string, error: unknown): SyntaxProblem {
  if (!(error instanceof Error)) return { message: String(error), place: { file: path, line: 1, column: 1 } }
  const position = /\s*\((\d+):(\d+)\)\s*$/.exec(error.message)
  const message = error.message.replace(`Error transforming ${path}: `, '').replace(/\s*\(\d+:\d+\)\s*$/, '')
  const [, line = 1, column = 1] = position ?? []
  return { message, place: { file: path, line: Number(line), column: Number(column) } }
}

function lex(path: string, code: string): ReturnType<typeof parse> {
  try {
    return parse(code, path)
  } catch (error) {
    const index = error instanceof Error && 'idx' in error ? Number(error.idx) : 0
    const found = findSyntaxProblem(path, code)
    const message = complaintOfEngine(code) ?? found?.message ?? 'Invalid or unexpected token'
    throw errorAt(new SyntaxError(message), found?.place ?? placeAt(path, code, index))
  }
}

/** The engine's own words for what is wrong with a script; null where that is only that it is a module. */
function complaintOfEngine(code: string): string | null {
  try {
    // Strict, so that nothing is declared; and nothing of it runs.
    // biome-ignore lint/security/noGlobalEval: only a whole parse finds what is wrong
    globalThis.eval(`"use strict";throw null;${code}`)
  } catch (error) {
    if (error instanceof SyntaxError && !/import|export|await/.test(error.message)) return error.message
  }
  return null
}

/** Where a whole parser stops, for what the quick one does not look for: names declared twice, `await` outside. */
export type Parser = (code: string, sourceType: 'module' | 'script') => number | null

/** Where the syntax of a JavaScript text breaks, as far as the parsers see it; null when they find nothing. */
export function findSyntaxProblem(
  path: string,
  code: string,
  parser?: (code: string) => number | null,
): SyntaxProblem | null {
  try {
    transform(code, { transforms: ['jsx'], disableESTransforms: true, filePath: path })
  } catch (error) {
    return toProblem(path, error)
  }
  const index = parser?.(code) ?? null
  return index === null ? null : { message: 'Invalid or unexpected token', place: placeAt(path, code, index) }
}

/** What hooks invent has no folder. */
const configFor = (path: string, resolver: Resolver) => resolver.configOf(path.startsWith('/') ? path : '/')
