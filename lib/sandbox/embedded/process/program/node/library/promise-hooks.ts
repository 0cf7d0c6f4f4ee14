/** As `setPromiseHooks` of Node's `async_wrap` takes them. */
export interface PromiseHooks {
  init: ((promise: Promise<unknown>, parent?: Promise<unknown>) => void) | undefined
  before: ((promise: Promise<unknown>) => void) | undefined
  after: ((promise: Promise<unknown>) => void) | undefined
  settled: ((promise: Promise<unknown>) => void) | undefined
}

type Callback = (value: unknown) => unknown
type Executor = (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void

const isFunction = (value: unknown): value is Callback => typeof value === 'function'
const rethrow: Callback = (reason) => {
  throw reason
}

/**
 * Puts a class in the place of `Promise` that tells `hooks` of its promises and their callbacks, which engines do for
 * Node alone. What the engine makes for a native `await` stays unseen: the loader lowers it where programs ask.
 * Answers what lowered code uses.
 */
export function installPromiseHooks(Native: PromiseConstructor, hooks: PromiseHooks) {
  const then = Native.prototype.then
  function construct(target: PromiseConstructor, [executor]: [unknown], newTarget: unknown): Promise<unknown> {
    const Class = newTarget === Hooked ? target : (newTarget as PromiseConstructor)
    if (!isFunction(executor)) return Reflect.construct(target, [executor], Class)
    let resolve: Callback = (value) => value
    let reject: Callback = resolve
    const takes: Executor = (onResolve, onReject) => {
      resolve = onResolve as Callback
      reject = onReject as Callback
    }
    const promise: Promise<unknown> = Reflect.construct(target, [takes], Class)
    hooks.init?.(promise)
    const settle = (how: Callback) => (value: unknown) => {
      hooks.settled?.(promise)
      return how(value)
    }
    try {
      ;(executor as unknown as Executor)(settle(resolve), settle(reject))
    } catch (error) {
      settle(reject)(error)
    }
    return promise
  }
  // Instances keep the engine's class as their constructor: a native `await` of one stays as quick and as unseen.
  const statics = new Map<PropertyKey, unknown>()
  for (const name of ['resolve', 'reject', 'all', 'allSettled', 'any', 'race', 'try']) {
    const method: unknown = Reflect.get(Native, name)
    if (typeof method !== 'function') continue
    const hooked = function (this: unknown, ...values: unknown[]): unknown {
      const promise: unknown = method.apply(this === Hooked ? Native : this, values)
      if (promise === values[0] || this !== Hooked) return promise
      hooks.init?.(promise as Promise<unknown>)
      if (name === 'resolve' || name === 'reject') hooks.settled?.(promise as Promise<unknown>)
      return promise
    }
    statics.set(name, Object.defineProperty(hooked, 'name', { value: name }))
  }
  const get = (target: PromiseConstructor, name: PropertyKey) => statics.get(name) ?? Reflect.get(target, name)
  const Hooked: PromiseConstructor = new Proxy(Native, { construct, get })

  function hookedThen(this: Promise<unknown>, onFulfilled?: unknown, onRejected?: unknown): Promise<unknown> {
    if (!hooks.init && !hooks.before && !hooks.after && !hooks.settled)
      return then.call(this, onFulfilled as Callback, onRejected as Callback)
    const around = (callback: Callback) => (value: unknown) => {
      hooks.before?.(child)
      try {
        return callback(value)
      } finally {
        hooks.settled?.(child)
        hooks.after?.(child)
      }
    }
    const child: Promise<unknown> = then.call(
      this,
      around(isFunction(onFulfilled) ? onFulfilled : (value) => value),
      around(isFunction(onRejected) ? onRejected : rethrow),
    )
    hooks.init?.(child, this)
    return child
  }
  Object.defineProperties(Native.prototype, {
    // biome-ignore lint/suspicious/noThenProperty: it is Promise.prototype whose method is replaced
    then: { value: Object.defineProperty(hookedThen, 'name', { value: 'then' }), writable: true, configurable: true },
  })
  Object.defineProperty(globalThis, 'Promise', { value: Hooked, writable: true, configurable: true })
  const adopt = (value: unknown, parent: Promise<unknown>): Promise<unknown> => {
    const promise = Native.resolve(value)
    if (promise !== value) {
      hooks.init?.(promise, parent)
      hooks.settled?.(promise)
    }
    return promise
  }
  return { Class: Hooked, adopt }
}
