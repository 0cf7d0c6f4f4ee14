import { parseEnv } from '../../../parse-env'
import { firstPlace } from '../../loader/stack'
import { natives } from '../natives'
import type { Binding, BindingContext } from './context'
import { externals, proxyDetails, types } from './types'

/** From here on the names of a typed array's elements, which the engine makes up for the asking, would take seconds. */
const manyElements = 100_000

/** The keys of an object; of a large typed array only symbols, as nobody names more on one. */
function keysBesideBytes(object: object): PropertyKey[] {
  const isLarge = ArrayBuffer.isView(object) && Number(Reflect.get(object, 'length')) > manyElements
  return isLarge ? Object.getOwnPropertySymbols(object) : Reflect.ownKeys(object)
}

export function createUtilBinding(context: BindingContext): Binding {
  const values = context.constants('util')
  const { kPending, kRejected, ONLY_ENUMERABLE, SKIP_SYMBOLS } = values.constants as Record<
    'kPending' | 'kRejected' | 'ONLY_ENUMERABLE' | 'SKIP_SYMBOLS',
    number
  >
  return {
    ...values,
    ...types,
    privateSymbols: context.privateSymbols,
    // Script cannot look into a promise without waiting for it; of a rejection that nobody handled the browser tells.
    getPromiseDetails: (promise: object) =>
      context.rejected.has(promise) ? [kRejected, context.rejected.get(promise)] : [kPending, undefined],
    getProxyDetails(value: unknown, wantsHandler = true) {
      const details = proxyDetails(value)
      return details === undefined || wantsHandler ? details : details[0]
    },
    getCallerLocation() {
      const place = firstPlace(String(new Error().stack))
      return place === null ? undefined : [place.line, place.column, place.file]
    },
    previewEntries,
    getOwnNonIndexProperties: (object: object, filter: number) =>
      keysBesideBytes(object).filter(
        (key) =>
          !isIndex(key) &&
          !(filter & SKIP_SYMBOLS && typeof key === 'symbol') &&
          (!(filter & ONLY_ENUMERABLE) || Object.prototype.propertyIsEnumerable.call(object, key)),
      ),
    getConstructorName,
    getExternalValue: (value: object) => externals.get(value) ?? 0n,
    getCallSites: (count: number) => callSites(context, count),
    sleep(ms: number) {
      if (typeof SharedArrayBuffer !== 'undefined') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
      else for (const end = natives.now() + ms; natives.now() < end; );
    },
    isInsideNodeModules,
    defineLazyProperties: (target: object, id: string, names: string[], isEnumerable = true) =>
      defineLazyProperties(context, { target, id, names, isEnumerable }),
    isConstructor,
    arrayBufferViewHasBuffer: () => true,
    isArrayBufferDetached: (buffer: ArrayBuffer & { detached?: boolean }) => buffer.detached === true,
    shouldAbortOnUncaughtToggle: new Uint32Array(1),
    guessHandleType: (fd: number) => (context.internalBinding('fs').handleType as (fd: number) => number)(fd),
    parseEnv,
    isArrayBufferView: ArrayBuffer.isView,
    isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !types.isDataView(value),
    isUint8Array: (value: unknown) =>
      ArrayBuffer.isView(value) && Reflect.get(value, Symbol.toStringTag) === 'Uint8Array',
    WeakReference: class {
      readonly #target: object
      constructor(target: object) {
        this.#target = target
      }
      get() {
        return this.#target
      }
      incRef() {}
      decRef() {}
    },
  }
}

/** Whether the program's innermost running code is a package's. */
function isInsideNodeModules(): boolean {
  const V8Error = Error as ErrorConstructor & { stackTraceLimit?: number }
  const limit = V8Error.stackTraceLimit
  V8Error.stackTraceLimit = 20
  const frames = String(new Error().stack).split('\n')
  if (limit !== undefined) V8Error.stackTraceLimit = limit
  return (
    frames.find((line) => /^\s+at .*\/.*:\d+:\d+/.test(line) && !/\bnode:/.test(line))?.includes('/node_modules/') ===
    true
  )
}

