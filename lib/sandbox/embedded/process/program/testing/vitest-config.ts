import { isInPackages, scriptPattern } from '../../../vite/paths'
import { dirname, resolve } from '../builtins/path'
import type { StandIn } from '../loader/source'
import type { Runtime } from '../node/runtime'
import { workersOf } from './arguments'
import {
  defaultConfig,
  defaultExclude,
  globToRegExp,
  parsePackage,
  type TestConfig,
  testFilePatterns,
  vitestConfigNames,
} from './config'
import { thresholdsOf } from './coverage-config'

interface RawConfig {
  root?: string
  resolve?: { alias?: Record<string, string> | { find: string | RegExp; replacement: string }[]; conditions?: string[] }
  ssr?: { resolve?: { conditions?: string[] } }
  define?: Record<string, unknown>
  esbuild?: { jsx?: string; jsxImportSource?: string; jsxFactory?: string; jsxFragment?: string } | false
  oxc?: { jsx?: string | { runtime?: string; importSource?: string; pragma?: string; pragmaFrag?: string } } | false
  test?: Raw
}
type Raw = Partial<Record<string, unknown>>

/** Options that change nothing here: each file has modules of its own, in this Worker or another. */
const withoutEffect = new Set(
  'pool poolOptions isolate minWorkers watch ui api open cache logHeapUsage silent slowTestThreshold teardownTimeout forceRerunTriggers server deps benchmark update hideSkippedTests printConsoleTrace disableConsoleIntercept includeTaskLocation expandSnapshotDiff vmMemoryLimit execArgv diff allowOnly watchTriggerPatterns color standalone'.split(
    ' ',
  ),
)
const known = new Set(
  'globals include exclude setupFiles globalSetup environment environmentOptions alias css testTimeout hookTimeout fileParallelism maxWorkers retry bail passWithNoTests clearMocks mockReset restoreMocks unstubGlobals unstubEnvs fakeTimers maxConcurrency sequence includeSource reporters outputFile testNamePattern snapshotFormat snapshotSerializers resolveSnapshotPath coverage projects workspace name env root dir typecheck extends dangerouslyIgnoreUnhandledErrors'.split(
    ' ',
  ),
)

/** Reads the project's vitest config by running it; plugins have no part in it. */
export async function loadVitestConfig(
  runtime: Runtime,
  configPath?: string,
  root = runtime.process.cwd(),
): Promise<TestConfig> {
  const { fs } = runtime
  const config = defaultConfig('vitest', root)
  const given = configPath === undefined ? undefined : resolve(root, configPath)
  const path = given ?? vitestConfigNames.map((name) => `${root}/${name}`).find((name) => fs.isFile(name))
  if (path === undefined) return config
  const extra = { 'vitest/config': createConfigModule, vite: createConfigModule, ...browserProviders }
  const loader = runtime.createLoader({ extra, standInFor: withPlaceNames })
  try {
    const namespace = (await loader.import(path)) as { default?: unknown }
    const raw = await settle(namespace.default)
    const merged = merge(config, raw)
    return { ...merged, projects: await loadProjects(runtime, merged, raw.test?.projects ?? raw.test?.workspace) }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    config.notes.push(`${path.slice(root.length + 1)} was not used: ${error.message.split('\n')[0]}.`)
    return config
  }
}

/** Vite gives configs the names of CommonJS for where they are, ES modules too. */
const withPlaceNames: StandIn = (path, read) => {
  if (isInPackages(path) || !scriptPattern.test(path)) return null
  const text = read()
  const names = Object.entries({ __dirname: dirname(path), __filename: path }).filter(
    ([name]) => text.includes(name) && !new RegExp(`\\b(?:const|let|var)\\s+${name}\\b`).test(text),
  )
  const values = names.map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return values.length === 0 ? null : { text: `var ${values.join(', ')};${text}` }
}

