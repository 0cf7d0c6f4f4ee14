import type { ResolverFs } from './package-scope'
import type { Resolution, Resolver } from './resolve'

/** A program that reaches the module through more files than these runs without lowering. */
const maxFiles = 400
const reference = /(?:\bfrom\b|\bimport\b|\brequire\s*\()\s*\(?\s*['"]([^'"\n]+)['"]/g

export const mentionsAsyncHooks = (text: string): boolean => /async_hooks|promise_?hooks/i.test(text)

/** Whether a program may use `AsyncLocalStorage`: its files and packages, as far as they name each other, tell. */
export function usesAsyncHooks(entry: string, fs: ResolverFs, resolver: Resolver): boolean {
  const seen = new Set([entry])
  const queue = [entry]
  for (let path = queue.shift(); path !== undefined && seen.size < maxFiles; path = queue.shift()) {
    // Commands of packages often have no ending.
    if (path !== entry && !/\.[cm]?[jt]sx?$/.test(path)) continue
    const text = fs.readText(path)
    if (mentionsAsyncHooks(text)) return true
    for (const [, specifier = ''] of text.matchAll(reference)) {
      const found = resolve(resolver, specifier, path)
      if (found?.kind !== 'file' || seen.has(found.path)) continue
      seen.add(found.path)
      queue.push(found.path)
    }
  }
  return false
}

function resolve(resolver: Resolver, specifier: string, importer: string): Resolution | null {
  try {
    return resolver.resolve(specifier, importer, 'require')
  } catch {
    // What is wrong with a package is said when it is loaded.
    return null
  }
}
