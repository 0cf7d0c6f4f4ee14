import { afterAll, afterEach, beforeAll, beforeEach, describe, getCurrentTest, test } from '@vitest/runner'
import { createNodeMocks, type NodeMocks } from './node-mock'
import { retry } from './tools'

/** A subtest made inside a running test; the runner cannot add tests by then, so its result rides on the parent. */
export interface Subtest {
  name: string
  status: 'passed' | 'failed' | 'skipped' | 'todo'
  durationMs: number
  error?: Error
}

declare module '@vitest/runner' {
  interface TaskMeta {
    subtests?: Subtest[]
  }
}

interface Options {
  skip?: boolean | string
  todo?: boolean | string
  only?: boolean
  timeout?: number
  concurrency?: boolean | number
}

type Body = (context: Context) => unknown
type DoneBody = (context: Context, done: (error?: unknown) => void) => unknown

interface Context {
  name: string
  test(...values: unknown[]): Promise<void>
  it(...values: unknown[]): Promise<void>
  skip(message?: string): void
  todo(message?: string): void
  diagnostic(message: string): void
  beforeEach(hook: () => unknown): void
  afterEach(hook: () => unknown): void
  before(hook: () => unknown): void
  after(hook: () => unknown): void
  mock: NodeMocks
  signal: AbortSignal
  fullName: string
  filePath: string
  assert: Record<string, unknown>
  plan(count: number): void
  waitFor(condition: () => unknown, options?: { interval?: number; timeout?: number }): Promise<unknown>
  runOnly(): void
}

/** What a test's context needs of the process. */
interface Surroundings {
  assert(): Record<string, unknown>
  filePath(): string
  diagnostic(message: string): void
}

let surroundings: Surroundings = { assert: () => ({}), filePath: () => '', diagnostic: () => undefined }

/** `(name?, options?, fn?)` in any of Node's shapes. */
function read(values: readonly unknown[]): { name: string; options: Options; body: DoneBody | undefined } {
  const body = values.find((value) => typeof value === 'function') as DoneBody | undefined
  const name = typeof values[0] === 'string' ? values[0] : body?.name || '<anonymous>'
  const options = values.find((value) => typeof value === 'object' && value !== null) as Options | undefined
  return { name, options: options ?? {}, body }
}

function call(body: DoneBody, context: Context): unknown {
  if (body.length < 2) return (body as Body)(context)
  return new Promise<void>((resolve, reject) => {
    body(context, (error) => (error == null ? resolve() : reject(error)))
  })
}

class Skipped extends Error {
  readonly status: 'skipped' | 'todo'
  constructor(status: 'skipped' | 'todo') {
    super(status)
    this.status = status
  }
}

/** Runs a subtest at once and keeps its result. */
async function runSubtest(path: string, results: Subtest[], values: readonly unknown[]): Promise<boolean> {
  const { name, options, body } = read(values)
  const full = `${path}${name}`
  const startedAt = performance.now()
  const finish = (status: Subtest['status'], error?: unknown) =>
    results.push({
      name: full,
      status,
      durationMs: performance.now() - startedAt,
      ...(error === undefined ? {} : { error: error instanceof Error ? error : new Error(String(error)) }),
    })
  if (options.skip || body === undefined) finish('skipped')
  else {
    const { context, settle } = createContext(full, `${full} > `, results)
    try {
      await call(body, context)
      await settle()
      finish(options.todo ? 'todo' : 'passed')
    } catch (error) {
      if (error instanceof Skipped) finish(error.status)
      else finish(options.todo ? 'todo' : 'failed', error)
    }
  }
  return results.at(-1)?.status !== 'failed'
}