/** What drives the browsers of projects that have tests for one: those do not run here, and their drivers neither. */
const browserProviders = Object.fromEntries(
  ['playwright', 'webdriverio', 'preview'].map((name) => [
    `@vitest/browser-${name}`,
    () => ({ [name]: (options: unknown) => ({ name, options }) }),
  ]),
)

function createConfigModule(): object {
  const identity = (config: unknown) => config
  const configDefaults = { include: testFilePatterns.vitest, exclude: defaultExclude, coverage: { exclude: [] } }
  return { defineConfig: identity, defineProject: identity, mergeConfig, configDefaults, loadEnv: () => ({}) }
}

/** Deep for objects, lists joined, as vite merges. */
function mergeConfig(base: Raw, over: Raw): Raw {
  const out: Raw = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const present = out[key]
    if (Array.isArray(present) && Array.isArray(value)) out[key] = [...present, ...value]
    else if (isPlain(present) && isPlain(value)) out[key] = mergeConfig(present, value)
    else if (value !== undefined) out[key] = value
  }
  return out
}

const isPlain = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp)

async function settle(value: unknown): Promise<RawConfig> {
  const made: unknown = typeof value === 'function' ? value({ command: 'serve', mode: 'test' }) : value
  return ((await made) ?? {}) as RawConfig
}

async function loadProjects(runtime: Runtime, parent: TestConfig, given: unknown): Promise<TestConfig[]> {
  if (!Array.isArray(given)) return []
  const out: TestConfig[] = []
  for (const entry of given as unknown[]) {
    if (typeof entry === 'string') out.push(...(await loadFolders(runtime, parent.root, entry)))
    else {
      const raw = await settle(entry)
      const root = resolve(parent.root, String(raw.test?.root ?? raw.root ?? '.'))
      const base =
        Reflect.get(raw, 'extends') === true ? { ...parent, root, projects: [] } : defaultConfig('vitest', root)
      out.push({ ...merge(base, raw), coverage: parent.coverage, name: String(raw.test?.name ?? '') })
    }
  }
  return out
}

async function loadFolders(runtime: Runtime, root: string, glob: string): Promise<TestConfig[]> {
  const { fs } = runtime
  const pattern = globToRegExp(glob.replace(/\/$/, ''))
  const found: string[] = []
  const walk = (folder: string, prefix: string, depth: number) => {
    for (const name of fs.list(folder)) {
      const path = `${prefix}${name}`
      if (name === 'node_modules' || name === '.git' || depth > 4) continue
      if (pattern.test(path)) found.push(`${folder}/${name}`)
      if (fs.isDirectory(`${folder}/${name}`)) walk(`${folder}/${name}`, `${path}/`, depth + 1)
    }
  }
  walk(root, '', 0)
  const configs = found.map(async (path) => {
    const isFolder = fs.isDirectory(path)
    const folder = isFolder ? path : path.slice(0, path.lastIndexOf('/'))
    const config = await loadVitestConfig(runtime, isFolder ? undefined : path, folder)
    const manifest = fs.isFile(`${folder}/package.json`) ? parsePackage(fs.readText(`${folder}/package.json`)) : {}
    return { ...config, name: config.name || (manifest.name ?? folder.slice(root.length + 1)) }
  })
  return Promise.all(configs)
}

