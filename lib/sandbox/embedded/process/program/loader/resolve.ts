import { basename, dirname, extname, isAbsolute, resolve } from '../builtins/path'
import { createPackageScopes, matchExports, type PackageScopes, type ResolverFs } from './package-scope'
import { createProjectConfigs, type JsxConfig, mappedPaths, type ProjectConfig } from './tsconfig'

export type ImportKind = 'import' | 'require'

export type Resolution =
  /** `query` is what an import adds to the path of a file; it makes another instance of an ES module. */
  | { kind: 'file'; path: string; query?: string }
  | { kind: 'builtin'; name: string }
  /** `looked` is the path that would have had to exist; `hint` a sentence for people. */
  | { kind: 'missing'; looked: string; hint: string | null; refusal?: Refusal }

/** What a package forbids, in Node's words; the importer is named after it. */
export interface Refusal {
  code: string
  message: string
}

export interface Resolver {
  resolve(specifier: string, importer: string, kind: ImportKind): Resolution
  /** A file as a command line names it: with or without extension, or a folder with an index. */
  resolveEntry(path: string, keepsLink?: boolean): string | null
  scopes: PackageScopes
  configOf(file: string): ProjectConfig
  /** Whether a file's imports mean exactly what Node makes of them. */
  isStrict(importer: string): boolean
}

export interface ResolverOptions {
  isBuiltin: (name: string) => boolean
  /** Conditions of package exports beyond Node's own. */
  conditions?: readonly string[]
  /** Exact or prefix aliases, e.g. from a vitest config; targets are absolute. */
  aliases?: readonly Alias[]
  /** Files whose imports mean what Node makes of them; those of others are found as bundlers find them. */
  isStrict?: (importer: string, config: ProjectConfig) => boolean
  /** Told where a package's entry is not there and its index stands in for it. */
  onMissingMain?: (json: string, main: string) => void
  /** How JSX is compiled, where a tool's config says it and not the tsconfig. */
  jsx?: Partial<JsxConfig>
}

export interface Alias {
  find: string | RegExp
  replacement: string
  /** A match is the whole new specifier, as Jest's `moduleNameMapper` has it. */
  whole?: boolean
  /** When the target does not exist, the specifier is looked up as it is. */
  optional?: boolean
}

const sourceExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json']
const packageExtensions = ['.js', '.cjs', '.mjs', '.json', '.ts']
/** What Node tries, where it tries anything. */
const nodeExtensions = ['.js', '.json', '.node']
/** What TypeScript projects write as `./x.js` is `x.ts` on disk. */
const sourcesOfOutput: Record<string, string[]> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}
const importDefaults = ['node', 'import', 'module-sync']
const requireDefaults = ['node', 'require', 'module-sync']

interface Asker {
  importer: string
  kind: ImportKind
}

/** How a path may be completed. */
interface Endings {
  extensions: readonly string[] | null
  /** Whether a folder stands for its index. */
  folders: boolean
  /** Whether the name of an output may mean its source. */
  sources: boolean
}
const asNodeRequires: Endings = { extensions: nodeExtensions, folders: true, sources: false }
const asNodeImports: Endings = { extensions: [], folders: false, sources: false }
const asBundlersDo: Endings = { extensions: null, folders: true, sources: true }

