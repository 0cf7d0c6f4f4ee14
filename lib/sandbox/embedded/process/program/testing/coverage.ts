import type { CoverageReport } from '../../../../types'
import type * as CoverageBundle from '../../../coverage/bundle'
import type { CoverageSummary } from '../../../coverage/bundle'
import type { Runtime } from '../node/runtime'
import { globToRegExp, isTestFile, type TestConfig } from './config'

/** Counters by absolute path, as istanbul has them. */
export type CoverageData = Parameters<ReturnType<typeof CoverageBundle.createCollector>['add']>[0]

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
  const data: CoverageData = {}
  Reflect.set(globalThis, '__coverage__', data)
  const made = new Map<string, { text: string; code: string }>()
  const isMeasured = measuredBy(config)

  function codeOf(path: string): string {
    const text = fs.readText(path)
    const known = made.get(path)
    if (known?.text === text) return known.code
    const code = instrument(text, path).code
    made.set(path, { text, code })
    return code
  }
  const texts = {
    size: 1,
    has: (path: string) => scriptName.test(path) && isMeasured(path) && fs.isFile(path),
    get: (path: string) => (texts.has(path) ? codeOf(path) : undefined),
  } as unknown as ReadonlyMap<string, string>

  return {
    texts,
    take() {
      const taken = { ...data }
      // Each test file loads modules of its own, which make their counters anew.
      for (const path of Object.keys(data)) delete data[path]
      return taken
    },
    add: collector.add,
    summarize() {
      for (const path of config.coverage.all ? projectFiles(runtime, config.root) : []) {
        if (!collector.has(path) && texts.has(path))
          collector.add({ [path]: instrument(fs.readText(path), path).initial })
      }
      return collector.summarize()
    },
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
