import { natives } from '../node/natives'
import { importName, withDynamicImports } from './emit'
import { nodeError } from './errors'
import type { Target } from './graph'
import { parseJsonModule } from './json'
import type { CommonJsModule } from './module-class'
import { importedView, namespaceOver, requiredViewOf } from './namespace-views'
import { positionsOfEdits, registerPositions } from './positions'
import type { Sources } from './source'

/** ES modules that the browser runs, as far as `require` must know of them. */
export interface NativeModules {
  /** Of a module that has run; undefined of others. */
  namespaceOf(path: string): object | undefined
  /** Whether an ES module that has yet to run is, or imports, one of these or a CommonJS file that runs now: neither can wait for the other. */
  waitsFor(path: string, running: readonly string[]): boolean
}

export interface RequiredModulesOptions {
  sources: Sources
  native: NativeModules
  /** What an import in a file leads to. */
  resolveImport(specifier: string, importer: string): Target
  namesOfCommonJs(path: string): Set<string>
  builtin(name: string): unknown
  import(specifier: string, importer: string, options?: unknown): Promise<unknown>
  meta(path: string): ImportMeta
  /** The module in the registry of CommonJS. */
  moduleOf(path: string): CommonJsModule | undefined
  loadCommonJs(path: string, parent: CommonJsModule): unknown
  parentOf(module: CommonJsModule): CommonJsModule | null | undefined
}

export interface RequiredModules {
  /** Gives `module` what `require` of an ES module gives; runs it where it has not run. */
  run(module: CommonJsModule, filename: string): void
  /** The live exports of a module that has run, or runs, for `require`. */
  exportsOf(path: string): object | undefined
  /** Called after an export of such a module has been assigned. */
  onAssign(listener: () => void): void
  /** Throws when a module that is still running is required again. */
  assertNoCycle(module: CommonJsModule): void
}

type Body = (dynamicImport: unknown) => (exports: object, require: (specifier: string) => unknown) => void

/**
 * `require` of ES modules. One that the browser has run gives its namespace. Another is compiled to a function, as the
 * browser cannot run a module while a caller waits; a later `import` of it gives the same instance (see `linkFile`).
 */
