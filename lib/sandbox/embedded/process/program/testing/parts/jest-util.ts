// Stands for Jest's package of this name, which reaches for the file system; these are all that its expect and mocks ask for.
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  value != null &&
  (typeof value === 'object' || typeof value === 'function') &&
  typeof Reflect.get(value, 'then') === 'function'

export const isError = (value: unknown): value is Error =>
  value instanceof Error || /^\[object \w*(Error|Exception)\]$/.test(Object.prototype.toString.call(value))

export const pluralize = (word: string, count: number, ending = 's') => `${count} ${word}${count === 1 ? '' : ending}`

export class ErrorWithStack extends Error {
  constructor(message: string | undefined, callsite: (...values: never[]) => unknown) {
    super(message)
    Error.captureStackTrace?.(this, callsite)
  }
}
