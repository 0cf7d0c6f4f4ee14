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
    #asyncId: number
    #triggerId: number
    #frame: unknown

    constructor(type: string) {
      this.#type = type
      this.#frame = currentFrame()
      const { asyncId, triggerId } = wrap().announceInit(type, this)
      this.#asyncId = asyncId
      this.#triggerId = triggerId
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
    asyncReset() {
      const { asyncId, triggerId } = wrap().announceInit(this.#type, this)
      this.#asyncId = asyncId
      this.#triggerId = triggerId
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
      ids.emitBefore(this.#asyncId, this.#triggerId, this)
      // What throws leaves the stack as it is: the handler of uncaught errors clears it.
      run()
      ids.emitAfter(this.#asyncId)
      exchangeFrame(before)
    }
    destroyAsyncId() {
      wrap().queueDestroyAsyncId(this.#asyncId)
    }
  }
}

export type AsyncResourceClass = ReturnType<typeof createAsyncResource>
export type AsyncResource = InstanceType<AsyncResourceClass>

/** Ends operations in a later turn: what they call back runs in the context in which they were begun. */
export function deferInContext(context: BindingContext, type: string): (task: () => void) => void {
  const Operation = createAsyncResource(context)
  return (task) => {
    const operation = new Operation(type)
    context.defer(() => {
      operation.runInContext(task)
      operation.destroyAsyncId()
    })
  }
}
