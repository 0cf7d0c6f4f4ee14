import { isOurFrame, toUserFrame, userPlace } from '../loader/stack'
import { installForeignStacks } from './foreign-stacks'
import type { Library } from './library/library'
import type { SourceMaps } from './source-maps'

/** V8's call sites: methods without arguments that tell of one frame. */
interface CallSite {
  toString(): string
  getScriptNameOrSourceURL(): string | null
  getLineNumber(): number | null
  getColumnNumber(): number | null
  getFunctionName(): string | null
  getMethodName(): string | null
  [method: string]: unknown
}
type PrepareStackTrace = (error: Error, sites: unknown[]) => unknown

interface NodeErrors {
  overrideStackTrace: Map<unknown, PrepareStackTrace>
  kIsNodeError: symbol
}

/**
 * Functions of ours that play a part of Node's loader, as stacks show them, and the module of Node's whose part it is. The
 * places of their frames are in our own code.
 */
const parts = [
  { frames: /^Module\.(?:_compile|load|_load|require) /, module: 'internal/modules/cjs/loader' },
  { frames: /^\.(?:js|json|node) /, module: 'internal/modules/cjs/loader' },
  { frames: /^wrapModuleLoad /, module: 'internal/modules/cjs/loader' },
  { frames: /^require /, module: 'internal/modules/helpers' },
  { frames: /^Module\.executeUserEntryPoint /, module: 'internal/modules/run_main' },
  { frames: /^runMainModule /, module: 'internal/main/run_main_module' },
  { frames: /^evalScript /, module: 'internal/process/execution' },
]
const ofLoader = /\(vitrine:(?:process|testing)\.js:\d+:\d+\)$/
/** What Node has no name for, and what it names by its kind. */
const nameless = /^runMainModule \((.*)\)$/
const extension = /^(?=\.)/
/** Node's library has generators of ours in it, which the engine resumes. */
const resumed = /^(?:listOnTimeout|processTimers|processImmediate)\.next /
const native = /<anonymous>\)?$|\(index \d+\)$/

/**
 * Makes `error.stack` show the frames that Node has, those of the user's code and of Node's library, by V8's stack trace
 * API, or what stands for it in other engines, and serves those who ask for call sites, Node's own library among them.
 */
export function installStackTraces(library: Library, sourceMaps?: SourceMaps) {
  const { overrideStackTrace, kIsNodeError } = library.require<NodeErrors>('internal/errors')
  const format = (error: Error, sites: readonly ShownSite[]) =>
    headerOf(error, kIsNodeError) + sites.map(({ text }) => `\n    at ${text}`).join('')
  /** Node's library asks for the places of an error in its own way, once. */
  const forLibrary = (error: Error): PrepareStackTrace | undefined => {
    const override = overrideStackTrace.get(error)
    overrideStackTrace.delete(error)
    return override
  }
  const shown = (sites: unknown[]) => shownSites(sites, library.indentOf)
  const standard: PrepareStackTrace = (error, sites) => {
    const override = forLibrary(error)
    if (override) return override(error, shown(sites).map(toView))
    return sourceMaps?.isOn()
      ? sourceMaps.prepareStackTrace(error, shown(sites).map(toView))
      : format(error, shown(sites))
  }
  /** What calls a function of the program: it can be read and set again, and called by the program's next one. */
  const callers = new WeakMap<object, PrepareStackTrace>()
  const ours = new WeakSet<PrepareStackTrace>()
  const callerOf = (given: PrepareStackTrace): PrepareStackTrace => {
    const known = ours.has(given) ? given : callers.get(given)
    if (known) return known
    const caller: PrepareStackTrace = (error, sites) => (forLibrary(error) ?? given)(error, shown(sites).map(toView))
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

interface ShownSite {
  site: unknown
  text: string
}

/** The sites whose frames Node would have, too; one of the engine's own functions goes with the frame that called it. */
function shownSites(sites: unknown[], indentOf: Library['indentOf']): ShownSite[] {
  let isCallerShown = true
  return sites
    .map((given) => sitesOfViews.get(given as object) ?? given)
    .reduceRight<ShownSite[]>((shown, site) => {
      const raw = toUserFrame(String(site), Object(site).getMethodName?.())
      const part = partOf(raw)
      const isNative = native.test(raw)
      const isShown = isNative ? isCallerShown && !resumed.test(raw) : part !== undefined || !isOurFrame(raw)
      if (!isNative) isCallerShown = isShown && part === undefined
      if (isShown) shown.push({ site, text: part === undefined ? libraryFrame(raw, indentOf) : loaderFrame(raw, part) })
      return shown
    }, [])
    .reverse()
}

/** Of the bundles that hold the loader. */
const partOf = (frame: string) =>
  ofLoader.test(frame) ? parts.find(({ frames }) => frames.test(frame))?.module : undefined

const loaderFrame = (frame: string, part: string) =>
  frame
    .replace(/\bvitrine:[\w-]+\.js/, `node:${part}`)
    .replace(nameless, '$1')
    .replace(extension, 'Object.')

const libraryFrame = (frame: string, indentOf: Library['indentOf']) =>
  frame.replace(
    /\bnode:([\w/]+):(\d+):(\d+)/,
    (_, id, line, column) => `node:${id}:${line}:${Number(column) + indentOf(id, Number(line))}`,
  )

/** The engine's own site behind each view. */
const sitesOfViews = new WeakMap<object, CallSite>()

/** Programs pass on sites of their own making, too. */
const toView = ({ site, text }: ShownSite) =>
  typeof Object(site).getScriptNameOrSourceURL === 'function' ? createView(site as CallSite, text) : site

/** Errors of Node's own table show their code behind the name. */
function headerOf(error: Error, kIsNodeError: symbol): string {
  try {
    const { code } = error as Error & { code?: unknown }
    return kIsNodeError in error ? `${error.name} [${code}]: ${error.message}` : Error.prototype.toString.call(error)
  } catch {
    return '<error>'
  }
}

/** A call site whose file and place are the user's or Node's; code from `eval` has no file of its own for V8. */
function createView(site: CallSite, text: string): object {
  const place = placeOf(site, text)
  const own: Record<string, () => unknown> = {
    getFileName: () => place.file || null,
    getScriptNameOrSourceURL: () => place.file || null,
    getLineNumber: () => place.line,
    getColumnNumber: () => place.column,
    getFunctionName: () => (isNameOfEval(site) ? null : site.getFunctionName()),
    isEval: () => false,
    getEvalOrigin: () => undefined,
    toString: () => text,
  }
  const view = new Proxy(site, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(own, name)) return own[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  sitesOfViews.set(view, site)
  return view
}

/** The engine names code that it evaluates. */
const isNameOfEval = (site: CallSite) => site.getFunctionName() === 'eval' && site.getMethodName() !== 'eval'

function placeOf(site: CallSite, text: string) {
  // No iterators: a program may have replaced theirs.
  const found = /\b(node:[\w/]+):(\d+):(\d+)\)?$/.exec(text)
  if (found !== null) return { file: found[1] ?? '', line: Number(found[2]), column: Number(found[3]) }
  return userPlace(site.getScriptNameOrSourceURL() ?? '', site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0)
}