export function createResolver(fs: ResolverFs, options: ResolverOptions): Resolver {
  const { conditions = [], isStrict = () => false, jsx } = options
  const importConditions = new Set([...importDefaults, ...conditions])
  const bundlerConditions = new Set([...importConditions, 'module'])
  const requireConditions = new Set([...requireDefaults, ...conditions])
  const scopes = createPackageScopes(fs)
  const configs = createProjectConfigs(fs)
  const configOf = (file: string) => (jsx === undefined ? configs(file) : { ...configs(file), ...jsx })

  const isNodes = (importer: string) => isStrict(importer, configs(importer))
  function conditionsFor(importer: string, kind: ImportKind) {
    if (kind === 'require') return requireConditions
    return isNodes(importer) ? importConditions : bundlerConditions
  }
  function endingsFor(importer: string, kind: ImportKind): Endings {
    if (!isNodes(importer)) return asBundlersDo
    return kind === 'import' ? asNodeImports : asNodeRequires
  }

  function asFile(path: string, { extensions, sources }: Endings): string | null {
    if (fs.isFile(path)) return path
    const extension = extname(path)
    for (const source of (sources && sourcesOfOutput[extension]) || []) {
      const candidate = path.slice(0, -extension.length) + source
      if (fs.isFile(candidate)) return candidate
    }
    const tried = extensions ?? (path.includes('/node_modules/') ? packageExtensions : sourceExtensions)
    for (const added of tried) if (fs.isFile(path + added)) return path + added
    return null
  }

  function asFolder(folder: string, endings: Endings): string | null {
    if (!fs.isDirectory(folder)) return null
    const main = scopes.read(folder)?.main
    if (typeof main === 'string' && main !== '') {
      const target = resolve(folder, main)
      const found = asFile(target, endings) ?? asFile(`${target}/index`, endings)
      if (found !== null) return found
      const index = asFile(`${folder}/index`, endings)
      if (index !== null) options.onMissingMain?.(`${folder}/package.json`, main)
      return index
    }
    return asFile(`${folder}/index`, endings)
  }

  const asPath = (path: string, endings: Endings) =>
    (path.endsWith('/') ? null : asFile(path, endings)) ??
    (endings.folders ? asFolder(path.replace(/\/$/, ''), endings) : null)

  function inPackage(folder: string, subpath: string, { importer, kind }: Asker): string | null {
    const json = scopes.read(folder)
    const endings = endingsFor(importer, kind)
    if (json?.exports !== undefined && json.exports !== null) {
      const target = matchExports(json.exports, subpath, conditionsFor(importer, kind))
      if (target === null) return null
      const path = resolve(folder, target.includes('%') ? decodeURIComponent(target) : target)
      return asFile(path, endings === asBundlersDo ? endings : asNodeImports)
    }
    // The entry of a package is completed by `import` as well.
    if (subpath === '.') return asFolder(folder, endings === asNodeImports ? asNodeRequires : endings)
    return asPath(resolve(folder, subpath), endings)
  }

  function bare(specifier: string, importer: string, kind: ImportKind): Resolution {
    if (!importer.startsWith('/')) return { kind: 'missing', looked: specifier, hint: null }
    const endings = endingsFor(importer, kind)
    // To Node the part of a specifier behind the package is a URL.
    if (endings === asNodeImports && /[%?#]/.test(specifier)) return { kind: 'missing', looked: specifier, hint: null }
    for (const candidate of mappedPaths(configOf(importer), specifier)) {
      const found = asPath(candidate, endings)
      if (found !== null) return { kind: 'file', path: found }
    }
    const { name, subpath } = splitPackage(specifier)
    const own = scopes.of(importer)
    if (own !== null && own.json.name === name && own.json.exports !== undefined) {
      const found = inPackage(own.folder, subpath, { importer, kind })
      if (found !== null) return { kind: 'file', path: found }
    }
    for (let folder = dirname(importer); ; folder = dirname(folder)) {
      const home = `${folder === '/' ? '' : folder}/node_modules/${name}`
      if (basename(folder) !== 'node_modules' && fs.isDirectory(home)) {
        const found = inPackage(home, subpath, { importer, kind })
        if (found !== null) return { kind: 'file', path: found }
        const hint = `The package "${name}" is installed, but does not offer "${subpath}" (see "exports" in ${home}/package.json).`
        const refusal = scopes.read(home)?.exports == null ? undefined : notExported(subpath, home)
        return { kind: 'missing', looked: home, hint, ...(refusal && { refusal }) }
      }
      const mayBeFile = kind === 'require' && basename(folder) !== 'node_modules' && !fs.isDirectory(home)
      const file = mayBeFile ? asFile(`${home}${subpath.slice(1)}`, endings) : null
      if (file !== null) return { kind: 'file', path: file }
      if (folder === '/') break
    }
    return { kind: 'missing', looked: name, hint: hintForPackage(name, own?.json ?? null) }
  }

  function throughImports(specifier: string, importer: string, kind: ImportKind): Resolution {
    const own = scopes.of(importer)
    const target = matchExports(own?.json.imports, specifier, conditionsFor(importer, kind))
    if (own === null || target === null) {
      const hint = `No "${specifier}" in the "imports" of ${own === null ? 'a package.json' : `${own.folder}/package.json`}.`
      const where = own === null ? '' : ` in package ${own.folder}/package.json`
      const message = `Package import specifier "${specifier}" is not defined${where}`
      return { kind: 'missing', looked: specifier, hint, refusal: { code: 'ERR_PACKAGE_IMPORT_NOT_DEFINED', message } }
    }
    if (!target.startsWith('.')) return resolveSpecifier(target, importer, kind)
    const path = resolve(own.folder, target)
    const endings = isNodes(importer) ? asNodeImports : asBundlersDo
    return toResolution(asFile(path, endings), path, endings)
  }

  function toResolution(found: string | null, looked: string, { extensions }: Endings): Resolution {
    return found === null
      ? { kind: 'missing', looked, hint: hintForPath(looked, extensions ?? sourceExtensions) }
      : { kind: 'file', path: found }
  }

  function hintForPath(looked: string, extensions: readonly string[]): string | null {
    const tried =
      extname(looked) === '' && extensions.length > 0
        ? `Looked for ${basename(looked)}{${extensions.join(',')}} and an index file.`
        : null
    const folder = dirname(looked)
    if (!fs.isDirectory(folder)) return `There is no folder ${folder}.`
    const near = nearestName(basename(looked), fs.list(folder))
    return near === null ? tried : `Did you mean "${near}" in ${folder}?`
  }

  function resolveSpecifier(specifier: string, importer: string, kind: ImportKind): Resolution {
    if (specifier.startsWith('node:')) return { kind: 'builtin', name: specifier.slice(5) }
    if (kind === 'import' && /^(?:\.{0,2}\/|file:).*[%#]|^(?:file|data):/s.test(specifier))
      return asUrl(specifier, importer)
    if (specifier.startsWith('file://')) return resolveSpecifier(decodeURIComponent(specifier.slice(7)), importer, kind)
    const endings = endingsFor(importer, kind)
    for (const alias of options.aliases ?? []) {
      const target = throughAlias(alias, specifier)
      if (target === null) continue
      const path = target.startsWith('.') ? resolve(dirname(importer), target) : target
      const found: Resolution = isAbsolute(path)
        ? toResolution(asPath(path, endings), path, endings)
        : options.isBuiltin(path)
          ? { kind: 'builtin', name: path }
          : bare(path, importer, kind)
      if (found.kind !== 'missing' || alias.optional !== true) return found
    }
    if (specifier.startsWith('.') || isAbsolute(specifier)) {
      const target = resolve(dirname(importer), specifier) + (/(^|\/)\.{0,2}$/.test(specifier) ? '/' : '')
      const plain = target.split('?')[0] ?? target
      const found = asPath(target, endings)
      if (found !== null || plain === target) return toResolution(found, target, endings)
      const bare = toResolution(asPath(plain, endings), target, endings)
      return bare.kind === 'file' && kind === 'import' ? { ...bare, query: target.slice(plain.length) } : bare
    }
    if (specifier.startsWith('#')) return throughImports(specifier, importer, kind)
    if (options.isBuiltin(specifier)) return { kind: 'builtin', name: specifier }
    const scheme = kind === 'import' ? /^[a-z][a-z\d+.-]+:/i.exec(specifier)?.[0] : undefined
    if (scheme !== undefined) return { kind: 'missing', looked: specifier, hint: null, refusal: unknownScheme(scheme) }
    return bare(specifier, importer, kind)
  }

  /** What only reads right as a URL: with escapes or a fragment, or with a scheme. */
  function asUrl(specifier: string, importer: string): Resolution {
    if (specifier.startsWith('data:')) return { kind: 'file', path: specifier }
    const url = URL.parse(specifier, importer.startsWith('/') ? `file://${importer}` : undefined)
    if (url === null) return { kind: 'missing', looked: specifier, hint: null }
    const { pathname, search, hash } = url
    if (/%2f|%5c/i.test(pathname)) {
      const message = `Invalid module "${pathname}" must not include encoded "/" or "\\" characters`
      return {
        kind: 'missing',
        looked: pathname,
        hint: null,
        refusal: { code: 'ERR_INVALID_MODULE_SPECIFIER', message },
      }
    }
    const path = decodeURIComponent(pathname)
    const endings = endingsFor(importer, 'import')
    const found = toResolution(asPath(path, endings), path, endings)
    const query = search + hash
    return found.kind === 'file' && query !== '' ? { ...found, query } : found
  }

  const real = (path: string) => (path.startsWith('/') ? (fs.realPath?.(path) ?? path) : path)
  const own = fs.keepsLinks ? (path: string) => path : real

  return {
    resolve(specifier, importer, kind) {
      const found = resolveSpecifier(specifier, importer, kind)
      return found.kind === 'file' ? { ...found, path: own(found.path) } : found
    },
    resolveEntry(path, keepsLink = false) {
      const found = asPath(path, asBundlersDo)
      return found === null || keepsLink ? found : real(found)
    },
    scopes,
    configOf,
    isStrict: isNodes,
  }
}

const unknownScheme = (scheme: string): Refusal => ({
  code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME',
  message: `Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. Received protocol '${scheme}'`,
})

const notExported = (subpath: string, folder: string): Refusal => ({
  code: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
  message:
    subpath === '.'
      ? `No "exports" main defined in ${folder}/package.json`
      : `Package subpath '${subpath}' is not defined by "exports" in ${folder}/package.json`,
})

/** What a specifier becomes, or null where the alias has nothing to say. */
function throughAlias({ find, replacement, whole = false }: Alias, specifier: string): string | null {
  if (typeof find === 'string') {
    const isMatch = specifier === find || specifier.startsWith(`${find.replace(/\/$/, '')}/`)
    return isMatch ? specifier.replace(find, replacement) : null
  }
  const match = find.exec(specifier)
  if (match === null) return null
  if (!whole) return specifier.replace(find, replacement)
  return replacement.replace(/\$(\d+)/g, (_, index: string) => match[Number(index)] ?? '')
}

export function splitPackage(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const rest = specifier.slice(name.length + 1)
  return { name, subpath: rest === '' ? '.' : `./${rest}` }
}

function hintForPackage(name: string, json: { dependencies?: object; devDependencies?: object } | null): string {
  const listed = { ...json?.dependencies, ...json?.devDependencies }
  return Object.hasOwn(listed, name)
    ? `"${name}" is listed in package.json, but not installed.`
    : `"${name}" is neither installed nor listed in package.json.`
}

/** The name that differs least from the wanted one: by case, or by at most two edits. */
function nearestName(wanted: string, names: readonly string[]): string | null {
  const stem = (name: string) => name.toLowerCase().replace(/\.[cm]?[jt]sx?$|\.json$/, '')
  const ranked = names
    .map((name) => ({ name, edits: editDistance(stem(wanted), stem(name)) }))
    .filter(({ edits, name }) => edits <= Math.min(2, Math.floor(stem(name).length / 2)))
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.name ?? null
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
