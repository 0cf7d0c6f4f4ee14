import {
  type File,
  startTests,
  type Test,
  type TestContext,
  type VitestRunner,
  type VitestRunnerConfig,
} from '@vitest/runner'
import { clearAllMocks, resetAllMocks, restoreAllMocks } from '@vitest/spy'
import { setSafeTimers } from '@vitest/utils/timers'
import type { CoverageData } from '../../../coverage/bundle'
import { createProject } from '../../../vite/project'
import type { Loader } from '../loader/loader'
import type { Runtime } from '../node/runtime'
import { realTimers } from '../node/timers'
import { automock } from './automock'
import type { TestConfig } from './config'
import type { Coverage } from './coverage'
import { environmentOf, setUpEnvironment } from './environment'
import { chai, type ExpectFace, installExpect } from './expect'
import { createJestFace, createVitestFace, type Face, vitestGlobals } from './faces'
import type { Failure } from './failure'
import { createJestTools } from './jest'
import { createJestExpect } from './jest-expect'
import { hasOldNames } from './jest-old-names'
import { createModuleRunner, type ModuleRunner } from './module-runner'
import { createNodeTestFace } from './node-test-face'
import { createSnapshots, type Snapshots, type SnapshotTotals } from './snapshots'
import { nameOf, type SuiteResult, testsOf, toFailure, toSuiteResult } from './suite-result'
import { createTestTools, type ToolsContext } from './vi'
import { createMetaEnv, variablesOf } from './vite-env'
import { createViteFiles } from './vite-files'

/** What one test file came to; plain data, so that it can come from another Worker. */
export interface FileOutcome {
  result: SuiteResult
  /** Errors outside of any test. */
  unhandled: Failure[]
  snapshots: SnapshotTotals
  coverage: CoverageData | null
}

export interface Engine {
  /** Runs a file, by its path from the root, on modules of its own. */
  run(file: string, namePattern: RegExp | undefined): Promise<FileOutcome>
}

export interface EngineParts {
  /** What the global setup hands to the tests. */
  provided: ReadonlyMap<string, unknown>
  coverage: Coverage | null
  /** Told before each test and its retries: its full name, and its own time limit or 0. */
  onTest?(name: string, limitMs: number): void
  /** Of the Worker among those that share a run. */
  workerId?: number
}

