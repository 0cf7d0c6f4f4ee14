import { equals, iterableEquality, subsetEquality } from '@vitest/expect'
import { getCurrentTest, type Test } from '@vitest/runner'
import {
  addSerializer,
  SnapshotClient,
  type SnapshotEnvironment,
  type SnapshotResult,
  stripSnapshotIndentation,
} from '@vitest/snapshot'
import type { VirtualFs } from '../../host'
import { basename, dirname, resolve } from '../builtins/path'
import { firstPlace } from '../loader/stack'
import type { Flavour, TestConfig } from './config'
import { titlesOf } from './titles'

export interface SnapshotOptions {
  flavour: Flavour
  update: TestConfig['snapshotUpdate']
  /** Of the config: where a test file's snapshots lie. */
  resolvePath?: ((testPath: string, extension: string) => string) | undefined
  format?: Record<string, unknown> | undefined
}

/** Counts over a run, as the runners' summaries tell them. */
export interface SnapshotTotals {
  added: number
  matched: number
  unmatched: number
  updated: number
  obsolete: { file: string; keys: string[] }[]
  filesAdded: number
  filesRemoved: string[]
}

export interface SnapshotOutcome {
  pass: boolean
  message: string
  actual?: unknown
  expected?: unknown
  name: string
}

/** Compares for the test that runs now; for expects that are not chai's. */
export type SnapshotMatch = (options: Partial<Parameters<SnapshotClient['match']>[0]>) => SnapshotOutcome

export interface Snapshots {
  match: SnapshotMatch
  start(testPath: string): Promise<void>
  finish(testPath: string, tests: readonly Test[], wasFiltered: boolean): Promise<void>
  /** A test that is tried again starts without what it has written. */
  clearTest(test: Test): void
  /** The counts since the last call. */
  take(): SnapshotTotals
  /** A serializer that the config names by its module; each module counts once. */
  addSerializerOf(load: () => Promise<object>): Promise<void>
}

const headers = {
  vitest: '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html',
  jest: '// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing',
  node: '',
}

type Chai = typeof import('@vitest/expect').chai
type Assertion = Chai.Assertion & { __flags?: unknown }
type Flag = (assertion: object, name: string, value?: unknown) => unknown

/** Teaches chai the snapshot matchers; one test file at a time is open. */
export function createSnapshots(chai: Chai, fs: VirtualFs, options: SnapshotOptions): Snapshots {
  const client = new SnapshotClient({
    isEqual: (received, expected) => equals(received, expected, [iterableEquality, subsetEquality]),
  })
  const flag = chai.util.flag as Flag
  let totals = sumOfTotals([])
  const environment = createEnvironment(fs, options)
  let file = ''

  const added = new Set<unknown>()

  function namesOf(assertion: object) {
    const test = (flag(assertion, 'vitest-test') as Test | undefined) ?? getCurrentTest()
    if (test === undefined) throw new Error('Snapshots can be compared only while a test runs.')
    if (flag(assertion, 'negate') === true) throw new Error('A snapshot cannot be compared with "not"')
    return { filepath: file, name: nameOf(test, options.flavour), testId: test.id }
  }

  function check(result: { pass: boolean; message(): string; actual?: unknown; expected?: unknown }, message: unknown) {
    if (result.pass) return
    const text = `${typeof message === 'string' ? `${message}: ` : ''}${result.message()}`
    throw Object.assign(new Error(text), { actual: result.actual, expected: result.expected })
  }

  /** The runner's own frames are not in a stack here, so the place is told. */
  function locate(error: Error | undefined): Error | undefined {
    const place = firstPlace(error?.stack ?? new Error('here').stack ?? '')
    if (place === null) return error
    const frame = { method: '', file: place.file, line: place.line, column: place.column }
    return Object.assign(new Error('here'), { stacks: [{ ...frame, method: '__INLINE_SNAPSHOT__' }, frame, frame] })
  }

  function matchCurrent(more: Parameters<SnapshotMatch>[0]): SnapshotOutcome {
    const test = getCurrentTest()
    if (test === undefined) throw new Error('Snapshots can be compared only while a test runs.')
    const name = nameOf(test, options.flavour)
    const { isInline = false, inlineSnapshot } = more
    const error = isInline ? locate(more.error) : undefined
    const result = client.match({
      received: undefined,
      ...more,
      ...(error === undefined ? {} : { error }),
      ...(inlineSnapshot === undefined ? {} : { inlineSnapshot: stripSnapshotIndentation(inlineSnapshot) }),
      filepath: file,
      name,
      testId: test.id,
    })
    return { ...result, message: result.pass ? '' : result.message(), name: `${name} 1` }
  }

  function match(assertion: object, more: Partial<Parameters<SnapshotClient['match']>[0]>) {
    const received = 'received' in more ? more.received : flag(assertion, 'object')
    const error = more.isInline ? locate(flag(assertion, 'error') as Error | undefined) : undefined
    const result = client.match({ ...more, ...(error === undefined ? {} : { error }), ...namesOf(assertion), received })
    check(result, flag(assertion, 'message'))
  }

  function inlineOf(first: unknown, second: unknown, third: unknown) {
    if (typeof first === 'string') return { inlineSnapshot: stripSnapshotIndentation(first), ...hint(second) }
    return {
      ...(first === undefined ? {} : { properties: first as object }),
      ...(typeof second === 'string' ? { inlineSnapshot: stripSnapshotIndentation(second) } : {}),
      ...hint(third),
    }
  }
  const hint = (message: unknown) => (typeof message === 'string' ? { message } : {})

  const matchers: Record<string, (this: Assertion, ...values: unknown[]) => unknown> = {
    toMatchSnapshot(first, second) {
      const isHint = typeof first === 'string'
      match(
        this,
        isHint
          ? { message: first }
          : { ...(first === undefined ? {} : { properties: first as object }), ...hint(second) },
      )
    },
    toMatchInlineSnapshot(...values) {
      match(this, {
        isInline: true,
        assertionName: 'toMatchInlineSnapshot',
        ...inlineOf(values[0], values[1], values[2]),
      })
    },
    toThrowErrorMatchingSnapshot(message) {
      match(this, { received: thrownBy(flag(this, 'object'), flag(this, 'promise')), ...hint(message) })
    },
    toThrowErrorMatchingInlineSnapshot(...values) {
      const received = thrownBy(flag(this, 'object'), flag(this, 'promise'))
      match(this, {
        received,
        isInline: true,
        assertionName: 'toThrowErrorMatchingInlineSnapshot',
        ...inlineOf(values[0], values[1], undefined),
      })
    },
    async toMatchFileSnapshot(path, message) {
      const names = namesOf(this)
      const raw = await environment.resolveRawPath(file, String(path))
      const content = await environment.readSnapshotFile(raw)
      const received = flag(this, 'object')
      const result = client.match({
        ...names,
        received,
        ...hint(message),
        rawSnapshot: { file: raw, ...(content === null ? {} : { content }) },
      })
      check(result, flag(this, 'message'))
    },
  }
  matchers.matchSnapshot = matchers.toMatchSnapshot as (typeof matchers)[string]
  for (const [name, matcher] of Object.entries(matchers)) chai.util.addMethod(chai.Assertion.prototype, name, matcher)

  return {
    match: matchCurrent,
    async addSerializerOf(load) {
      const module = await load()
      const serializer: unknown = Reflect.get(module, 'default') ?? module
      const key = String(Reflect.get(Object(serializer), 'serialize') ?? Reflect.get(Object(serializer), 'print'))
      if (!added.has(key)) addSerializer(serializer as never)
      added.add(key)
    },
    take() {
      const taken = totals
      totals = sumOfTotals([])
      return taken
    },
    clearTest: (test) => client.clearTest(file, test.id),
    async start(testPath) {
      file = testPath
      await client.setup(testPath, {
        updateSnapshot: options.update,
        snapshotEnvironment: environment,
        snapshotFormat: formatOf(options),
      })
    },
    async finish(testPath, tests, wasFiltered) {
      for (const test of tests) {
        const hasRun = test.result?.state === 'pass' || test.result?.state === 'fail'
        // What did not run, or stopped half-way, says nothing about its snapshots.
        if (!hasRun || test.result?.state === 'fail' || wasFiltered)
          client.skipTest(testPath, nameOf(test, options.flavour))
      }
      add(await client.finish(testPath))
    },
  }

  function add(result: SnapshotResult) {
    totals.added += result.added
    totals.matched += result.matched
    totals.unmatched += result.unmatched
    totals.updated += result.updated
    if (result.added > 0) totals.filesAdded += 1
    if (result.fileDeleted) totals.filesRemoved.push(result.filepath)
    else if (result.unchecked > 0) totals.obsolete.push({ file: result.filepath, keys: result.uncheckedKeys })
  }
}

