import type { Syntax, withDeadlineChecks } from '../library/deadline-checks'
import { natives } from '../natives'
import type { BindingContext } from './context'

/** What the checks in the code call; a global, since they stand in code of any scope. */
export const deadlineName = '__vitrineDeadline'
/** The clock is read once in so many checks. */
const checksPerLook = 64

/** The code with looks at the clock in it. */
export function checkedCode(context: BindingContext, code: string): string {
  const tools = context.bundle<{ withDeadlineChecks: typeof withDeadlineChecks }>('node-late')
  const { parse } = context.require<Pick<Syntax, 'parse'>>('internal/deps/acorn/acorn/dist/acorn')
  const { simple } = context.require<Pick<Syntax, 'simple'>>('internal/deps/acorn/acorn-walk/dist/walk')
  return tools.withDeadlineChecks(code, `${deadlineName}()`, { parse, simple })
}

/** Runs `task`, whose code has the checks, until the time is over. */
export function runUntil<T>(timeoutMs: number, task: () => T): T {
  const before: unknown = Reflect.get(globalThis, deadlineName)
  const outer = typeof before === 'function' ? (before as () => void) : () => undefined
  const endsAt = natives.now() + timeoutMs
  let isRunning = true
  let isOver = false
  let checks = 0
  const define = (value: () => void) =>
    Object.defineProperty(globalThis, deadlineName, { value, configurable: true, enumerable: false })
  define(() => {
    outer()
    isOver ||= isRunning && ++checks % checksPerLook === 0 && natives.now() > endsAt
    // Again at each check: the script may catch it.
    if (isOver && isRunning) throw timedOut(timeoutMs)
  })
  try {
    return task()
  } finally {
    isRunning = false
    // Functions that the script left behind still call it.
    define(outer)
  }
}

const timedOut = (timeoutMs: number) =>
  Object.assign(new Error(`Script execution timed out after ${timeoutMs}ms`), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' })
