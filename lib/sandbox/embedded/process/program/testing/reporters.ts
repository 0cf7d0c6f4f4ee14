import type { ProcessHost } from '../../host'
import { resolve } from '../builtins/path'
import { usesColors } from '../node/runtime'
import { createColors } from './colors'
import type { TestConfig } from './config'
import { createJestReporter } from './jest-reporter'
import { toJsonReport } from './json-reporter'
import { toJunit } from './junit-reporter'
import type { Progress, RunResult } from './run-files'
import { toTap } from './tap-reporter'
import { createVitestReporter, type Reporter } from './vitest-reporter'

export interface Output {
  progress: Progress
  finish(result: RunResult, startedAt: Date, durationMs: number): void
}

const documents: Record<string, (result: RunResult, config: TestConfig, startedAt: Date) => string> = {
  json: (result, config, startedAt) => toJsonReport(result, config.root, startedAt.getTime()),
  junit: (result, config, startedAt) =>
    toJunit(result, config.flavour === 'jest' ? 'jest tests' : 'vitest tests', startedAt),
  tap: (result) => toTap(result, false),
  'tap-flat': (result) => toTap(result, true),
}
const live = new Set(['default', 'basic', 'verbose', 'dot', 'tree', 'minimal'])
/** Reporters that only add to what is there anyway. */
const additions = new Set(['github-actions', 'hanging-process', 'summary'])
const packages: Record<string, string> = { 'jest-junit': 'junit', 'jest-tap-reporter': 'tap' }

/** Throws with the sentence to show when a reporter is not one of those here. */
export function openOutput(host: ProcessHost, config: TestConfig): Output {
  const names = [...new Set(config.reporters.map((name) => packages[name] ?? name))].filter(
    (name) => !additions.has(name),
  )
  const unknown = names.find((name) => !live.has(name) && documents[name] === undefined)
  if (unknown !== undefined) {
    const known = [...live, ...Object.keys(documents)].join(', ')
    throw new Error(`There is no reporter "${unknown}" in this sandbox. There are: ${known}.`)
  }
  const outputs = (names.length === 0 ? ['default'] : names).map((name) =>
    live.has(name) ? openLive(host, config, name) : openDocument(host, config, name),
  )
  const each = (tell: (output: Output) => void) => {
    for (const output of outputs) tell(output)
  }
  return {
    progress: {
      fileEnded: (result) => each(({ progress }) => progress.fileEnded?.(result)),
    },
    finish: (result, startedAt, durationMs) => each((output) => output.finish(result, startedAt, durationMs)),
  }
}

function openLive(host: ProcessHost, config: TestConfig, name: string): Output {
  const colors = createColors(usesColors(host))
  const detail = name === 'verbose' || name === 'tree' ? 'verbose' : name === 'dot' ? 'dot' : 'default'
  const reporter: Reporter =
    config.flavour === 'jest' ? createJestReporter(colors) : createVitestReporter(colors, detail)
  host.stdout(reporter.start(config.root))
  return {
    progress: { fileEnded: (result) => host.stdout(reporter.file(result)) },
    finish: (result, startedAt, durationMs) => host.stdout(reporter.end(result, startedAt, durationMs)),
  }
}

function openDocument(host: ProcessHost, config: TestConfig, name: string): Output {
  return {
    progress: {},
    finish(result, startedAt) {
      const text = documents[name]?.(result, config, startedAt) ?? ''
      const { outputFile } = config
      const file = typeof outputFile === 'string' ? outputFile : outputFile?.[name]
      if (file === undefined) return host.stdout(text)
      const path = resolve(config.root, file)
      host.fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
      host.fs.writeFile(path, text)
      host.stdout(`${name.toUpperCase()} report written to ${path}\n`)
    },
  }
}
