import { extname, resolve } from '../builtins/path'
import type { LoaderOptions } from '../loader/loader'
import type { PackageJson, ResolverFs } from '../loader/package-scope'
import type { Runtime } from '../node/runtime'

/** Which runner the tests were written for. */
export type Flavour = 'vitest' | 'jest' | 'node'

export interface TestConfig {
  flavour: Flavour
  root: string
  globals: boolean
  include: string[]
  exclude: string[]
  setupFiles: string[]
  aliases: NonNullable<LoaderOptions['aliases']>
  testTimeout: number
  hookTimeout: number
  retry: number
  bail: number
  passWithNoTests: boolean
  clearMocks: boolean
  env: Record<string, string>
  /** Things the config asks for that are not done here; said once on stderr. */
  notes: string[]
}

export const testFilePatterns = {
  vitest: ['**/*.{test,spec}.?(c|m)[jt]s?(x)'],
  jest: ['**/__tests__/**/*.?([mc])[jt]s?(x)', '**/?(*.)+(spec|test).?([mc])[jt]s?(x)'],
  node: [
    '**/*.test.?(c|m)[jt]s',
    '**/*-test.?(c|m)[jt]s',
    '**/*_test.?(c|m)[jt]s',
    '**/test-*.?(c|m)[jt]s',
    '**/test.?(c|m)[jt]s',
    '**/test/**/*.?(c|m)[jt]s',
  ],
} as const satisfies Record<Flavour, readonly string[]>

const defaultExclude = ['**/node_modules/**', '**/.git/**', '**/dist/**']

export function defaultConfig(flavour: Flavour, root: string): TestConfig {
  return {
    flavour,
    root,
    globals: flavour === 'jest',
    include: [...testFilePatterns[flavour]],
    exclude: [...defaultExclude],
    setupFiles: [],
    aliases: [],
    testTimeout: flavour === 'node' ? 2 ** 31 - 1 : 5000,
    hookTimeout: flavour === 'node' ? 2 ** 31 - 1 : 10_000,
    retry: 0,
    bail: 0,
    passWithNoTests: false,
    clearMocks: false,
    env: {},
    notes: [],
  }
}

const configNames = ['vitest.config', 'vite.config'].flatMap((name) =>
  ['.ts', '.mts', '.js', '.mjs'].map((extension) => name + extension),
)

/** The runner a project uses, by its package.json; vitest when nothing says otherwise. */
export function detectFlavour(fs: ResolverFs, root: string): Flavour {
  if (configNames.slice(0, 4).some((name) => fs.isFile(`${root}/${name}`))) return 'vitest'
  const path = `${root}/package.json`
  if (!fs.isFile(path)) return 'vitest'
  const json = parsePackage(fs.readText(path))
  const listed = { ...json.dependencies, ...json.devDependencies }
  const script = json.scripts?.test ?? ''
  if (/\bvitest\b/.test(script) || 'vitest' in listed) return 'vitest'
  if (/\bjest\b/.test(script) || 'jest' in listed || '@jest/globals' in listed || 'jest' in json) return 'jest'
  return /\bnode\b.*--test\b/.test(script) ? 'node' : 'vitest'
}

/** A package.json that cannot be read says nothing about tests; the command that needs it complains. */
function parsePackage(text: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson
  } catch {
    return {}
  }
}

interface RawConfig {
  resolve?: { alias?: Record<string, string> | { find: string | RegExp; replacement: string }[] }
  test?: Partial<Record<string, unknown>>
}

/** Reads the project's vitest config by running it; plugins have no part in it. */
export async function loadConfig(runtime: Runtime, flavour: Flavour, configPath?: string): Promise<TestConfig> {
  const { fs, process } = runtime
  const root = process.cwd()
  const config = defaultConfig(flavour, root)
  if (flavour === 'jest') return withJestConfig(config, fs)
  if (flavour === 'node') return config
  const path = configPath ?? configNames.map((name) => `${root}/${name}`).find((name) => fs.isFile(name))
  if (path === undefined) return config
  const extra = { 'vitest/config': createConfigModule, vite: createConfigModule }
  const loader = runtime.createLoader({ extra })
  try {
    const namespace = (await loader.import(path)) as { default?: unknown }
    return merge(config, await settle(namespace.default))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    config.notes.push(`${path.slice(root.length + 1)} was not used: ${error.message.split('\n')[0]}.`)
    return config
  }
}

function createConfigModule(): object {
  const identity = (config: unknown) => config
  const mergeConfig = (base: RawConfig, over: RawConfig) => ({ ...base, ...over, test: { ...base.test, ...over.test } })
  const configDefaults = { include: testFilePatterns.vitest, exclude: defaultExclude }
  return { defineConfig: identity, defineProject: identity, mergeConfig, configDefaults, loadEnv: () => ({}) }
}

async function settle(value: unknown): Promise<RawConfig> {
  const made: unknown = typeof value === 'function' ? value({ command: 'serve', mode: 'test' }) : value
  return ((await made) ?? {}) as RawConfig
}

