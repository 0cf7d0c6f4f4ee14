import { resolve } from '../builtins/path'
import type { Runtime } from '../node/runtime'
import { workersOf } from './arguments'
import { defaultConfig, jestConfigNames, parsePackage, type TestConfig } from './config'
import { thresholdsOf } from './coverage-config'
import { namesOf } from './vitest-config'

type Raw = Partial<Record<string, unknown>>

const withoutEffect = new Set(
  'verbose cache cacheDirectory watchman watchPathIgnorePatterns moduleFileExtensions modulePathIgnorePatterns haste errorOnDeprecated detectOpenHandles forceExit workerIdleMemoryLimit workerThreads openHandlesTimeout slowTestThreshold injectGlobals extensionsToTreatAsEsm transformIgnorePatterns prettierPath coverageProvider notify notifyMode silent logHeapUsage ci'.split(
    ' ',
  ),
)
const known = new Set(
  'testMatch testRegex testPathIgnorePatterns setupFiles setupFilesAfterEnv globalSetup globalTeardown moduleNameMapper moduleDirectories modulePaths testEnvironment testEnvironmentOptions testTimeout maxWorkers bail clearMocks resetMocks restoreMocks fakeTimers timers maxConcurrency randomize reporters snapshotFormat snapshotSerializers collectCoverageFrom coverageDirectory coverageReporters coverageThreshold coveragePathIgnorePatterns projects globals passWithNoTests transform preset automock resetModules roots rootDir displayName collectCoverage'.split(
    ' ',
  ),
)

/** Reads `jest.config.*` or the key in package.json; presets and transforms have no part in it. */
export async function loadJestConfig(
  runtime: Runtime,
  configPath?: string,
  root = runtime.process.cwd(),
): Promise<TestConfig> {
  const raw = await readRaw(runtime, root, configPath)
  const config = merge(defaultConfig('jest', root), raw)
  if (!Array.isArray(raw.projects)) return config
  const projects = await Promise.all((raw.projects as unknown[]).map((entry) => loadProject(runtime, config, entry)))
  return { ...config, projects }
}

async function loadProject(runtime: Runtime, parent: TestConfig, entry: unknown): Promise<TestConfig> {
  const place = (text: string) => resolve(parent.root, text.replace('<rootDir>', '.'))
  if (typeof entry === 'string') {
    const path = place(entry)
    if (path === parent.root) return { ...parent, projects: [] }
    return runtime.fs.isFile(path)
      ? loadJestConfig(runtime, path, path.slice(0, path.lastIndexOf('/')))
      : loadJestConfig(runtime, undefined, path)
  }
  const raw = Object(entry) as Raw
  const root = raw.rootDir === undefined ? parent.root : place(String(raw.rootDir))
  return { ...merge(defaultConfig('jest', root), raw), name: String(raw.displayName ?? ''), coverage: parent.coverage }
}

async function readRaw(runtime: Runtime, root: string, configPath: string | undefined): Promise<Raw> {
  const { fs } = runtime
  const given = configPath === undefined ? undefined : resolve(root, configPath)
  const path = given ?? jestConfigNames.map((name) => `${root}/${name}`).find((name) => fs.isFile(name))
  if (path !== undefined) {
    const namespace = (await runtime.createLoader().import(path)) as { default?: unknown }
    const exported = namespace.default
    return ((await (typeof exported === 'function' ? exported() : exported)) ?? {}) as Raw
  }
  const manifest = `${root}/package.json`
  return fs.isFile(manifest) ? (Object((parsePackage(fs.readText(manifest)) as Raw).jest) as Raw) : {}
}

