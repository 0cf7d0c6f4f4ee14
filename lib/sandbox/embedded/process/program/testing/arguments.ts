import { natives } from '../node/natives'
import type { TestConfig } from './config'
import { thresholdsOf } from './coverage-config'

export interface Arguments {
  filters: string[]
  command: 'run' | 'watch' | 'list' | 'related' | 'help' | 'version'
  config: string | undefined
  root: string | undefined
  projects: string[]
  shard: { index: number; count: number } | null
  /** Changes to the config, in order. */
  overrides: Partial<TestConfig>[]
  coverage: Partial<TestConfig['coverage']>
  /** Sentences on options that exist elsewhere but do nothing here. */
  notes: string[]
}

type Apply = (out: Arguments, value: string) => void

const override =
  (change: (value: string) => Partial<TestConfig>): Apply =>
  (out, value) =>
    void out.overrides.push(change(value))
const cover =
  (change: (value: string) => Partial<TestConfig['coverage']>): Apply =>
  (out, value) =>
    void Object.assign(out.coverage, change(value))
const isTrue = (value: string) => value !== 'false'
const nothing: Apply = () => {}
/** A number, or a share of the cores such as `50%`. */
export function workersOf(given: unknown): number | null {
  const [, digits, isShare] = /^(\d+)(%)?$/.exec(String(given)) ?? []
  if (digits === undefined) return null
  return Math.max(1, isShare ? Math.floor((natives.hardwareConcurrency * Number(digits)) / 100) : Number(digits))
}
const snapshotUpdate = (value: string): Partial<TestConfig> => ({
  snapshotUpdate: value === 'none' || value === 'new' ? value : isTrue(value) ? 'all' : 'new',
})

/** Options with a value; the others are flags, which `--no-x` and `=false` turn off. */
const valued: Record<string, Apply> = {
  '-t': override((value) => ({ namePattern: new RegExp(value) })),
  '--reporter': (out, value) => void out.overrides.push({ reporters: [value] }),
  '--reporters': (out, value) => void out.overrides.push({ reporters: [value] }),
  '--outputFile': override((value) => ({ outputFile: value })),
  '-c': (out, value) => {
    out.config = value
  },
  '--root': (out, value) => {
    out.root = value
  },
  '--rootDir': (out, value) => {
    out.root = value
  },
  '--dir': (out, value) => void out.filters.push(`${value.replace(/\/$/, '')}/`),
  '--testTimeout': override((value) => ({ testTimeout: Number(value) })),
  '--hookTimeout': override((value) => ({ hookTimeout: Number(value) })),
  '--retry': override((value) => ({ retry: Number(value) })),
  '--environment': override((value) => ({ environment: value })),
  '--env': override((value) => ({ environment: value })),
  '--testEnvironment': override((value) => ({ environment: value })),
  '--maxConcurrency': override((value) => ({ maxConcurrency: Number(value) })),
  '--exclude': override((value) => ({ exclude: [value] })),
  '--testPathPattern': (out, value) => void out.filters.push(value),
  '--testPathPatterns': (out, value) => void out.filters.push(value),
  '--testPathIgnorePatterns': override((value) => ({ excludePatterns: [new RegExp(value)] })),
  '--testMatch': override((value) => ({ include: [value] })),
  '--project': (out, value) => void out.projects.push(value),
  '--selectProjects': (out, value) => void out.projects.push(value),
  '--seed': override((value) => ({ seed: Number(value) })),
  '--sequence.seed': override((value) => ({ seed: Number(value) })),
  '--shard': (out, value) => {
    const [index = 1, count = 1] = value.split('/').map(Number)
    out.shard = { index, count }
  },
  '--coverage.reporter': (out, value) => {
    out.coverage.reporters = [...(out.coverage.reporters ?? []), value]
  },
  '--coverageReporters': (out, value) => {
    out.coverage.reporters = [...(out.coverage.reporters ?? []), value]
  },
  '--coverage.reportsDirectory': cover((value) => ({ directory: value })),
  '--coverageDirectory': cover((value) => ({ directory: value })),
  '--coverage.include': (out, value) =>
    void Object.assign(out.coverage, { include: [...(out.coverage.include ?? []), value], all: true }),
  '--collectCoverageFrom': (out, value) =>
    void Object.assign(out.coverage, { include: [...(out.coverage.include ?? []), value], all: true }),
  '--coverage.exclude': (out, value) => {
    out.coverage.exclude = [...(out.coverage.exclude ?? []), value]
  },
  '--coverage.provider': nothing,
  '--coverageProvider': nothing,
  '--pool': nothing,
  '--mode': nothing,
  '-w': override((value) => ({ maxWorkers: workersOf(value) })),
  '--maxWorkers': override((value) => ({ maxWorkers: workersOf(value) })),
  '--minWorkers': nothing,
}
for (const name of ['lines', 'functions', 'branches', 'statements']) {
  valued[`--coverage.thresholds.${name}`] = (out, value) => {
    out.coverage.thresholds = { ...out.coverage.thresholds, ...thresholdsOf({ [name]: Number(value) }) }
  }
}

