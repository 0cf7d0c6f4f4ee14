import type { ViteContext } from '../context'
import { type OptimizedDependencies, optimizeDependencies } from '../deps/optimize'
import type { ModuleKinds } from '../transform/load-module'

const urlPrefix = '/node_modules/.vite/deps/'

/** The packages that the app uses, bundled as soon as all of them are known. */
export interface Dependencies {
  want(specifier: string, names: readonly string[]): void
  /** Bundles what is wanted; true when pages that run already need to be loaded anew. */
  ready(): Promise<boolean>
  urlOf(specifier: string): string
  /** The code behind an address; null when it is none of these. */
  file(pathname: string): string | null
}

export function createDependencies(context: ViteContext, kinds: ModuleKinds): Dependencies {
  const wanted = new Map<string, Set<string>>()
  let isStale = false
  let bundled: OptimizedDependencies | null = null
  let working: Promise<boolean> = Promise.resolve(false)

  async function bundle(): Promise<boolean> {
    if (!isStale) return false
    isStale = false
    const before = bundled
    try {
      bundled = await optimizeDependencies(wanted, context, kinds)
    } catch (error) {
      isStale = true
      throw error
    }
    return before !== null && before.hash !== bundled.hash
  }

  return {
    want(specifier, names) {
      const known = wanted.get(specifier)
      const all = known ?? new Set<string>()
      wanted.set(specifier, all)
      // Another name matters only for what is bundled already and may lack it; then it is seen in the names.
      const isNew = known === undefined || names.some((name) => !all.has(name))
      for (const name of names) all.add(name)
      if (isNew) isStale = true
    },
    ready() {
      working = working.catch(() => false).then(bundle)
      return working
    },
    urlOf: (specifier) => `${urlPrefix}${bundled?.entries[specifier] ?? 'missing.js'}?v=${bundled?.hash ?? ''}`,
    file: (pathname) =>
      pathname.startsWith(urlPrefix) ? (bundled?.files[pathname.slice(urlPrefix.length)] ?? null) : null,
  }
}