function merge(config: TestConfig, raw: Raw): TestConfig {
  const root = raw.rootDir === undefined ? config.root : resolve(config.root, String(raw.rootDir))
  const place = (value: unknown) => resolvePath(root, String(value))
  const list = (value: unknown) => (value === undefined ? [] : [value].flat(2).map(String))
  const number = (value: unknown, fallback: number) => (typeof value === 'number' ? value : fallback)
  const fakeTimers = Object(raw.fakeTimers) as Raw
  return {
    ...config,
    root,
    roots: list(raw.roots).map(place),
    include:
      raw.testMatch === undefined ? config.include : list(raw.testMatch).map((glob) => glob.replace('<rootDir>/', '')),
    includePatterns: list(raw.testRegex).map((text) => new RegExp(text)),
    excludePatterns: list(raw.testPathIgnorePatterns ?? ['/node_modules/']).map(
      (text) => new RegExp(text.replace('<rootDir>', root)),
    ),
    setupFiles: [...list(raw.setupFiles), ...list(raw.setupFilesAfterEnv)].map(place),
    globalSetup: [...list(raw.globalSetup), ...list(raw.globalTeardown)].map(place),
    environment: String(raw.testEnvironment ?? 'node')
      .replace(/^jest-environment-/, '')
      .replace(/^@happy-dom\/jest-environment$/, 'happy-dom'),
    environmentOptions: Object(raw.testEnvironmentOptions) as Raw,
    aliases: mapperOf(Object(raw.moduleNameMapper) as Raw, root, [
      ...list(raw.modulePaths),
      ...list(raw.moduleDirectories).filter((folder) => folder !== 'node_modules'),
    ]),
    conditions: list(Reflect.get(Object(raw.testEnvironmentOptions), 'customExportConditions')),
    testTimeout: number(raw.testTimeout, config.testTimeout),
    hookTimeout: number(raw.testTimeout, config.testTimeout),
    maxWorkers: workersOf(raw.maxWorkers) ?? config.maxWorkers,
    bail: raw.bail === true ? 1 : number(raw.bail, 0),
    passWithNoTests: raw.passWithNoTests === true,
    clearMocks: raw.clearMocks === true,
    resetMocks: raw.resetMocks === true,
    restoreMocks: raw.restoreMocks === true,
    resetModules: raw.resetModules === true,
    fakeTimers: { isGlobal: fakeTimers.enableGlobally === true || raw.timers === 'fake' || raw.timers === 'modern' },
    maxConcurrency: number(raw.maxConcurrency, 5),
    shuffle: raw.randomize === true,
    reporters: namesOf(raw.reporters) ?? config.reporters,
    snapshot: {
      ...config.snapshot,
      format: raw.snapshotFormat as Raw | undefined,
      serializers: list(raw.snapshotSerializers).map((path) => (/^(\.|<rootDir>)/.test(path) ? place(path) : path)),
    },
    coverage: {
      ...config.coverage,
      isOn: raw.collectCoverage === true,
      include: list(raw.collectCoverageFrom),
      exclude: list(raw.coveragePathIgnorePatterns),
      all: raw.collectCoverageFrom !== undefined,
      directory: place(raw.coverageDirectory ?? 'coverage'),
      reporters:
        raw.coverageReporters === undefined ? ['text', 'lcov', 'json-summary'] : (namesOf(raw.coverageReporters) ?? []),
      thresholds: thresholdsOf(Reflect.get(Object(raw.coverageThreshold), 'global')),
    },
    globalValues: Object(raw.globals) as Raw,
    automock: raw.automock === true,
    notes: notesOf(raw),
  }
}

const resolvePath = (root: string, path: string) => resolve(root, path.replace('<rootDir>', '.'))

function mapperOf(mapper: Raw, root: string, modulePaths: readonly string[]): TestConfig['aliases'] {
  const mapped = Object.entries(mapper).map(([pattern, target]) => {
    const replacement = String([target].flat()[0])
    const find = new RegExp(pattern)
    return {
      find,
      replacement: replacement.startsWith('<rootDir>') ? resolvePath(root, replacement) : replacement,
      whole: true,
    }
  })
  const folders = modulePaths.map((folder) => ({
    find: /^(?![./]|node:)(.+)$/,
    replacement: `${resolvePath(root, folder)}/$1`,
    optional: true,
  }))
  return [...mapped, ...folders]
}

function notesOf(raw: Raw): string[] {
  const notes = Object.keys(raw)
    .filter((key) => !known.has(key) && !withoutEffect.has(key))
    .map((key) => `The Jest option "${key}" has no effect in this sandbox.`)
  if (raw.transform !== undefined && Object.keys(Object(raw.transform)).length > 0) {
    notes.push('"transform" is not used: TypeScript, JSX and modules are compiled by the sandbox itself.')
  }
  if (raw.preset !== undefined)
    notes.push(`The preset "${String(raw.preset)}" is not used: files are compiled by the sandbox itself.`)
  return notes
}
