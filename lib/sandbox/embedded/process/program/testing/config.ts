import { extname, relative, resolve } from '../builtins/path'
import type { LoaderOptions } from '../loader/loader'
import type { PackageJson, ResolverFs } from '../loader/package-scope'
import { type CoverageConfig, defaultCoverage } from './coverage-config'
import type { FakeTimerOptions } from './fake-timers'

/** Which runner the tests were written for. */
export type Flavour = 'vitest' | 'jest' | 'node'

export interface TestConfig {
  flavour: Flavour
  root: string
  globals: boolean
  /** Folders that tests are looked for in; everywhere when there are none. */
  roots: string[]
  include: string[]
  exclude: string[]
  /** Jest's regular expressions: one that finds a test file by its absolute path, one that forbids it. */
  includePatterns: RegExp[]
  excludePatterns: RegExp[]
  setupFiles: string[]
  globalSetup: string[]
  /** `node`, or what the project's own node_modules have: `happy-dom`, `jsdom`. */
  environment: string
  environmentOptions: Record<string, unknown>
  aliases: NonNullable<LoaderOptions['aliases']>
  /** Of package exports, beyond Node's own. */
  conditions: string[]
  /** Vitest's: which style sheets are more than empty modules, and whether names of classes carry their file's. */
  css: { include: RegExp[]; exclude: RegExp[]; isScoped: boolean }
  /** How JSX is compiled, where the config says it. */
  jsx: LoaderOptions['jsx']
  testTimeout: number
  hookTimeout: number
  retry: number
  bail: number
  passWithNoTests: boolean
  clearMocks: boolean
  resetMocks: boolean
  restoreMocks: boolean
  /** Jest's: modules start anew before each test. */
  resetModules: boolean
  unstubGlobals: boolean
  unstubEnvs: boolean
  fakeTimers: FakeTimerOptions & { isGlobal?: boolean }
  maxConcurrency: number
  shuffle: boolean
  concurrent: boolean
  seed: number
  /** Files in which tests may stand beside the code, behind `import.meta.vitest`. */
  includeSource: string[]
  ignoreUnhandled: boolean
  reporters: string[]
  outputFile: string | Record<string, string> | undefined
  namePattern: RegExp | undefined
  snapshotUpdate: 'all' | 'new' | 'none'
  snapshot: {
    resolvePath?: ((testPath: string, extension: string) => string) | undefined
    format?: Record<string, unknown> | undefined
    serializers: string[]
  }
  coverage: CoverageConfig
  /** How many Workers may run files side by side: as the machine has cores when null, none beside this one when 0. */
  maxWorkers: number | null
  /** Parts of a workspace; each runs with its own settings. */
  projects: TestConfig[]
  name: string
  /** Jest's `globals`, and what Vite's `define` names. */
  globalValues: Record<string, unknown>
  automock: boolean
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

export const defaultExclude = ['**/node_modules/**', '**/.git/**', '**/dist/**']

export function defaultConfig(flavour: Flavour, root: string): TestConfig {
  return {
    flavour,
    root,
    globals: flavour === 'jest',
    roots: [],
    include: [...testFilePatterns[flavour]],
    exclude: [...defaultExclude],
    includePatterns: [],
    excludePatterns: [],
    setupFiles: [],
    globalSetup: [],
    environment: 'node',
    environmentOptions: {},
    aliases: [],
    conditions: [],
    css: { include: [], exclude: [], isScoped: true },
    jsx: undefined,
    testTimeout: flavour === 'node' ? 2 ** 31 - 1 : 5000,
    hookTimeout: flavour === 'node' ? 2 ** 31 - 1 : 10_000,
    retry: 0,
    bail: 0,
    passWithNoTests: false,
    clearMocks: false,
    resetMocks: false,
    restoreMocks: false,
    resetModules: false,
    unstubGlobals: false,
    unstubEnvs: false,
    fakeTimers: {},
    maxConcurrency: 5,
    shuffle: false,
    concurrent: false,
    seed: 1,
    includeSource: [],
    ignoreUnhandled: false,
    reporters: ['default'],
    outputFile: undefined,
    namePattern: undefined,
    snapshotUpdate: 'new',
    snapshot: { serializers: [] },
    coverage: defaultCoverage(root),
    maxWorkers: null,
    projects: [],
    name: '',
    globalValues: {},
    automock: false,
    env: {},
    notes: [],
  }
}

export const vitestConfigNames = ['vitest.config', 'vite.config'].flatMap((name) =>
  ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'].map((extension) => name + extension),
)
export const jestConfigNames = ['.ts', '.js', '.mjs', '.cjs', '.json'].map((extension) => `jest.config${extension}`)

/** The runner a project uses, by its package.json; vitest when nothing says otherwise. */
export function detectFlavour(fs: ResolverFs, root: string): Flavour {
  if (vitestConfigNames.slice(0, 6).some((name) => fs.isFile(`${root}/${name}`))) return 'vitest'
  const path = `${root}/package.json`
  if (jestConfigNames.some((name) => fs.isFile(`${root}/${name}`))) return 'jest'
  if (!fs.isFile(path)) return 'vitest'
  const json = parsePackage(fs.readText(path))
  const listed = { ...json.dependencies, ...json.devDependencies }
  const script = json.scripts?.test ?? ''
  if (/\bvitest\b/.test(script) || 'vitest' in listed) return 'vitest'
  if (/\bjest\b/.test(script) || 'jest' in listed || '@jest/globals' in listed || 'jest' in json) return 'jest'
  return /\bnode\b.*--test\b/.test(script) ? 'node' : 'vitest'
}

/** The project's `npm test`. */
export function testScriptOf(fs: ResolverFs, root: string): string {
  const path = `${root}/package.json`
  return (fs.isFile(path) && parsePackage(fs.readText(path)).scripts?.test) || ''
}

/** A package.json that cannot be read says nothing about tests; the command that needs it complains. */
export function parsePackage(text: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson
  } catch {
    return {}
  }
}

