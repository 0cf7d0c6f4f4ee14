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

interface NodeErrors {
  overrideStackTrace: Map<unknown, PrepareStackTrace>
  kIsNodeError: symbol
}

/**
 * Makes `error.stack` show only the user's code by V8's stack trace API, or what stands for it in other engines, and
 * serves those who ask for call sites, Node's own library among them.
 */
export function installStackTraces(library: Library) {
  const { overrideStackTrace, kIsNodeError } = library.require<NodeErrors>('internal/errors')
  const format = (error: Error, sites: unknown[]) => formatStack(headerOf(error, kIsNodeError), sites)
  /** Node's library asks for the places of an error in its own way, once. */
  const forLibrary = (error: Error): PrepareStackTrace | undefined => {
    const override = overrideStackTrace.get(error)
    overrideStackTrace.delete(error)
    return override
  }
  const standard: PrepareStackTrace = (error, sites) => {
    const override = forLibrary(error)
    return override ? override(error, sites.map(toView)) : format(error, sites)
  }
  /** What calls a function of the program: it can be read and set again, and called by the program's next one. */
  const callers = new WeakMap<object, PrepareStackTrace>()
  const ours = new WeakSet<PrepareStackTrace>()
  const callerOf = (given: PrepareStackTrace): PrepareStackTrace => {
    const known = ours.has(given) ? given : callers.get(given)
    if (known) return known
    const caller: PrepareStackTrace = (error, sites) => (forLibrary(error) ?? given)(error, sites.map(toView))
    callers.set(given, caller)
    ours.add(caller)
    return caller
  }
  let present = standard
  const V8Error = Error as ErrorConstructor & { stackTraceLimit?: number }
  V8Error.stackTraceLimit = 10
  Object.defineProperty(Error, 'prepareStackTrace', {
    configurable: true,
    enumerable: false,
    get: () => present,
    set: (given: unknown) => {
      present = typeof given === 'function' && given !== standard ? callerOf(given as PrepareStackTrace) : standard
    },
  })
  installForeignStacks((error, sites) => present(error, sites))
}

function formatStack(header: string, sites: unknown[]): string {
  const frames = sites.map((site) => `\n    at ${frameOf(sitesOfViews.get(site as object) ?? site)}`).join('')
  return cleanStack(`${header}${frames}`)
}

/** The engine's own site behind each view. */
const sitesOfViews = new WeakMap<object, CallSite>()

/** Programs pass on sites of their own making, too. */
function toView(site: unknown): unknown {
  const isEngines = typeof Object(site).getScriptNameOrSourceURL === 'function' && !sitesOfViews.has(site as object)
  return isEngines ? createView(site as CallSite) : site
}

const frameOf = (site: unknown) => toUserFrame(String(site), Object(site).getMethodName?.())

/** Errors of Node's own table show their code behind the name. */
function headerOf(error: Error, kIsNodeError: symbol): string {
  try {
    const { code } = error as Error & { code?: unknown }
    return kIsNodeError in error ? `${error.name} [${code}]: ${error.message}` : Error.prototype.toString.call(error)
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
    toString: () => frameOf(site),
  }
  const view = new Proxy(site, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(own, name)) return own[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' && name !== 'constructor' ? value.bind(target) : value
    },
  })
  sitesOfViews.set(view, site)
  return view
}
