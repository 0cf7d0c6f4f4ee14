import { nodeError } from '../loader/errors'
import type { Builtins, Loader } from '../loader/loader'
import { isCompilerPackage, loadCompilerPackage } from './compiler-packages'
import type { Library } from './library/library'
import { createModuleModule } from './module-module'
import type { ModuleRegistration } from './module-registration'

/** What Node requires with its scheme only; without it a package of that name is meant. */
const schemeOnly = new Set(['sea', 'sqlite', 'test', 'test/reporters'])

/** Node's builtin modules for a loader. `extra` are modules that a program adds, such as `vitest` in a test run. */
export function createBuiltins(
  library: Library,
  registrationOf: (loader: Loader) => ModuleRegistration,
  extra: Record<string, () => unknown> = {},
): Builtins {
  return {
    has: (name) =>
      Object.hasOwn(extra, name) || isCompilerPackage(name) || (!schemeOnly.has(name) && library.isBuiltin(name)),
    load(name, loader) {
      const own = extra[name]
      if (own !== undefined) return own()
      if (isCompilerPackage(name)) return loadCompilerPackage(name, loader)
      if (name === 'module') return createModuleModule(library, loader, () => registrationOf(loader))
      if (name === 'process') return library.process
      if (!library.isBuiltin(`node:${name}`)) {
        throw nodeError('ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: node:${name}`)
      }
      return library.require(name)
    },
  }
}