function merge(config: TestConfig, raw: RawConfig): TestConfig {
  const test = raw.test ?? {}
  const root = resolve(config.root, String(test.root ?? raw.root ?? '.'))
  const texts = (value: unknown, fallback: string[]) => (value === undefined ? fallback : [value].flat(2).map(String))
  const number = (value: unknown, fallback: number) => (typeof value === 'number' ? value : fallback)
  const flag = (value: unknown, fallback: boolean) => (typeof value === 'boolean' ? value : fallback)
  const sequence = Object(test.sequence) as Raw
  const { shuffle } = sequence
  const defined = definedBy(raw.define ?? {})
  return {
    ...config,
    root,
    globals: flag(test.globals, config.globals),
    roots: test.dir === undefined ? config.roots : [resolve(root, String(test.dir))],
    include: texts(test.include, config.include),
    exclude: texts(test.exclude, config.exclude),
    setupFiles: [...config.setupFiles, ...texts(test.setupFiles, []).map((path) => resolve(root, path))],
    globalSetup: texts(test.globalSetup, config.globalSetup).map((path) => resolve(root, path)),
    environment: String(test.environment ?? config.environment),
    environmentOptions: (test.environmentOptions ?? config.environmentOptions) as Raw,
    aliases: [...aliasesOf(raw.resolve?.alias, root), ...aliasesOf(test.alias, root), ...config.aliases],
    conditions: [
      ...new Set([...config.conditions, ...(raw.resolve?.conditions ?? []), ...(raw.ssr?.resolve?.conditions ?? [])]),
    ],
    css: cssOf(test.css) ?? config.css,
    jsx: jsxOf(raw) ?? config.jsx,
    testTimeout: number(test.testTimeout, config.testTimeout),
    hookTimeout: number(test.hookTimeout, config.hookTimeout),
    maxWorkers: test.fileParallelism === false ? 1 : (workersOf(test.maxWorkers) ?? config.maxWorkers),
    retry: number(test.retry, config.retry),
    bail: number(test.bail, config.bail),
    passWithNoTests: flag(test.passWithNoTests, config.passWithNoTests),
    clearMocks: flag(test.clearMocks, config.clearMocks),
    resetMocks: flag(test.mockReset, config.resetMocks),
    restoreMocks: flag(test.restoreMocks, config.restoreMocks),
    unstubGlobals: flag(test.unstubGlobals, config.unstubGlobals),
    unstubEnvs: flag(test.unstubEnvs, config.unstubEnvs),
    fakeTimers: (test.fakeTimers ?? config.fakeTimers) as TestConfig['fakeTimers'],
    maxConcurrency: number(test.maxConcurrency, config.maxConcurrency),
    shuffle: shuffle === true || Reflect.get(Object(shuffle), 'tests') === true || config.shuffle,
    concurrent: flag(sequence.concurrent, config.concurrent),
    seed: number(sequence.seed, config.seed),
    includeSource: texts(test.includeSource, config.includeSource),
    ignoreUnhandled: flag(test.dangerouslyIgnoreUnhandledErrors, config.ignoreUnhandled),
    reporters: namesOf(test.reporters) ?? config.reporters,
    outputFile: (test.outputFile ?? config.outputFile) as TestConfig['outputFile'],
    namePattern: test.testNamePattern === undefined ? config.namePattern : new RegExp(test.testNamePattern as string),
    snapshot: {
      ...config.snapshot,
      resolvePath: (test.resolveSnapshotPath ?? config.snapshot.resolvePath) as TestConfig['snapshot']['resolvePath'],
      format: (test.snapshotFormat ?? config.snapshot.format) as Raw | undefined,
      serializers: texts(test.snapshotSerializers, config.snapshot.serializers).map((path) =>
        path.startsWith('.') ? resolve(root, path) : path,
      ),
    },
    coverage: coverageOf(config, Object(test.coverage) as Raw),
    env: { ...config.env, ...defined.env, ...((test.env ?? {}) as Record<string, string>) },
    globalValues: { ...config.globalValues, ...defined.globalValues },
    name: String(test.name ?? config.name),
    notes: [...config.notes, ...notesOf(test)],
  }
}

/** As vitest takes Vite's `define`: variables of the environment and globals, where the text is a value. */
function definedBy(define: Record<string, unknown>): Pick<TestConfig, 'env' | 'globalValues'> {
  const env: Record<string, string> = {}
  const globalValues: Record<string, unknown> = {}
  for (const [key, given] of Object.entries(define)) {
    const value = parseValue(given)
    const [, variable] = /^(?:import\.meta|process)\.env\.(.+)$/.exec(key) ?? []
    if (variable !== undefined && value !== undefined) env[variable] = String(value)
    else if (!key.includes('.') && value !== undefined) globalValues[key] = value
  }
  return { env, globalValues }
}

