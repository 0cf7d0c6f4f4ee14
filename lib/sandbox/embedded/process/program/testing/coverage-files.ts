import type { CoverageSummary, CoveredFile, Tally } from '../../../coverage/bundle'
import type { ProcessHost } from '../../host'
import type { Colors } from './colors'
import type { TestConfig } from './config'

const writers: Record<string, { file: string; text(summary: CoverageSummary, root: string): string }> = {
  lcov: { file: 'lcov.info', text: toLcov },
  lcovonly: { file: 'lcov.info', text: toLcov },
  'json-summary': { file: 'coverage-summary.json', text: toJsonSummary },
}
const metrics = ['statements', 'branches', 'functions', 'lines'] as const

export interface CoverageOutcome {
  text: string
  /** Sentences on thresholds that were not met; the run fails with any. */
  misses: string[]
}

/** Writes what the config asks for and answers what to print. */
export function reportCoverage(
  host: ProcessHost,
  summary: CoverageSummary,
  config: TestConfig,
  colors: Colors,
): CoverageOutcome {
  const { reporters, directory } = config.coverage
  const lines: string[] = []
  for (const name of reporters) {
    const writer = writers[name]
    if (writer !== undefined) {
      host.fs.mkdir(directory, { recursive: true })
      host.fs.writeFile(`${directory}/${writer.file}`, writer.text(summary, config.root))
    } else if (name === 'text') lines.push(toTable(summary, config, colors))
    else if (name === 'text-summary') lines.push(toSummaryText(summary))
    else
      lines.push(
        `There is no coverage reporter "${name}" in this sandbox. There are: text, text-summary, ${Object.keys(writers).join(', ')}.\n`,
      )
  }
  return { text: lines.join(''), misses: missesOf(summary, config) }
}

function missesOf({ total }: CoverageSummary, { coverage, flavour }: TestConfig): string[] {
  return metrics.flatMap((name) => {
    const wanted = coverage.thresholds[name]
    const { pct, total: all, covered } = total[name]
    // A negative number is how many may be left uncovered.
    const isMet = wanted === undefined || (wanted < 0 ? all - covered <= -wanted : pct >= wanted)
    if (isMet) return []
    return flavour === 'jest'
      ? [`Jest: "global" coverage threshold for ${name} (${wanted}%) not met: ${pct}%`]
      : [`ERROR: Coverage for ${name} (${pct}%) does not meet global threshold (${wanted}%)`]
  })
}

function toSummaryText({ total }: CoverageSummary): string {
  const row = (name: (typeof metrics)[number]) => {
    const { pct, covered, total: all } = total[name]
    return `${`${name[0]?.toUpperCase()}${name.slice(1)}`.padEnd(13)}: ${pct}% ( ${covered}/${all} )\n`
  }
  return `\n=============================== Coverage summary ===============================\n${metrics.map(row).join('')}================================================================================\n`
}

/** The table that istanbul prints, folders before their files. */
function toTable(
  { files, total }: CoverageSummary,
  { root, flavour }: TestConfig,
  { green, yellow, red }: Colors,
): string {
  const paint = ({ pct }: Tally) => (pct >= 80 ? green : pct >= 50 ? yellow : red)
  const rows: { name: string; tallies: Tally[]; lines: string }[] = [
    { name: 'All files', tallies: metrics.map((name) => total[name]), lines: '' },
  ]
  const folders = new Map<string, CoveredFile[]>()
  for (const file of files) {
    const folder = file.path
      .slice(root.length + 1)
      .split('/')
      .slice(0, -1)
      .join('/')
    folders.set(folder, [...(folders.get(folder) ?? []), file])
  }
  for (const [folder, own] of [...folders].sort(([a], [b]) => a.localeCompare(b))) {
    const isNested = folders.size > 1
    if (isNested)
      rows.push({
        name: ` ${folder === '' ? '.' : folder}`,
        tallies: metrics.map((name) => sum(own.map((file) => file[name]))),
        lines: '',
      })
    for (const file of own) {
      rows.push({
        name: `${isNested ? '  ' : ' '}${file.path.split('/').at(-1)}`,
        tallies: metrics.map((name) => file[name]),
        lines: uncoveredRanges(file),
      })
    }
  }
  const nameWidth = Math.max(9, ...rows.map(({ name }) => name.length))
  const lineWidth = Math.max(17, ...rows.map(({ lines }) => lines.length))
  const rule = `${'-'.repeat(nameWidth + 1)}|---------|----------|---------|---------|${'-'.repeat(lineWidth + 2)}\n`
  const head = `${'File'.padEnd(nameWidth)} | % Stmts | % Branch | % Funcs | % Lines | ${'Uncovered Line #s'.padEnd(lineWidth)} \n`
  const body = rows.map(({ name, tallies, lines }) => {
    const cells = tallies.map((tally, index) => paint(tally)(String(tally.pct).padStart(index === 1 ? 8 : 7)))
    return `${paint(tallies[3] as Tally)(name.padEnd(nameWidth))} | ${cells.join(' | ')} | ${red(lines.padEnd(lineWidth))} \n`
  })
  return `${flavour === 'jest' ? '' : '\n % Coverage report from istanbul\n'}${rule}${head}${rule}${body.join('')}${rule}`
}

function sum(tallies: readonly Tally[]): Tally {
  const total = tallies.reduce((all, tally) => all + tally.total, 0)
  const covered = tallies.reduce((all, tally) => all + tally.covered, 0)
  return { total, covered, pct: total === 0 ? 100 : Math.floor((covered / total) * 10_000) / 100 }
}

/** `3-5,9`: lines that never ran, else lines with a branch never taken. */
function uncoveredRanges({ hits, partial }: CoveredFile): string {
  const uncovered = hits.filter(([, count]) => count === 0).map(([line]) => line)
  const lines = uncovered.length > 0 ? uncovered : partial
  const known = uncovered.length > 0 ? hits.map(([line]) => line) : lines
  const ranges: [number, number][] = []
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    // Lines without code between two that never ran do not split a range.
    if (last !== undefined && !known.some((other) => other > last[1] && other < line)) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}

function toLcov({ files }: CoverageSummary, root: string): string {
  return files
    .map((file) => {
      const { functionHits, branchHits, hits } = file
      return [
        'TN:',
        `SF:${file.path.slice(root.length + 1)}`,
        ...functionHits.map(({ name, line }) => `FN:${line},${name}`),
        `FNF:${file.functions.total}`,
        `FNH:${file.functions.covered}`,
        ...functionHits.map(({ name, count }) => `FNDA:${count},${name}`),
        ...hits.map(([line, count]) => `DA:${line},${count}`),
        `LF:${file.lines.total}`,
        `LH:${file.lines.covered}`,
        ...branchHits.map(({ line, block, branch, count }) => `BRDA:${line},${block},${branch},${count}`),
        `BRF:${file.branches.total}`,
        `BRH:${file.branches.covered}`,
        'end_of_record\n',
      ].join('\n')
    })
    .join('')
}

function toJsonSummary({ files, total }: CoverageSummary): string {
  const entry = (own: Record<(typeof metrics)[number], Tally>) =>
    Object.fromEntries(metrics.map((name) => [name, { ...own[name], skipped: 0 }]))
  return JSON.stringify(
    { total: entry(total), ...Object.fromEntries(files.map((file) => [file.path, entry(file)])) },
    null,
    2,
  )
}