export function sumOfTotals(all: readonly SnapshotTotals[]): SnapshotTotals {
  const sum = (key: 'added' | 'matched' | 'unmatched' | 'updated' | 'filesAdded') =>
    all.reduce((total, totals) => total + totals[key], 0)
  return {
    added: sum('added'),
    matched: sum('matched'),
    unmatched: sum('unmatched'),
    updated: sum('updated'),
    filesAdded: sum('filesAdded'),
    obsolete: all.flatMap(({ obsolete }) => obsolete),
    filesRemoved: all.flatMap(({ filesRemoved }) => filesRemoved),
  }
}

/** The key in the snapshot file: titles as each runner joins them. */
function nameOf(test: Test, flavour: Flavour): string {
  return titlesOf(test).join(flavour === 'jest' ? ' ' : ' > ')
}

function formatOf({ flavour, format }: SnapshotOptions) {
  return {
    printBasicPrototype: false,
    escapeString: false,
    ...(flavour === 'jest' ? { escapeRegex: true } : {}),
    ...format,
  }
}

function thrownBy(received: unknown, promise: unknown): unknown {
  if (typeof received !== 'function') {
    if (promise === undefined) throw new Error(`expected must be a function, received ${typeof received}`)
    return received
  }
  if (promise === 'rejects') return received
  try {
    received()
  } catch (error) {
    return error
  }
  throw new Error("snapshot function didn't throw")
}

function createEnvironment(fs: VirtualFs, { flavour, resolvePath }: SnapshotOptions): SnapshotEnvironment {
  const decoder = new TextDecoder()
  return {
    getVersion: () => '1',
    getHeader: () => headers[flavour],
    resolvePath: async (path) =>
      resolvePath?.(path, '.snap') ?? `${dirname(path)}/__snapshots__/${basename(path)}.snap`,
    resolveRawPath: async (testPath, rawPath) => resolve(dirname(testPath), rawPath),
    async saveSnapshotFile(path, text) {
      fs.mkdir(dirname(path), { recursive: true })
      fs.writeFile(path, text)
    },
    readSnapshotFile: async (path) => (fs.exists(path) ? decoder.decode(fs.readFile(path)) : null),
    async removeSnapshotFile(path) {
      if (fs.exists(path)) fs.rm(path)
    },
  }
}
