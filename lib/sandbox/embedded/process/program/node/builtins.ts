import { nodeError } from '../loader/errors'
import type { Builtins } from '../loader/loader'
import type { Library } from './library/library'

/** What Node requires with its scheme only; without it a package of that name is meant. */
const schemeOnly = new Set(['sea', 'sqlite', 'test', 'test/reporters'])

/** Node's builtin modules for a loader. `extra` are modules that a program adds, such as `vitest` in a test run. */
export function createBuiltins(library: Library, extra: Record<string, () => unknown> = {}): Builtins {
  return {
    has: (name) => Object.hasOwn(extra, name) || (!schemeOnly.has(name) && library.isBuiltin(name)),
    load(name, loader) {
      const own = extra[name]
      if (own !== undefined) return own()
      if (name === 'module') return createModuleModule(library, loader)
      if (name === 'process') return library.process
      if (!library.isBuiltin(`node:${name}`)) {
        throw nodeError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: node:${name}`)
      }
      return library.require(name)
    },
  }
}

function createModuleModule(library: Library, loader: Parameters<Builtins['load']>[1]) {
  return {
    builtinModules: library.builtinNames(),
    createRequire: (from: string | URL) => loader.createRequire(toPath(library, from)),
    isBuiltin: (id: string) => library.isBuiltin(id),
  }
}

function toPath(library: Library, from: string | URL): string {
  const text = String(from)
  if (!text.startsWith('file:')) return text
  return library.require<{ fileURLToPath(url: string): string }>('url').fileURLToPath(text)
}