/** The parts that live as long as the process; matchers and the clock can be taught only once. */
export function createEngine(
  runtime: Runtime,
  config: TestConfig,
  { provided, coverage, onTest, workerId = 1 }: EngineParts,
): Engine {
  let testPath = ''
  let unhandled: Failure[] = []
  /** Of the first file, as each file leaves them as they were. */
  let globalsBefore: ReturnType<typeof readGlobals> | undefined
  runtime.onUncaught((error) => {
    if (!config.ignoreUnhandled) unhandled.push(toFailure(error, runtime, config.root))
  })
  const snapshots = createSnapshots(chai, runtime.host.fs, {
    flavour: config.flavour,
    update: config.snapshotUpdate,
    ...config.snapshot,
  })
  const vitestExpect = installExpect(() => testPath)
  const expect =
    config.flavour === 'jest'
      ? createJestExpect({
          match: snapshots.match,
          testPath: () => testPath,
          hasOldNames: hasOldNames(runtime.fs, config.root),
        })
      : vitestExpect
  const present: { loader: Loader | null; modules: ModuleRunner | null; runnerConfig: VitestRunnerConfig } = {
    loader: null,
    modules: null,
    runnerConfig: toRunnerConfig(config, undefined),
  }
  const context: ToolsContext = {
    env: runtime.process.env,
    modules() {
      if (present.modules === null) throw new Error('Modules can be replaced only while a test file runs.')
      return present.modules
    },
    fakeTimers: config.fakeTimers,
    setConfig: (changes) => void Object.assign(present.runnerConfig, changes),
    resetConfig: () =>
      void Object.assign(present.runnerConfig, toRunnerConfig(config, present.runnerConfig.testNamePattern)),
  }
  const vitestTools = createTestTools(context)
  const jestTools = createJestTools(context)
  const vitestFace = createVitestFace(vitestExpect.expect, provided)
  const jestFace = createJestFace(expect.expect, () => present.runnerConfig.testTimeout)
  const nodeFace = createNodeTestFace({
    assert: () => runtime.library.require('assert'),
    filePath: () => testPath,
    diagnostic: (message) => runtime.host.stdout(`ℹ ${message}\n`),
  })
  const isJest = config.flavour === 'jest'
  const project = createProject(runtime.host.fs, config.root)
  const viteFiles = config.flavour === 'vitest' ? createViteFiles(project, config) : null
  const metaEnv = createMetaEnv(runtime.process.env)
  const toolsFor = once((importer) => (isJest ? jestTools.jestFor(importer) : vitestTools.viFor(importer)))
  const faceFor = once((importer) => withVi(vitestFace, toolsFor(importer)))
  const jestFaceFor = once((importer) =>
    withProperty(jestFace, { jest: isJest ? toolsFor(importer) : jestTools.jestFor(importer) }),
  )
  const faces = new Map<string, (importer: string) => object>([
    ['vitest', faceFor],
    ['@jest/globals', jestFaceFor],
    ['node:test', () => nodeFace],
  ])
  const extra = { vitest: () => faceFor(testPath), '@jest/globals': () => jestFaceFor(testPath), test: () => nodeFace }
  Object.assign(runtime.process.env, {
    NODE_ENV: 'test',
    ...(config.flavour === 'vitest'
      ? {
          VITEST: 'true',
          TEST: 'true',
          ...variablesOf(project, runtime.process.env),
          VITEST_POOL_ID: `${workerId}`,
          VITEST_WORKER_ID: `${workerId}`,
        }
      : {}),
    ...(isJest ? { JEST_WORKER_ID: `${workerId}` } : {}),
    ...config.env,
  })
  // What the runner was called with is not for its workers.
  if (config.flavour === 'vitest')
    runtime.process.argv.splice(1, Infinity, `${config.root}/node_modules/vitest/dist/workers/forks.js`)
  refuseExit(runtime)
  // The runner's own time-outs must not stand in a clock that a test moves.
  setSafeTimers()
  // Matchers have many frames of their own above the test's.
  Reflect.set(Error, 'stackTraceLimit', 100)

  function installGlobals() {
    Object.assign(globalThis, config.globalValues)
    if (isJest) {
      for (const [name, value] of Object.entries(jestFace)) Reflect.set(globalThis, name, value)
      Reflect.set(globalThis, 'jest', toolsFor(testPath))
    } else if (config.globals) {
      const face = faceFor(testPath) as Face
      for (const name of vitestGlobals) Reflect.set(globalThis, name, face[name])
    }
  }

  async function run(file: string, namePattern: RegExp | undefined): Promise<FileOutcome> {
    unhandled = []
    const result = await runAlone(file, namePattern)
    // Rejections are reported some tasks after this one (the browser's, the loop's, Node's); they belong to this file.
    for (let task = 0; task < 4; task++) await new Promise((resolve) => realTimers.setTimeout(resolve, 0))
    return { result, unhandled, snapshots: snapshots.take(), coverage: coverage?.take() ?? null }
  }

  async function runAlone(file: string, namePattern: RegExp | undefined): Promise<SuiteResult> {
    const path = `${config.root}/${file}`
    globalsBefore ??= readGlobals()
    const env = { ...runtime.process.env }
    const startedAt = realTimers.now()
    testPath = path
    installGlobals()
    const loader = runtime.createLoader({
      extra,
      aliases: config.aliases,
      conditions: config.conditions,
      ...(config.jsx && { jsx: config.jsx }),
      ...(viteFiles && { standInFor: viteFiles.standInFor }),
      main: path,
      ...(coverage === null ? {} : { texts: coverage.texts }),
    })
    const modules = createModuleRunner({
      loader,
      root: config.root,
      roots: config.roots,
      flavour: isJest ? 'jest' : 'vitest',
      viteFiles,
      faces,
      toolsFor,
      metaOf: (own) => metaOf(loader, own),
      automock: (module, kind) => (isJest ? jestTools.automock(module) : automock(Object(module), kind)),
    })
    modules.mocks.automockAll = config.automock
    Object.assign(present, { loader, modules, runnerConfig: toRunnerConfig(config, namePattern) })
    const thrown: unknown[] = []
    // Snapshots may be written into the file; failures are shown in the text that ran.
    const text = runtime.fs.readText(path)
    const task = await runFile({ path, loader, modules, namePattern }).catch((error: unknown) => {
      thrown.push(error)
      return null
    })
    vitestTools.reset()
    jestTools.reset()
    const fs = { ...runtime.fs, readText: (asked: string) => (asked === path ? text : runtime.fs.readText(asked)) }
    const result = toSuiteResult(file, task, thrown, {
      runtime: { ...runtime, fs },
      config,
      durationMs: realTimers.now() - startedAt,
      hints: modules.missingExports(),
    })
    loader.dispose()
    restoreGlobals(globalsBefore)
    restoreEnv(runtime.process.env, env)
    return result
  }

  /** Vite's `import.meta.env`, and `import.meta.vitest` in the file under test alone. */
  function metaOf(loader: Loader, path: string): object {
    const meta = loader.metaOf(path)
    if (isJest || 'env' in meta) return meta
    const vitest = path === testPath && config.includeSource.length > 0 ? faceFor(path) : undefined
    return Object.assign(meta, { env: metaEnv, vitest })
  }

  interface FileRun {
    path: string
    loader: Loader
    modules: ModuleRunner
    namePattern: RegExp | undefined
  }

  async function runFile({ path, loader, modules, namePattern }: FileRun): Promise<File | null> {
    const environment = environmentOf(runtime.fs.readText(path), config)
    if (viteFiles && environment !== 'node') runtime.process.env.SSR = ''
    const tearDown = await setUpEnvironment(environment, loader, { config, runtime })
    try {
      if (config.fakeTimers.isGlobal) jestTools.useFakeTimers()
      for (const serializer of config.snapshot.serializers)
        await snapshots.addSerializerOf(() => modules.importFrom(serializer, path))
      await snapshots.start(path)
      const runner = createRunner({
        importFile: (own) => (config.flavour === 'node' ? loader.import(own) : modules.import(own)),
        expect,
        snapshots,
        config: present.runnerConfig,
        beforeTest(test) {
          onTest?.(nameOf(test), Math.abs(test.timeout))
          beforeTest()
        },
      })
      const task = (await startTests([{ filepath: path, testLocations: undefined }], runner))[0] ?? null
      await snapshots.finish(path, task === null ? [] : testsOf(task), namePattern !== undefined)
      return task
    } finally {
      await tearDown()
    }
  }

  function beforeTest() {
    if (isJest) return jestTools.beforeTest(config)
    if (config.restoreMocks) restoreAllMocks()
    if (config.resetMocks) resetAllMocks()
    if (config.clearMocks) clearAllMocks()
    const { vi } = vitestTools
    if (config.unstubEnvs) (vi.unstubAllEnvs as () => void)()
    if (config.unstubGlobals) (vi.unstubAllGlobals as () => void)()
  }

  return { run }
}

