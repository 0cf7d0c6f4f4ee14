/** `node:test` and `node:assert`. */
export const nodeTestTypes = `declare module 'node:assert' {
  class AssertionError extends Error {
    constructor(options?: { message?: string; actual?: unknown; expected?: unknown; operator?: string })
    actual: unknown
    expected: unknown
    operator: string
    code: 'ERR_ASSERTION'
    generatedMessage: boolean
  }
  type Expected = RegExp | (abstract new (...args: any[]) => any) | ((error: any) => boolean) | object | Error
  type Message = string | Error
  interface Assert {
    (value: unknown, message?: Message): asserts value
    ok(value: unknown, message?: Message): asserts value
    equal(actual: unknown, expected: unknown, message?: Message): void
    notEqual(actual: unknown, expected: unknown, message?: Message): void
    strictEqual<T>(actual: unknown, expected: T, message?: Message): asserts actual is T
    notStrictEqual(actual: unknown, expected: unknown, message?: Message): void
    deepEqual(actual: unknown, expected: unknown, message?: Message): void
    notDeepEqual(actual: unknown, expected: unknown, message?: Message): void
    deepStrictEqual<T>(actual: unknown, expected: T, message?: Message): asserts actual is T
    notDeepStrictEqual(actual: unknown, expected: unknown, message?: Message): void
    partialDeepStrictEqual(actual: unknown, expected: unknown, message?: Message): void
    throws(run: () => unknown, message?: Message): void
    throws(run: () => unknown, expected: Expected, message?: Message): void
    doesNotThrow(run: () => unknown, message?: Message): void
    rejects(run: Promise<unknown> | (() => Promise<unknown>), expected?: Expected | string, message?: Message): Promise<void>
    doesNotReject(run: Promise<unknown> | (() => Promise<unknown>), message?: Message): Promise<void>
    match(value: string, expected: RegExp, message?: Message): void
    doesNotMatch(value: string, expected: RegExp, message?: Message): void
    ifError(value: unknown): asserts value is null | undefined
    fail(message?: Message): never
    AssertionError: typeof AssertionError
    strict: Assert
  }
  const assert: Assert
  export default assert
  export { AssertionError }
  export const strict: Assert
  export const ok: Assert['ok']
  export const { equal, notEqual, strictEqual, notStrictEqual, deepEqual, notDeepEqual, deepStrictEqual, notDeepStrictEqual, partialDeepStrictEqual, throws, doesNotThrow, rejects, doesNotReject, match, doesNotMatch, ifError, fail }: Assert
}
declare module 'node:assert/strict' {
  export * from 'node:assert'
  export { default } from 'node:assert'
}
declare module 'assert' {
  export * from 'node:assert'
  export { default } from 'node:assert'
}
declare module 'assert/strict' {
  export * from 'node:assert'
  export { default } from 'node:assert'
}

declare module 'node:test' {
  export interface TestContext {
    readonly name: string
    readonly fullName: string
    readonly signal: AbortSignal
    readonly assert: typeof import('node:assert').default
    readonly mock: MockTracker
    test: TestFunction
    before(run: (context: TestContext) => unknown, options?: HookOptions): void
    after(run: (context: TestContext) => unknown, options?: HookOptions): void
    beforeEach(run: (context: TestContext) => unknown, options?: HookOptions): void
    afterEach(run: (context: TestContext) => unknown, options?: HookOptions): void
    diagnostic(message: string): void
    skip(message?: string): void
    todo(message?: string): void
    plan(count: number): void
  }
  export interface TestOptions {
    concurrency?: number | boolean | null
    only?: boolean
    skip?: boolean | string
    todo?: boolean | string
    signal?: AbortSignal
    timeout?: number
    plan?: number
  }
  interface HookOptions {
    signal?: AbortSignal
    timeout?: number
  }
  type Body = (context: TestContext, done: (error?: unknown) => void) => unknown
  interface Run {
    (name?: string, run?: Body): Promise<void>
    (name: string, options: TestOptions, run?: Body): Promise<void>
    (options: TestOptions, run?: Body): Promise<void>
    (run: Body): Promise<void>
  }
  interface TestFunction extends Run {
    skip: Run
    todo: Run
    only: Run
    test: TestFunction
    it: TestFunction
    describe: TestFunction
    suite: TestFunction
    before: Hook
    after: Hook
    beforeEach: Hook
    afterEach: Hook
    mock: MockTracker
  }
  type Hook = (run: (context: any, done: (error?: unknown) => void) => unknown, options?: HookOptions) => void
  export interface MockCall<F extends (...args: any[]) => any> {
    arguments: Parameters<F>
    result: ReturnType<F> | undefined
    error: unknown
    this: unknown
    target: unknown
    stack: Error
  }
  export interface MockFunctionContext<F extends (...args: any[]) => any> {
    readonly calls: MockCall<F>[]
    callCount(): number
    mockImplementation(run: F): void
    mockImplementationOnce(run: F, onCall?: number): void
    resetCalls(): void
    restore(): void
  }
  export type Mock<F extends (...args: any[]) => any> = F & { mock: MockFunctionContext<F> }
  export interface MockTracker {
    fn<F extends (...args: any[]) => any = (...args: any[]) => undefined>(original?: F, implementation?: F, options?: { times?: number }): Mock<F>
    method<T extends object, K extends keyof T>(object: T, name: K, implementation?: (...args: any[]) => any, options?: object): T[K] extends (...args: infer A) => infer R ? Mock<(...args: A) => R> : Mock<(...args: any[]) => any>
    getter<T extends object, K extends keyof T>(object: T, name: K, implementation?: () => T[K]): Mock<() => T[K]>
    setter<T extends object, K extends keyof T>(object: T, name: K, implementation?: (value: T[K]) => void): Mock<(value: T[K]) => void>
    module(specifier: string, options?: object): { restore(): void }
    readonly timers: {
      enable(options?: { apis?: string[]; now?: number | Date }): void
      reset(): void
      tick(ms?: number): void
      runAll(): void
      setTime(ms: number): void
    }
    reset(): void
    restoreAll(): void
  }
  const test: TestFunction
  export default test
  export { test }
  export const it: TestFunction
  export const describe: TestFunction
  export const suite: TestFunction
  export const before: Hook
  export const after: Hook
  export const beforeEach: Hook
  export const afterEach: Hook
  export const mock: MockTracker
  export function run(options?: object): import('node:stream').Readable
}
`
