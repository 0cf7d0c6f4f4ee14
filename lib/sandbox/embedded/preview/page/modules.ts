import type { PageConfig, PageModule, ToPage } from './config'
import { tellShell } from './tell'

export interface PageModules {
  loaded(answer: Extract<ToPage['vitrinePage'], { kind: 'loaded' }>): void
  /** What rewritten code calls: `__vitrine`. */
  api: object
}

/** Modules by address: each is a blob, and import maps lead from its address to it. */
export function installModules(config: PageConfig): PageModules {
  const known = new Set<string>()
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
  const inFlight = new Map<string, Promise<void>>()
  let lastId = 0

  function add(modules: readonly PageModule[]) {
    const fresh = modules.filter(({ url }) => !known.has(url))
    if (fresh.length === 0) return
    const imports: Record<string, string> = {}
    for (const { url, code } of fresh) {
      known.add(url)
      const blob = new Blob([code, `\n//# sourceURL=${url}`], { type: 'text/javascript' })
      imports[url] = URL.createObjectURL(blob)
    }
    const map = document.createElement('script')
    map.type = 'importmap'
    map.textContent = JSON.stringify({ imports })
    document.head.append(map)
    map.remove()
  }

  function ensure(url: string): Promise<void> {
    if (known.has(url)) return Promise.resolve()
    const loading = inFlight.get(url)
    if (loading) return loading
    lastId += 1
    const id = lastId
    const asked = new Promise<void>((resolve, reject) => waiting.set(id, { resolve, reject }))
    tellShell({ kind: 'load', id, url })
    inFlight.set(url, asked)
    return asked.finally(() => inFlight.delete(url))
  }

  const resolve = (base: string, specifier: unknown) => {
    const text = String(specifier)
    if (!/^(\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(text)) {
      throw new TypeError(`Failed to resolve module specifier "${text}".`)
    }
    return new URL(text, base).href
  }

  add(config.modules)
  return {
    loaded({ id, modules, problem }) {
      const asked = waiting.get(id)
      waiting.delete(id)
      add(modules)
      if (problem === null) asked?.resolve()
      else asked?.reject(new TypeError(`Failed to fetch dynamically imported module: ${problem}`))
    },
    api: {
      async import(base: string, specifier: unknown): Promise<unknown> {
        const url = resolve(base, specifier)
        if (!/^(data|blob):/.test(url)) await ensure(url)
        return import(url)
      },
      resolver: (base: string) => (specifier: unknown) => resolve(base, specifier),
      runDeferred(index: number) {
        const script = document.createElement('script')
        script.textContent = config.deferred[index] ?? ''
        document.head.append(script)
        script.remove()
      },
    },
  }
}
