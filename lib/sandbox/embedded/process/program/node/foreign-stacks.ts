import { type ForeignFrame, foreignFrames, foreignFrameText } from '../loader/foreign-frames'

type Prepare = (error: Error, sites: unknown[]) => unknown

/**
 * Gives errors V8's stacks where the engine is another and lets script make them: `stack` of Firefox is an accessor, and
 * `captureStackTrace` is replaced. `prepare` is what V8 calls with an error and its call sites.
 */
export function installForeignStacks(prepare: Prepare) {
  const native = Object.getOwnPropertyDescriptor(Error.prototype, 'stack')
  const read = native?.get
  if (read === undefined) return rewriteWhenShown(prepare)
  const prepared = new WeakMap<object, unknown>()
  Object.defineProperty(Error.prototype, 'stack', {
    ...native,
    get(this: Error) {
      if (prepared.has(this)) return prepared.get(this)
      const raw: unknown = read.call(this)
      if (typeof raw !== 'string') return raw
      // What `prepare` itself is told when it asks.
      prepared.set(this, undefined)
      const stack = prepare(this, foreignFrames(raw).map(toCallSite))
      prepared.set(this, stack)
      return stack
    },
  })
  Object.defineProperty(Error, 'captureStackTrace', {
    configurable: true,
    writable: true,
    value(target: Error, above?: { name: string }) {
      const frames = foreignFrames(String(read.call(new Error()))).slice(1)
      // Another engine's frames hold no function: the one to leave out, with all it called, is known by its name.
      const first = above === undefined ? -1 : frames.findIndex(({ functionName }) => functionName === above.name)
      const stack = prepare(target, frames.slice(first + 1).map(toCallSite))
      Object.defineProperty(target, 'stack', { configurable: true, writable: true, value: stack })
    },
  })
}

/** Safari's engine writes `stack` into each error: it is put right when the error is printed. */
function rewriteWhenShown(prepare: Prepare) {
  if (/^\s+at /m.test(new Error().stack ?? '')) return
  Object.defineProperty(Error.prototype, Symbol.for('nodejs.util.inspect.custom'), {
    configurable: true,
    writable: true,
    value(this: Error) {
      const frames = foreignFrames(String(Object.getOwnPropertyDescriptor(this, 'stack')?.value ?? ''))
      const value = frames.length === 0 ? undefined : prepare(this, frames.map(toCallSite))
      if (typeof value === 'string') {
        Object.defineProperty(this, 'stack', { configurable: true, writable: true, value })
      }
      return this
    },
  })
}

/** https://v8.dev/docs/stack-trace-api, as far as a frame's text tells. */
function toCallSite(frame: ForeignFrame) {
  const { functionName, file, line, column, isAsync } = frame
  return {
    getThis: () => undefined,
    getTypeName: () => null,
    getFunction: () => undefined,
    getFunctionName: () => functionName,
    getMethodName: () => null,
    getFileName: () => file,
    getScriptNameOrSourceURL: () => file,
    getLineNumber: () => line,
    getColumnNumber: () => column,
    getEvalOrigin: () => undefined,
    isToplevel: () => true,
    isEval: () => false,
    isNative: () => file === null,
    isConstructor: () => false,
    isAsync: () => isAsync,
    isPromiseAll: () => false,
    getPromiseIndex: () => null,
    toString: () => foreignFrameText(frame),
  }
}
