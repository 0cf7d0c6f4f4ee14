import { cleanStack, toUserFrame, userPlace } from '../loader/stack'
import { installForeignStacks } from './foreign-stacks'
import type { Library } from './library/library'

/** V8's call sites: methods without arguments that tell of one frame. */
interface CallSite {
  toString(): string
  getScriptNameOrSourceURL(): string | null
  getLineNumber(): number | null
  getColumnNumber(): number | null
  [method: string]: unknown
}
type PrepareStackTrace = (error: Error, sites: unknown[]) => unknown

/**
 * Makes `error.stack` show only the user's code by V8's stack trace API, or what stands for it in other engines, and
 * serves those who ask for call sites, Node's own library among them.
 */
export function installStackTraces(library: Library) {
  const { overrideStackTrace } = library.require<{ overrideStackTrace: Map<unknown, PrepareStackTrace> }>(
    'internal/errors',
  )
  let ofProgram: PrepareStackTrace | null = null

  const prepare: PrepareStackTrace = (error, sites) => {
    const views = () => sites.map((site) => createView(site as CallSite))
    const override = overrideStackTrace.get(error)
    if (override !== undefined) {
      overrideStackTrace.delete(error)
      return override(error, views())
    }
    return ofProgram === null ? format(error, sites) : ofProgram(error, views())
  }
  const V8Error = Error as ErrorConstructor & { stackTraceLimit?: number }
  V8Error.stackTraceLimit = 10
  Object.defineProperty(Error, 'prepareStackTrace', {
    configurable: true,
    enumerable: false,
    get: () => prepare,
    set: (given: unknown) => {
      ofProgram = typeof given === 'function' && given !== prepare ? (given as PrepareStackTrace) : null
    },
  })
  installForeignStacks(prepare)
}

function format(error: Error, sites: unknown[]): string {
  const header = headerOf(error)
  const frames = sites.map((site) => `\n    at ${toUserFrame(String(site))}`).join('')
  return cleanStack(`${header}${frames}`)
}

function headerOf(error: Error): string {
  try {
    const isNodes = Object.getOwnPropertySymbols(Object(error)).some((symbol) => symbol.description === 'kIsNodeError')
    const { code } = error as Error & { code?: unknown }
    return isNodes ? `${error.name} [${code}]: ${error.message}` : Error.prototype.toString.call(error)
  } catch {
    return '<error>'
  }
}

/** A call site whose file and place are the user's; code from `eval` has no file of its own for V8. */
function createView(site: CallSite): object {
  const script = site.getScriptNameOrSourceURL()
  const place = userPlace(script ?? '', site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0)
  const own: Record<string, () => unknown> = {
    getFileName: () => place.file || null,
    getScriptNameOrSourceURL: () => place.file || null,
    getLineNumber: () => place.line,
    getColumnNumber: () => place.column,
    isEval: () => false,
    getEvalOrigin: () => undefined,
    toString: () => toUserFrame(String(site)),
  }
  return new Proxy(site, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(own, name)) return own[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
