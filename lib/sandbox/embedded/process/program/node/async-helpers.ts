import { helpersName } from '../loader/lower-async'
import { natives } from './natives'

/** What a lowered async generator yields: a value to wait for, or one for its consumer. */
type Signal = { wait: unknown } | { give: unknown }
type Method = 'next' | 'throw' | 'return'

interface PromiseTools {
  Class: PromiseConstructor
  /** Makes a promise of a value that `parent` waits for. */
  adopt(value: unknown, parent: Promise<unknown>): Promise<unknown>
}

const engineTools: PromiseTools = { Class: natives.Promise, adopt: (value) => natives.Promise.resolve(value) }
let { Class: PromiseClass, adopt } = engineTools

/** What async functions answer and wait for from now on; the engine's own promises where nothing is said. */
export function useInLoweredCode(tools = engineTools) {
  PromiseClass = tools.Class
  adopt = tools.adopt
}

/** Runs a generator as an async function: each `yield` is an `await`. */
function run(steps: Generator<unknown, unknown, unknown>): Promise<unknown> {
  let resolve: (value: unknown) => void = () => undefined
  let reject = resolve
  const promise = new PromiseClass<unknown>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  function advance(method: Method, value: unknown) {
    let step: IteratorResult<unknown, unknown>
    try {
      step = steps[method](value)
    } catch (error) {
      reject(error)
      return
    }
    if (step.done) resolve(step.value)
    else
      adopt(step.value, promise).then(
        (answer) => advance('next', answer),
        (error: unknown) => advance('throw', error),
      )
  }
  advance('next', undefined)
  return promise
}

/** Runs a generator as an async generator; calls wait for their turn. */
function generate(steps: Generator<Signal, unknown, unknown>) {
  let last: Promise<unknown> = PromiseClass.resolve()
  function advance(method: Method, value: unknown): Promise<IteratorResult<unknown, unknown>> {
    return new PromiseClass((resolve, reject) => {
      function resume(how: Method, answer: unknown) {
        let step: IteratorResult<Signal, unknown>
        try {
          step = steps[how](answer)
        } catch (error) {
          reject(error)
          return
        }
        if (step.done) PromiseClass.resolve(step.value).then((last) => resolve({ value: last, done: true }), reject)
        else if ('give' in step.value) resolve({ value: step.value.give, done: false })
        else
          PromiseClass.resolve(step.value.wait).then(
            (next) => resume('next', next),
            (error: unknown) => resume('throw', error),
          )
      }
      resume(method, value)
    })
  }
  const call = (method: Method) => (value: unknown) => {
    const result = last.then(() => advance(method, value))
    last = result.catch(() => undefined)
    return result
  }
  const prototype: unknown = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()))
  return Object.assign(Object.create(prototype as object), {
    next: call('next'),
    throw: call('throw'),
    return: call('return'),
  })
}

interface AnyIterator {
  next(value?: unknown): unknown
  return?(value?: unknown): unknown
}

function iteratorOf(source: unknown): AnyIterator {
  const iterable = Object(source) as Record<symbol, (() => AnyIterator) | undefined>
  const make = iterable[Symbol.asyncIterator]
  if (make !== undefined) return make.call(source)
  const sync = iterable[Symbol.iterator]
  if (sync === undefined) throw new TypeError(`${String(source)} is not async iterable`)
  const iterator = sync.call(source)
  // A plain iterable of promises is waited for one by one.
  return {
    next: () => {
      const { value, done } = iterator.next() as IteratorResult<unknown>
      return PromiseClass.resolve(value).then((settled) => ({ value: settled, done }))
    },
    return: () => iterator.return?.(),
  }
}

/** The state of a `for await`. */
function loop(source: unknown) {
  const iterator = iteratorOf(source)
  let isOpen = false
  const state = {
    value: undefined as unknown,
    next() {
      isOpen = false
      return iterator.next()
    },
    take(step: IteratorResult<unknown>) {
      isOpen = !step.done
      state.value = step.value
      return isOpen
    },
    isOpen: () => isOpen,
    close: () => iterator.return?.(),
  }
  return state
}

function* delegate(source: unknown): Generator<Signal, unknown, unknown> {
  const iterator = iteratorOf(source)
  let received: unknown
  let isDone = false
  try {
    for (;;) {
      const step = (yield { wait: iterator.next(received) }) as IteratorResult<unknown>
      isDone = step.done === true
      if (isDone) return step.value
      received = yield { give: step.value }
    }
  } finally {
    if (!isDone && iterator.return) yield { wait: iterator.return() }
  }
}

const helpers = {
  run,
  generate,
  loop,
  delegate,
  wait: (value: unknown): Signal => ({ wait: value }),
  give: (value?: unknown): Signal => ({ give: value }),
}

/** What lowered code calls, see `loader/lower-async.ts`; for good, whatever becomes of other globals after a test file. */
export function installAsyncHelpers() {
  Object.defineProperty(globalThis, helpersName, { value: helpers })
}
