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
    getErrorSourcePositions: (error: object) => sourcePosition(context, error),
    noSideEffectsToString: describe,
    triggerUncaughtException: (error: unknown, isFromPromise: boolean) => context.reportUncaught(error, isFromPromise),
  }
  return binding
}

interface CallSite {
  getFileName(): string | null
  getLineNumber(): number
  getColumnNumber(): number
}

/** Where the error was made, and the line of source that stands there. */
function sourcePosition(context: BindingContext, error: object) {
  const { overrideStackTrace } = context.require<{ overrideStackTrace: WeakMap<object, unknown> }>('internal/errors')
  overrideStackTrace.set(error, (_error: unknown, sites: unknown) => sites)
  const sites: unknown = Reflect.get(error, 'stack')
  const site = Array.isArray(sites) ? (sites[0] as CallSite | undefined) : undefined
  const file = site?.getFileName()
  if (site === undefined || file == null || !context.host.fs.exists(file)) return { sourceLine: undefined }
  const lines = new TextDecoder().decode(context.host.fs.readFile(file)).split('\n')
  const lineNumber = site.getLineNumber()
  return {
    sourceLine: lines[lineNumber - 1],
    scriptResourceName: file,
    lineNumber,
    startColumn: site.getColumnNumber() - 1,
  }
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