const flags: Record<string, Apply> = {
  '--json': override(() => ({ reporters: ['json'] })),
  '--passWithNoTests': override((value) => ({ passWithNoTests: isTrue(value) })),
  '--globals': override((value) => ({ globals: isTrue(value) })),
  '--bail': override((value) => ({ bail: Number(value === 'true' ? 1 : value) || 0 })),
  '-b': override(() => ({ bail: 1 })),
  '-u': override(snapshotUpdate),
  '--ci': override((value) => (isTrue(value) ? { snapshotUpdate: 'none' } : {})),
  '--verbose': override(() => ({ reporters: ['verbose'] })),
  '--clearMocks': override((value) => ({ clearMocks: isTrue(value) })),
  '--resetMocks': override((value) => ({ resetMocks: isTrue(value) })),
  '--restoreMocks': override((value) => ({ restoreMocks: isTrue(value) })),
  '--mockReset': override((value) => ({ resetMocks: isTrue(value) })),
  '--randomize': override((value) => ({ shuffle: isTrue(value) })),
  '--sequence.shuffle': override((value) => ({ shuffle: isTrue(value) })),
  '--sequence.shuffle.tests': override((value) => ({ shuffle: isTrue(value) })),
  '--dangerouslyIgnoreUnhandledErrors': override((value) => ({ ignoreUnhandled: isTrue(value) })),
  '--coverage': cover((value) => ({ isOn: isTrue(value) })),
  '--coverage.enabled': cover((value) => ({ isOn: isTrue(value) })),
  '--collectCoverage': cover((value) => ({ isOn: isTrue(value) })),
  '--coverage.all': cover((value) => ({ all: isTrue(value) })),
  '-i': override(() => ({ maxWorkers: 0 })),
  '--fileParallelism': override((value) => ({ maxWorkers: isTrue(value) ? null : 1 })),
  '--watch': (out, value) => {
    out.command = isTrue(value) ? 'watch' : 'run'
  },
  '--watchAll': (out, value) => {
    out.command = isTrue(value) ? 'watch' : 'run'
  },
  '--run': (out) => {
    out.command = 'run'
  },
  '--listTests': (out) => {
    out.command = 'list'
  },
  '--findRelatedTests': (out) => {
    out.command = 'related'
  },
  '-h': (out) => {
    out.command = 'help'
  },
  '-v': (out) => {
    out.command = 'version'
  },
  '--typecheck': (out) => void out.notes.push('Type tests (--typecheck) do not run here; `tsc` checks types.'),
  '--changed': (out) => void out.notes.push('--changed needs a git history; all tests run.'),
  '-o': (out) => void out.notes.push('--onlyChanged needs a git history; all tests run.'),
  '--ui': (out) => void out.notes.push('--ui: the tests panel of the editor shows the same.'),
}
/** Each file has modules of its own, and output comes with its file: there is nothing to set. */
for (const name of '--isolate --no-isolate --parallelism --silent --cache --colors --color --detectOpenHandles --forceExit --open --allowOnly --expand -e --logHeapUsage --runTestsByPath --inspect --standalone --hideSkippedTests --clearScreen --watchman --api --showConfig --debug --errorOnDeprecated --updateSnapshot.none'.split(
  ' ',
)) {
  flags[name] = nothing
}

