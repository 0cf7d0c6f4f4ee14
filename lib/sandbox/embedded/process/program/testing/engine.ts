import {
  type File,
  type Suite,
  startTests,
  type Task,
  type Test,
  type TestContext,
  type VitestRunner,
  type VitestRunnerConfig,
} from '@vitest/runner'
import type { TestCase, TestReport, TestSuite } from '../../../../types'
import type { Loader } from '../loader/loader'
import type { Runtime } from '../node/runtime'
import { realTimers } from '../node/timers'
import type { TestConfig } from './config'
import { checkAssertionCounts, createExpect, installExpect, resetAssertionState } from './expect'
import { createJestFace, createVitestFace, vitestGlobals } from './faces'
import { describeFailure, type Failure, failureText, type RunnerError } from './failure'
import { createNodeTestFace } from './node-test-face'
import { createTestTools } from './vi'

/** What became of a file, with what a text report needs besides `TestSuite`. */
export interface SuiteResult {
  suite: TestSuite
  failures: { name: string; failure: Failure }[]
  durationMs: number
  task: File | null
}

export interface Progress {
  fileStarted?(file: string): void
  fileEnded?(result: SuiteResult): void
}

export interface RunOptions extends Progress {
  config: TestConfig
  /** Relative to the root. */
  files: readonly string[]
  namePattern?: RegExp
}

export interface RunResult {
  report: TestReport
  results: SuiteResult[]
  /** Errors outside of any test, by what they were. */
  unhandled: { file: string; failure: Failure }[]
}

/** Runs test files one after the other, each on modules of its own, whatever runner they were written for. */
export async function runTestFiles(runtime: Runtime, options: RunOptions): Promise<RunResult> {
  const { config } = options
  const startedAt = realTimers.now()
  const engine = createEngine(runtime, config)
  const results: SuiteResult[] = []
  const unhandled: RunResult['unhandled'] = []
  let current = ''
  runtime.onUncaught((error) => unhandled.push({ file: current, failure: toFailure(error, runtime, config.root) }))
  for (const file of options.files) {
    current = file
    options.fileStarted?.(file)
    const result = await engine.run(file, options.namePattern)
    // Rejections are reported in a task of their own, after this one; they belong to this file.
    for (let task = 0; task < 2; task++) await new Promise((resolve) => realTimers.setTimeout(resolve, 0))
    results.push(result)
    options.fileEnded?.(result)
    const failed = results.reduce((sum, { failures }) => sum + failures.length, 0)
    if (config.bail > 0 && failed >= config.bail) break
  }
  return { report: toReport(results, realTimers.now() - startedAt), results, unhandled }
}

function toReport(results: readonly SuiteResult[], durationMs: number): TestReport {
  const suites = results.map(({ suite }) => suite)
  const count = (...statuses: TestCase['status'][]) =>
    suites.reduce((sum, { tests }) => sum + tests.filter(({ status }) => statuses.includes(status)).length, 0)
  // A file that could not run counts as one failure, so that a broken import never looks like success.
  const broken = suites.filter(
    ({ error, tests }) => error !== undefined && !tests.some(({ status }) => status === 'failed'),
  )
  return {
    passed: count('passed'),
    failed: count('failed') + broken.length,
    skipped: count('skipped', 'todo'),
    durationMs,
    suites,
  }
}

function createEngine(runtime: Runtime, config: TestConfig) {
  const expect = installExpect()
  let loader: Loader | null = null
  const tools = createTestTools(runtime.process.env, async (path) => loader?.import(path))
  const vitestFace = createVitestFace(expect, tools)
  const jestFace = createJestFace(expect, tools)
  const nodeFace = createNodeTestFace()
  const extra = {
    vitest: () => vitestFace,
    '@jest/globals': () => jestFace,
    test: () => nodeFace,
  }
  Object.assign(runtime.process.env, {
    NODE_ENV: 'test',
    ...(config.flavour === 'vitest' ? { VITEST: 'true' } : {}),
    ...config.env,
  })
  refuseExit(runtime)

  function installGlobals() {
    if (config.flavour === 'jest') Object.assign(globalThis, jestFace)
    else if (config.globals) for (const name of vitestGlobals) Reflect.set(globalThis, name, vitestFace[name])
  }

  async function run(file: string, namePattern: RegExp | undefined): Promise<SuiteResult> {
    const before = new Set(Reflect.ownKeys(globalThis))
    const env = { ...runtime.process.env }
    const startedAt = realTimers.now()
    installGlobals()
    const path = `${config.root}/${file}`
    loader = runtime.createLoader({ extra, aliases: config.aliases, main: path })
    const runner = createRunner(loader, config, expect, namePattern)
    let task: File | null = null
    let thrown: unknown
    try {
      task = (await startTests([{ filepath: path }], runner))[0] ?? null
    } catch (error) {
      thrown = error
    }
    tools.reset()
    const result = toSuiteResult(file, task, thrown, { runtime, config, durationMs: realTimers.now() - startedAt })
    loader.dispose()
    for (const key of Reflect.ownKeys(globalThis)) if (!before.has(key)) Reflect.deleteProperty(globalThis, key)
    for (const key of Object.keys(runtime.process.env)) if (!(key in env)) delete runtime.process.env[key]
    Object.assign(runtime.process.env, env)
    return result
  }
  return { run }
}

