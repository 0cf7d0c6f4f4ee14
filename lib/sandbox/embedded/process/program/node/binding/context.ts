import type { ProcessHost } from '../../../host'
import type { LibraryData } from '../library/data'
import type { EventLoop } from '../loop'

/** What `internalBinding(name)` answers: functions, classes and constants under the names of Node's C++. */
export type Binding = Record<string, unknown>
export type BindingFactory = (context: BindingContext) => Binding

export interface UvErrorDetails {
  path?: string | undefined
  dest?: string | undefined
  message?: string | undefined
}

export interface UvError extends Error {
  errno: number
  code: string
  syscall: string
  path?: string
  dest?: string
}

/** What bindings are made from; one per process. */
export interface BindingContext {
  /** Throws until the program has started: bindings are made before, in a Worker that waits. */
  readonly host: ProcessHost
  /** Runs now when the program has started, else at its start. */
  onStart(task: (host: ProcessHost) => void): void
  /** Called when the program has ended and its Worker may take another one. It does not where an answer is false: something goes on. */
  onLeave(task: () => boolean): void
  readonly data: LibraryData
  readonly loop: EventLoop
  readonly process: Record<PropertyKey, unknown>
  /** The plain values that Node's own binding of this name has. */
  constants(name: string): Binding
  readonly privateSymbols: Record<string, symbol>
  readonly symbols: Record<string, symbol>
  /** Requires an internal or public module of Node's library, e.g. `internal/errors`. */
  require<T = Record<string, unknown>>(id: string): T
  internalBinding(name: string): Binding
  /** Counts pending work that keeps the process alive, until the answer is called. */
  hold(): () => void
  /** Runs a JS callback and then the ticks it scheduled, as Node's MakeCallback; what it throws is uncaught. */
  callback(fn: unknown, receiver: unknown, ...values: unknown[]): void
  /** Runs `task` as a finished operation in a later turn of the loop, by the rules of `callback`. */
  defer(task: () => void): void
  /** An error as libuv's are: `ENOENT: no such file or directory, open '/x'`. */
  uvError(code: string, syscall: string, details?: UvErrorDetails): UvError
  errnoOf(code: string): number
  /** An error of Node's own table, e.g. `nodeError('ERR_INVALID_ARG_TYPE', 'path', 'string', 5)`. */
  nodeError(code: string, ...values: unknown[]): Error
  /** Hands an error to the program's handlers; prints it and ends the process when there are none. */
  reportUncaught(error: unknown, isFromPromise?: boolean): void
  /** Promises that were rejected and not handled at once, with their reasons: what is known of the state of promises. */
  readonly rejected: WeakMap<object, unknown>
  onRejection(handle: (type: number, promise: Promise<unknown>, reason: unknown) => void): void
  /** What a browser cannot do; `sentence` says so to the user. */
  unavailable(sentence: string): Error
  /** The code as it must be for `async_hooks` to follow it; the same where the program does not ask for them. */
  lower(code: string): string
  /** The exports of a bundle that is loaded on first use, without yielding. */
  bundle<T>(name: string): T
}

export type AnyFunction = (...values: never[]) => unknown
