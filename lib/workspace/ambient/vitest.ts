export const vitestTypes = `declare module 'vitest' {
  import type { Expect, FakeTimers, Hook, Mock, Mocked, SuiteFunction, TestFunction } from '@ambient/testing'
  export type { Matchers as Assertion, Mock, Mocked, MockInstance, TestContext, TestOptions } from '@ambient/testing'
  export type MockedFunction<F extends (...args: any[]) => any> = Mock<F> & F
  export type MockedObject<T> = Mocked<T>
  export type MockedClass<T> = T

  export const test: TestFunction
  export const it: TestFunction
  export const describe: SuiteFunction
  export const suite: SuiteFunction
  export const expect: Expect
  export const beforeEach: Hook
  export const afterEach: Hook
  export const beforeAll: Hook
  export const afterAll: Hook
  export function onTestFinished(run: () => unknown): void
  export function onTestFailed(run: () => unknown): void
  export function expectTypeOf<T>(value?: T): any
  export function assertType<T>(value: T): void
  export const assert: { (value: unknown, message?: string): asserts value; [method: string]: any }
  export function bench(name: string, run: () => unknown, options?: object): void

  export interface Vi extends FakeTimers<Vi> {
    fn<F extends (...args: any[]) => any>(implementation?: F): Mock<F>
    fn<A extends any[] = any[], R = any>(): Mock<(...args: A) => R>
    mock<T>(path: string | Promise<T>, factory?: ((original: <M = T>() => Promise<M>) => unknown) | { spy?: boolean }): void
    doMock<T>(path: string | Promise<T>, factory?: ((original: <M = T>() => Promise<M>) => unknown) | { spy?: boolean }): void
    unmock(path: string): void
    doUnmock(path: string): void
    hoisted<T>(run: () => T): T
    mocked<T>(value: T, options?: boolean | { deep?: boolean; partial?: boolean }): Mocked<T>
    isMockFunction(value: unknown): value is Mock
    importActual<T = any>(path: string): Promise<T>
    importMock<T = any>(path: string): Promise<Mocked<T>>
    dynamicImportSettled(): Promise<void>
    stubEnv(name: string, value: string | boolean | undefined): Vi
    unstubAllEnvs(): Vi
    stubGlobal(name: string | symbol | number, value: unknown): Vi
    unstubAllGlobals(): Vi
    waitFor<T>(check: () => T | Promise<T>, options?: number | { timeout?: number; interval?: number }): Promise<T>
    waitUntil<T>(check: () => T | Promise<T>, options?: number | { timeout?: number; interval?: number }): Promise<T>
    getMockedSystemTime(): Date | null
    getRealSystemTime(): number
    isFakeTimers(): boolean
    setConfig(config: object): void
    resetConfig(): void
  }
  export const vi: Vi
  export const vitest: Vi
}

declare module 'vitest/config' {
  export function defineConfig<T>(config: T): T
  export function defineProject<T>(config: T): T
  export function mergeConfig(...configs: object[]): any
  export const configDefaults: { include: string[]; exclude: string[]; [name: string]: unknown }
}

declare module 'vitest/globals' {}
`
