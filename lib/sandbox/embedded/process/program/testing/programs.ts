import type { TestReport } from '../../../../types'
import type { ProcessHost, Program } from '../../host'
import { createRuntime, type Runtime, usesColors } from '../node/runtime'
import { describeUncaught } from '../node/uncaught'
import { createColors } from './colors'
import { detectFlavour, type Flavour, findTestFiles, loadConfig, type TestConfig } from './config'
import { type Progress, type RunResult, runTestFiles } from './engine'
import { failureText } from './failure'
import { createJestReporter } from './jest-reporter'
import { toJsonReport } from './json-reporter'
import { createVitestReporter, type Reporter, vitestVersion } from './vitest-reporter'

interface Arguments {
  filters: string[]
  namePattern: RegExp | undefined
  json: boolean
  outputFile: string | undefined
  config: string | undefined
  passWithNoTests: boolean
  globals: boolean | undefined
  bail: number | undefined
  testTimeout: number | undefined
  wantsWatch: boolean
  wantsHelp: boolean
  wantsVersion: boolean
}

const takesValue = new Set([
  '-t',
  '--testNamePattern',
  '--test-name-pattern',
  '--reporter',
  '--outputFile',
  '-c',
  '--config',
  '--root',
  '--dir',
  '--bail',
  '--testTimeout',
  '--pool',
  '--environment',
  '--maxWorkers',
  '-w',
  '--project',
  '--retry',
])

function parse(argv: readonly string[], flavour: Flavour): Arguments {
  const out: Arguments = {
    filters: [],
    namePattern: undefined,
    json: false,
    outputFile: undefined,
    config: undefined,
    passWithNoTests: false,
    globals: undefined,
    bail: undefined,
    testTimeout: undefined,
    wantsWatch: false,
    wantsHelp: false,
    wantsVersion: false,
  }
  for (let index = 0; index < argv.length; index++) {
    const [name = '', inline] = (argv[index] ?? '').split(/=(.*)/s)
    if (!name.startsWith('-')) {
      const isCommand = flavour === 'vitest' && index === 0 && ['run', 'watch', 'dev', 'related'].includes(name)
      if (!isCommand) out.filters.push(argv[index] ?? '')
      else if (name !== 'run') out.wantsWatch = true
      continue
    }
    const value = inline ?? (takesValue.has(name) ? argv[++index] : undefined)
    if (/^(-t|--testNamePattern|--test-name-pattern)$/.test(name)) out.namePattern = new RegExp(value ?? '')
    else if (name === '--reporter') out.json = value === 'json'
    else if (name === '--json') out.json = true
    else if (name === '--outputFile') out.outputFile = value
    else if (name === '-c' || name === '--config') out.config = value
    else if (name === '--passWithNoTests') out.passWithNoTests = true
    else if (name === '--globals') out.globals = value !== 'false'
    else if (name === '--bail') out.bail = Number(value ?? 1)
    else if (name === '--testTimeout') out.testTimeout = Number(value)
    else if (/^(--watch|--watchAll)$/.test(name)) out.wantsWatch = value !== 'false'
    else if (name === '--help' || name === '-h') out.wantsHelp = true
    else if (name === '--version' || name === '-v') out.wantsVersion = true
  }
  return out
}

function withArguments(config: TestConfig, parsed: Arguments): TestConfig {
  return {
    ...config,
    globals: parsed.globals ?? config.globals,
    bail: parsed.bail ?? config.bail,
    testTimeout: parsed.testTimeout ?? config.testTimeout,
    passWithNoTests: parsed.passWithNoTests || config.passWithNoTests,
  }
}

const toFolders = ({ host, fs }: Runtime) => ({ readdir: host.fs.readdir, isDirectory: fs.isDirectory })

