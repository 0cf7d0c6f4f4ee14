import { realTimers } from '../node/timers'

type Call = (...values: unknown[]) => unknown

/**
 * Jest's time limit is a timer and nothing else: code that never yields ends when it ends and passes, where vitest fails
 * it afterwards. `made` is an error from where the test was written.
 */
export function withTimeLimit(run: Call, limit: () => number, { what, made }: { what: string; made: Error }): Call {
  return () => {
    const result = run()
    if (typeof Reflect.get(Object(result), 'then') !== 'function') return result
    const ms = limit()
    return new Promise((resolve, reject) => {
      const timer = realTimers.setTimeout(() => reject(tooLong(ms, what, made)), Math.min(ms, 2 ** 31 - 1))
      const settle = (then: (value: unknown) => void) => (value: unknown) => {
        realTimers.clearTimeout(timer)
        then(value)
      }
      ;(result as PromiseLike<unknown>).then(settle(resolve), settle(reject))
    })
  }
}

function tooLong(ms: number, what: string, made: Error): Error {
  made.message = `Exceeded timeout of ${ms} ms for a ${what}.\nAdd a timeout value to this ${what} to increase the timeout, if this is a long-running ${what}. See https://jestjs.io/docs/api#testname-fn-timeout.`
  return Object.assign(made, { stack: `${made.name}: ${made.message}\n${framesOf(made)}` })
}

const framesOf = ({ stack = '' }: Error) => stack.slice(Math.max(0, stack.search(/^\s+at /m)))
