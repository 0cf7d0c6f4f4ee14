import { importName, withDynamicImports } from '../loader/emit'
import { toPath } from '../loader/file-url'
import type { Loader } from '../loader/loader'

const NativeFunction = Function
const imports = new RegExp(`\\b(?:import|${importName})\\s*\\(`)

/** The nearest file of the program on the stack. */
function callerFile(): string | null {
  const file = /(?:\(|at )(\/[^\s()]+|file:[^\s()]+):\d+:\d+/.exec(new Error().stack ?? '')?.[1]
  return file === undefined ? null : toPath(file)
}

/**
 * `new Function('path', 'return import(path)')` imports by the loader, from the file that made it: CommonJS that is compiled
 * from TypeScript keeps its dynamic imports that way.
 */
export function installFunctionImports(loader: Loader, main: string): void {
  function make(texts: unknown[], newTarget: object): unknown {
    const body = String(texts.at(-1) ?? '')
    if (!imports.test(body)) return Reflect.construct(NativeFunction, texts, newTarget as typeof Function)
    const parameters = texts.slice(0, -1).join(',')
    // Complains of what does not parse as the engine does.
    new NativeFunction(parameters, body)
    const from = callerFile() ?? main
    const importFrom = (specifier: string, options?: unknown) => loader.importFrom(specifier, from, options)
    const outer = new NativeFunction(
      importName,
      `return function anonymous(${parameters}\n) {\n${withDynamicImports(body)}\n}`,
    )
    return outer(importFrom)
  }
  const proxy: FunctionConstructor = new Proxy(NativeFunction, {
    apply: (target, _receiver, texts) => make(texts, target),
    construct: (target, texts, newTarget) => make(texts, newTarget === proxy ? target : newTarget) as object,
  })
  Object.defineProperty(globalThis, 'Function', { value: proxy, writable: true, configurable: true })
  Object.defineProperty(NativeFunction.prototype, 'constructor', { value: proxy, writable: true, configurable: true })
}
