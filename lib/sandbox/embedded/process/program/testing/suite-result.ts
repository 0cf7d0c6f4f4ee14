import type { File, Suite, Task, Test } from '@vitest/runner'
import type { TestCase, TestReport, TestSuite } from '../../../../types'
import type { Runtime } from '../node/runtime'
import type { TestConfig } from './config'
import { describeFailure, type Failure, failureText, type RunnerError } from './failure'
import { titlesOf } from './titles'

/** What became of a file, with what a text report needs besides `TestSuite`. */
export interface SuiteResult {
  suite: TestSuite
  /** Of each of its tests: those of the groups around it, and its own. */
  titles: string[][]
  failures: { name: string; failure: Failure }[]
  durationMs: number
  /** The project of a workspace that the file belongs to. */
  project: string
}

interface ResultContext {
  runtime: Runtime
  config: TestConfig
  durationMs: number
  /** What a module lacked that was imported from it; explains failures. */
  hints: readonly string[]
}

export function toReport(suites: readonly TestSuite[], durationMs: number): TestReport {
  const count = (...statuses: TestCase['status'][]) =>
    suites.reduce((sum, { tests }) => sum + tests.filter(({ status }) => statuses.includes(status)).length, 0)
  // A file that could not run counts as one failure, so that a broken import never looks like success.
  const broken = suites.filter(
    ({ error, tests }) => error !== undefined && !tests.some(({ status }) => status === 'failed'),
  )
  return {
    passed: count('passed'),
    failed: count('failed') + broken.length,
    skipped: count('skipped', 'todo'),
    durationMs,
    suites: [...suites],
  }
}

export function testsOf(task: Task): Test[] {
  return task.type === 'test' ? [task] : task.tasks.flatMap(testsOf)
}

function suitesOf(task: Suite): Suite[] {
  return [task, ...task.tasks.flatMap((child) => (child.type === 'suite' ? suitesOf(child) : []))]
}

export function toFailure(error: unknown, { fs }: Runtime, root: string): Failure {
  if (!(error instanceof Error) && (typeof error !== 'object' || error === null)) {
    return describeFailure({ name: 'Error', message: String(error) }, root, fs)
  }
  return describeFailure(error as RunnerError, root, fs)
}

export function toSuiteResult(
  file: string,
  task: File | null,
  thrown: readonly unknown[],
  { runtime, config, durationMs, hints }: ResultContext,
): SuiteResult {
  const failures: SuiteResult['failures'] = []
  const tests: TestCase[] = []
  const titles: string[][] = []
  const fail = (name: string, error: unknown) => {
    const failure = explain(toFailure(error, runtime, config.root), hints)
    failures.push({ name, failure })
    return failure
  }
  for (const test of task === null ? [] : testsOf(task)) {
    const name = nameOf(test)
    const errors = test.result?.state === 'fail' ? (test.result.errors ?? []) : []
    const described = errors.map((error) => fail(name, error))
    const location = described[0]?.location
    titles.push(titlesOf(test))
    tests.push({
      name,
      status: statusOf(test),
      durationMs: test.result?.duration ?? 0,
      ...(described.length === 0 ? {} : { error: described.map(failureText).join('\n\n') }),
      ...(location == null ? {} : { location }),
    })
    for (const subtest of test.meta.subtests ?? []) {
      const full = `${name} > ${subtest.name}`
      const failure = subtest.error === undefined || subtest.status !== 'failed' ? null : fail(full, subtest.error)
      titles.push([...titlesOf(test), subtest.name])
      tests.push({
        name: full,
        status: subtest.status,
        durationMs: subtest.durationMs,
        ...(failure === null ? {} : { error: failureText(failure) }),
        ...(failure?.location == null ? {} : { location: failure.location }),
      })
    }
  }
  // Jest takes a group without tests, but no such file.
  const isEmpty =
    config.flavour === 'jest' && task?.result?.state !== 'fail' && tests.length === 0 && thrown.length === 0
  const outside = [
    ...(isEmpty ? [fail('', new Error('Your test suite must contain at least one test.'))] : []),
    ...thrown.map((error) => fail('', error)),
    ...(task === null ? [] : suitesOf(task)).flatMap((suite) =>
      (suite.result?.errors ?? []).map((error) => fail(suite === task ? '' : nameOf(suite), error)),
    ),
  ]
  const suite: TestSuite = {
    file,
    tests,
    ...(outside.length === 0 ? {} : { error: outside.map(failureText).join('\n\n') }),
  }
  return { suite, titles, failures, durationMs, project: config.name }
}

/** Names behind the compiled form of an import, and what the module lacked. */
function explain(failure: Failure, hints: readonly string[]): Failure {
  const headline = failure.headline.replace(
    /\(0 , (?:__vi_import_\d+__\.)?([\w$.]+)\)|__vi_import_\d+__\.([\w$]+)/g,
    (_, called?: string, read?: string) => called ?? read ?? '',
  )
  const about = headline === failure.headline ? undefined : hints.find((hint) => headline.includes(hintedName(hint)))
  return { ...failure, headline: about === undefined ? headline : `${headline}\n${about}` }
}

const hintedName = (hint: string) => /named '(.+?)'/.exec(hint)?.[1] ?? '\u0000'

export const nameOf = (task: Task): string => titlesOf(task).join(' > ')

function statusOf(test: Test): TestCase['status'] {
  if (test.mode === 'todo') return 'todo'
  if (test.result?.state === 'pass') return 'passed'
  if (test.result?.state === 'fail') return 'failed'
  return 'skipped'
}
