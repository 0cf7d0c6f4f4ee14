import { nodeError } from '../loader/errors'
import { format, formatWithOptions } from '../node/format'
import { inspect } from '../node/inspect'
import { isDeepEqual } from './deep-equal'

const promisifyCustom = Symbol.for('nodejs.util.promisify.custom')
type Callable = (...values: unknown[]) => unknown

function promisify(original: Callable): Callable {
  if (typeof original !== 'function') {
    throw nodeError('ERR_INVALID_ARG_TYPE', 'The "original" argument must be of type function.', TypeError)
  }
  const custom: unknown = Reflect.get(original, promisifyCustom)
  if (typeof custom === 'function') return custom as Callable
  return function (this: unknown, ...values: unknown[]) {
    return new Promise((resolve, reject) => {
      original.call(this, ...values, (error: unknown, value: unknown) => (error ? reject(error) : resolve(value)))
    })
  }
}
promisify.custom = promisifyCustom

function callbackify(original: (...values: unknown[]) => Promise<unknown>): Callable {
  return function (this: unknown, ...values: unknown[]) {
    const callback = values.pop() as (error: unknown, value?: unknown) => void
    original.apply(this, values).then(
      (value) => queueMicrotask(() => callback(null, value)),
      (error: unknown) => queueMicrotask(() => callback(error)),
    )
  }
}

function deprecate(original: Callable, message: string, code?: string): Callable {
  let isWarned = false
  return function (this: unknown, ...values: unknown[]) {
    if (!isWarned) console.error(`(node) ${code === undefined ? '' : `[${code}] `}DeprecationWarning: ${message}`)
    isWarned = true
    return original.apply(this, values)
  }
}

const tagIs = (tag: string) => (value: unknown) => Object.prototype.toString.call(value) === `[object ${tag}]`

const types = {
  isArrayBuffer: tagIs('ArrayBuffer'),
  isAsyncFunction: tagIs('AsyncFunction'),
  isDate: tagIs('Date'),
  isGeneratorFunction: tagIs('GeneratorFunction'),
  isMap: tagIs('Map'),
  isNativeError: (value: unknown) => value instanceof Error,
  isPromise: tagIs('Promise'),
  isRegExp: tagIs('RegExp'),
  isSet: tagIs('Set'),
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: (value: unknown) => value instanceof Uint8Array,
  isWeakMap: tagIs('WeakMap'),
  isWeakSet: tagIs('WeakSet'),
}

/** `node:util`. */
export function createUtilModule(): object {
  return {
    callbackify,
    deprecate,
    format,
    formatWithOptions,
    inherits: (child: Callable, parent: Callable) => Object.setPrototypeOf(child.prototype, parent.prototype),
    inspect,
    isDeepStrictEqual: (a: unknown, b: unknown) => isDeepEqual(a, b, true),
    promisify,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what is removed
    stripVTControlCharacters: (text: string) => text.replace(/\u001b\[[\d;]*[A-Za-z]/g, ''),
    TextDecoder,
    TextEncoder,
    types,
  }
}
