import { decodeUtf8 } from '@/lib/base'
import { notePlaces } from '../../preview/mapped-places'
import { dataUrlOfFile } from '../../preview/mime-types'
import type { ViteContext } from '../context'
import { compileSolid } from '../frameworks/solid'
import { compileSvelte } from '../frameworks/svelte'
import { compileVue } from '../frameworks/vue'
import { isInPackages, scriptPattern, stylePattern, urlOfFile } from '../paths'
import { compileCss, preprocess, scopeClasses } from './css'
import { isExportable } from './exportable'
import { type GlobUse, withAlias } from './globs'
import { expandSourceFeatures } from './source-features'
import { stripTypes } from './strip-types'

export interface LoadedModule {
  /** Plain JavaScript with its imports as written. */
  code: string
  /** Files whose change makes it another, itself first. */
  files: string[]
  /** What it imports by pattern. */
  globs: readonly GlobUse[]
  /** It was a component or script with JSX or hooks in it. */
  isScript: boolean
}

/** A file as modules ask for it. */
export interface ModuleRequest {
  path: string
  query: string
}

/** How style and assets are put into modules: in development as parts of the page, in a build by the bundler. */
export interface ModuleKinds {
  isProduction: boolean
  style(request: ModuleRequest, css: string, names: Record<string, string> | null): string
  /** Statements that put a component's style on the page. */
  componentStyle(id: string, css: string): string
  asset(path: string): string
  worker(request: ModuleRequest): Promise<string>
}

/** Turns any file that a module may import into a module. */
export async function loadModule(
  request: ModuleRequest,
  context: ViteContext,
  kinds: ModuleKinds,
): Promise<LoadedModule> {
  const { path, query } = request
  const { project } = context
  const flags = new Set(query.slice(1).split('&'))
  const plain = (code: string) => ({ code, files: [path], globs: [], isScript: false })
  if (flags.has('raw')) return plain(`export default ${JSON.stringify(decodeUtf8(project.bytes(path)) ?? '')}`)
  if (flags.has('worker') || flags.has('sharedworker')) return plain(await kinds.worker(request))
  if (flags.has('url')) return plain(kinds.asset(path))
  if (flags.has('inline') && !stylePattern.test(path)) {
    return plain(`export default ${JSON.stringify(dataUrlOfFile(path, project.bytes(path)))}`)
  }
  if (stylePattern.test(path)) {
    const { css, names, files } = await compileCss(path, context)
    return { code: kinds.style(request, css, names), files, globs: [], isScript: false }
  }
  if (path.endsWith('.json')) return plain(jsonModule(project.readText(path), path))
  if (/\.(?:vue|svelte)$/.test(path) || scriptPattern.test(path)) {
    const globs: GlobUse[] = []
    const code = await loadScript(path, context, { kinds, onGlob: (use) => globs.push(use) })
    return { code, files: [path], globs, isScript: true }
  }
  return plain(kinds.asset(path))
}

/** A module that starts the Worker whose script is `source`, a literal; for `?url`, the script's address. */
export function workerModule(source: string, query: string): string {
  const url = `const url = URL.createObjectURL(new Blob([${source}], { type: "text/javascript" }));`
  if (/[?&]url\b/.test(query)) return `${url}export default url`
  const kind = query.includes('sharedworker') ? 'SharedWorker' : 'Worker'
  return `${url}export default function createWorker(options) { return new ${kind}(url, { name: options?.name }) }`
}

async function loadScript(
  path: string,
  context: ViteContext,
  { kinds, onGlob }: { kinds: ModuleKinds; onGlob(use: GlobUse): void },
): Promise<string> {
  const { project, config, runner, warn, packagesKey } = context
  const { isProduction } = kinds
  const source = project.readText(path)
  const expand = (code: string) =>
    expandSourceFeatures(code, { path, project, resolveAlias: (pattern) => withAlias(pattern, config.aliases), onGlob })
  const strip = (code: string, file: string) =>
    stripTypes(code, {
      path: file,
      isProduction,
      esbuild: context.esbuild,
      keepUnusedImports: context.resolver.configOf(path).keepUnusedImports || /\.(vue|svelte)$/.test(path),
      jsx: { ...config.jsx, ...jsxSource(path, context), preserve: config.frameworks.includes('solid') },
    })
  if (path.endsWith('.vue')) {
    const { code, isTypeScript, parts } = await compileVue(source, runner, {
      path,
      isProduction,
      preprocess: (css, language) => preprocess({ source: css, language, path }, context),
      scopeClasses: (css, file) => scopeClasses(css, file, context),
      emitStyle: kinds.componentStyle,
    })
    const expanded = expand(code)
    const places = notePlaces(urlOfFile(project.root, path), parts)
    return places + (isTypeScript ? await strip(expanded, `${path}.ts`) : expanded)
  }
  if (/\.svelte(?:\.[jt]s)?$/.test(path)) {
    const code = await compileSvelte(source, runner, {
      path,
      isProduction,
      root: config.root,
      preprocess: (css, language) => preprocess({ source: css, language, path }, context),
      stripTypes: strip,
      onWarning: warn,
    })
    return expand(code)
  }
  if (isInPackages(path)) return source
  const code = await strip(expand(source), path)
  const isSolid = config.frameworks.includes('solid') && /\.[jt]sx$/.test(path)
  return isSolid ? compileSolid(code, runner, { path, isProduction, packagesKey }) : code
}

/** A file's own comment (`@jsxImportSource`) or its tsconfig may choose another runtime. */
function jsxSource(path: string, { project, resolver }: ViteContext): { importSource?: string } {
  const comment = /^\s*\/\*\*?[^*]*@jsxImportSource\s+(\S+)/.exec(project.readText(path))?.[1]
  const source = comment ?? resolver.configOf(path).jsxImportSource
  return source ? { importSource: source } : {}
}

function jsonModule(text: string, path: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new SyntaxError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const names = isObject ? Object.keys(value as object).filter(isExportable) : []
  const named = names.map((name) => `export const ${name} = __json[${JSON.stringify(name)}]`)
  return [`const __json = ${text.trim()}`, ...named, 'export default __json'].join(';')
}
