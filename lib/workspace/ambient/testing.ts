/** What vitest, Jest and `node:test` have in common in our test engine: `expect`, its matchers, mocks, table tests. */
export const testingTypes = `declare module '@ambient/testing' {
  type Awaitable<T> = T | PromiseLike<T>
  type AnyFunction = (...args: any[]) => any
  type ClassLike = abstract new (...args: any[]) => any

  export interface Matchers<R, T = unknown> {
    readonly not: Matchers<R, T>
    readonly resolves: Matchers<Promise<void>, Awaited<T>>
    readonly rejects: Matchers<Promise<void>, any>
    toBe(expected: unknown): R
    toEqual(expected: unknown): R
    toStrictEqual(expected: unknown): R
    toMatchObject(expected: object | readonly unknown[]): R
    toBeDefined(): R
    toBeUndefined(): R
    toBeNull(): R
    toBeNullish(): R
    toBeNaN(): R
    toBeTruthy(): R
    toBeFalsy(): R
    toBeTypeOf(expected: 'bigint' | 'boolean' | 'function' | 'number' | 'object' | 'string' | 'symbol' | 'undefined'): R
    toBeInstanceOf(expected: Function): R
    toBeGreaterThan(expected: number | bigint): R
    toBeGreaterThanOrEqual(expected: number | bigint): R
    toBeLessThan(expected: number | bigint): R
    toBeLessThanOrEqual(expected: number | bigint): R
    toBeCloseTo(expected: number, digits?: number): R
    toBeOneOf(expected: Iterable<unknown>): R
    toContain(expected: unknown): R
    toContainEqual(expected: unknown): R
    toHaveLength(expected: number): R
    toHaveProperty(path: string | readonly (string | number)[], value?: unknown): R
    toMatch(expected: string | RegExp): R
    toMatchSnapshot(hint?: string): R
    toMatchSnapshot(shape: object, hint?: string): R
    toMatchInlineSnapshot(snapshot?: string, hint?: string): R
    toMatchInlineSnapshot(shape: object, snapshot?: string, hint?: string): R
    toThrow(expected?: string | RegExp | ClassLike | Error | object): R
    toThrowError(expected?: string | RegExp | ClassLike | Error | object): R
    toThrowErrorMatchingSnapshot(hint?: string): R
    toThrowErrorMatchingInlineSnapshot(snapshot?: string, hint?: string): R
    toSatisfy(predicate: (value: any) => boolean, message?: string): R
    toHaveBeenCalled(): R
    toHaveBeenCalledOnce(): R
    toHaveBeenCalledTimes(times: number): R
    toHaveBeenCalledWith(...args: any[]): R
    toHaveBeenLastCalledWith(...args: any[]): R
    toHaveBeenNthCalledWith(nth: number, ...args: any[]): R
    toHaveBeenCalledExactlyOnceWith(...args: any[]): R
    toHaveReturned(): R
    toHaveReturnedTimes(times: number): R
    toHaveReturnedWith(value: unknown): R
    toHaveLastReturnedWith(value: unknown): R
    toHaveNthReturnedWith(nth: number, value: unknown): R
    toHaveResolved(): R
    toHaveResolvedWith(value: unknown): R
    toBeCalled(): R
    toBeCalledTimes(times: number): R
    toBeCalledWith(...args: any[]): R
    toReturn(): R
    toReturnWith(value: unknown): R
    [matcher: string]: any
  }

  export interface AsymmetricMatchers {
    any(constructor: unknown): any
    anything(): any
    arrayContaining<T = any>(expected: readonly T[]): any
    objectContaining<T = any>(expected: T): any
    stringContaining(expected: string): any
    stringMatching(expected: string | RegExp): any
    closeTo(expected: number, digits?: number): any
  }

  export interface Expect extends AsymmetricMatchers {
    <T = any>(actual: T, message?: string): Matchers<void, T>
    readonly not: AsymmetricMatchers
    soft<T = any>(actual: T, message?: string): Matchers<void, T>
    poll<T = any>(read: () => T, options?: { interval?: number; timeout?: number; message?: string }): Matchers<Promise<void>, T>
    extend(matchers: Record<string, (this: any, received: any, ...expected: any[]) => any>): void
    assertions(count: number): void
    hasAssertions(): void
    unreachable(message?: string): never
    fail(message?: string): never
    addSnapshotSerializer(serializer: object): void
    getState(): { currentTestName?: string; testPath?: string; assertionCalls: number }
    setState(state: object): void
  }

  export interface TestContext {
    expect: Expect
    skip(note?: string): never
    onTestFinished(run: () => Awaitable<void>): void
    onTestFailed(run: () => Awaitable<void>): void
    readonly task: { readonly name: string; readonly id: string }
    readonly signal: AbortSignal
  }

  export interface TestOptions {
    timeout?: number
    retry?: number
    repeats?: number
    skip?: boolean
    only?: boolean
    todo?: boolean
    fails?: boolean
    concurrent?: boolean
    sequential?: boolean
  }

  type Done = (error?: unknown) => void
  export type TestBody<C> = (context: C & Done) => unknown

  /** A list of cases: each row's values are the arguments. */
  export interface Each<Name> {
    <T extends any[] | [any]>(cases: readonly T[]): (name: Name, run: (...args: T) => unknown, options?: number | TestOptions) => void
    <T extends readonly any[]>(cases: readonly T[]): (name: Name, run: (...args: ExtractRow<T>) => unknown, options?: number | TestOptions) => void
    <T>(cases: readonly T[]): (name: Name, run: (value: T) => unknown, options?: number | TestOptions) => void
    (strings: TemplateStringsArray, ...values: any[]): (name: Name, run: (row: any) => unknown, options?: number | TestOptions) => void
  }
  type ExtractRow<T extends readonly any[]> = { -readonly [K in keyof T]: T[K] }
  type Name = string | number | Function

  export interface TestFunction<C = TestContext> {
    (name: Name, run?: TestBody<C>, options?: number | TestOptions): void
    (name: Name, options: TestOptions, run?: TestBody<C>): void
    readonly only: TestFunction<C>
    readonly skip: TestFunction<C>
    readonly concurrent: TestFunction<C>
    readonly sequential: TestFunction<C>
    readonly fails: TestFunction<C>
    readonly failing: TestFunction<C>
    todo(name: Name, run?: unknown): void
    skipIf(condition: unknown): TestFunction<C>
    runIf(condition: unknown): TestFunction<C>
    each: Each<Name>
    for<T>(cases: readonly T[]): (name: Name, run: (value: T, context: C) => unknown, options?: number | TestOptions) => void
    extend<F extends Record<string, any>>(fixtures: {
      [K in keyof F]: F[K] | [fixture: (context: C & F, use: (value: F[K]) => Promise<void>) => unknown, options?: object] | ((context: C & F, use: (value: F[K]) => Promise<void>) => unknown)
    }): TestFunction<C & F>
  }

  export interface SuiteFunction {
    (name: Name, run?: () => unknown, options?: number | TestOptions): void
    (name: Name, options: TestOptions, run?: () => unknown): void
    readonly only: SuiteFunction
    readonly skip: SuiteFunction
    readonly concurrent: SuiteFunction
    readonly sequential: SuiteFunction
    readonly shuffle: SuiteFunction
    todo(name: Name): void
    skipIf(condition: unknown): SuiteFunction
    runIf(condition: unknown): SuiteFunction
    each: Each<Name>
    for<T>(cases: readonly T[]): (name: Name, run: (value: T) => unknown, options?: number | TestOptions) => void
  }

  export type Hook = (run: (context: any) => unknown, timeout?: number) => void

  export interface MockResult<T> {
    type: 'return' | 'throw' | 'incomplete'
    value: T
  }

  export interface MockState<F extends AnyFunction> {
    calls: Parameters<F>[]
    results: MockResult<ReturnType<F>>[]
    settledResults: { type: 'fulfilled' | 'rejected' | 'incomplete'; value: Awaited<ReturnType<F>> }[]
    instances: ThisParameterType<F>[]
    contexts: ThisParameterType<F>[]
    invocationCallOrder: number[]
    lastCall: Parameters<F> | undefined
  }

  export interface MockInstance<F extends AnyFunction = AnyFunction> {
    readonly mock: MockState<F>
    getMockName(): string
    mockName(name: string): this
    mockClear(): this
    mockReset(): this
    mockRestore(): void
    getMockImplementation(): F | undefined
    mockImplementation(run: (...args: Parameters<F>) => ReturnType<F>): this
    mockImplementationOnce(run: (...args: Parameters<F>) => ReturnType<F>): this
    mockReturnThis(): this
    mockReturnValue(value: ReturnType<F>): this
    mockReturnValueOnce(value: ReturnType<F>): this
    mockResolvedValue(value: Awaited<ReturnType<F>>): this
    mockResolvedValueOnce(value: Awaited<ReturnType<F>>): this
    mockRejectedValue(error: unknown): this
    mockRejectedValueOnce(error: unknown): this
    withImplementation<T>(run: F, during: () => T): T extends Promise<unknown> ? Promise<this> : this
  }

  export interface Mock<F extends AnyFunction = AnyFunction> extends MockInstance<F> {
    (...args: Parameters<F>): ReturnType<F>
    new (...args: Parameters<F>): any
  }

  export type Mocked<T> = T extends ClassLike ? T : T extends AnyFunction ? Mock<T> & T : { [K in keyof T]: T[K] extends AnyFunction ? Mock<T[K]> & T[K] : T[K] } & T

  type MethodNames<T> = { [K in keyof T]-?: T[K] extends AnyFunction ? K : never }[keyof T] & string

  export interface SpyOn {
    <T extends object, K extends keyof T>(object: T, property: K, access: 'get'): Mock<() => T[K]>
    <T extends object, K extends keyof T>(object: T, property: K, access: 'set'): Mock<(value: T[K]) => void>
    <T extends object, K extends MethodNames<T>>(object: T, method: K): T[K] extends (...args: infer A) => infer R ? Mock<(...args: A) => R> : Mock
  }

  export interface FakeTimers<Self> {
    useFakeTimers(options?: { now?: number | Date; toFake?: string[]; shouldAdvanceTime?: boolean; [option: string]: unknown } | 'modern' | 'legacy'): Self
    useRealTimers(): Self
    setSystemTime(time: number | string | Date): Self
    runAllTimers(): Self
    runAllTimersAsync(): Promise<Self>
    runOnlyPendingTimers(): Self
    runOnlyPendingTimersAsync(): Promise<Self>
    runAllTicks(): Self
    advanceTimersByTime(ms: number): Self
    advanceTimersByTimeAsync(ms: number): Promise<Self>
    advanceTimersToNextTimer(steps?: number): Self
    advanceTimersToNextTimerAsync(steps?: number): Promise<Self>
    clearAllTimers(): Self
    getTimerCount(): number
    clearAllMocks(): Self
    resetAllMocks(): Self
    restoreAllMocks(): Self
    resetModules(): Self
    spyOn: SpyOn
  }
}
`
