import { messageOf } from '@/lib/base'
import { resolve } from '../../process/program/builtins/path'
import type { Project } from '../project'
import type { Alias } from '../resolve'
import { type LocalsConvention, readConvention } from '../transform/css-names'
import { loadEnv, publicEnv } from './env'
import { type EvaluateOptions, evaluateConfig, type Framework, type PluginMarker } from './evaluate'
import { unusedKeys } from './known-keys'
import { type PostcssOptions, readPostcss } from './postcss-options'
import { type ProxyRule, readProxyRules } from './proxy-rules'

export interface ViteConfig {
  root: string
  base: string
  mode: string
  command: 'serve' | 'build'
  aliases: Alias[]
  dedupe: string[]
  conditions: string[]
  define: Record<string, string>
  /** `import.meta.env` */
  env: Record<string, unknown>
  frameworks: readonly Framework[]
  /** JSX of files that no framework compiles by itself. */
  jsx: { importSource: string; pragma: string | null; fragment: string | null }
  tailwind: boolean
  tsconfigPaths: boolean
  /** Null when there is none. */
  publicDir: string | null
  outDir: string
  /** Whether a build removes what is there. */
  emptyOutDir: boolean
  assetsDir: string
  assetsInlineLimit: number
  minify: boolean
  sourcemap: boolean
  entries: Record<string, string>
  port: number
  previewPort: number
  strictPort: boolean
  previewStrictPort: boolean
  /** What other servers of the sandbox answer. */
  proxy: ProxyRule[]
  previewProxy: ProxyRule[]
  spa: boolean
  scss: string
  cssLocals: LocalsConvention | null
  /** Null: the project's own configuration file says. */
  postcss: PostcssOptions | null
  exclude: string[]
  include: string[]
  /** What the config says and this tool does not do. */
  warnings: string[]
}

/** Plugins whose work is done here, by the packages they come in. */
const frameworkPlugins: Record<string, Framework> = {
  '@vitejs/plugin-react': 'react',
  '@vitejs/plugin-react-swc': 'react',
  '@vitejs/plugin-react-oxc': 'react',
  '@preact/preset-vite': 'preact',
  '@prefresh/vite': 'preact',
  '@vitejs/plugin-vue': 'vue',
  '@sveltejs/vite-plugin-svelte': 'svelte',
  'vite-plugin-solid': 'solid',
}
const otherPlugins = new Set([
  '@tailwindcss/vite',
  'vite-tsconfig-paths',
  '@vitejs/plugin-vue-devtools',
  'vite-plugin-vue-devtools',
])
const configNames = ['ts', 'mts', 'js', 'mjs', 'cts', 'cjs'].map((end) => `vite.config.${end}`)

export interface LoadOptions extends EvaluateOptions {
  configFile?: string
  overrides?: { base?: string; outDir?: string; port?: number; minify?: boolean; sourcemap?: boolean }
}

/** The project's `vite.config.*`, as far as it maps to what this tool does. */
export async function loadConfig(project: Project, options: LoadOptions): Promise<ViteConfig> {
  const { command, env, overrides = {} } = options
  const file = options.configFile ?? configNames.map((name) => `${project.root}/${name}`).find(project.isFile)
  const warnings: string[] = []
  const defaultMode = command === 'build' ? 'production' : 'development'
  let raw: Fields = {}
  if (file !== undefined) {
    try {
      raw = fieldsOf(await evaluateConfig(project, file, { ...options, mode: options.mode || defaultMode }))
    } catch (error) {
      throw new Error(`${file.slice(project.root.length + 1)} could not be read: ${messageOf(error)}`, { cause: error })
    }
  }
  const mode = options.mode || (typeof raw.mode === 'string' ? raw.mode : '') || defaultMode
  const section = (name: string) => fieldsOf(name === '' ? raw : raw[name])
  warnings.push(...unusedKeys(section))
  const plugins = await readPlugins(raw.plugins, warnings)
  const frameworks = plugins.frameworks.length > 0 || file !== undefined ? plugins.frameworks : guessFrameworks(project)
  const [resolveOptions, server, build, preview] = ['resolve', 'server', 'build', 'preview'].map(section) as [
    Fields,
    Fields,
    Fields,
    Fields,
  ]
  const base = normaliseBase(overrides.base ?? stringOf(raw.base) ?? '/')
  const root = typeof raw.root === 'string' ? resolve(project.root, raw.root) : project.root
  const prefixes = [raw.envPrefix ?? 'VITE_'].flat().map(String)
  const publicEnvironment = publicEnv(loadEnv(project, mode, env), {
    mode,
    base,
    prefixes,
    isBuild: command === 'build',
  })
  const outDir = resolve(root, overrides.outDir ?? stringOf(build.outDir) ?? 'dist')
  const isProduction = command === 'build' && mode !== 'development'
  const solid = frameworks.includes('solid') ? ['solid'] : []
  const svelte = frameworks.includes('svelte') ? ['svelte'] : []
  return {
    root,
    base,
    mode,
    command,
    aliases: readAliases(resolveOptions.alias),
    dedupe: [...stringsOf(resolveOptions.dedupe), 'react', 'react-dom', 'vue', 'svelte', 'preact'],
    conditions: [
      ...stringsOf(resolveOptions.conditions),
      ...solid,
      ...svelte,
      'module',
      'browser',
      isProduction ? 'production' : 'development',
    ],
    define: readDefine(raw.define),
    env: publicEnvironment,
    frameworks,
    jsx: readJsx(frameworks, section('esbuild'), plugins.react),
    tailwind: plugins.tailwind,
    tsconfigPaths: plugins.tsconfigPaths || resolveOptions.tsconfigPaths === true,
    publicDir: raw.publicDir === false ? null : resolve(root, stringOf(raw.publicDir) ?? 'public'),
    outDir,
    emptyOutDir: mayEmpty(outDir, root, build.emptyOutDir),
    assetsDir: stringOf(build.assetsDir) ?? 'assets',
    assetsInlineLimit: typeof build.assetsInlineLimit === 'number' ? build.assetsInlineLimit : 4096,
    minify: overrides.minify ?? build.minify !== false,
    sourcemap: overrides.sourcemap ?? Boolean(build.sourcemap),
    entries: readEntries(root, build),
    port: overrides.port ?? numberOf(server.port) ?? 5173,
    previewPort: overrides.port ?? numberOf(preview.port) ?? 4173,
    strictPort: server.strictPort === true,
    previewStrictPort: (preview.strictPort ?? server.strictPort) === true,
    proxy: readProxyRules(server.proxy, warnings),
    previewProxy: readProxyRules(preview.proxy ?? server.proxy, []),
    spa: raw.appType === undefined || raw.appType === 'spa',
    scss: stringOf(fieldsOf(fieldsOf(section('css').preprocessorOptions).scss).additionalData) ?? '',
    cssLocals: readConvention(fieldsOf(section('css').modules).localsConvention),
    postcss: readPostcss(section('css').postcss, root, warnings),
    exclude: stringsOf(section('optimizeDeps').exclude),
    include: stringsOf(section('optimizeDeps').include),
    warnings,
  }
}

