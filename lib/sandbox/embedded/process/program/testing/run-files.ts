import type { TestReport } from '../../../../types'
import type { CoverageSummary } from '../../../coverage/bundle'
import type { Runtime } from '../node/runtime'
import { realTimers } from '../node/timers'
import type { TestConfig } from './config'
import { startCoverage } from './coverage'
import { createEngine, type FileOutcome } from './engine'
import type { Failure } from './failure'
import { runGlobalSetup } from './global-setup'
import { canShare, poolSize, runInPool } from './pool'
import { openSlowFiles } from './slow-files'
import { type SnapshotTotals, sumOfTotals } from './snapshots'
import { type SuiteResult, toFailure, toReport } from './suite-result'

export interface Progress {
  /** Called in the order of the files. */
  fileEnded?(result: SuiteResult): void
}

export interface RunOptions extends Progress {
  config: TestConfig
  /** Relative to the root. */
  files: readonly string[]
  namePattern?: RegExp | undefined
}

export interface RunResult {
  report: TestReport
  results: SuiteResult[]
  /** Errors outside of any test, by what they were. */
  unhandled: { file: string; failure: Failure }[]
  snapshots: SnapshotTotals
  coverage: CoverageSummary | null
}

/** From so many files on, Workers of their own take them from the start. */
const manyFiles = 24
/** A run that is over by then, or will be so long after, needs no other Worker: starting one takes about as long. */
const quickMs = 400

/**
 * Runs test files, each on modules of its own, whatever runner they were written for. What is quick runs right here;
 * the rest goes to Workers, which run side by side where there are cores and can be stopped when a test never ends.
 */
export async function runTestFiles(runtime: Runtime, options: RunOptions): Promise<RunResult> {
  const { config, files, fileEnded } = options
  const namePattern = options.namePattern ?? config.namePattern
  const startedAt = realTimers.now()
  const provided = new Map<string, unknown>()
  const envBefore = { ...runtime.process.env }
  const coverage = config.coverage.isOn ? startCoverage(runtime, config) : null
  const outcomes: FileOutcome[] = []

  /** Answers whether to go on. */
  function take(outcome: FileOutcome): boolean {
    outcomes.push(outcome)
    if (outcome.coverage !== null) coverage?.add(outcome.coverage)
    fileEnded?.(outcome.result)
    const failed = outcomes.reduce((sum, { result }) => sum + result.failures.length, 0)
    return config.bail === 0 || failed < config.bail
  }

  const stray: Failure[] = []
  runtime.onUncaught((error) => {
    if (!config.ignoreUnhandled) stray.push(toFailure(error, runtime, config.root))
  })
  const tearDown = await runGlobalSetup(runtime, config, provided)
  const isShared = config.maxWorkers !== 0 && canShare(runtime, config, provided)
  const firstHere = isShared && files.length >= manyFiles ? 0 : files.length
  let goesOn = true
  let next = 0
  if (firstHere > 0) {
    const engine = createEngine(runtime, config, { provided, coverage })
    let lastMs = 0
    const isLong = () => realTimers.now() - startedAt > quickMs && lastMs * (files.length - next) > quickMs
    while (goesOn && next < files.length && !(isShared && files.length - next > 1 && isLong())) {
      const begin = realTimers.now()
      goesOn = take(await engine.run(files[next++] ?? '', namePattern))
      lastMs = realTimers.now() - begin
    }
  }
  const slowFiles = openSlowFiles(runtime.host.fs, config.root)
  const rest = goesOn ? files.slice(next) : []
  if (rest.length > 0) {
    const size = poolSize(rest.length, config.maxWorkers)
    const startOrder = slowFiles.startOrder(rest)
    await runInPool({ runtime, config, namePattern, provided, files: rest, startOrder, size, take })
  }
  await tearDown()
  restoreEnv(runtime.process.env, envBefore)
  const results = outcomes.map(({ result }) => result)
  slowFiles.learn(results)
  return {
    report: toReport(
      results.map(({ suite }) => suite),
      realTimers.now() - startedAt,
    ),
    results,
    unhandled: [
      ...stray.map((failure) => ({ file: '', failure })),
      ...outcomes.flatMap(({ result, unhandled }) =>
        unhandled.map((failure) => ({ file: result.suite.file, failure })),
      ),
    ],
    snapshots: sumOfTotals(outcomes.map(({ snapshots }) => snapshots)),
    coverage: coverage?.summarize() ?? null,
  }
}

function restoreEnv(env: Record<string, string>, before: Record<string, string>) {
  for (const key of Object.keys(env)) if (!(key in before)) delete env[key]
  Object.assign(env, before)
}