/** Undefined where the text is an expression. */
function parseValue(given: unknown): unknown {
  if (typeof given !== 'string') return given
  try {
    return JSON.parse(given)
  } catch {
    return undefined
  }
}

/** Which style sheets are read, and what the classes of CSS modules are called. */
function cssOf(given: unknown): TestConfig['css'] | undefined {
  if (given === undefined) return undefined
  if (typeof given === 'boolean') return { include: given ? [/./] : [], exclude: [], isScoped: true }
  const { include, exclude, modules } = Object(given) as Raw
  const patternsOf = (value: unknown) => [value].flat().filter((pattern) => pattern instanceof RegExp)
  return {
    include: patternsOf(include),
    exclude: patternsOf(exclude),
    isScoped: Reflect.get(Object(modules), 'classNameStrategy') !== 'non-scoped',
  }
}

/** Vite's compilers have it in words of their own; `preserve` leaves JSX to nobody here. */
function jsxOf({ esbuild, oxc }: RawConfig): TestConfig['jsx'] {
  const { jsx } = oxc || {}
  const given =
    typeof jsx === 'object'
      ? { runtime: jsx.runtime, source: jsx.importSource, factory: jsx.pragma, fragment: jsx.pragmaFrag }
      : esbuild
        ? {
            runtime: esbuild.jsx,
            source: esbuild.jsxImportSource,
            factory: esbuild.jsxFactory,
            fragment: esbuild.jsxFragment,
          }
        : {}
  const { runtime = given.factory === undefined ? undefined : 'classic', source, factory, fragment } = given
  const out = {
    ...(runtime !== undefined && { jsx: runtime === 'automatic' ? 'react-jsx' : 'react' }),
    ...(source !== undefined && { jsxImportSource: source }),
    ...(factory !== undefined && { jsxFactory: factory }),
    ...(fragment !== undefined && { jsxFragment: fragment }),
  }
  return Object.keys(out).length === 0 ? undefined : out
}

function coverageOf({ coverage, root }: TestConfig, given: Raw): TestConfig['coverage'] {
  return {
    isOn: given.enabled === true || coverage.isOn,
    include: namesOf(given.include) ?? coverage.include,
    exclude: namesOf(given.exclude) ?? coverage.exclude,
    reporters: namesOf(given.reporter) ?? coverage.reporters,
    directory: resolve(root, String(given.reportsDirectory ?? coverage.directory)),
    all: given.include !== undefined || given.all === true || coverage.all,
    thresholds: { ...coverage.thresholds, ...thresholdsOf(given.thresholds) },
  }
}

/** One or several, each alone or with options behind it. */
export function namesOf(given: unknown): string[] | undefined {
  if (given === undefined) return undefined
  return [given].flat(1).map((entry) => String(Array.isArray(entry) ? (entry as unknown[])[0] : entry))
}

function notesOf(test: Raw): string[] {
  const unknown = Object.keys(test).filter((key) => !known.has(key) && !withoutEffect.has(key))
  const notes = unknown.map((key) => `The option "test.${key}" has no effect in this sandbox.`)
  if (Reflect.get(Object(test.typecheck), 'enabled') === true) {
    notes.push('Type tests (test.typecheck) do not run here; `tsc` checks types.')
  }
  if (Reflect.get(Object(test.browser), 'enabled') === true) {
    notes.push('Browser mode (test.browser) is not available here; the tests run in "node".')
  }
  return notes
}

function aliasesOf(given: unknown, root: string): TestConfig['aliases'] {
  const list = Array.isArray(given)
    ? (given as { find: string | RegExp; replacement: string }[])
    : Object.entries(Object(given) as Record<string, string>).map(([find, replacement]) => ({ find, replacement }))
  return list.map(({ find, replacement }) => ({ find, replacement: toAbsolute(replacement, root) }))
}

function toAbsolute(replacement: string, root: string): string {
  if (replacement.startsWith('file://')) return decodeURIComponent(replacement.slice(7))
  return replacement.startsWith('.') ? resolve(root, replacement) : replacement
}
