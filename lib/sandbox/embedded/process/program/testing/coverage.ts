import type { CoverageReport } from '../../../../types'
import type * as CoverageBundle from '../../../coverage/bundle'
import type { Counters, CoverageData, CoverageSummary } from '../../../coverage/bundle'
import type { Runtime } from '../node/runtime'
import { globToRegExp, isTestFile, type TestConfig } from './config'

export interface Coverage {
  /** Sources with counters in them, for a loader's `texts`. */
  texts: ReadonlyMap<string, string>
  /** What has been counted here since the last call. */
  take(): CoverageData
  /** Adds what was taken, here or in another Worker. */
  add(data: CoverageData): void
  summarize(): CoverageSummary
}

const scriptName = /\.[cm]?[jt]sx?$/
const neverMeasured =
  /(^|\/)(node_modules|coverage|dist|__mocks__|__tests__|__snapshots__)\/|\.d\.[cm]?ts$|(^|\/)[^/]*\.(config|setup|test|spec)\.[cm]?[jt]sx?$|(^|\/)(vitest|jest)[.-][^/]*$/

/** Puts counters into what the tests load. The instrumenter is fetched when this is called, and never else. */
export function startCoverage(runtime: Runtime, config: TestConfig): Coverage {
  const { fs, library } = runtime
  const load = library.context.bundle<(require: (id: string) => unknown) => typeof CoverageBundle>('coverage')
  const { instrument, createCollector } = load((id) => library.require(id))
  const collector = createCollector()
  const data: Record<string, FileCounters> = {}
  Reflect.set(globalThis, '__coverage__', data)
  const made = new Map<string, { text: string; code: string }>()
  const told = new Set<string>()
  const isMeasured = remembered(measuredBy(config))
  const kept = createKeptTexts(runtime)

  function codeOf(path: string): string {
    const text = fs.readText(path)
    const known = made.get(path)
    if (known?.text === text) return known.code
    const code = kept(path, text, () => instrument(text, path).code)
    made.set(path, { text, code })
    return code
  }
  const texts = {
    size: 1,
    has: (path: string) => isMeasured(path) && fs.isFile(path),
    get: (path: string) => (texts.has(path) ? codeOf(path) : undefined),
  } as unknown as ReadonlyMap<string, string>

  return {
    texts,
    take() {
      const taken: CoverageData = {}
      for (const [path, file] of Object.entries(data)) {
        const isNew = !told.has(path + file.hash)
        if (!isNew && !hasCounted(file)) continue
        const counters = copyOf(file)
        taken[path] = isNew ? { ...file, ...counters } : counters
        told.add(path + file.hash)
        reset(file)
      }
      return taken
    },
    add: collector.add,
    summarize() {
      for (const path of config.coverage.all ? projectFiles(runtime, config.root) : []) {
        if (collector.has(path) || !texts.has(path)) continue
        const text = fs.readText(path)
        const initial = kept(`${path} at zero`, text, () => JSON.stringify(instrument(text, path).initial))
        collector.add({ [path]: JSON.parse(initial) as FileCounters })
      }
      return collector.summarize()
    },
  }
}

type FileCounters = Extract<CoverageData[string], { statementMap: unknown }> & Counters

const hasCounted = ({ s, f, b }: Counters) =>
  [...Object.values(s), ...Object.values(f), ...Object.values(b).flat()].some((count) => count > 0)

const copyOf = ({ hash, s, f, b }: Counters): Counters => ({
  hash,
  s: { ...s },
  f: { ...f },
  b: Object.fromEntries(Object.entries(b).map(([id, counts]) => [id, [...counts]])),
})

/** The modules of the next test file find their counters here, and go on with them. */
function reset({ s, f, b }: Counters): void {
  for (const counts of [s, f]) for (const id of Object.keys(counts)) counts[id] = 0
  for (const counts of Object.values(b)) counts.fill(0)
}

/** Code with counters, and counters at zero, by content: the Workers of a run and later runs need not make it again. */
function createKeptTexts({ fs, host, library }: Runtime) {
  const { createHash } = library.require<{ createHash(name: string): Hash }>('crypto')
  return (name: string, text: string, make: () => string): string => {
    const place = `${keptFolder}/${createHash('sha1').update(`${name}\n${text}`).digest('hex')}.js`
    if (fs.isFile(place)) return fs.readText(place)
    const code = make()
    host.fs.mkdir(keptFolder, { recursive: true })
    host.fs.writeFile(place, code)
    return code
  }
}

const keptFolder = '/tmp/vitrine-coverage'

interface Hash {
  update(text: string): Hash
  digest(encoding: 'hex'): string
}

/** Paths are asked for again and again. */
function remembered(decide: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>()
  return (path) => {
    const answer = known.get(path) ?? (scriptName.test(path) && decide(path))
    known.set(path, answer)
    return answer
  }
}

function measuredBy({ root, coverage, setupFiles }: TestConfig): (path: string) => boolean {
  const relative = (globs: readonly string[]) => globs.map((glob) => globToRegExp(glob.replace('<rootDir>/', '')))
  const include = relative(coverage.include.filter((glob) => !glob.startsWith('!')))
  const exclude = relative([
    ...coverage.exclude,
    ...coverage.include.flatMap((glob) => (glob.startsWith('!') ? glob.slice(1) : [])),
  ])
  // Jest's ignore patterns are regular expressions; plain folder names are both.
  const patterns = coverage.exclude.flatMap((text) =>
    /[*{]/.test(text) ? [] : new RegExp(text.replace('<rootDir>', root).replace(/[.+?]/g, '\\$&')),
  )
  return (path) => {
    if (!path.startsWith(`${root}/`) || setupFiles.includes(path)) return false
    const own = path.slice(root.length + 1)
    if (neverMeasured.test(own) || isTestFile(path)) return false
    if (exclude.some((pattern) => pattern.test(own)) || patterns.some((pattern) => pattern.test(path))) return false
    return include.length === 0 || include.some((pattern) => pattern.test(own))
  }
}

function projectFiles({ host, fs }: Runtime, root: string): string[] {
  const found: string[] = []
  const walk = (folder: string) => {
    for (const name of host.fs.readdir(folder)) {
      if (name === 'node_modules' || name.startsWith('.')) continue
      const path = `${folder}/${name}`
      if (fs.isDirectory(path)) walk(path)
      else found.push(path)
    }
  }
  walk(root)
  return found
}

/** What the editor and the tests panel show. */
export function toCoverageReport({ files, total }: CoverageSummary, root: string): CoverageReport {
  return {
    pct: total.lines.pct,
    files: files.map(({ path, lines, hits, partial }) => ({
      file: path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path,
      pct: lines.pct,
      covered: hits.filter(([, count]) => count > 0).map(([line]) => line),
      uncovered: hits.filter(([, count]) => count === 0).map(([line]) => line),
      partial: partial.filter((line) => hits.some(([own, count]) => own === line && count > 0)),
    })),
  }
}