const once = (make: (key: string) => object) => {
  const made = new Map<string, object>()
  return (key: string) => {
    const known = made.get(key) ?? make(key)
    made.set(key, known)
    return known
  }
}

const withVi = (face: Face, vi: object) => withProperty(face, { vi, vitest: vi })

const withProperty = (face: Face, more: object) =>
  Object.defineProperty({ ...face, ...more }, '__esModule', { value: true })

function restoreEnv(env: Record<string, string>, before: Record<string, string>) {
  for (const key of Object.keys(env)) if (!(key in before)) delete env[key]
  Object.assign(env, before)
}

const readGlobals = () =>
  new Map(Reflect.ownKeys(globalThis).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]))

/** What a file did to `globalThis` ends with it. */
function restoreGlobals(before: Map<PropertyKey, PropertyDescriptor | undefined>) {
  for (const key of Reflect.ownKeys(globalThis)) if (!before.has(key)) Reflect.deleteProperty(globalThis, key)
  for (const [key, descriptor] of before) {
    const present = Object.getOwnPropertyDescriptor(globalThis, key)
    if (descriptor === undefined || present?.configurable === false) continue
    // Node makes many globals when they are first asked for; what a test put in such a place goes, too.
    const isSame = 'value' in descriptor ? presentValue(key) === descriptor.value : present?.get === descriptor.get
    if (!isSame) Object.defineProperty(globalThis, key, descriptor)
  }
}

/** What is there now; a getter that a test put there may well throw. */
function presentValue(key: PropertyKey): unknown {
  try {
    return Reflect.get(globalThis, key)
  } catch (error) {
    return error
  }
}

/** A test that ends the process would take the report with it. */
function refuseExit({ process }: Runtime) {
  process.exit = (code) => {
    throw new Error(`process.exit unexpectedly called with "${code ?? process.exitCode ?? 0}"`)
  }
}

function toRunnerConfig(config: TestConfig, namePattern: RegExp | undefined): VitestRunnerConfig {
  return {
    root: config.root,
    setupFiles: config.setupFiles,
    name: undefined,
    passWithNoTests: config.passWithNoTests || config.flavour === 'jest',
    testNamePattern: namePattern,
    allowOnly: true,
    sequence: {
      shuffle: config.shuffle,
      concurrent: config.concurrent,
      seed: config.seed,
      hooks: config.flavour === 'vitest' ? 'stack' : 'list',
      setupFiles: 'list',
    },
    chaiConfig: undefined,
    maxConcurrency: config.maxConcurrency,
    testTimeout: config.testTimeout,
    hookTimeout: config.hookTimeout,
    retry: config.retry,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  }
}

interface RunnerParts {
  importFile(path: string): Promise<unknown>
  expect: ExpectFace
  snapshots: Snapshots
  config: VitestRunnerConfig
  beforeTest(test: Test): void
}

function createRunner({ importFile, expect, snapshots, config, beforeTest }: RunnerParts): VitestRunner {
  const ownExpects = new WeakMap<object, unknown>()
  return {
    config,
    importFile,
    onBeforeTryTask(test) {
      beforeTest(test as Test)
      snapshots.clearTest(test as Test)
      expect.beforeTest(test as Test)
    },
    onAfterTryTask: (test) => expect.afterTest(ownExpects.get(test.context)),
    extendTaskContext(context: TestContext) {
      const make = expect.forTest
      if (make === undefined) return context
      return Object.defineProperty(context, 'expect', {
        get() {
          const own = ownExpects.get(context) ?? make(context.task as Test)
          ownExpects.set(context, own)
          return own
        },
      })
    },
  }
}
