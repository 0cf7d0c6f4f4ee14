import { dirname, resolve } from '../process/program/builtins/path'
import { createPackageScopes, matchExports, type PackageJson } from '../process/program/loader/package-scope'
import { splitPackage } from '../process/program/loader/resolve'
import { createProjectConfigs, mappedPaths, type ProjectConfig } from '../process/program/loader/tsconfig'
import { splitQuery } from './paths'
import type { Project } from './project'

export interface Alias {
  find: string | RegExp
  replacement: string
}

export interface ResolveOptions {
  aliases: readonly Alias[]
  conditions: readonly string[]
  dedupe: readonly string[]
  /** Aliases of tsconfig.json, when the project asks for them. */
  tsconfigPaths: boolean
}

export type Resolved =
  | { kind: 'file'; path: string; query: string }
  /** The package maps it to nothing for browsers. */
  | { kind: 'empty' }
  | { kind: 'missing'; hint: string }

export interface WebResolver {
  resolve(specifier: string, importer: string, how?: 'import' | 'require'): Resolved
  /** Whether a specifier names a package (or an alias that leads into one). */
  isPackage(specifier: string, importer: string): boolean
  packageOf(path: string): { folder: string; json: PackageJson } | null
  configOf(file: string): ProjectConfig
}

type BrowserJson = PackageJson & { browser?: string | Record<string, string | false>; svelte?: string }

const extensions = ['.mjs', '.js', '.mts', '.ts', '.jsx', '.tsx', '.json', '.vue', '.svelte', '.cjs']
const nodeBuiltins =
  /^(?:node:.+|assert|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|process|querystring|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib)(?:\/.*)?$/

