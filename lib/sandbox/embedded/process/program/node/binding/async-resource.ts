import { currentFrame, exchangeFrame } from './async-context'
import type { BindingContext } from './context'
import { isNative } from './host-objects'

interface IdStack {
  pushAsyncContext(asyncId: number, triggerId: number, resource: object): void
  popAsyncContext(asyncId: number): boolean
  emitBefore(asyncId: number, triggerId: number, resource: object): void
  emitAfter(asyncId: number): void
}

/** A class for handles and requests: has an async id, and runs callbacks in the context it was made in. */
export function createAsyncResource(context: BindingContext) {
  const wrap = () =>
    context.internalBinding('async_wrap') as unknown as {
      announceInit(type: string, resource: object): { asyncId: number; triggerId: number }
      queueDestroyAsyncId(asyncId: number): void
    }
  return class AsyncResource {
    #type: string
    #asyncId = -1
    #triggerId = -1
    #resource: object = this
    #frame: unknown
    #isDestroyed = true

    /** `isIdle`: it stands for no operation until `asyncReset`. */
    constructor(type: string, isIdle = false) {
      this.#type = type
      if (!isIdle) this.asyncReset()
    }
    get [isNative]() {
      return true
    }
    getAsyncId() {
      return this.#asyncId
    }
    getProviderType() {
      return this.#type
    }
    /** Stands for another operation from now on; the one before is over. */
    asyncReset(resource: object = this, type = this.#type) {
      this.destroyAsyncId()
      const { asyncId, triggerId } = wrap().announceInit(type, resource)
      this.#type = type
      this.#asyncId = asyncId
      this.#triggerId = triggerId
      this.#resource = resource
      this.#frame = currentFrame()
      this.#isDestroyed = false
    }
    /** Calls `this[name]` from the loop, if it is a function. */
    makeCallback(name: string, ...values: unknown[]) {
      const fn: unknown = Reflect.get(this, name)
      if (typeof fn !== 'function') return
      context.loop.enter(() => this.runInContext(() => fn.apply(this, values)))
    }
    runInContext(run: () => void) {
      const ids = context.require<IdStack>('internal/async_hooks')
      const before = exchangeFrame(this.#frame)
      ids.emitBefore(this.#asyncId, this.#triggerId, this.#resource)
      // What throws leaves the stack as it is: the handler of uncaught errors clears it.
      run()
      ids.emitAfter(this.#asyncId)
      exchangeFrame(before)
    }
    destroyAsyncId() {
      if (!this.#isDestroyed) wrap().queueDestroyAsyncId(this.#asyncId)
      this.#isDestroyed = true
    }
  }
}

export type AsyncResourceClass = ReturnType<typeof createAsyncResource>
export type AsyncResource = InstanceType<AsyncResourceClass>

/**
 * Ends operations in a later turn, or when what they wait for has settled: what they call back runs in the context in
 * which they were begun.
 */
export function deferInContext(context: BindingContext, type: string) {
  const Operation = createAsyncResource(context)
  return (task: () => void, after?: Promise<unknown>): void => {
    const operation = new Operation(type)
    const end = () =>
      context.defer(() => {
        operation.runInContext(task)
        operation.destroyAsyncId()
      })
    const release = context.hold()
    const settle = () => {
      end()
      release()
    }
    if (after) void after.then(settle, settle)
    else settle()
  }
}
