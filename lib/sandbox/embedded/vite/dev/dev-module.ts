import { parse } from 'es-module-lexer/js'
import { toBase64 } from '@/lib/base'
import { mimeTypeOf } from '../../preview/mime-types'
import { rewriteGlobals } from '../../preview/rewrite-globals'
import type { ViteContext } from '../context'
import { hashOf, isInPackages, scriptPattern, stylePattern, urlOfFile } from '../paths'
import { isExportable } from '../transform/exportable'
import { loadModule, type ModuleKinds, workerModule } from '../transform/load-module'
import { addRefresh } from '../transform/refresh'
import type { ImportSite, ModuleNode, TransformedModule } from './module-graph'

/** Modules as the development server gives them to pages. */
export function createDevKinds(context: ViteContext, bundleWorker: (path: string) => Promise<string>): ModuleKinds {
  const { project } = context
  return {
    isProduction: false,
    style({ path, query }, css, names) {
      if (/[?&]inline\b/.test(query)) return `export default ${JSON.stringify(css)}`
      const id = urlOfFile(project.root, path)
      const named = Object.entries(names ?? {})
        .filter(([name]) => isExportable(name))
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
      const accept = names === null ? 'import.meta.hot.accept();' : ''
      const value = names === null ? 'undefined' : JSON.stringify(names)
      return `import { updateStyle as __update, removeStyle as __remove } from "/@vite/client";__update(${JSON.stringify(id)}, ${JSON.stringify(css)});${accept}import.meta.hot.prune(() => __remove(${JSON.stringify(id)}));${named.join('')}export default ${value}`
    },
    componentStyle(id, css) {
      const name = `__style_${hashOf(id)}`
      return `import { updateStyle as ${name} } from "/@vite/client";${name}(${JSON.stringify(urlOfFile(project.root, id))}, ${JSON.stringify(css)});`
    },
    asset(path) {
      const bytes = project.bytes(path)
      const type = JSON.stringify(mimeTypeOf(path))
      return `const bytes = Uint8Array.from(atob("${toBase64(bytes)}"), (char) => char.charCodeAt(0));export default URL.createObjectURL(new Blob([bytes], { type: ${type} }))`
    },
    async worker({ path, query }) {
      const source = JSON.stringify(await bundleWorker(path))
      return workerModule(source, query)
    },
  }
}

export interface TransformOptions {
  context: ViteContext
  kinds: ModuleKinds
  /** Told each package that a module imports, and what of it. */
  onDependency(specifier: string, names: readonly string[]): void
}