/** Finds files as bundlers for the web do: `browser` fields and conditions, aliases, queries. */
export function createWebResolver(project: Project, options: ResolveOptions): WebResolver {
  const scopes = createPackageScopes(project)
  const configOf = createProjectConfigs(project)
  const conditionsFor = {
    import: new Set([...options.conditions, 'import']),
    require: new Set([...options.conditions, 'require']),
  }

  function asFile(path: string): string | null {
    if (project.isFile(path)) return path
    const typescript = path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')
    if (typescript !== path && project.isFile(typescript)) return typescript
    if (/\.js$/.test(path) && project.isFile(`${path.slice(0, -3)}.tsx`)) return `${path.slice(0, -3)}.tsx`
    return extensions.map((extension) => path + extension).find(project.isFile) ?? null
  }

  function asFolder(folder: string): string | null {
    if (!project.isDirectory(folder)) return null
    const json = scopes.read(folder) as BrowserJson | null
    const browser = typeof json?.browser === 'string' ? json.browser : undefined
    for (const entry of [
      options.conditions.includes('svelte') ? json?.svelte : undefined,
      browser,
      json?.module,
      json?.main,
    ]) {
      const found = entry && (asFile(resolve(folder, entry)) ?? asFile(resolve(folder, entry, 'index')))
      if (found) return found
    }
    return asFile(`${folder}/index`)
  }

  const asPath = (path: string) => (path.endsWith('/') ? null : asFile(path)) ?? asFolder(path.replace(/\/$/, ''))

  /** The `browser` field may replace a file of its own package, or another package. */
  function replacement(importer: string, key: string): string | false | undefined {
    const own = scopes.of(importer)
    const browser = (own?.json as BrowserJson | undefined)?.browser
    if (!own || typeof browser !== 'object') return undefined
    const value = browser[key] ?? browser[key.replace(/\.js$/, '')]
    return typeof value === 'string' && value.startsWith('.') ? resolve(own.folder, value) : value
  }

  /** A package of the workspace is a link in `node_modules`; its files are the project's own. */
  const real = (path: string) => (path.includes('/node_modules/') ? project.realPath(path) : path)

  function toResolved(path: string | null, query: string, hint: string): Resolved {
    if (path === null) return { kind: 'missing', hint }
    const own = scopes.of(path)
    if (own && path.includes('/node_modules/')) {
      const replaced = replacement(path, `.${path.slice(own.folder.length)}`)
      if (replaced === false) return { kind: 'empty' }
      if (typeof replaced === 'string') return { kind: 'file', path: real(asFile(replaced) ?? path), query }
    }
    return { kind: 'file', path: real(path), query }
  }

  function inPackage(folder: string, subpath: string, how: 'import' | 'require'): string | null {
    const json = scopes.read(folder)
    if (json?.exports == null) return subpath === '.' ? asFolder(folder) : asPath(resolve(folder, subpath))
    const target = matchExports(json.exports, subpath, conditionsFor[how])
    return target === null ? null : asFile(resolve(folder, target))
  }

  function bare(specifier: string, importer: string, how: 'import' | 'require'): Resolved {
    const { path: plain, query } = splitQuery(specifier)
    const { name, subpath } = splitPackage(plain)
    const replaced = replacement(importer, plain)
    if (replaced === false) return { kind: 'empty' }
    if (typeof replaced === 'string') {
      return replaced.startsWith('/') ? toResolved(asFile(replaced), query, plain) : bare(replaced, importer, how)
    }
    const own = scopes.of(importer)
    if (own?.json.name === name && own.json.exports !== undefined) {
      const found = inPackage(own.folder, subpath, how)
      if (found !== null) return toResolved(found, query, '')
    }
    const start = options.dedupe.includes(name) ? `${project.root}/index.html` : importer
    for (let folder = dirname(start); ; folder = dirname(folder)) {
      const home = `${folder === '/' ? '' : folder}/node_modules/${name}`
      if (project.isDirectory(home)) {
        return toResolved(
          inPackage(home, subpath, how),
          query,
          `The package “${name}” is installed, but does not offer “${subpath}”.`,
        )
      }
      if (folder === '/') break
    }
    const hint = nodeBuiltins.test(plain)
      ? `“${plain}” is a module of Node.js, which browsers do not have.`
      : `Is “${name}” installed? Run npm install ${name}.`
    return { kind: 'missing', hint }
  }

  function resolveSpecifier(specifier: string, importer: string, how: 'import' | 'require' = 'import'): Resolved {
    const aliased = applyAliases(specifier, options.aliases)
    const { path, query } = splitQuery(aliased)
    if (path.startsWith('/') || /^\.{1,2}(\/|$)/.test(path)) {
      const target = path.startsWith('.') ? resolve(dirname(importer), path) : path
      const inRoot = path.startsWith('/') ? (asPath(project.root + path) ?? publicFile(path)) : null
      return toResolved(inRoot ?? asPath(target), query, `There is no such file: ${target}`)
    }
    if (path.startsWith('#')) {
      const own = scopes.of(importer)
      const target = own && matchExports(own.json.imports, path, conditionsFor[how])
      if (!own || !target) return { kind: 'missing', hint: `No “${path}” in the “imports” of package.json.` }
      return target.startsWith('.')
        ? toResolved(asFile(resolve(own.folder, target)), query, target)
        : resolveSpecifier(target, importer, how)
    }
    if (options.tsconfigPaths && !importer.includes('/node_modules/')) {
      for (const candidate of mappedPaths(configOf(importer), path)) {
        const found = asPath(candidate)
        if (found !== null) return { kind: 'file', path: found, query }
      }
    }
    return bare(aliased, importer, how)
  }

  function publicFile(path: string): string | null {
    const candidate = `${project.root}/public${path}`
    return project.isFile(candidate) ? candidate : null
  }

  return {
    resolve: resolveSpecifier,
    isPackage(specifier, importer) {
      const aliased = applyAliases(specifier, options.aliases)
      if (/^[./#]/.test(aliased)) return false
      const found = resolveSpecifier(specifier, importer)
      return found.kind !== 'file' || found.path.includes('/node_modules/')
    },
    packageOf: scopes.of,
    configOf,
  }
}

function applyAliases(specifier: string, aliases: readonly Alias[]): string {
  for (const { find, replacement } of aliases) {
    if (typeof find !== 'string') {
      if (find.test(specifier)) return specifier.replace(find, replacement)
    } else if (specifier === find || specifier.startsWith(find.endsWith('/') ? find : `${find}/`)) {
      return replacement + specifier.slice(find.length)
    }
  }
  return specifier
}
