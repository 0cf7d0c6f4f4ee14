import { parse } from 'cjs-module-lexer'
import { dirname } from '../builtins/path'
import { importName } from './emit'
import { errorAt, moduleNotFound, nodeError } from './errors'
import { positionsOfEdits, registerPositions } from './positions'
import type { Resolver } from './resolve'
import type { Sources } from './source'
import { wrapperHead } from './stack'

export interface CommonJsModule {
  id: string
  path: string
  filename: string
  exports: unknown
  loaded: boolean
  children: CommonJsModule[]
  parent: CommonJsModule | null
  paths: string[]
  require: RequireFunction
}

export interface RequireFunction {
  (specifier: string): unknown
  resolve(specifier: string): string
  cache: Record<string, CommonJsModule>
  main: CommonJsModule | undefined
}

export interface CommonJs {
  /** Runs a module once; answers `module.exports`. */
  load(path: string, parent?: CommonJsModule): unknown
  createRequire(importer: string): RequireFunction
  /** Names that `import { x } from 'cjs'` may use, found without running the file. */
  namesOf(path: string): Set<string>
}

export interface CommonJsOptions {
  resolver: Resolver
  sources: Sources
  builtin(name: string): unknown
  import(specifier: string, importer: string): Promise<unknown>
  /** The program's entry, for `require.main === module`. */
  main: string | null
}

type Wrapper = (
  this: unknown,
  exports: unknown,
  require: RequireFunction,
  module: CommonJsModule,
  filename: string,
  dirname: string,
  dynamicImport: (specifier: string) => Promise<unknown>,
) => void

export function createCommonJs(options: CommonJsOptions): CommonJs {
  const { resolver, sources } = options
  const cache: Record<string, CommonJsModule> = Object.create(null)
  const names = new Map<string, Set<string>>()

  function resolvePath(specifier: string, importer: string): { path: string } | { builtin: string } {
    const found = resolver.resolve(specifier, importer, 'require')
    if (found.kind === 'builtin') return { builtin: found.name }
    if (found.kind === 'file') return { path: found.path }
    throw moduleNotFound({
      specifier,
      importer,
      kind: 'require',
      looked: found.looked,
      hint: found.hint,
      place: callerPlace(),
    })
  }

  function requireFrom(importer: string, parent: CommonJsModule | undefined): RequireFunction {
    const require = (specifier: string) => {
      if (typeof specifier !== 'string') {
        throw nodeError('ERR_INVALID_ARG_TYPE', 'The "id" argument must be of type string.', TypeError)
      }
      const found = resolvePath(specifier, importer)
      return 'builtin' in found ? options.builtin(found.builtin) : load(found.path, parent)
    }
    return Object.assign(require, {
      resolve: (specifier: string) => {
        const found = resolvePath(specifier, importer)
        return 'builtin' in found ? specifier : found.path
      },
      cache,
      main: options.main === null ? undefined : cache[options.main],
    })
  }

  function load(path: string, parent?: CommonJsModule): unknown {
    const known = cache[path]
    if (known !== undefined) {
      if (parent !== undefined && !parent.children.includes(known)) parent.children.push(known)
      return known.exports
    }
    const module = createModule(path, parent ?? null)
    cache[path] = module
    parent?.children.push(module)
    module.require = requireFrom(path, module)
    try {
      run(module)
    } catch (error) {
      delete cache[path]
      throw error
    }
    module.loaded = true
    return module.exports
  }

  function run(module: CommonJsModule) {
    const source = sources.load(module.filename)
    if (source.format === 'json') {
      module.exports = parseJsonModule(module.filename, source.code)
      return
    }
    const code = source.format === 'module' ? sources.loadAsCommonJs(module.filename) : source.code
    const body = source.imports.some(({ d }) => d > -1)
      ? code.replace(/(?<![.\w$#])import(?=\s*\()/g, importName)
      : code
    const positions = source.format === 'module' ? [] : sources.positionsOf(module.filename)
    registerPositions(module.filename, [positionsOfEdits(body, [], wrapperHead.length), ...positions])
    const wrapper = compile(module.filename, body)
    const dynamicImport = (specifier: string) => options.import(specifier, module.filename)
    wrapper.call(module.exports, module.exports, module.require, module, module.filename, module.path, dynamicImport)
  }

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

  return { load, createRequire: (importer) => requireFrom(importer, undefined), namesOf: (path) => namesOf(path) }
}

function createModule(path: string, parent: CommonJsModule | null): CommonJsModule {
  const require = (() => undefined) as unknown as RequireFunction
  const folder = dirname(path)
  const paths = folder
    .split('/')
    .map((_, index, parts) => `${parts.slice(0, parts.length - index).join('/')}/node_modules`)
  return { id: path, path: folder, filename: path, exports: {}, loaded: false, children: [], parent, paths, require }
}

/** Indirect eval keeps line numbers, which `new Function` would move by two. */
function compile(path: string, code: string): Wrapper {
  // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
  return globalThis.eval(`${wrapperHead}${code}\n})\n//# sourceURL=${path}`) as Wrapper
}

function parseNames(code: string, path: string): { exports: string[]; reexports: string[] } {
  try {
    return parse(code, path)
  } catch {
    // A file this lexer cannot read has no named exports; running it reports what is wrong with it.
    return { exports: [], reexports: [] }
  }
}

export function parseJsonModule(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw errorAt(new SyntaxError(`${path}: ${reason}`, { cause: error }), null)
  }
}

/** The `require` call in the user's file, for errors made in here. */
function callerPlace() {
  const frame = /(?:\(|at )(\/[^\s()]+):(\d+):(\d+)/.exec(new Error().stack ?? '')
  return frame === null ? null : { file: frame[1] ?? '', line: Number(frame[2]), column: Number(frame[3]) }
}