function createContext(name: string, path: string, results: Subtest[]) {
  const hooks = {
    beforeEach: [] as (() => unknown)[],
    afterEach: [] as (() => unknown)[],
    after: [] as (() => unknown)[],
  }
  const running: Promise<boolean>[] = []
  const mock = createNodeMocks()
  const abort = new AbortController()
  let planned: number | null = null
  let assertions = 0
  let mark: Skipped | null = null
  const start = async (values: unknown[]) => {
    for (const hook of hooks.beforeEach) await hook()
    const isFine = await runSubtest(path, results, values)
    for (const hook of hooks.afterEach) await hook()
    return isFine
  }
  const test = (...values: unknown[]) => {
    assertions += 1
    const run = start(values)
    running.push(run)
    return run.then(() => {})
  }
  const context: Context = {
    name,
    test,
    it: test,
    skip: () => {
      mark = new Skipped('skipped')
    },
    todo: () => {
      mark = new Skipped('todo')
    },
    diagnostic: (message) => surroundings.diagnostic(message),
    before: (hook) => void hook(),
    after: (hook) => void hooks.after.push(hook),
    beforeEach: (hook) => void hooks.beforeEach.push(hook),
    afterEach: (hook) => void hooks.afterEach.push(hook),
    mock,
    signal: abort.signal,
    fullName: name,
    get filePath() {
      return surroundings.filePath()
    },
    get assert() {
      return counted(surroundings.assert(), () => {
        assertions += 1
      })
    },
    plan: (count) => {
      planned = count
    },
    waitFor: (condition, timeLimit) =>
      retry({
        attempt: condition,
        isDone: () => true,
        timeLimit,
        onWait: () => undefined,
        timedOut: 'waitFor() timed out',
      }),
    runOnly: () => undefined,
  }
  async function settle() {
    try {
      await finish()
    } finally {
      mock.reset()
      abort.abort()
    }
  }
  async function finish() {
    const results = await Promise.all(running)
    for (const hook of hooks.after) await hook()
    const failed = results.filter((isFine) => !isFine).length
    if (failed > 0) throw new Error(`${failed} subtest${failed === 1 ? '' : 's'} failed`)
    if (planned !== null && planned !== assertions) {
      throw new Error(`plan expected ${planned} assertions but received ${assertions}`)
    }
    if (mark !== null) throw mark
  }
  return { context, settle, results }
}

/** Of tests that run: one for their body and the hooks around it. */
const contexts = new WeakMap<object, ReturnType<typeof createContext>>()

function contextOf(test: { name: string } | undefined, name = test?.name ?? '') {
  const known = test && contexts.get(test)
  if (known) return known
  const made = createContext(name, '', [])
  if (test) contexts.set(test, made)
  return made
}

/** `t.assert`: Node's own, counted for `t.plan`. */
function counted(assert: Record<string, unknown>, onCall: () => void): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(assert).map(([name, value]) => [
      name,
      typeof value !== 'function' || /^[A-Z]/.test(name)
        ? value
        : (...values: unknown[]) => {
            onCall()
            return (value as (...values: unknown[]) => unknown)(...values)
          },
    ]),
  )
}

type Register = (name: string, options: object, body?: () => unknown) => void

function registerTest(mode: 'run' | 'only' | 'skip' | 'todo', values: readonly unknown[]) {
  const { name, options, body } = read(values)
  const wanted = options.todo ? 'todo' : options.skip ? 'skip' : options.only ? 'only' : mode
  const target = (wanted === 'run' ? test : test[wanted]) as unknown as Register
  if (body === undefined) return target(name, {})
  target(name, options.timeout === undefined ? {} : { timeout: options.timeout }, async () => {
    const current = getCurrentTest()
    const { context, settle, results } = contextOf(current, name)
    try {
      await call(body, context)
      await settle()
    } catch (error) {
      if (!(error instanceof Skipped)) throw error
      current?.context.skip(error.status)
    } finally {
      if (current !== undefined && results.length > 0) current.meta.subtests = results
    }
  })
}

function registerSuite(mode: 'run' | 'only' | 'skip' | 'todo', values: readonly unknown[]) {
  const { name, options, body } = read(values)
  const wanted = options.todo ? 'todo' : options.skip ? 'skip' : options.only ? 'only' : mode
  const target = (wanted === 'run' ? describe : describe[wanted]) as unknown as Register
  target(name, {}, body as () => unknown)
}

type Modes = 'run' | 'only' | 'skip' | 'todo'

function withModes(register: (mode: Modes, values: readonly unknown[]) => void) {
  const make =
    (mode: Modes) =>
    (...values: unknown[]) => {
      register(mode, values)
      return Promise.resolve()
    }
  return Object.assign(make('run'), { only: make('only'), skip: make('skip'), todo: make('todo') })
}

const mock = createNodeMocks()

/** `import test from 'node:test'`. */
export function createNodeTestFace(given: Surroundings): object {
  surroundings = given
  const testFunction = withModes(registerTest)
  const suiteFunction = withModes(registerSuite)
  return Object.assign(testFunction, {
    test: testFunction,
    it: withModes(registerTest),
    describe: suiteFunction,
    suite: suiteFunction,
    before: (hook: () => unknown) => beforeAll(hook as () => void),
    after: (hook: () => unknown) => afterAll(hook as () => void),
    beforeEach: (hook: DoneBody) => beforeEach(async ({ task }) => void (await call(hook, contextOf(task).context))),
    afterEach: (hook: DoneBody) => afterEach(async ({ task }) => void (await call(hook, contextOf(task).context))),
    mock,
  })
}