const isIndex = (key: PropertyKey) =>
  typeof key === 'string' && /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1

function previewEntries(value: unknown, isIterator: boolean) {
  const entries: unknown[] = []
  const isMap = types.isMap(value)
  if (isMap) for (const [key, entry] of Map.prototype.entries.call(value)) entries.push(key, entry)
  else if (types.isSet(value)) entries.push(...Set.prototype.values.call(value))
  else if (types.isMapIterator(value) || types.isSetIterator(value)) {
    const rest = peek(value as Iterator<unknown>)
    const arePairs = rest.length > 0 && rest.every((entry) => Array.isArray(entry) && entry.length === 2)
    return isIterator ? [arePairs ? rest.flat() : rest, arePairs] : rest
  }
  return isIterator ? [entries, isMap] : entries
}

/** What iterators have yet to give that were looked into. */
const peeked = new WeakMap<object, unknown[]>()

/** An iterator cannot be read without using it up, so it then gives what was read. */
function peek(iterator: Iterator<unknown>): readonly unknown[] {
  const known = peeked.get(iterator)
  if (known !== undefined || !Object.isExtensible(iterator)) return known ?? []
  const rest: unknown[] = []
  for (let step = iterator.next(); !step.done; step = iterator.next()) rest.push(step.value)
  peeked.set(iterator, rest)
  Object.defineProperty(iterator, 'next', {
    configurable: true,
    writable: true,
    value: () => (rest.length > 0 ? { value: rest.shift(), done: false } : { value: undefined, done: true }),
  })
  return rest
}

function getConstructorName(value: object): string {
  for (let next: unknown = value; next !== null && next !== undefined; next = Object.getPrototypeOf(next)) {
    const own = Object.getOwnPropertyDescriptor(next, 'constructor')
    if (typeof own?.value === 'function' && own.value.name !== '') return own.value.name
  }
  return 'Object'
}

function isConstructor(value: unknown): boolean {
  try {
    Reflect.construct(Object, [], value as new () => unknown)
    return true
  } catch {
    return false
  }
}

/** Frames of the machine lie between and before those of the program. */
const machineFrames = 50

interface CallSite {
  getFunctionName(): string | null
  getFileName(): string | null
  getLineNumber(): number
  getColumnNumber(): number
}
type Overrides = Map<object, (error: Error, sites: readonly CallSite[]) => unknown>

/** The call sites of the program and of Node's library, as the engine has them. */
function sitesHere(context: BindingContext, count: number): readonly CallSite[] {
  const V8Error = Error as ErrorConstructor & { stackTraceLimit?: number | undefined }
  const limit = V8Error.stackTraceLimit
  V8Error.stackTraceLimit = count + machineFrames
  const error = new Error()
  V8Error.stackTraceLimit = limit
  const { overrideStackTrace } = context.require<{ overrideStackTrace: Overrides }>('internal/errors')
  overrideStackTrace.set(error, (_error, sites) => sites)
  const sites: unknown = error.stack
  return Array.isArray(sites) ? sites : []
}

function callSites(context: BindingContext, count: number) {
  // The first is that of the library's function that asks.
  return sitesHere(context, count)
    .slice(1, count + 1)
    .map((site) => ({
      functionName: site.getFunctionName() ?? '',
      scriptId: '0',
      scriptName: site.getFileName() ?? '',
      lineNumber: site.getLineNumber(),
      columnNumber: site.getColumnNumber(),
      column: site.getColumnNumber(),
    }))
}

interface LazyProperties {
  target: object
  id: string
  names: string[]
  isEnumerable: boolean
}

/** Properties that require their module on first use, as V8's lazy data properties do. */
function defineLazyProperties(context: BindingContext, { target, id, names, isEnumerable }: LazyProperties) {
  for (const name of names) {
    const settle = (value: unknown) =>
      Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: isEnumerable })
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: isEnumerable,
      get() {
        const value: unknown = context.require(id)[name]
        settle(value)
        return value
      },
      set: settle,
    })
  }
}
