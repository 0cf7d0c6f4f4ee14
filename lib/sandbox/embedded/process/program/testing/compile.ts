import { dirname } from '../builtins/path'
import { importName } from '../loader/emit'
import type { Namespace } from '../loader/interop'
import type { Loader } from '../loader/loader'
import { positionsOfEdits, registerPositions } from '../loader/positions'
import type { Source } from '../loader/source'
import { hoistMocksOfCommonJs, type WrappedModule, wrapModule, wrapperNames } from '../loader/wrapped-module'

/** What the code of a module can reach. */
export interface Evaluate {
  meta(): unknown
  importDynamic(specifier: unknown): Promise<unknown>
  exports(name: string, get: () => unknown): void
  star(from: Namespace): void
  importStatic(specifier: string): unknown
  tools: object
  require: unknown
  module: { exports: unknown }
}

type Compiled = (scope: Evaluate) => unknown
type Factory = (...values: unknown[]) => (exports: unknown) => unknown

interface Entry {
  wrapped: WrappedModule
  factory?: Factory
}

/** By the source itself, which the loader keeps as long as the file's text does not change. */
const compiled = new WeakMap<Source, Partial<{ sync: Entry; async: Entry }>>()

function entryOf(source: Source, mode: 'sync' | 'async'): Entry {
  const entries = compiled.get(source) ?? {}
  compiled.set(source, entries)
  entries[mode] ??= { wrapped: wrapModule(source, mode) }
  return entries[mode]
}

/** A module of the project, ready to run any number of times. */
export function compileModule(loader: Loader, path: string, mode: 'sync' | 'async'): Compiled {
  const source = loader.sources.load(path)
  const entry = entryOf(source, mode)
  registerPositions(path, [entry.wrapped.positions, ...loader.sources.positionsOf(path)])
  entry.factory ??= evaluateAt(entry.wrapped.code, path) as Factory
  const { factory } = entry
  return ({ meta, importDynamic, exports, star, importStatic, tools, require, module }) => {
    const run = factory(
      meta,
      importDynamic,
      exports,
      star,
      importStatic,
      tools,
      jestOf(tools),
      require,
      module,
      path,
      dirname(path),
    )
    return run(module.exports)
  }
}

/** Whether the code awaits outside of any function, which a synchronous load cannot. */
compileModule.needsAsync = (loader: Loader, path: string): boolean => {
  const source = loader.sources.load(path)
  if (source.format !== 'module' || !/\bawait\b/.test(source.code)) return false
  try {
    compileModule(loader, path, 'sync')
    return false
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
}

/** Whether Babel, making a module CommonJS, marks what it exports: TypeScript does so always. */
compileModule.isMarked = (loader: Loader, path: string): boolean =>
  /\.[cm]?tsx?$/.test(path) || entryOf(loader.sources.load(path), 'sync').wrapped.hasExports

/** The names that a module imports, for checking what they lead to. */
compileModule.importsOf = (loader: Loader, path: string) =>
  compiled.get(loader.sources.load(path))?.async?.wrapped.imported ?? []

const jestOf = (tools: object) => ('requireActual' in tools ? tools : globalJest())
const globalJest = (): unknown => Reflect.get(globalThis, 'jest')

interface CommonJsScope {
  module: { exports: unknown; filename: string; path: string }
  require: unknown
  importDynamic(specifier: string): Promise<unknown>
  tools: object
}

export function compileCommonJs(loader: Loader, path: string): (scope: CommonJsScope) => void {
  const source = loader.sources.load(path)
  const hoisted = hoistMocksOfCommonJs(source)
  const text = hoisted?.code ?? source.code
  const body = source.imports.some(({ d }) => d > -1) ? text.replace(/(?<![.\w$#])import(?=\s*\()/g, importName) : text
  const head = `(function (${wrapperNames.tools}, jest, ${importName}) { return function (exports, require, module, __filename, __dirname) {${hoisted?.head ?? ''}`
  registerPositions(path, [
    positionsOfEdits(source.code, hoisted?.edits ?? [], head.length),
    ...loader.sources.positionsOf(path),
  ])
  const outer = evaluateAt(`${head}${body}\n}})`, path) as (...values: unknown[]) => (...values: unknown[]) => void
  return ({ module, require, importDynamic, tools }) => {
    const run = outer(tools, jestOf(tools), importDynamic)
    run.call(module.exports, module.exports, require, module, module.filename, module.path)
  }
}

function evaluateAt(code: string, path: string): unknown {
  // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
  return globalThis.eval(`${code}\n//# sourceURL=${path}`)
}
