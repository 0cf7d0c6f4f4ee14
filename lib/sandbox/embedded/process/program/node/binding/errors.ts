import type { Binding, BindingContext } from './context'

type PrepareStackTrace = (realm: unknown, error: unknown, sites: unknown[]) => unknown

export function createErrorsBinding(context: BindingContext): Binding {
  const binding: Binding = {
    ...context.constants('errors'),
    setPrepareStackTraceCallback: (callback: PrepareStackTrace) => {
      binding.prepareStackTrace = callback
    },
    prepareStackTrace: undefined,
    setGetSourceMapErrorSource: () => undefined,
    setSourceMapsEnabled: () => undefined,
    setMaybeCacheGeneratedSourceMap: () => undefined,
    setEnhanceStackForFatalException: () => undefined,
    getErrorSourcePositions: () => undefined,
    noSideEffectsToString: describe,
    triggerUncaughtException: (error: unknown, isFromPromise: boolean) => context.reportUncaught(error, isFromPromise),
  }
  return binding
}

/** As V8's `NoSideEffectsToString`: calls nothing of the program. */
function describe(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'function') return Function.prototype.toString.call(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Error) return Error.prototype.toString.call(value)
  const owner = Object.getPrototypeOf(value)
  const name: unknown = owner === null ? undefined : Object.getOwnPropertyDescriptor(owner, 'constructor')?.value?.name
  return `#<${typeof name === 'string' && name !== '' ? name : 'Object'}>`
}