function merge(config: TestConfig, raw: RawConfig): TestConfig {
  const test = raw.test ?? {}
  const { root } = config
  const texts = (value: unknown, fallback: string[]) => (value === undefined ? fallback : [value].flat(2).map(String))
  const number = (value: unknown, fallback: number) => (typeof value === 'number' ? value : fallback)
  const alias = { ...toPairs(raw.resolve?.alias), ...toPairs(test.alias as RawConfig['resolve']) }
  const notes: string[] = []
  const environment = test.environment
  if (environment !== undefined && environment !== 'node') {
    notes.push(`The environment "${String(environment)}" is not available here; tests run in "node".`)
  }
  return {
    ...config,
    globals: test.globals === true,
    include: texts(test.include, config.include),
    exclude: texts(test.exclude, config.exclude),
    setupFiles: texts(test.setupFiles, []).map((path) => resolve(root, path)),
    aliases: [
      ...Object.entries(alias).map(([find, replacement]) => ({ find, replacement })),
      ...(Array.isArray(raw.resolve?.alias) ? raw.resolve.alias : []),
    ].map(({ find, replacement }) => ({ find, replacement: toAbsolute(replacement, root) })),
    testTimeout: number(test.testTimeout, config.testTimeout),
    hookTimeout: number(test.hookTimeout, config.hookTimeout),
    retry: number(test.retry, 0),
    bail: number(test.bail, 0),
    passWithNoTests: test.passWithNoTests === true,
    clearMocks: test.clearMocks === true || test.mockReset === true || test.restoreMocks === true,
    env: (test.env ?? {}) as Record<string, string>,
    notes,
  }
}

const toPairs = (alias: unknown): Record<string, string> =>
  typeof alias === 'object' && alias !== null && !Array.isArray(alias) ? (alias as Record<string, string>) : {}

function toAbsolute(replacement: string, root: string): string {
  if (replacement.startsWith('file://')) return decodeURIComponent(replacement.slice(7))
  return replacement.startsWith('.') ? resolve(root, replacement) : replacement
}

function withJestConfig(config: TestConfig, fs: ResolverFs): TestConfig {
  const path = `${config.root}/package.json`
  const own = fs.isFile(path)
    ? (Reflect.get(parsePackage(fs.readText(path)), 'jest') as Record<string, unknown> | undefined)
    : undefined
  const place = (value: unknown) => resolve(config.root, String(value).replace('<rootDir>', '.'))
  const files = [own?.setupFiles ?? [], own?.setupFilesAfterEnv ?? []].flat(2).map(place)
  const aliases = Object.entries((own?.moduleNameMapper ?? {}) as Record<string, string>).map(([pattern, target]) => ({
    find: new RegExp(pattern),
    replacement: target.startsWith('<rootDir>') ? place(target) : target,
  }))
  const timeout = own?.testTimeout
  return {
    ...config,
    setupFiles: files,
    aliases,
    testTimeout: typeof timeout === 'number' ? timeout : config.testTimeout,
  }
}

/** The test files of a project, sorted; `filters` are substrings of paths, as vitest takes them. */
export function findTestFiles(
  fs: { readdir(path: string): string[]; isDirectory(path: string): boolean },
  config: TestConfig,
  filters: readonly string[],
): string[] {
  const include = config.include.map(globToRegExp)
  const exclude = config.exclude.map(globToRegExp)
  const found: string[] = []
  const walk = (folder: string, prefix: string) => {
    for (const name of fs.readdir(folder)) {
      const path = prefix + name
      if (name === 'node_modules' || name === '.git') continue
      if (fs.isDirectory(`${folder}/${name}`)) walk(`${folder}/${name}`, `${path}/`)
      else if (include.some((pattern) => pattern.test(path)) && !exclude.some((pattern) => pattern.test(path)))
        found.push(path)
    }
  }
  walk(config.root, '')
  const wanted = filters.map((filter) => filter.replace(/^\.\//, '').replace(`${config.root}/`, ''))
  return found.filter((path) => wanted.length === 0 || wanted.some((filter) => path.includes(filter))).sort()
}

/** Globs as test configs use them: `**`, `*`, `?(a|b)`, `+(…)`, `*(…)`, `@(…)`, `{a,b}`, `[…]`, `?`. */
export function globToRegExp(glob: string): RegExp {
  const pattern = glob.replace(/^\.\//, '')
  const closers: string[] = []
  let out = ''
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? ''
    const next = pattern[index + 1]
    if (next === '(' && '?+*@'.includes(char)) {
      out += '(?:'
      closers.push(`)${char === '@' ? '' : char}`)
      index++
    } else if (char === ')' && closers.length > 0) out += closers.pop() ?? ''
    else if (pattern.startsWith('**/', index)) {
      out += '(?:.*/)?'
      index += 2
    } else if (pattern.startsWith('**', index)) {
      out += '.*'
      index++
    } else if (char === '*') out += '[^/]*'
    else if (char === '?') out += '[^/]'
    else if (char === '{') {
      out += '(?:'
      closers.push('}')
    } else if (char === '}') {
      closers.pop()
      out += ')'
    } else if (char === ',' && closers.at(-1) === '}') out += '|'
    else if ('[]|'.includes(char)) out += char
    else out += char.replace(/[\\^$.+()]/g, '\\$&')
  }
  return new RegExp(`^${out}$`)
}

export const isTestFile = (path: string) =>
  testFilePatterns.vitest.some((glob) => globToRegExp(glob).test(path)) ||
  (/(^|\/)__tests__\//.test(path) && /\.[cm]?[jt]sx?$/.test(extname(path)))
