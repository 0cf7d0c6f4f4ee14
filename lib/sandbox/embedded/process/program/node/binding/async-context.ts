import { useInLoweredCode } from '../async-helpers'
import type { installPromiseHooks, PromiseHooks } from '../library/promise-hooks'
import { natives } from '../natives'
import type { Binding, BindingContext } from './context'

/** What `AsyncLocalStorage` keeps for the running code; carried over to callbacks that come later. */
let frame: unknown
let isCarried = false

export const currentFrame = () => frame

/** For the Worker's next program; `Promise.prototype.then` is the engine's again. */
export function forgetFrames(): void {
  frame = undefined
  isCarried = false
}

export function exchangeFrame(next: unknown): unknown {
  const before = frame
  if (next !== undefined && !isCarried) carryThroughPromises()
  frame = next
  return before
}

/**
 * Promise callbacks run in the frame in which they were added. The engine does not do it for script, and `await` goes
 * past this; the loader lowers async functions where it matters.
 */
function carryThroughPromises() {
  isCarried = true
  const { prototype } = natives.Promise
  const original = prototype.then
  const keep = (callback: unknown) =>
    typeof callback === 'function' ? keepFrame(callback as (value: unknown) => unknown) : callback
  Object.defineProperty(prototype, 'then', {
    configurable: true,
    writable: true,
    value: function then(this: Promise<unknown>, onFulfilled?: unknown, onRejected?: unknown) {
      return original.call(this, keep(onFulfilled) as never, keep(onRejected) as never)
    },
  })
}

/** The function, bound to the frame of now. */
function keepFrame<Values extends unknown[], Result>(fn: (...values: Values) => Result) {
  const kept = frame
  return function (this: unknown, ...values: Values): Result {
    const before = exchangeFrame(kept)
    try {
      return fn.apply(this, values)
    } finally {
      frame = before
    }
  }
}

export const createAsyncContextFrameBinding = (): Binding => ({
  getContinuationPreservedEmbedderData: currentFrame,
  setContinuationPreservedEmbedderData: exchangeFrame,
})

interface Hooks {
  init(asyncId: number, type: string, triggerId: number, resource: object): void
  before(asyncId: number): void
  after(asyncId: number): void
  destroy(asyncId: number): void
}

interface HookConstants {
  kInit: number
  kBefore: number
  kAfter: number
  kDestroy: number
  kStackLength: number
  kExecutionAsyncId: number
  kTriggerAsyncId: number
  kAsyncIdCounter: number
  kDefaultTriggerAsyncId: number
}

/** Deep enough that Node's own stack in JS never has to go over to native memory. */
const stackDepth = 16 * 1024

export function createAsyncWrapBinding(context: BindingContext): Binding {
  const binding = context.constants('async_wrap')
  const constants = binding.constants as HookConstants
  const hookFields = new Uint32Array(9)
  const idFields = new Float64Array(4)
  const resources: object[] = []
  const doomed: number[] = []
  let hooks: Hooks | null = null
  const promiseHooks: PromiseHooks = { init: undefined, before: undefined, after: undefined, settled: undefined }
  let hooksPromises = false
  hookFields[6] = 1
  idFields[constants.kAsyncIdCounter] = 1
  idFields[constants.kDefaultTriggerAsyncId] = -1

  function destroyLater(asyncId: number) {
    if (!hookFields[constants.kDestroy] || doomed.push(asyncId) > 1) return
    context.loop.defer(() => {
      for (const id of doomed.splice(0)) hooks?.destroy(id)
    })
  }
  return {
    ...binding,
    setupHooks: (given: Hooks) => {
      hooks = given
    },
    setCallbackTrampoline: () => undefined,
    pushAsyncContext: () => undefined,
    popAsyncContext: () => false,
    executionAsyncResource: (index: number) => resources[index],
    clearAsyncIdStack() {
      idFields[constants.kExecutionAsyncId] = 0
      idFields[constants.kTriggerAsyncId] = 0
      hookFields[constants.kStackLength] = 0
      resources.length = 0
    },
    queueDestroyAsyncId: destroyLater,
    setPromiseHooks(...given: (typeof promiseHooks)[keyof PromiseHooks][]) {
      const [init, before, after, settled] = given
      if (!hooksPromises && given.every((hook) => hook === undefined)) return
      Object.assign(promiseHooks, { init, before, after, settled })
      if (hooksPromises) return
      hooksPromises = true
      const tools = context.bundle<{ installPromiseHooks: typeof installPromiseHooks }>('node-late')
      useInLoweredCode(tools.installPromiseHooks(natives.Promise, promiseHooks))
    },
    getPromiseHooks: () => [promiseHooks.init, promiseHooks.before, promiseHooks.after, promiseHooks.settled],
    registerDestroyHook: () => undefined,
    async_hook_fields: hookFields,
    async_id_fields: idFields,
    execution_async_resources: resources,
    async_ids_stack: new Float64Array(stackDepth * 2),
    /** For our own handles and requests, which are script where Node's are C++. */
    announceInit(type: string, resource: object): { asyncId: number; triggerId: number } {
      const asyncId = (idFields[constants.kAsyncIdCounter] ?? 0) + 1
      idFields[constants.kAsyncIdCounter] = asyncId
      const wanted = idFields[constants.kDefaultTriggerAsyncId] ?? -1
      const triggerId = wanted < 0 ? (idFields[constants.kExecutionAsyncId] ?? 0) : wanted
      if (hookFields[constants.kInit]) hooks?.init(asyncId, type, triggerId, resource)
      return { asyncId, triggerId }
    },
    isHooked: (kind: 'kBefore' | 'kAfter') => (hookFields[constants[kind]] ?? 0) > 0,
    hooks: () => hooks,
  }
}