const longNames: Record<string, string> = {
  '--testNamePattern': '-t',
  '--config': '-c',
  '-r': '--root',
  '--update': '-u',
  '--updateSnapshot': '-u',
  '--help': '-h',
  '--version': '-v',
  '--runInBand': '-i',
  '--onlyChanged': '-o',
}

/** Reads a command line of vitest or Jest; throws with the sentence to show when an option is unknown. */
export function parseArguments(argv: readonly string[], flavour: 'vitest' | 'jest'): Arguments {
  const command = flavour === 'vitest' ? 'watch' : 'run'
  const out: Arguments = {
    filters: [],
    command,
    config: undefined,
    root: undefined,
    projects: [],
    shard: null,
    overrides: [],
    coverage: {},
    notes: [],
  }
  const isCommand = (word: string) => flavour === 'vitest' && /^(run|watch|dev|related|list|bench|init)$/.test(word)
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '--') {
      out.filters.push(...argv.slice(index + 1))
      break
    }
    if (!word.startsWith('-')) {
      if (out.filters.length > 0 || index > 0 || !isCommand(word)) out.filters.push(word)
      else if (word === 'bench' || word === 'init')
        throw new Error(`\`vitest ${word}\` is not available in this sandbox.`)
      else out.command = word === 'dev' ? 'watch' : (word as Arguments['command'])
      continue
    }
    const [typed = '', inline] = word.split(/=(.*)/s)
    const isOff = typed.startsWith('--no-')
    const plain = isOff ? `--${typed.slice(5)}` : typed
    const name = longNames[plain] ?? camel(plain)
    const resolved = longNames[name] ?? name
    const takesValue = valued[resolved]
    if (takesValue !== undefined && !isOff) takesValue(out, unquote(inline ?? argv[++index] ?? ''))
    else if (flags[resolved] !== undefined)
      flags[resolved]?.(out, isOff ? 'false' : (inline ?? bailCount(resolved, argv, index) ?? 'true'))
    else if (resolved.startsWith('--outputFile.'))
      out.overrides.push({ outputFile: { [resolved.slice(13)]: inline ?? argv[++index] ?? '' } })
    else if (takesValue === undefined) throw new Error(`Unknown option \`${typed}\``)
    if (resolved === '--bail' && inline === undefined && bailCount(resolved, argv, index) !== undefined) index++
  }
  return out
}

const bailCount = (name: string, argv: readonly string[], index: number) =>
  name === '--bail' && /^\d+$/.test(argv[index + 1] ?? '') ? argv[index + 1] : undefined
const unquote = (text: string) => text.replace(/^(["'])(.*)\1$/, '$2')
const camel = (name: string) => name.replace(/(?<=\w)-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The config as the command line wants it; lists given more than once add up. */
export function withArguments(config: TestConfig, parsed: Arguments): TestConfig {
  const changed = { ...config, notes: [...config.notes, ...parsed.notes] }
  const reporters = parsed.overrides.flatMap((change) => change.reporters ?? [])
  for (const change of parsed.overrides) {
    const { exclude, excludePatterns, outputFile, ...rest } = change
    Object.assign(changed, rest)
    if (exclude !== undefined) changed.exclude = [...changed.exclude, ...exclude]
    if (excludePatterns !== undefined) changed.excludePatterns = [...changed.excludePatterns, ...excludePatterns]
    if (outputFile !== undefined) {
      const isBoth = typeof outputFile === 'object' && typeof changed.outputFile === 'object'
      changed.outputFile = isBoth ? { ...(changed.outputFile as object), ...outputFile } : outputFile
    }
  }
  if (reporters.length > 0) changed.reporters = reporters
  const { directory } = parsed.coverage
  changed.coverage = {
    ...changed.coverage,
    ...parsed.coverage,
    ...(directory === undefined
      ? {}
      : { directory: directory.startsWith('/') ? directory : `${config.root}/${directory}` }),
    thresholds: { ...changed.coverage.thresholds, ...parsed.coverage.thresholds },
  }
  return {
    ...changed,
    projects: config.projects.map((project) => withArguments({ ...project, notes: [] }, { ...parsed, notes: [] })),
  }
}
