import type { Builtins } from '../loader/loader'
import type { Library } from './library/library'
import { createModuleModule } from './module-module'

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
      return library.require(name)
    },
  }
}
