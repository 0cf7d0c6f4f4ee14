import { type ImportSpecifier, parse } from 'es-module-lexer/js'
import type { PageModule } from '../page/config'
import { rewriteGlobals } from '../rewrite-globals'

export interface LoadedText {
  /** After redirects. */
  url: string
  status: number
  type: string
  text: string
  /** The server has already pointed `location` at the page's own. */
  isPrepared: boolean
}

export interface ModuleGraph {
  /** All modules that `entry` reaches by static imports and that the page does not have yet. */
  load(entry: string): Promise<PageModule[]>
  /** An inline module script: its code, and what it imports. */
  inline(code: string, url: string): Promise<{ code: string; modules: PageModule[] }>
}

/**
 * Collects modules over the bridge. In their code, specifiers become absolute addresses, which the page maps to blobs by
 * an import map, so that cycles work; what only a loader can answer (`import()`, `import.meta.url`) goes to `__vitrine`.
 */
export function createModuleGraph(
  fetchText: (url: string, destination: string) => Promise<LoadedText>,
  imports: Readonly<Record<string, string>>,
): ModuleGraph {
  const started = new Set<string>()

  async function collect(urls: readonly string[], into: PageModule[]): Promise<void> {
    const fresh = urls.filter((url) => !started.has(url))
    for (const url of fresh) started.add(url)
    await Promise.all(
      fresh.map(async (url) => {
        const { code, found } = await loadModule(url)
        into.push({ url, code })
        await collect(found, into)
      }),
    )
  }

  async function loadModule(url: string): Promise<{ code: string; found: string[] }> {
    const failed = (why: string) => {
      started.delete(url)
      return { code: `throw new Error(${JSON.stringify(why)})`, found: [] }
    }
    if (!isOnServer(url)) return failed(`${url} was not loaded: the preview has no network.`)
    const loaded = await fetchText(url, 'script').catch((error: unknown) => String(error))
    if (typeof loaded === 'string') return failed(`${url} was not loaded: ${loaded}`)
    if (loaded.status >= 400) {
      const reason = loaded.type.startsWith('text/plain') ? loaded.text.slice(0, 500) : `status ${loaded.status}`
      return failed(`${url} was not loaded: ${reason}`)
    }
    if (loaded.type.includes('json')) return { code: `export default ${loaded.text}`, found: [] }
    if (loaded.type.startsWith('text/css')) {
      const css = JSON.stringify(loaded.text)
      return { code: `const sheet = new CSSStyleSheet(); sheet.replaceSync(${css}); export default sheet`, found: [] }
    }
    const code = loaded.isPrepared ? loaded.text : rewriteGlobals(loaded.text)
    return rewrite(code, loaded.url)
  }

  function resolve(specifier: string, base: string): string {
    const mapped = mapSpecifier(imports, specifier)
    if (mapped !== null) return new URL(mapped, base).href
    return /^(\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(specifier) && URL.canParse(specifier, base)
      ? new URL(specifier, base).href
      : specifier
  }

  function rewrite(code: string, url: string): { code: string; found: string[] } {
    let specifiers: readonly ImportSpecifier[]
    try {
      specifiers = parse(code)[0]
    } catch {
      // The browser says better what is wrong with it.
      return { code, found: [] }
    }
    const found: string[] = []
    const base = JSON.stringify(url)
    let out = ''
    let last = 0
    const replace = (start: number, end: number, text: string) => {
      out += code.slice(last, start) + text
      last = end
    }
    for (const { n: specifier, s, e, ss, se, d } of specifiers) {
      if (d === -2) {
        if (code.startsWith('.url', se)) replace(ss, se + 4, base)
        else if (code.startsWith('.resolve', se)) replace(ss, se + 8, `__vitrine.resolver(${base})`)
      } else if (d >= 0) replace(ss, d + 1, `__vitrine.import(${base}, `)
      else if (specifier !== undefined) {
        const target = resolve(specifier, url)
        if (!/^(data|blob):/.test(target)) found.push(target)
        // `with { type: 'json' }` would not fit the script that the module becomes.
        replace(s, se, `${target.replace(/['"\\\n]/g, encodeURIComponent)}${code[e] ?? ''}`)
      }
    }
    return { code: out + code.slice(last), found: [...new Set(found)] }
  }

  return {
    async load(entry) {
      const modules: PageModule[] = []
      await collect([entry], modules)
      return modules
    },
    async inline(code, url) {
      const modules: PageModule[] = []
      const rewritten = rewrite(rewriteGlobals(code), url)
      await collect(rewritten.found, modules)
      return { code: rewritten.code, modules }
    },
  }
}

function isOnServer(url: string): boolean {
  return /^https?:\/\/localhost(:\d+)?\//.test(url)
}

function mapSpecifier(imports: Readonly<Record<string, string>>, specifier: string): string | null {
  if (Object.hasOwn(imports, specifier)) return imports[specifier] ?? null
  const prefix = Object.keys(imports)
    .filter((key) => key.endsWith('/') && specifier.startsWith(key))
    .sort((a, b) => b.length - a.length)[0]
  return prefix === undefined ? null : imports[prefix] + specifier.slice(prefix.length)
}
