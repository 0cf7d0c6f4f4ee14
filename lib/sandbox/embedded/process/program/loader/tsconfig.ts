import { dirname, resolve } from '../builtins/path'
import type { ResolverFs } from './package-scope'

/** How a project compiles JSX, in tsconfig's words. */
export interface JsxConfig {
  jsx: string | null
  jsxImportSource: string | null
  jsxFactory: string | null
  jsxFragment: string | null
}

/** What running TypeScript needs to know of a tsconfig; everything else is for the type checker. */
export interface ProjectConfig extends JsxConfig {
  /** Pattern with at most one `*` → absolute target patterns. */
  paths: [pattern: string, targets: string[]][]
  /** Absolute; bare specifiers are looked up here first. */
  baseUrl: string | null
  keepUnusedImports: boolean
  experimentalDecorators: boolean
  emitDecoratorMetadata: boolean
  /** Class fields as the language has them; the older way assigns them in the constructor. */
  definesFields: boolean
}

export const noConfig: ProjectConfig = {
  paths: [],
  baseUrl: null,
  jsx: null,
  jsxImportSource: null,
  jsxFactory: null,
  jsxFragment: null,
  keepUnusedImports: false,
  experimentalDecorators: false,
  emitDecoratorMetadata: false,
  definesFields: true,
}

interface RawConfig {
  extends?: string | string[]
  files?: string[]
  include?: string[]
  references?: { path: string }[]
  compilerOptions?: {
    paths?: Record<string, string[]>
    baseUrl?: string
    jsx?: string
    jsxImportSource?: string
    jsxFactory?: string
    jsxFragmentFactory?: string
    verbatimModuleSyntax?: boolean
    experimentalDecorators?: boolean
    emitDecoratorMetadata?: boolean
    useDefineForClassFields?: boolean
    target?: string
  }
}

/** Answers the config that governs a file; reads each tsconfig once. */
export function createProjectConfigs(fs: ResolverFs): (file: string) => ProjectConfig {
  const byFolder = new Map<string, Governing>()
  function ofFolder(folder: string): Governing {
    const known = byFolder.get(folder)
    if (known !== undefined) return known
    const file = ['tsconfig.json', 'jsconfig.json'].map((name) => resolve(folder, name)).find((path) => fs.isFile(path))
    const config =
      file !== undefined
        ? readGoverning(fs, file)
        : folder === '/'
          ? { own: noConfig, parts: [] }
          : ofFolder(dirname(folder))
    byFolder.set(folder, config)
    return config
  }
  return (file) => {
    if (!file.startsWith('/') || file.includes('/node_modules/')) return noConfig
    const { own, parts } = ofFolder(dirname(file))
    return parts.find((part) => part.includes(file))?.config ?? own
  }
}

/** A config, and those it refers to where it has no files of its own. */
interface Governing {
  own: ProjectConfig
  parts: { config: ProjectConfig; includes(file: string): boolean }[]
}

function readGoverning(fs: ResolverFs, file: string): Governing {
  const raw = parseJsonWithComments(fs.readText(file))
  const isSolution = raw.files?.length === 0 && raw.include === undefined
  const references = isSolution ? (raw.references ?? []) : []
  return {
    own: readConfig(fs, file, []),
    parts: references.map(({ path }) => {
      const asked = resolve(dirname(file), path)
      return readPart(fs, asked.endsWith('.json') ? asked : `${asked}/tsconfig.json`)
    }),
  }
}

function readPart(fs: ResolverFs, file: string): Governing['parts'][number] {
  const raw = fs.isFile(file) ? parseJsonWithComments(fs.readText(file)) : {}
  const folder = dirname(file)
  const files = (raw.files ?? []).map((path) => resolve(folder, path))
  const globs = (raw.include ?? (raw.files === undefined ? ['**/*'] : [])).map((glob) => includePattern(folder, glob))
  return {
    config: readConfig(fs, file, []),
    includes: (path) => files.includes(path) || globs.some((glob) => glob.test(path)),
  }
}

/** As tsconfig has it: a folder stands for all that is in it. */
function includePattern(folder: string, glob: string): RegExp {
  const pattern = resolve(folder, glob)
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replace(/\*\*\/|\*|\?/g, (part) => (part === '**/' ? '(?:.*/)?' : part === '*' ? '[^/]*' : '[^/]'))
  return new RegExp(`^${pattern}(?:/.*)?$`)
}

function readConfig(fs: ResolverFs, file: string, seen: string[]): ProjectConfig {
  if (seen.includes(file) || !fs.isFile(file)) return noConfig
  const raw = parseJsonWithComments(fs.readText(file))
  const folder = dirname(file)
  let config = noConfig
  for (const parent of [raw.extends ?? []].flat()) {
    if (!parent.startsWith('.')) continue
    const path = resolve(folder, parent.endsWith('.json') ? parent : `${parent}.json`)
    config = { ...config, ...readConfig(fs, path, [...seen, file]) }
  }
  const options = raw.compilerOptions ?? {}
  const baseUrl = options.baseUrl === undefined ? config.baseUrl : resolve(folder, options.baseUrl)
  const root = baseUrl ?? folder
  const paths = options.paths
  return {
    baseUrl,
    paths:
      paths === undefined
        ? config.paths
        : Object.entries(paths).map(([pattern, targets]) => [pattern, targets.map((target) => resolve(root, target))]),
    jsx: options.jsx ?? config.jsx,
    jsxImportSource: options.jsxImportSource ?? config.jsxImportSource,
    jsxFactory: options.jsxFactory ?? config.jsxFactory,
    jsxFragment: options.jsxFragmentFactory ?? config.jsxFragment,
    keepUnusedImports: options.verbatimModuleSyntax ?? config.keepUnusedImports,
    experimentalDecorators: options.experimentalDecorators ?? config.experimentalDecorators,
    emitDecoratorMetadata: options.emitDecoratorMetadata ?? config.emitDecoratorMetadata,
    definesFields:
      options.useDefineForClassFields ??
      (options.target === undefined ? config.definesFields : isModern(options.target)),
  }
}

/** Targets for which TypeScript leaves class fields to the language. */
const isModern = (target: string) => /^es(next|20(2[2-9]|[3-9]\d))$/i.test(target)

/** tsconfig files may hold comments and trailing commas. A broken one counts as empty: `tsc` reports it better. */
function parseJsonWithComments(text: string): RawConfig {
  const plain = text
    .replace(/^\ufeff/, '')
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? '')
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? '')
  try {
    return JSON.parse(plain) as RawConfig
  } catch {
    return {}
  }
}

/** Candidate paths for a specifier under `paths` and `baseUrl`, best first. */
export function mappedPaths(config: ProjectConfig, specifier: string): string[] {
  const out: string[] = []
  for (const [pattern, targets] of config.paths) {
    const star = pattern.indexOf('*')
    if (star === -1) {
      if (pattern === specifier) out.push(...targets)
      continue
    }
    const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)]
    if (specifier.length < pattern.length - 1 || !specifier.startsWith(head) || !specifier.endsWith(tail)) continue
    const matched = specifier.slice(star, specifier.length - tail.length)
    out.push(...targets.map((target) => target.replace('*', matched)))
  }
  if (config.baseUrl !== null) out.push(`${config.baseUrl}/${specifier}`)
  return out
}