/** The test files of a project, sorted; `filters` were typed in `cwd`. */
export function findTestFiles(
  fs: { readdir(path: string): string[]; isDirectory(path: string): boolean },
  config: TestConfig,
  filters: readonly string[],
  cwd = config.root,
): string[] {
  const include = [...config.include, ...config.includeSource].map(globToRegExp)
  // With a slash at its end a pattern names a folder and all in it.
  const exclude = config.exclude.map((glob) => globToRegExp(glob.endsWith('/') ? `${glob}**` : glob))
  const { roots, includePatterns, excludePatterns } = config
  const isTest = (path: string) => {
    const absolute = `${config.root}/${path}`
    const isIncluded =
      includePatterns.length > 0
        ? includePatterns.some((pattern) => pattern.test(absolute))
        : include.some((pattern) => pattern.test(path))
    return (
      isIncluded &&
      (roots.length === 0 || roots.some((folder) => absolute.startsWith(`${folder}/`))) &&
      !exclude.some((pattern) => pattern.test(path)) &&
      !excludePatterns.some((pattern) => pattern.test(absolute))
    )
  }
  const found: string[] = []
  const walk = (folder: string, prefix: string) => {
    for (const name of fs.readdir(folder)) {
      const path = prefix + name
      if (name === 'node_modules' || name === '.git') continue
      if (fs.isDirectory(`${folder}/${name}`)) walk(`${folder}/${name}`, `${path}/`)
      else if (isTest(path)) found.push(path)
    }
  }
  walk(config.root, '')
  const wanted = filters.map((filter) =>
    (config.flavour === 'jest' ? matchesPattern : matchesText)(filter, cwd, config),
  )
  return found.filter((path) => wanted.length === 0 || wanted.some((isWanted) => isWanted(path))).sort()
}

type Match = (filter: string, cwd: string, config: TestConfig) => (path: string) => boolean

/** Vitest's: a part of the path in its project, or the path of a folder or file from where it was typed. */
const matchesText: Match = (filter, cwd, { root }) => {
  const slash = filter.endsWith('/') ? '/' : ''
  const texts = [filter, relative(root, resolve(cwd, filter)) + slash].map((text) => text.toLowerCase())
  return (path) => texts.some((text) => path.toLowerCase().includes(text)) || `${root}/${path}`.startsWith(filter)
}

/** Jest's: a regular expression for the absolute path; here also a file with brackets in its name. */
const matchesPattern: Match = (filter, cwd, config) => {
  const isText = matchesText(filter, cwd, config)
  try {
    const pattern = new RegExp(filter.replace(/^\.\//, ''), 'i')
    return (path) => pattern.test(`${config.root}/${path}`) || isText(path)
  } catch {
    return isText
  }
}

/** Globs as test configs use them: `**`, `*`, `?(a|b)`, `+(…)`, `*(…)`, `@(…)`, `!(…)`, `(…)`, `{a,b}`, `[…]`, `?`. */
export const globToRegExp = (glob: string): RegExp => new RegExp(`^${sourceOfGlob(glob.replace(/^\.\//, ''))}$`)

function sourceOfGlob(pattern: string): string {
  const closers: string[] = []
  let out = ''
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? ''
    const next = pattern[index + 1]
    if (next === '(' && '?+*@'.includes(char)) {
      out += '(?:'
      closers.push(`)${char === '@' ? '' : char}`)
      index++
    } else if (char === '!' && next === '(' && pattern.includes(')', index)) {
      const end = pattern.indexOf(')', index)
      const rest = sourceOfGlob(pattern.slice(end + 1))
      return `${out}(?!(?:${sourceOfGlob(pattern.slice(index + 2, end))})${rest}$)[^/]*${rest}`
    } else if (char === '(') {
      out += '(?:'
      closers.push(')')
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
  return out
}

export const isTestFile = (path: string) =>
  testFilePatterns.vitest.some((glob) => globToRegExp(glob).test(path)) ||
  (/(^|\/)__tests__\//.test(path) && /\.[cm]?[jt]sx?$/.test(extname(path)))