async function runCommand(host: ProcessHost, flavour: Flavour): Promise<number> {
  const parsed = parse(host.argv.slice(1), flavour)
  if (parsed.wantsVersion) host.stdout(flavour === 'jest' ? '30.0.0\n' : `vitest/${vitestVersion}\n`)
  if (parsed.wantsHelp) host.stdout(`Usage: ${flavour} [filters] [-t name] [--reporter=json] [--bail n] [--globals]\n`)
  if (parsed.wantsVersion || parsed.wantsHelp) return 0
  const runtime = createRuntime(host)
  const colors = createColors(usesColors(host))
  if (parsed.wantsWatch) host.stderr('Watch mode is not available here yet; running once.\n')
  let config: TestConfig
  try {
    config = withArguments(await loadConfig(runtime, flavour, parsed.config), parsed)
  } catch (error) {
    host.stderr(`failed to load config\n\n${describeUncaught(error, host.fs)}`)
    return 1
  }
  for (const note of config.notes) host.stderr(`${note}\n`)
  const files = findTestFiles(toFolders(runtime), config, parsed.filters)
  if (files.length === 0) return reportNoFiles(host, config, parsed)
  const reporter = flavour === 'jest' ? createJestReporter(colors) : createVitestReporter(colors)
  const startedAt = new Date()
  const { progress, finish } = parsed.json ? quiet(host, parsed, config) : printing(host, reporter, config)
  const options = {
    config,
    files,
    ...progress,
    ...(parsed.namePattern === undefined ? {} : { namePattern: parsed.namePattern }),
  }
  const result = await runTestFiles(runtime, options)
  finish(result, startedAt)
  return result.report.failed > 0 || result.unhandled.length > 0 ? 1 : 0
}

interface Output {
  progress: Progress
  finish(result: RunResult, startedAt: Date): void
}

function printing(host: ProcessHost, reporter: Reporter, config: TestConfig): Output {
  host.stdout(reporter.start(config.root))
  const startedAt = performance.now()
  return {
    progress: { fileEnded: (result) => host.stdout(reporter.file(result)) },
    finish: (result, at) => host.stdout(reporter.end(result, at, performance.now() - startedAt)),
  }
}

function quiet(host: ProcessHost, parsed: Arguments, config: TestConfig): Output {
  return {
    progress: {},
    finish(result, at) {
      const text = toJsonReport(result, config.root, at.getTime())
      if (parsed.outputFile === undefined) host.stdout(text)
      else host.fs.writeFile(`${config.root}/${parsed.outputFile}`, text)
    },
  }
}

function reportNoFiles(host: ProcessHost, config: TestConfig, parsed: Arguments): number {
  const exitCode = config.passWithNoTests ? 0 : 1
  if (config.flavour === 'jest') host.stdout(`No tests found, exiting with code ${exitCode}\n`)
  else {
    host.stderr(`No test files found, exiting with code ${exitCode}\n\n`)
    if (parsed.filters.length > 0) host.stderr(`filter: ${parsed.filters.join(', ')}\n`)
    host.stderr(`include: ${config.include.join(', ')}\nexclude: ${config.exclude.join(', ')}\n`)
  }
  return exitCode
}

export const vitest: Program = (host) => runCommand(host, 'vitest')
export const jest: Program = (host) => runCommand(host, 'jest')

export interface RunTestsOptions extends Progress {
  /** Project-relative; all when absent. */
  files?: string[]
  /** Only tests whose full name contains this. */
  filter?: string
}

/** The structured report behind `Sandbox.test()`: no text to parse, the runner found out from the project. */
export async function runTests(
  host: ProcessHost,
  { files, filter, ...progress }: RunTestsOptions = {},
): Promise<TestReport> {
  const runtime = createRuntime(host)
  const flavour = detectFlavour(runtime.fs, runtime.process.cwd())
  let config: TestConfig
  try {
    config = await loadConfig(runtime, flavour)
  } catch (error) {
    const suite = { file: `${flavour}.config`, tests: [], error: describeUncaught(error, host.fs) }
    return { passed: 0, failed: 1, skipped: 0, durationMs: 0, suites: [suite] }
  }
  const wanted = files ?? findTestFiles(toFolders(runtime), config, [])
  // The runner joins titles with a space, the report with " > ".
  const namePattern = filter === undefined ? undefined : new RegExp(escapeRegExp(filter).replaceAll(' > ', ' '))
  const options = { config, files: wanted, ...progress, ...(namePattern === undefined ? {} : { namePattern }) }
  const { report, unhandled } = await runTestFiles(runtime, options)
  if (unhandled.length === 0) return report
  const suites = report.suites.map((suite) => {
    const own = unhandled
      .filter(({ file }) => file === suite.file)
      .map(({ failure }) => `Unhandled error\n${failureText(failure)}`)
    return own.length === 0 ? suite : { ...suite, error: [suite.error ?? [], own].flat().join('\n\n') }
  })
  return { ...report, failed: report.failed + unhandled.length, suites }
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
