import { customInspect } from './inspect'
import type { Pending } from './pending'

type Callback = (...values: unknown[]) => void

const native = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  now: performance.now.bind(performance),
}

/** The clocks as they were before any program or fake timer replaced them. */
export const realTimers = native

/** What `setTimeout` answers in Node. */
export class Timeout {
  #handle: ReturnType<typeof setTimeout> | undefined
  #release: (() => void) | null = null
  #isRef = true
  readonly #pending: Pending
  readonly #delay: number
  readonly #repeats: boolean
  readonly #run: () => void

  constructor(pending: Pending, run: () => void, delay: number, repeats: boolean) {
    this.#pending = pending
    this.#run = run
    this.#delay = delay >= 1 && delay <= 2 ** 31 - 1 ? Math.trunc(delay) : 1
    this.#repeats = repeats
    this.#start()
  }

  #start() {
    if (this.#isRef) this.#release ??= this.#pending.hold()
    this.#handle = native.setTimeout(() => {
      this.#handle = undefined
      if (this.#repeats) this.#start()
      try {
        this.#run()
      } finally {
        if (this.#handle === undefined) this.#drop()
      }
    }, this.#delay)
  }

  #drop() {
    this.#release?.()
    this.#release = null
  }

  close() {
    native.clearTimeout(this.#handle)
    this.#handle = undefined
    this.#drop()
    return this
  }

  refresh() {
    native.clearTimeout(this.#handle)
    this.#start()
    return this
  }

  ref() {
    this.#isRef = true
    if (this.#handle !== undefined) this.#release ??= this.#pending.hold()
    return this
  }

  unref() {
    this.#isRef = false
    this.#drop()
    return this
  }

  hasRef() {
    return this.#isRef
  }

  [Symbol.toPrimitive]() {
    return Number(this.#handle ?? 0)
  }

  [Symbol.dispose]() {
    this.close()
  }

  [customInspect]() {
    return `Timeout { _idleTimeout: ${this.#delay}, hasRef: ${this.#isRef} }`
  }
}

/** Runs in a later turn of the event loop, before any timer that is started now. */
export class Immediate {
  #release: (() => void) | null
  #run: (() => void) | null

  constructor(pending: Pending, run: () => void) {
    this.#release = pending.hold()
    this.#run = run
    immediates.push(this)
    immediatePort.postMessage(null)
  }

  /** @internal */
  fire() {
    const run = this.#run
    this.close()
    run?.()
  }

  close() {
    this.#run = null
    this.unref()
  }

  ref() {
    return this
  }

  unref() {
    this.#release?.()
    this.#release = null
    return this
  }

  hasRef() {
    return this.#release !== null
  }
}

const immediates: Immediate[] = []
const { port1, port2: immediatePort } = new MessageChannel()
port1.onmessage = () => immediates.shift()?.fire()

export interface Timers {
  setTimeout(callback: Callback, delay?: number, ...values: unknown[]): Timeout
  setInterval(callback: Callback, delay?: number, ...values: unknown[]): Timeout
  setImmediate(callback: Callback, ...values: unknown[]): Immediate
  clearTimeout(timer: unknown): void
  clearInterval(timer: unknown): void
  clearImmediate(timer: unknown): void
}

export function createTimers(pending: Pending): Timers {
  const byNumber = new Map<number, Timeout>()

  function start(callback: Callback, delay: number, repeats: boolean, values: unknown[]): Timeout {
    assertFunction(callback)
    const timer = new Timeout(pending, () => callback(...values), Number(delay), repeats)
    byNumber.set(Number(timer), timer)
    if (byNumber.size > 1000) for (const [id, known] of byNumber) if (Number(known) !== id) byNumber.delete(id)
    return timer
  }
  function stop(timer: unknown) {
    const found = timer instanceof Timeout ? timer : byNumber.get(Number(timer ?? Number.NaN))
    found?.close()
  }
  return {
    setTimeout: (callback, delay = 1, ...values) => start(callback, delay, false, values),
    setInterval: (callback, delay = 1, ...values) => start(callback, delay, true, values),
    setImmediate(callback, ...values) {
      assertFunction(callback)
      return new Immediate(pending, () => callback(...values))
    },
    clearTimeout: stop,
    clearInterval: stop,
    clearImmediate: (timer) => {
      if (timer instanceof Immediate) timer.close()
    },
  }
}

function assertFunction(callback: unknown) {
  if (typeof callback === 'function') return
  const message = `The "callback" argument must be of type function. Received ${callback === null ? 'null' : typeof callback}`
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
}
