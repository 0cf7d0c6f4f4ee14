// The part that measures coverage: instruments sources and adds counters up. Loaded on first use (`--coverage`) into
// a process Worker, where Node's builtins are at hand as `require`. Must never be imported by another bundle.
import { type CoverageMap, type CoverageMapData, createCoverageMap } from 'istanbul-lib-coverage'
import { createInstrumenter } from 'istanbul-lib-instrument'

export interface Instrumented {
  code: string
  /** Of the source map from `code` to the file. */
  mappings: string
  /** Counters at zero; for files that no test loads. */
  initial: CoverageMapData[string]
}

export interface CoveredFile {
  /** Absolute. */
  path: string
  /** Total, covered, percent. */
  lines: Tally
  statements: Tally
  functions: Tally
  branches: Tally
  /** Line → how often it ran. */
  hits: [line: number, count: number][]
  /** Lines with a branch that was not taken. */
  partial: number[]
  functionHits: { name: string; line: number; count: number }[]
  branchHits: { line: number; block: number; branch: number; count: number }[]
}

export interface Tally {
  total: number
  covered: number
  pct: number
}

export interface CoverageSummary {
  files: CoveredFile[]
  total: Record<'lines' | 'statements' | 'functions' | 'branches', Tally>
}

const variable = '__coverage__'

export function instrument(text: string, path: string): Instrumented {
  const isTyped = /\.([cm]?ts|tsx)$/.test(path)
  const instrumenter = createInstrumenter({
    coverageVariable: variable,
    esModules: true,
    compact: false,
    preserveComments: true,
    produceSourceMap: true,
    autoWrap: true,
    parserPlugins: [
      ...(isTyped ? (['typescript', 'decorators-legacy'] as const) : []),
      ...(/\.[cm]?ts$/.test(path) ? [] : (['jsx'] as const)),
      'importAttributes',
      'explicitResourceManagement',
    ] as never,
    // Lines stay, so that whoever reads a stack without the map is right about them.
    generatorOpts: { retainLines: true },
  } as Parameters<typeof createInstrumenter>[0])
  const code = instrumenter.instrumentSync(text, path)
  const map = instrumenter.lastSourceMap() as { mappings?: string } | null
  return { code, mappings: map?.mappings ?? '', initial: instrumenter.lastFileCoverage() as Instrumented['initial'] }
}

/** The counters of one instrumented text. */
export interface Counters {
  hash: string
  s: Record<string, number>
  f: Record<string, number>
  b: Record<string, number[]>
}

/** What a file counted: with its places the first time, then by itself. */
export type CoverageData = Record<string, CoverageMapData[string] | Counters>

/** Adds up the counters of many test files. */
export function createCollector() {
  const map = createCoverageMap({})
  /** Counters of the same text are added number by number; comparing places, as istanbul does, takes far longer. */
  function add(path: string, counted: CoverageData[string]) {
    const known = map.data[path] as unknown as { data: Partial<Counters> } | undefined
    if (known !== undefined && 'hash' in counted && known.data.hash === counted.hash)
      addCounters(known.data as Counters, counted)
    else if ('statementMap' in counted) map.merge({ [path]: counted })
  }
  return {
    add(data: CoverageData): void {
      for (const [path, counted] of Object.entries(data)) add(path, counted)
    },
    has: (path: string): boolean => path in map.data,
    summarize: (): CoverageSummary => summarize(map),
  }
}

function addCounters(sum: Counters, { s, f, b }: Counters): void {
  for (const [id, count] of Object.entries(s)) sum.s[id] = (sum.s[id] ?? 0) + count
  for (const [id, count] of Object.entries(f)) sum.f[id] = (sum.f[id] ?? 0) + count
  for (const [id, counts] of Object.entries(b)) sum.b[id] = counts.map((count, way) => (sum.b[id]?.[way] ?? 0) + count)
}

function summarize(map: CoverageMap): CoverageSummary {
  const files = map
    .files()
    .sort()
    .map((path) => describe(path, map.fileCoverageFor(path)))
  const { lines, statements, functions, branches } = map.getCoverageSummary().toJSON()
  return {
    files,
    total: {
      lines: tally(lines),
      statements: tally(statements),
      functions: tally(functions),
      branches: tally(branches),
    },
  }
}

type FileCoverage = ReturnType<ReturnType<typeof createCoverageMap>['fileCoverageFor']>

function describe(path: string, file: FileCoverage): CoveredFile {
  const { lines, statements, functions, branches } = file.toSummary().toJSON()
  const branchHits = Object.entries(file.branchMap).flatMap(([id, { loc }], block) =>
    (file.b[id] ?? []).map((count, branch) => ({ line: loc.start.line, block, branch, count })),
  )
  return {
    path,
    lines: tally(lines),
    statements: tally(statements),
    functions: tally(functions),
    branches: tally(branches),
    hits: Object.entries(file.getLineCoverage()).map(([line, count]) => [Number(line), count]),
    partial: [...new Set(branchHits.filter(({ count }) => count === 0).map(({ line }) => line))],
    functionHits: Object.entries(file.fnMap).map(([id, { name, decl }]) => ({
      name,
      line: decl.start.line,
      count: file.f[id] ?? 0,
    })),
    branchHits,
  }
}

/** Of nothing everything is covered. */
const tally = ({ total, covered, pct }: { total: number; covered: number; pct: number }): Tally => ({
  total,
  covered,
  pct: total === 0 ? 100 : Number(pct),
})