type Fields = Partial<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? value : {})
const stringOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined)
const stringsOf = (value: unknown) => (Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [])

async function readPlugins(value: unknown, warnings: string[]) {
  const found = { frameworks: [] as Framework[], tailwind: false, tsconfigPaths: false, react: {} as Fields }
  const flat = (await Promise.all([value].flat(10 as 1))).flat(10 as 1) as unknown[]
  for (const plugin of flat) {
    if (!plugin) continue
    const { vitrinePlugin: name, options } = fieldsOf(plugin) as Partial<PluginMarker>
    const framework = name === undefined ? undefined : frameworkPlugins[name]
    if (framework) {
      if (!found.frameworks.includes(framework)) found.frameworks.push(framework)
      if (framework === 'react') found.react = fieldsOf(options)
    } else if (name === '@tailwindcss/vite') found.tailwind = true
    else if (name === 'vite-tsconfig-paths') found.tsconfigPaths = true
    else if (name === undefined || !otherPlugins.has(name)) {
      const label = name ?? stringOf(fieldsOf(plugin).name) ?? 'of the config itself'
      warnings.push(`The plugin “${label}” is not run here.`)
    }
  }
  return found
}

/** Without a config, what package.json lists. */
function guessFrameworks(project: Project): Framework[] {
  const text = project.find(`${project.root}/package.json`)
  const { dependencies = {}, devDependencies = {} } = text === null ? {} : (JSON.parse(text) as Record<string, object>)
  const names = { ...dependencies, ...devDependencies }
  const known: Framework[] = ['react', 'preact', 'vue', 'svelte']
  return known.filter((name) => Object.hasOwn(names, name))
}

function readAliases(value: unknown): Alias[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry): Alias[] => {
      const { find, replacement } = fieldsOf(entry)
      const isFindable = typeof find === 'string' || find instanceof RegExp
      return isFindable && typeof replacement === 'string' ? [{ find, replacement: filePath(replacement) }] : []
    })
  }
  return Object.entries(fieldsOf(value)).map(([find, replacement]) => ({
    find,
    replacement: filePath(String(replacement)),
  }))
}

function filePath(target: string): string {
  return decodeURIComponent(target.replace(/^file:\/\//, ''))
}

function readDefine(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([name, entry]) => [
      name,
      typeof entry === 'string' ? entry : JSON.stringify(entry),
    ]),
  )
}

function readJsx(frameworks: readonly Framework[], esbuild: Fields, react: Fields): ViteConfig['jsx'] {
  const source = stringOf(react.jsxImportSource) ?? stringOf(esbuild.jsxImportSource)
  const isPreact = frameworks.includes('preact')
  const pragma = stringOf(esbuild.jsxFactory) ?? null
  return {
    importSource: source ?? (isPreact ? 'preact' : 'react'),
    pragma,
    fragment: stringOf(esbuild.jsxFragment) ?? null,
  }
}

function readEntries(root: string, build: Fields): Record<string, string> {
  const { input } = { ...fieldsOf(build.rollupOptions), ...fieldsOf(build.rolldownOptions) }
  const list = typeof input === 'string' ? [input] : Array.isArray(input) ? input : null
  if (list) return Object.fromEntries(list.map((path) => [String(path), resolve(root, String(path))]))
  const named = Object.entries(fieldsOf(input)).map(([name, path]) => [name, resolve(root, filePath(String(path)))])
  return named.length > 0 ? Object.fromEntries(named) : { index: `${root}/index.html` }
}

/** As Vite: what lies outside the app is emptied only when asked for. Never what the app itself is in. */
function mayEmpty(outDir: string, root: string, asked: unknown): boolean {
  const isAround = `${root}/`.startsWith(`${outDir}/`)
  return !isAround && (typeof asked === 'boolean' ? asked : outDir.startsWith(`${root}/`))
}

function normaliseBase(base: string): string {
  if (base === '' || base === './') return './'
  return base.endsWith('/') ? base : `${base}/`
}