/** A test that ends the process would take the report with it. */
function refuseExit({ process }: Runtime) {
  process.exit = (code) => {
    throw new Error(`process.exit unexpectedly called with "${code ?? process.exitCode ?? 0}"`)
  }
}

function createRunner(
  loader: Loader,
  config: TestConfig,
  expect: ReturnType<typeof installExpect>,
  namePattern: RegExp | undefined,
): VitestRunner {
  const runnerConfig: VitestRunnerConfig = {
    root: config.root,
    setupFiles: config.setupFiles,
    name: undefined,
    passWithNoTests: config.passWithNoTests,
    testNamePattern: namePattern,
    allowOnly: true,
    sequence: {
      shuffle: false,
      concurrent: false,
      seed: 1,
      hooks: config.flavour === 'vitest' ? 'stack' : 'list',
      setupFiles: 'list',
    },
    chaiConfig: undefined,
    maxConcurrency: 5,
    testTimeout: config.testTimeout,
    hookTimeout: config.hookTimeout,
    retry: config.retry,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  }
  return {
    config: runnerConfig,
    importFile: (path) => loader.import(path),
    onBeforeTryTask: (test) => resetAssertionState(expect, test.fullTestName),
    onAfterTryTask(test) {
      const own: unknown = Reflect.get(test.context, 'ownExpect')
      checkAssertionCounts((own as typeof expect | undefined) ?? expect)
    },
    extendTaskContext(context: TestContext) {
      let own: typeof expect | undefined
      Object.defineProperty(context, 'expect', {
        get() {
          own ??= createExpect(context.task)
          return own
        },
      })
      return Object.defineProperty(context, 'ownExpect', { get: () => own })
    },
  }
}

function testsOf(task: Task): Test[] {
  return task.type === 'test' ? [task] : task.tasks.flatMap(testsOf)
}

function suitesOf(task: Suite): Suite[] {
  return [task, ...task.tasks.flatMap((child) => (child.type === 'suite' ? suitesOf(child) : []))]
}

interface ResultContext {
  runtime: Runtime
  config: TestConfig
  durationMs: number
}

function toFailure(error: unknown, { fs }: Runtime, root: string): Failure {
  if (!(error instanceof Error) && (typeof error !== 'object' || error === null)) {
    return describeFailure({ name: 'Error', message: String(error) }, root, fs)
  }
  return describeFailure(error as RunnerError, root, fs)
}

function toSuiteResult(
  file: string,
  task: File | null,
  thrown: unknown,
  { runtime, config, durationMs }: ResultContext,
): SuiteResult {
  const failures: SuiteResult['failures'] = []
  const tests: TestCase[] = []
  const fail = (name: string, error: unknown) => {
    const failure = toFailure(error, runtime, config.root)
    failures.push({ name, failure })
    return failure
  }
  for (const test of task === null ? [] : testsOf(task)) {
    const name = nameOf(test)
    const errors = test.result?.state === 'fail' ? (test.result.errors ?? []) : []
    const described = errors.map((error) => fail(name, error))
    const location = described[0]?.location
    tests.push({
      name,
      status: statusOf(test),
      durationMs: test.result?.duration ?? 0,
      ...(described.length === 0 ? {} : { error: described.map(failureText).join('\n\n') }),
      ...(location == null ? {} : { location }),
    })
    for (const subtest of test.meta.subtests ?? []) {
      const full = `${name} > ${subtest.name}`
      const failure = subtest.error === undefined || subtest.status !== 'failed' ? null : fail(full, subtest.error)
      tests.push({
        name: full,
        status: subtest.status,
        durationMs: subtest.durationMs,
        ...(failure === null ? {} : { error: failureText(failure) }),
        ...(failure?.location == null ? {} : { location: failure.location }),
      })
    }
  }
  const outside = [
    ...(thrown === undefined ? [] : [fail('', thrown)]),
    ...(task === null ? [] : suitesOf(task)).flatMap((suite) =>
      (suite.result?.errors ?? []).map((error) => fail(suite === task ? '' : nameOf(suite), error)),
    ),
  ]
  const suite: TestSuite = {
    file,
    tests,
    ...(outside.length === 0 ? {} : { error: outside.map(failureText).join('\n\n') }),
  }
  return { suite, failures, durationMs, task }
}

function nameOf(task: Task): string {
  const names: string[] = []
  for (
    let current: Task | undefined = task;
    current !== undefined && !('filepath' in current);
    current = current.suite
  ) {
    if (current.name !== '') names.unshift(current.name)
  }
  return names.join(' > ')
}

function statusOf(test: Test): TestCase['status'] {
  if (test.mode === 'todo') return 'todo'
  if (test.result?.state === 'pass') return 'passed'
  if (test.result?.state === 'fail') return 'failed'
  return 'skipped'
}
