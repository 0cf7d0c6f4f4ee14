import { realTimers } from '../node/timers'

/** What `vi` and `jest` share: globals and environment variables that go back to what they were. */
export function createStubs(env: Record<string, string>) {
  const globals = new Map<PropertyKey, PropertyDescriptor | undefined>()
  const variables = new Map<string, string | undefined>()
  return {
    setGlobal(name: PropertyKey, value: unknown) {
      if (!globals.has(name)) globals.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true })
    },
    unsetGlobals() {
      for (const [name, descriptor] of globals) {
        if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
        else Object.defineProperty(globalThis, name, descriptor)
      }
      globals.clear()
    },
    setVariable(name: string, value: string | boolean | undefined) {
      if (!variables.has(name)) variables.set(name, env[name])
      if (value === undefined) delete env[name]
      else env[name] = typeof value === 'boolean' ? (value ? '1' : '') : String(value)
    },
    unsetVariables() {
      for (const [name, value] of variables) {
        if (value === undefined) delete env[name]
        else env[name] = value
      }
      variables.clear()
    },
  }
}

export interface RetryOptions {
  attempt: () => unknown
  isDone: (value: unknown) => boolean
  timeLimit: number | { timeout?: number; interval?: number } | undefined
  /** Moves fake time along. */
  onWait: (ms: number) => void
  timedOut: string
}

/** Tries again on the real clock until an attempt is good or the time is over. */
export async function retry({ attempt, isDone, timeLimit = {}, onWait, timedOut }: RetryOptions): Promise<unknown> {
  const { timeout = 1000, interval = 50 } = typeof timeLimit === 'number' ? { timeout: timeLimit } : timeLimit
  const startedAt = realTimers.now()
  let failure: unknown
  for (;;) {
    onWait(interval)
    try {
      const value = await attempt()
      if (isDone(value)) return value
      failure = undefined
    } catch (error) {
      failure = error
    }
    if (realTimers.now() - startedAt >= timeout) throw failure ?? new Error(timedOut)
    await new Promise((resolve) => realTimers.setTimeout(resolve, interval))
  }
}