export function createRequiredModules(options: RequiredModulesOptions): RequiredModules {
  const { sources, native } = options
  /** Path → what its code assigns to. */
  const running = new Map<string, object>()
  const listeners = new Set<() => void>()
  /** Imported views of CommonJS files by what they export. */
  const views = new Map<string, object>()

  const isModule = (path: string) => sources.load(path).format === 'module'

  function run(module: CommonJsModule, filename: string) {
    const known = native.namespaceOf(filename)
    if (known !== undefined) {
      module.exports = requiredViewOf(known)
      return
    }
    if (native.waitsFor(filename, chainOf(module).slice(1)))
      throw cycle(`Cannot require() ES Module ${filename}`, options.parentOf(module)?.filename)
    const exports = followed({})
    running.set(filename, exports)
    module.exports = exports
    try {
      compile(filename)(dynamicImportOf(filename))(exports, (specifier) => importFrom(specifier, filename, module))
    } catch (error) {
      running.delete(filename)
      throw explainAwait(error, () => placesOf(module, filename))
    }
    module.exports = requiredViewOf(namespaceOver(exports))
  }

  /** Tells of assignments; has the marker that compiled code looks for, without having it as an export. */
  function followed(target: object): object {
    return new natives.Proxy(target, {
      get: (own, key) => (key === '__esModule' && !Object.hasOwn(own, key) ? true : Reflect.get(own, key)),
      set(own, key, value) {
        Reflect.defineProperty(own, key, { value, writable: true, enumerable: true, configurable: true })
        for (const listener of listeners) listener()
        return true
      },
    })
  }

  function compile(filename: string): Body {
    const source = sources.load(filename)
    const code = withOwnNames(sources.loadAsCommonJs(filename)).replace(marker, '')
    const has = (kind: (d: number) => boolean) => source.imports.some(({ d }) => kind(d))
    const withMeta = has((d) => d === -2)
      ? code.replace(/(?<![.\w$#])import\s*\.\s*meta\b/g, `${importName}.meta`)
      : code
    const text = has((d) => d > -1) ? withDynamicImports(withMeta) : withMeta
    const head = `((${importName}) => function (exports, require) {`
    registerPositions(filename, [positionsOfEdits(text, [], head.length), ...sources.positionsOf(filename)])
    const plain = text.startsWith('#!') ? `//${text}` : text
    // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
    return globalThis.eval(`${head}${plain}\n})\n//# sourceURL=${filename}`) as Body
  }

  function dynamicImportOf(filename: string) {
    const dynamicImport = (specifier: string, more?: unknown) => options.import(specifier, filename, more)
    return Object.defineProperty(dynamicImport, 'meta', { get: () => options.meta(filename) })
  }

  /** A static import of a module that is compiled for `require`. */
  function importFrom(specifier: string, importer: string, parent: CommonJsModule): unknown {
    const target = options.resolveImport(specifier, importer)
    if (target.kind === 'builtin') return options.builtin(target.name)
    const { path } = target
    const { format, code } = sources.load(path)
    if (format === 'module') return importModule(specifier, path, parent)
    if (format === 'json' && path.startsWith('data:'))
      return importedView(['default'], () => parseJsonModule(path, code))
    const known = options.moduleOf(path)
    if (known?.loaded === false) throw cycle(`Cannot import CommonJS Module ${specifier}`, importer)
    const exports = options.loadCommonJs(path, parent)
    if (format === 'json') return importedView(['default'], () => exports)
    const view = views.get(path) ?? viewOfCommonJs(path, exports)
    views.set(path, view)
    return view
  }

  function importModule(specifier: string, path: string, parent: CommonJsModule): unknown {
    const ran = native.namespaceOf(path)
    if (ran !== undefined) return importedView(Object.keys(ran), (key) => Reflect.get(ran, key))
    const isCircular =
      native.waitsFor(path, chainOf(parent)) ||
      (options.moduleOf(path)?.loaded === false && !isWithinModules(path, parent))
    if (isCircular) throw cycle(`Cannot import Module ${specifier}`, parent.filename)
    if (!running.has(path)) options.loadCommonJs(path, parent)
    return running.get(path) ?? importedView([], () => undefined)
  }

  /** A module's file and those that led to it. */
  function chainOf(module: CommonJsModule): string[] {
    const chain: string[] = []
    for (let at: CommonJsModule | null | undefined = module; at?.filename; at = options.parentOf(at))
      chain.push(at.filename)
    return chain
  }

  /** Whether only ES modules lie between one that is running and its import by another. */
  function isWithinModules(path: string, from: CommonJsModule): boolean {
    for (let at: CommonJsModule | null | undefined = from; at?.filename; at = options.parentOf(at)) {
      if (at.filename === path) return true
      if (!isModule(at.filename)) return false
    }
    return false
  }

  function viewOfCommonJs(path: string, exports: unknown): object {
    const names = new Set([...options.namesOfCommonJs(path), 'default', 'module.exports'])
    return importedView(names, (key) =>
      key === 'default' || key === 'module.exports' ? exports : Reflect.get(Object(exports), key),
    )
  }

  /** The CommonJS file that asked for the graph of ES modules that this one belongs to, and what it asked for. */
  function placesOf(module: CommonJsModule, filename: string): string {
    let asked = filename
    let parent = options.parentOf(module)
    while (parent?.filename && isModule(parent.filename)) {
      asked = parent.filename
      parent = options.parentOf(parent)
    }
    return `${parent?.filename ? `\n  From ${parent.filename} ` : ''}\n  Requiring ${asked} `
  }

  return {
    run,
    exportsOf: (path) => running.get(path),
    onAssign: (listener) => void listeners.add(listener),
    assertNoCycle(module) {
      const { filename } = module
      if (filename === null || module.loaded || !running.has(filename)) return
      throw cycle(`Cannot require() ES Module ${filename}`, options.parentOf(module)?.filename)
    },
  }
}

/** What the compiler to CommonJS says at the start; whoever imports from it knows. */
const marker = /Object\.defineProperty\(exports, "__esModule", \{value: true\}\);/

function cycle(what: string, from: string | null | undefined): Error {
  const message = `${what} in a cycle.${from ? ` (from ${from})` : ''}`
  return nodeError('ERR_REQUIRE_CYCLE_MODULE', message)
}

/**
 * An ES module may have names of its own where CommonJS has Node's, as in `const require = createRequire(…)`: they then
 * stand in a block, and what the imports became uses another name.
 */
function withOwnNames(code: string): string {
  if (!/\b(?:const|let|class)\s+(?:require|exports)\b/.test(code)) return code
  const renamed = code.replace(/(^|[;\s])(var _[\w$]+ = )?require\((?=['"])/g, `$1$2${requireName}(`)
  return `"use strict";const ${requireName}=require;{${renamed}\n}`
}
const requireName = '__module_require'

/** An ES module that awaits cannot be had by `require`. */
function explainAwait(error: unknown, places: () => string): unknown {
  if (!(error instanceof SyntaxError) || !/^await is only valid/.test(error.message)) return error
  const message =
    'require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the top-level await comes from, use --experimental-print-required-tla.'
  return nodeError('ERR_REQUIRE_ASYNC_MODULE', message + places())
}
