import { natives } from '../natives'
import type { Binding } from './context'

const toText = Object.prototype.toString
const isObject = (value: unknown): value is object =>
  value !== null && (typeof value === 'object' || typeof value === 'function')

/** Whether a method that checks its receiver's internal slots accepts `value`. */
function brand(method: unknown): (value: unknown) => boolean {
  const call = method as (this: unknown, ...values: unknown[]) => unknown
  return (value) => {
    if (!isObject(value)) return false
    try {
      call.call(value)
      return true
    } catch {
      return false
    }
  }
}
const getter = (prototype: object, name: string) => Object.getOwnPropertyDescriptor(prototype, name)?.get

const proxies = new WeakMap<object, [target: object | null, handler: object | null]>()

/** Replaces the global `Proxy` by one that remembers what it made: there is no other way to tell a proxy. */
export function installProxy() {
  const Native = natives.Proxy
  // biome-ignore lint/suspicious/noShadowRestrictedNames: it takes the global's place, and its name shows
  function Proxy(this: unknown, target: object, handler: ProxyHandler<object>) {
    if (new.target === undefined) throw new TypeError("Constructor Proxy requires 'new'")
    const proxy = new Native(target, handler)
    proxies.set(proxy, [target, handler])
    return proxy
  }
  const revocable = (target: object, handler: ProxyHandler<object>) => {
    const made = Native.revocable(target, handler)
    proxies.set(made.proxy, [target, handler])
    const revoke = () => {
      proxies.set(made.proxy, [null, null])
      made.revoke()
    }
    return { proxy: made.proxy, revoke: Object.defineProperty(revoke, 'name', { value: '' }) }
  }
  Object.defineProperty(Proxy, 'revocable', { value: revocable, writable: true, configurable: true })
  Object.defineProperty(Proxy, 'prototype', { value: undefined })
  Object.defineProperty(globalThis, 'Proxy', { value: Proxy, writable: true, configurable: true })
}

export const proxyDetails = (value: unknown) => (isObject(value) ? proxies.get(value) : undefined)

const hasTag = (value: unknown, tag: string) => isObject(value) && !proxies.has(value) && toText.call(value) === tag
const inherits = (value: object, prototype: unknown) => {
  for (let next: unknown = value; next !== null; next = Object.getPrototypeOf(next)) if (next === prototype) return true
  return false
}
const mapIterator: unknown = Object.getPrototypeOf(new Map().entries())
const setIterator: unknown = Object.getPrototypeOf(new Set().values())
const asyncFunction: unknown = Object.getPrototypeOf(async () => {})
const generatorFunction: unknown = Object.getPrototypeOf(function* () {})
const asyncGeneratorFunction: unknown = Object.getPrototypeOf(async function* () {})
const isFunctionOf = (value: unknown, prototypes: unknown[]) =>
  typeof value === 'function' && !proxies.has(value) && prototypes.some((prototype) => inherits(value, prototype))

function isPromise(value: unknown): boolean {
  if (!isObject(value) || proxies.has(value) || !(value instanceof natives.Promise)) return false
  // `Promise.resolve` answers its argument itself only when it is a promise of that class.
  const Class: unknown = value.constructor
  if (typeof Class !== 'function') return toText.call(value) === '[object Promise]'
  try {
    return natives.Promise.resolve.call(Class as PromiseConstructor, value) === value
  } catch {
    return false
  }
}

function isNativeError(value: unknown): boolean {
  const { isError } = Error as ErrorConstructor & { isError?: (value: unknown) => boolean }
  if (!isObject(value)) return false
  // Node makes them of errors; to browsers they are errors of another kind.
  if (isDomException(value)) return true
  return isError === undefined ? value instanceof Error : isError(value)
}

const isDomException = brand(getter(natives.DOMException.prototype, 'code'))
const isMap = brand(getter(Map.prototype, 'size'))
const isSet = brand(getter(Set.prototype, 'size'))
const isArrayBuffer = brand(getter(ArrayBuffer.prototype, 'byteLength'))
const isSharedBrand =
  typeof SharedArrayBuffer === 'undefined' ? () => false : brand(getter(SharedArrayBuffer.prototype, 'byteLength'))
const isNumberObject = brand(Number.prototype.valueOf)
const isStringObject = brand(String.prototype.valueOf)
const isBooleanObject = brand(Boolean.prototype.valueOf)
const isBigIntObject = brand(BigInt.prototype.valueOf)
const isSymbolObject = brand(Symbol.prototype.valueOf)
const isRegExpBrand = brand(getter(RegExp.prototype, 'hasIndices'))
const isDataView = brand(getter(DataView.prototype, 'byteLength'))
const weakMapHas = brand(function (this: WeakMap<object, unknown>) {
  WeakMap.prototype.has.call(this, {})
})
const weakSetHas = brand(function (this: WeakSet<object>) {
  WeakSet.prototype.has.call(this, {})
})

/** Values that stand for memory of the engine, with a number in the place of an address. */
export const externals = new WeakMap<object, bigint>()

/** What stands for namespaces where an ES module was required. */
export const namespaces = new WeakSet<object>()

export const types = {
  isExternal: (value: unknown) => externals.has(value as object),
  isDate: brand(Date.prototype.getTime),
  isArgumentsObject: (value: unknown) =>
    isObject(value) && !(Symbol.toStringTag in value) && toText.call(value) === '[object Arguments]',
  isBigIntObject,
  isBooleanObject,
  isNumberObject,
  isStringObject,
  isSymbolObject,
  isBoxedPrimitive: (value: unknown) =>
    [isNumberObject, isStringObject, isBooleanObject, isBigIntObject, isSymbolObject].some((test) => test(value)),
  isNativeError,
  isRegExp: (value: unknown) => isRegExpBrand(value) && value !== RegExp.prototype,
  isAsyncFunction: (value: unknown) => isFunctionOf(value, [asyncFunction, asyncGeneratorFunction]),
  isGeneratorFunction: (value: unknown) => isFunctionOf(value, [generatorFunction, asyncGeneratorFunction]),
  isGeneratorObject: (value: unknown) =>
    hasTag(value, '[object Generator]') || hasTag(value, '[object AsyncGenerator]'),
  isPromise,
  isMap,
  isSet,
  isMapIterator: (value: unknown) =>
    hasTag(value, '[object Map Iterator]') && value !== mapIterator && inherits(Object(value), mapIterator),
  isSetIterator: (value: unknown) =>
    hasTag(value, '[object Set Iterator]') && value !== setIterator && inherits(Object(value), setIterator),
  isWeakMap: weakMapHas,
  isWeakSet: weakSetHas,
  isArrayBuffer,
  isDataView: (value: unknown) => ArrayBuffer.isView(value) && isDataView(value),
  isSharedArrayBuffer: isSharedBrand,
  isAnyArrayBuffer: (value: unknown) => isArrayBuffer(value) || isSharedBrand(value),
  isProxy: (value: unknown) => proxyDetails(value) !== undefined,
  isModuleNamespaceObject: (value: unknown) =>
    namespaces.has(value as object) || (hasTag(value, '[object Module]') && Object.isSealed(value)),
}

export const createTypesBinding = (): Binding => ({ ...types })
