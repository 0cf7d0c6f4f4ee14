/** Jest's module and its globals; vitest's `globals: true` gives the same names. */
export const jestTypes = `declare module '@jest/globals' {
  import type { Expect, FakeTimers, Hook, Mock, Mocked, SuiteFunction, TestFunction } from '@ambient/testing'

  export interface Jest extends FakeTimers<Jest> {
    fn<F extends (...args: any[]) => any>(implementation?: F): Mock<F>
    fn<R = any, A extends any[] = any[]>(implementation?: (...args: A) => R): Mock<(...args: A) => R>
    mock(path: string, factory?: () => unknown, options?: { virtual?: boolean }): Jest
    doMock(path: string, factory?: () => unknown, options?: { virtual?: boolean }): Jest
    unmock(path: string): Jest
    dontMock(path: string): Jest
    mocked<T>(value: T, options?: object): Mocked<T>
    isMockFunction(value: unknown): value is Mock
    requireActual<T = any>(path: string): T
    requireMock<T = any>(path: string): T
    isolateModules(run: () => void): Jest
    isolateModulesAsync(run: () => Promise<void>): Promise<void>
    replaceProperty<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): { replaceValue(value: T[K]): unknown; restore(): void }
    setTimeout(ms: number): Jest
    retryTimes(times: number, options?: object): Jest
    now(): number
    getRealSystemTime(): number
  }

  export const jest: Jest
  export const test: TestFunction<unknown>
  export const it: TestFunction<unknown>
  export const describe: SuiteFunction
  export const expect: Expect
  export const beforeEach: Hook
  export const afterEach: Hook
  export const beforeAll: Hook
  export const afterAll: Hook
}

declare const test: import('@ambient/testing').TestFunction<unknown>
declare const it: import('@ambient/testing').TestFunction<unknown>
declare const xit: import('@ambient/testing').TestFunction<unknown>
declare const xtest: import('@ambient/testing').TestFunction<unknown>
declare const fit: import('@ambient/testing').TestFunction<unknown>
declare const describe: import('@ambient/testing').SuiteFunction
declare const xdescribe: import('@ambient/testing').SuiteFunction
declare const fdescribe: import('@ambient/testing').SuiteFunction
declare const expect: import('@ambient/testing').Expect
declare const beforeEach: import('@ambient/testing').Hook
declare const afterEach: import('@ambient/testing').Hook
declare const beforeAll: import('@ambient/testing').Hook
declare const afterAll: import('@ambient/testing').Hook
declare const jest: import('@jest/globals').Jest
declare const vi: import('vitest').Vi

declare namespace jest {
  type Mock<R = any, A extends any[] = any> = import('@ambient/testing').Mock<(...args: A) => R>
  type MockedFunction<F extends (...args: any[]) => any> = import('@ambient/testing').Mock<F> & F
  type Mocked<T> = import('@ambient/testing').Mocked<T>
  type SpyInstance<R = any, A extends any[] = any> = import('@ambient/testing').Mock<(...args: A) => R>
}
`
