import type { TestReport } from '../../../../types'
import type { ProcessHost, Program } from '../../host'
import { affectedTests } from '../loader/affected'
import { createRuntime, type Runtime, usesColors } from '../node/runtime'
import { describeUncaught } from '../node/uncaught'
import { type Arguments, parseArguments, withArguments } from './arguments'
import { createColors } from './colors'
import { detectFlavour, findTestFiles, type TestConfig } from './config'
import { toCoverageReport } from './coverage'
import { reportCoverage } from './coverage-files'
import { failureText } from './failure'
import { loadConfig } from './load-config'
import { reportNodeTests } from './node-report'
import { openOutput } from './reporters'
import { type Progress, type RunResult, runTestFiles } from './run-files'
import { sumOfTotals } from './snapshots'
import { toReport } from './suite-result'
import { vitestVersion } from './vitest-reporter'
import { type WatchRun, watchTests } from './watch'

const jestVersion = '30.0.0'
type Runner = 'vitest' | 'jest'

const toFolders = ({ host, fs }: Runtime) => ({ readdir: host.fs.readdir, isDirectory: fs.isDirectory })

async function runCommand(host: ProcessHost, flavour: Runner): Promise<number> {
  let parsed: Arguments
  try {
    parsed = parseArguments(host.argv.slice(1), flavour)
  } catch (error) {
    host.stderr(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  if (parsed.command === 'version') host.stdout(flavour === 'jest' ? `${jestVersion}\n` : `vitest/${vitestVersion}\n`)
  if (parsed.command === 'help') host.stdout(usageOf(flavour))
  if (parsed.command === 'version' || parsed.command === 'help') return 0
  const runtime = createRuntime(host)
  let config: TestConfig
  try {
    config = withArguments(
      await loadConfig(runtime, flavour, parsed.config, parsed.root && absolute(host, parsed.root)),
      parsed,
    )
  } catch (error) {
    host.stderr(`failed to load config\n\n${describeUncaught(error, host.fs)}`)
    return 1
  }
  for (const note of new Set(config.notes)) host.stderr(`${note}\n`)
  return execute(runtime, config, parsed)
}

const absolute = ({ cwd }: ProcessHost, path: string) =>
  path.startsWith('/') ? path : `${cwd}/${path}`.replace(/\/\.?$/, '')

async function execute(runtime: Runtime, config: TestConfig, parsed: Arguments): Promise<number> {
  const { host } = runtime
  const flavour = config.flavour as Runner
  if (parsed.command === 'list') {
    const listed = plan(runtime, config, parsed, parsed.filters).flatMap(({ config: own, files }) =>
      files.map((file) => `${own.root}/${file}\n`),
    )
    host.stdout(listed.join(''))
    return 0
  }
  // Like the originals: watching needs somebody who watches.
  const isWatching = parsed.command === 'watch' && (host.terminal !== null || flavour === 'jest') && !host.env.CI
  if (isWatching) {
    return watchTests({
      host,
      root: config.root,
      fs: runtime.fs,
      flavour,
      colors: createColors(usesColors(host)),
      filters: parsed.filters,
      namePattern: config.namePattern,
      run: (run) => runOnce(runtime, config, parsed, run),
    })
  }
  const { exitCode } = await runOnce(runtime, config, parsed, {
    files: null,
    filters: parsed.filters,
    namePattern: config.namePattern,
    update: false,
    reason: '',
  })
  return exitCode
}

interface Part {
  config: TestConfig
  files: string[]
}

/** What to run: one part a project of the workspace, or the whole. */
function plan(runtime: Runtime, config: TestConfig, parsed: Arguments, filters: readonly string[]): Part[] {
  const wanted = config.projects.filter(
    ({ name }) => parsed.projects.length === 0 || parsed.projects.some((text) => matchesName(name, text)),
  )
  const configs = config.projects.length === 0 ? [config] : wanted
  const related = parsed.command === 'related' ? relatedTests(runtime, config.root, filters) : null
  return configs.map((own) => {
    const found = findTestFiles(toFolders(runtime), own, related === null ? filters : [], runtime.process.cwd())
    const kept = related === null ? found : found.filter((file) => related.has(`${own.root}/${file}`))
    return { config: own, files: shardOf(kept, parsed.shard) }
  })
}

const matchesName = (name: string, pattern: string) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(name)

function shardOf(files: string[], shard: Arguments['shard']): string[] {
  if (shard === null) return files
  const size = Math.ceil(files.length / shard.count)
  return files.slice(size * (shard.index - 1), size * shard.index)
}

function relatedTests({ host, fs }: Runtime, root: string, changed: readonly string[]): Set<string> {
  const paths: string[] = []
  const walk = (folder: string) => {
    for (const name of host.fs.readdir(folder)) {
      if (name === 'node_modules' || name === '.git') continue
      const path = `${folder}/${name}`
      if (fs.isDirectory(path)) walk(path)
      else paths.push(path)
    }
  }
  walk(root)
  return new Set(
    affectedTests(
      fs,
      paths,
      changed.map((path) => absolute(host, path.replace(/^\.\//, ''))),
    ),
  )
}

async function runOnce(runtime: Runtime, config: TestConfig, parsed: Arguments, run: WatchRun) {
  const { host } = runtime
  const parts = plan(runtime, config, parsed, run.filters)
    .map((part) => ({
      ...part,
      files: part.files.filter((file) => run.files === null || run.files.includes(`${part.config.root}/${file}`)),
    }))
    .filter(({ files }) => files.length > 0)
  if (parts.length === 0) return { failed: [], exitCode: reportNoFiles(host, config, run.filters) }
  let output: ReturnType<typeof openOutput>
  try {
    output = openOutput(host, config)
  } catch (error) {
    host.stderr(`${error instanceof Error ? error.message : String(error)}\n`)
    return { failed: [], exitCode: 1 }
  }
  const startedAt = new Date()
  const begin = performance.now()
  const outcomes: RunResult[] = []
  for (const part of parts) {
    const own = run.update ? { ...part.config, snapshotUpdate: 'all' as const } : part.config
    const { namePattern } = run
    const prefix = prefixOf(own, config)
    const fileEnded: Progress['fileEnded'] = (result) =>
      output.progress.fileEnded?.({ ...result, suite: { ...result.suite, file: prefix + result.suite.file } })
    const outcome = await runTestFiles(runtime, { config: own, files: part.files, namePattern, fileEnded })
    outcomes.push(withPrefix(outcome, prefix))
  }
  const durationMs = performance.now() - begin
  const result = mergeResults(outcomes, durationMs)
  output.finish(result, startedAt, durationMs)
  const covered =
    result.coverage === null ? null : reportCoverage(host, result.coverage, config, createColors(usesColors(host)))
  // Jest keeps its output for the JSON alone.
  const isForPrograms = config.flavour === 'jest' && config.reporters.includes('json')
  if (covered !== null) (isForPrograms ? host.stderr : host.stdout)(covered.text)
  for (const miss of covered?.misses ?? []) host.stderr(`${miss}\n`)
  const failed = result.results
    .filter(({ failures }) => failures.length > 0)
    .map(({ suite }) => `${config.root}/${suite.file}`)
  const isBad = result.report.failed > 0 || result.unhandled.length > 0 || (covered?.misses.length ?? 0) > 0
  return { failed, exitCode: isBad ? 1 : 0 }
}

function mergeResults(outcomes: readonly RunResult[], durationMs: number): RunResult {
  const [first] = outcomes
  if (outcomes.length === 1 && first !== undefined) return first
  const results = outcomes.flatMap((outcome) => outcome.results)
  return {
    results,
    report: toReport(
      results.map(({ suite }) => suite),
      durationMs,
    ),
    unhandled: outcomes.flatMap(({ unhandled }) => unhandled),
    coverage: outcomes.at(-1)?.coverage ?? null,
    snapshots: sumOfTotals(outcomes.map(({ snapshots }) => snapshots)),
  }
}

function reportNoFiles(host: ProcessHost, config: TestConfig, filters: readonly string[]): number {
  const exitCode = config.passWithNoTests ? 0 : 1
  if (config.flavour === 'jest') host.stdout(`No tests found, exiting with code ${exitCode}\n`)
  else {
    host.stderr(`No test files found, exiting with code ${exitCode}\n\n`)
    if (filters.length > 0) host.stderr(`filter: ${filters.join(', ')}\n`)
    host.stderr(`include: ${config.include.join(', ')}\nexclude: ${config.exclude.join(', ')}\n`)
  }
  return exitCode
}

const usageOf = (flavour: Runner) =>
  flavour === 'vitest'
    ? `Usage: vitest [run | watch | related | list] [filters] [options]

  -t <pattern>           only tests whose full name matches
  -u, --update           write snapshots anew
  -c, --config <path>    the config file
  --project <name>       only this project of the workspace
  --reporter <name>      default, verbose, dot, json, junit, tap, tap-flat
  --outputFile <path>    where json, junit and tap go
  --coverage             measure coverage (--coverage.include, .reporter, .thresholds.lines …)
  --bail <n>, --retry <n>, --testTimeout <ms>, --globals, --passWithNoTests, --shard <i/n>
`
    : `Usage: jest [patterns] [options]

  -t <pattern>           only tests whose full name matches
  -u                     write snapshots anew
  -i, --ci, --watch, --json, --outputFile <path>, --coverage, --verbose, --passWithNoTests
  --findRelatedTests, --listTests, --testPathPatterns <regex>, --config <path>, --shard <i/n>
`

export const vitest: Program = (host) => runCommand(host, 'vitest')
export const jest: Program = (host) => runCommand(host, 'jest')

export interface RunTestsOptions extends Progress {
  /** Project-relative; all when absent. */
  files?: string[]
  /** Only tests whose full name contains this. */
  filter?: string
  /** Measures coverage, too. */
  coverage?: boolean
}

/** The structured report behind `Sandbox.test()`: no text to parse, the runner found out from the project. */
export async function runTests(
  host: ProcessHost,
  { files, filter, coverage = false, ...progress }: RunTestsOptions = {},
): Promise<TestReport> {
  const runtime = createRuntime(host)
  const flavour = detectFlavour(runtime.fs, runtime.process.cwd())
  // The runner joins titles with a space, the report with " > ".
  const namePattern = filter === undefined ? undefined : new RegExp(escapeRegExp(filter).replaceAll(' > ', ' '))
  if (flavour === 'node' && !coverage) return reportNodeTests(runtime, { files, namePattern })
  let config: TestConfig
  try {
    config = await loadConfig(runtime, flavour)
    config.coverage.isOn = coverage
  } catch (error) {
    const suite = { file: `${flavour}.config`, tests: [], error: describeUncaught(error, host.fs) }
    return { passed: 0, failed: 1, skipped: 0, durationMs: 0, suites: [suite] }
  }
  const configs = config.projects.length === 0 ? [config] : config.projects
  const outcomes: RunResult[] = []
  for (const own of configs) {
    const prefix = prefixOf(own, config)
    const found = findTestFiles(toFolders(runtime), own, [])
    const asked = files?.flatMap((file) => (file.startsWith(prefix) ? [file.slice(prefix.length)] : []))
    const wanted =
      asked === undefined ? found : config.projects.length === 0 ? asked : asked.filter((file) => found.includes(file))
    const measured = { ...own, coverage: { ...own.coverage, isOn: coverage } }
    const outcome = await runTestFiles(runtime, { config: measured, files: wanted, ...progress, namePattern })
    outcomes.push(withPrefix(outcome, prefix))
  }
  const merged = mergeResults(
    outcomes,
    outcomes.reduce((sum, outcome) => sum + outcome.report.durationMs, 0),
  )
  const { unhandled } = merged
  const report: TestReport = {
    ...merged.report,
    ...(merged.coverage === null ? {} : { coverage: toCoverageReport(merged.coverage, config.root) }),
  }
  if (unhandled.length === 0) return report
  const suites = report.suites.map((suite) => {
    const own = unhandled
      .filter(({ file }) => file === suite.file)
      .map(({ failure }) => `Unhandled error\n${failureText(failure)}`)
    return own.length === 0 ? suite : { ...suite, error: [suite.error ?? [], own].flat().join('\n\n') }
  })
  return { ...report, failed: report.failed + unhandled.length, suites }
}

/** A project's files as the whole workspace names them. */
/** Where a project of a workspace lies, as its files are named from there. */
const prefixOf = (own: TestConfig, { root }: TestConfig) =>
  own.root.startsWith(`${root}/`) ? `${own.root.slice(root.length + 1)}/` : ''

function withPrefix(outcome: RunResult, prefix: string): RunResult {
  if (prefix === '') return outcome
  for (const { suite } of outcome.results) suite.file = prefix + suite.file
  return { ...outcome, unhandled: outcome.unhandled.map((entry) => ({ ...entry, file: prefix + entry.file })) }
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
