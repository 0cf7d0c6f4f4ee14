import type { ModuleRules } from '../loader/import-rules'
import type { Loader } from '../loader/loader'
import type { Library } from './library/library'

interface ResolveModule {
  defaultResolve(specifier: string, context: { parentURL: string }): { url: string }
}
interface FormatModule {
  defaultGetFormat(url: URL, context: object): string
}
interface LoadModule {
  defaultLoadSync(url: string, context: object): object
}
interface AssertModule {
  validateAttributes(url: string, format: string, attributes: object): boolean
}

/** Node's own resolution of ES modules; null where its part of the library cannot be loaded. */
export function loadModuleRules(library: Library, loader: Loader): ModuleRules | null {
  const { require } = library
  try {
    require('internal/modules/esm/resolve')
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ERR_FEATURE_UNAVAILABLE') return null
    throw error
  }
  const { defaultResolve } = require<ResolveModule>('internal/modules/esm/resolve')
  const { defaultGetFormat } = require<FormatModule>('internal/modules/esm/get_format')
  const { validateAttributes } = require<AssertModule>('internal/modules/esm/assert')
  // Its hints say what `require` would have found.
  const { Module } = require<{ Module: object }>('internal/modules/cjs/loader')
  Object.assign(Module, {
    _nodeModulePaths: (file: string) => [file],
    _resolveFilename: (request: string, { paths }: { paths: string[] }) =>
      loader.createRequire(paths[0] ?? '/').resolve(request),
  })
  return {
    resolve(specifier, parentURL) {
      const { url } = defaultResolve(specifier, { parentURL })
      // What is no file is refused where it would be read.
      if (!/^(?:file|data|node):/.test(url)) require<LoadModule>('internal/modules/esm/load').defaultLoadSync(url, {})
      return url
    },
    checkFormat: (url) => void defaultGetFormat(new URL(url), {}),
    checkAttributes: (url, format, attributes) => void validateAttributes(url, format, { ...attributes }),
  }
}