/** A module of the app, ready but for the addresses of what it imports. */
export async function transformDevModule(node: ModuleNode, options: TransformOptions): Promise<TransformedModule> {
  const { context, kinds } = options
  const { project, config } = context
  const { file, query } = node
  const stamp = project.stamp(file)
  const loaded = await loadModule({ path: file, query }, context, kinds)
  let { code } = loaded
  if (loaded.isScript && !isInPackages(file)) {
    code = code.replaceAll('process.env.NODE_ENV', '"development"')
    const runtime = config.frameworks.find((name) => name === 'react' || name === 'preact')
    if (runtime && scriptPattern.test(file)) code = addRefresh(code, node.url, runtime)
  }
  if (loaded.isScript) code = rewriteGlobals(code)
  if (code.includes('import.meta.env')) code = `import.meta.env = ${JSON.stringify(config.env)};${code}`
  const accepted = acceptSites(code, node, options)
  const sites = [...importSites(code, node, options), ...accepted.sites]
  return {
    code,
    sites: sites.sort((a, b) => a.start - b.start),
    isHot: code.includes('import.meta.hot'),
    acceptsSelf: /\bimport\.meta\.hot\??\.accept(?:Exports)?\(\s*(?!['"[\s])/.test(code),
    accepted: accepted.urls,
    files: loaded.files,
    globs: loaded.globs,
    stamp,
  }
}

function importSites(code: string, node: ModuleNode, options: TransformOptions): ImportSite[] {
  const [imports] = parse(code, node.file)
  return imports.flatMap(({ n: specifier, s, e, ss, d }): ImportSite[] => {
    if (
      d === -2 ||
      specifier === undefined ||
      /^(?:data|https?|blob):|^\/@(?:vite|react-refresh|prefresh)/.test(specifier)
    )
      return []
    const target = targetOf(specifier, node, options.context)
    if (target.kind === 'dependency') options.onDependency(specifier, namesIn(code.slice(ss, s)))
    // Those of `import()` stand with their quotes.
    return [d === -1 ? { start: s, end: e, target } : { start: s + 1, end: e - 1, target }]
  })
}

function targetOf(
  specifier: string,
  { file }: ModuleNode,
  { project, resolver, config }: ViteContext,
): ImportSite['target'] {
  const found = resolver.resolve(specifier, file)
  if (found.kind === 'empty') return { kind: 'as-is', text: '/@vite/empty' }
  if (found.kind === 'missing') {
    throw Object.assign(new Error(`“${specifier}” cannot be found. ${found.hint}`), { isResolution: true })
  }
  const isDependency =
    isInPackages(found.path) &&
    !/^[./]/.test(specifier) &&
    found.query === '' &&
    /\.[cm]?jsx?$/.test(found.path) &&
    !stylePattern.test(found.path) &&
    !/\.svelte\.js$/.test(found.path) &&
    !config.exclude.includes(specifier)
  if (isDependency) return { kind: 'dependency', specifier }
  return { kind: 'app', url: urlOfFile(project.root, found.path) + found.query }
}

/** The names in `import { a as b, c } from`. */
function namesIn(clause: string): string[] {
  const inner = /\{([\s\S]*)\}/.exec(clause)?.[1] ?? ''
  return inner
    .split(',')
    .map((part) => part.trim().split(/\s+as\s+/)[0] ?? '')
    .filter((name) => /^[A-Za-z_$][\w$]*$/.test(name))
}

/** Modules that this one takes updates of: `import.meta.hot.accept('./x', …)`. */
function acceptSites(code: string, node: ModuleNode, { context, onDependency }: TransformOptions) {
  const urls = new Set<string>()
  const calls = code.matchAll(/\bimport\.meta\.hot\??\.accept\(\s*(\[[^\]]*\]|'[^']*'|"[^"]*")/g)
  const sites = [...calls].flatMap(({ index, 0: whole, 1: list = '' }) => {
    const listAt = index + whole.length - list.length
    return [...list.matchAll(/(['"])([^'"]+)\1/g)].map((match): ImportSite => {
      const start = listAt + match.index + 1
      const target = targetOf(match[2] ?? '', node, context)
      if (target.kind === 'dependency') onDependency(target.specifier, [])
      if (target.kind === 'app') urls.add(target.url)
      // A name of the module, not an address to load: without a time.
      const text = target.kind === 'app' ? target.url : (match[2] ?? '')
      return { start, end: start + (match[2] ?? '').length, target: { kind: 'as-is', text } }
    })
  })
  return { urls, sites }
}

/** The code with the addresses that its imports have now. */
export function renderModule(
  { code, sites }: TransformedModule,
  addressOf: (target: Exclude<ImportSite['target'], { kind: 'as-is' }>) => string,
): string {
  let out = ''
  let last = 0
  for (const { start, end, target } of sites) {
    out += code.slice(last, start) + (target.kind === 'as-is' ? target.text : addressOf(target))
    last = end
  }
  return out + code.slice(last)
}

/** Gives a module its `import.meta.hot`, on its first line. `changedAt`: the last change that is in it. */
export function withHotContext(code: string, url: string, changedAt: number): string {
  const context = `__createHot(${JSON.stringify(url)}, ${changedAt}, import.meta.url)`
  return `import { createHotContext as __createHot } from "/@vite/client";import.meta.hot = ${context};${code}`
}
