import type { TestCase, TestReport, TestSuite } from '../../../../types'
import type { Runtime } from '../node/runtime'
import { realTimers } from '../node/timers'
import { parseNodeArguments } from '../node-arguments'
import { testScriptOf } from './config'
import { failureText } from './failure'
import { toFailure, toReport } from './suite-result'

/** What Node's runner tells while it goes; tests below others are told before these end, and after they start. */
interface RunnerEvent {
  type: string
  data: EventData
}
interface EventData {
  name: string
  nesting: number
  file?: string
  message?: string
  skip?: boolean | string
  todo?: boolean | string
  details?: { duration_ms: number; type?: 'suite' | 'test'; error?: Error & { failureType?: string } }
}

interface NodeReportOptions {
  /** Project-relative; what the script names, or else what Node finds, when absent. */
  files: readonly string[] | undefined
  /** Only tests whose full name, titles joined with spaces, matches. */
  namePattern: RegExp | undefined
}

/** The structured report of a project for `node --test`: by Node's own runner, each file in a process of its own. */
export async function reportNodeTests(
  runtime: Runtime,
  { files, namePattern }: NodeReportOptions,
): Promise<TestReport> {
  const startedAt = realTimers.now()
  const root = runtime.process.cwd()
  const given = argumentsOf(testScriptOf(runtime.fs, root))
  const { run } = runtime.library.require<{ run(options: object): AsyncIterable<RunnerEvent> }>(
    'internal/test_runner/runner',
  )
  const suites = createSuites(runtime, root)
  const events = run({
    concurrency: true,
    execArgv: given.options,
    ...(files === undefined ? { globPatterns: given.files } : { files: files.map((file) => `${root}/${file}`) }),
    ...(namePattern && { testNamePatterns: [namePattern] }),
  })
  for await (const event of events) suites.take(event)
  return toReport(suites.ended(), realTimers.now() - startedAt)
}

/** What a plain `node … --test …` names. */
function argumentsOf(script: string): { options: string[]; files: string[] } {
  const words = /[|&;<>$`"'\\]/.test(script) ? [] : script.split(/\s+/).filter(Boolean)
  if (words[0] !== 'node') return { options: [], files: [] }
  const { flags, rest } = parseNodeArguments(words.slice(1))
  return { options: flags.filter((flag) => !/^--(test$|test-reporter|watch)/.test(flag)), files: rest }
}

/** Builds suites of files out of the events. */
function createSuites(runtime: Runtime, root: string) {
  const suites = new Map<string, { tests: (TestCase | null)[]; errors: string[]; printed: string }>()
  /** Titles above the next event, and where in its suite each of them stands. */
  let open: { name: string; index: number }[] = []

  const relative = (path: string) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path)

  const suiteOf = ({ file = '' }: EventData) => {
    const path = relative(file)
    const suite = suites.get(path) ?? { tests: [], errors: [], printed: '' }
    suites.set(path, suite)
    return suite
  }

  function end(data: EventData, hasFailed: boolean) {
    const { name, nesting, file, skip, todo, details } = data
    const suite = suiteOf(data)
    const at = open[nesting]
    open = open.slice(0, nesting)
    const isUnwanted = skip !== undefined || todo !== undefined
    const error = hasFailed && !isUnwanted ? details?.error : undefined
    const failure = error && toFailure(error.cause instanceof Error ? error.cause : error, runtime, root)
    if (file !== undefined && relative(name) === relative(file)) {
      if (failure) suite.errors.push(suite.printed.trim() || failureText(failure))
    } else if (details?.type === 'suite') {
      if (failure && error.failureType !== 'subtestsFailed') suite.errors.push(failureText(failure))
    } else if (at) {
      suite.tests[at.index] = {
        name: [...open, at].map((title) => title.name).join(' > '),
        status: todo !== undefined ? 'todo' : skip !== undefined ? 'skipped' : hasFailed ? 'failed' : 'passed',
        durationMs: details?.duration_ms ?? 0,
        ...(failure && { error: failureText(failure) }),
        ...(failure?.location && { location: failure.location }),
      }
    }
  }

  return {
    take({ type, data }: RunnerEvent) {
      switch (type) {
        case 'test:start': {
          const index = suiteOf(data).tests.push(null) - 1
          open = [...open.slice(0, data.nesting), { name: data.name, index }]
          break
        }
        case 'test:pass':
        case 'test:fail':
          end(data, type === 'test:fail')
          break
        case 'test:stderr':
          suiteOf(data).printed += data.message ?? ''
          runtime.host.stderr(data.message ?? '')
          break
        case 'test:stdout':
          runtime.host.stdout(data.message ?? '')
          break
      }
    },
    ended: (): TestSuite[] =>
      [...suites].map(([file, { tests, errors }]) => ({
        file,
        tests: tests.filter((test) => test !== null),
        ...(errors.length > 0 && { error: errors.join('\n\n') }),
      })),
  }
}
