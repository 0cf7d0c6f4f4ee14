import { realTimers } from '../node/timers'

type Callback = (...values: unknown[]) => void

interface Scheduled {
  id: number
  at: number
  callback: Callback
  values: unknown[]
  /** Null for one that runs once. */
  every: number | null
}

export interface FakeTimers {
  isFake(): boolean
  use(options?: { now?: number | Date; toFake?: string[] }): void
  useReal(): void
  setSystemTime(time: number | Date | string): void
  now(): number
  realNow(): number
  advance(ms: number): void
  advanceAsync(ms: number): Promise<void>
  toNext(): void
  toNextAsync(): Promise<void>
  runAll(): void
  runAllAsync(): Promise<void>
  runPending(): void
  runPendingAsync(): Promise<void>
  clear(): void
  count(): number
}

const maxRuns = 10_000
const globalNames = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
]

/** A clock that stands still until a test moves it; replaces the timer functions, `Date` and `performance.now`. */
export function createFakeTimers(): FakeTimers {
  const RealDate = Date
  const realPerformanceNow = performance.now.bind(performance)
  const saved = new Map<string, unknown>()
  let queue: Scheduled[] = []
  let lastId = 1_000_000
  let elapsed = 0
  let systemTime = 0
  let isFake = false

  function schedule(callback: Callback, delay: number, values: unknown[], every: number | null) {
    const id = ++lastId
    queue.push({ id, at: elapsed + Math.max(0, Number(delay) || 0), callback, values, every })
    const handle = {
      ref: () => handle,
      unref: () => handle,
      hasRef: () => true,
      refresh: () => handle,
      [Symbol.toPrimitive]: () => id,
    }
    return handle
  }
  const cancel = (handle: unknown) => {
    queue = queue.filter(({ id }) => id !== Number(handle ?? Number.NaN))
  }

  const replacements: Record<string, unknown> = {
    setTimeout: (callback: Callback, delay = 0, ...values: unknown[]) => schedule(callback, delay, values, null),
    setInterval: (callback: Callback, delay = 0, ...values: unknown[]) =>
      schedule(callback, delay, values, Math.max(1, delay)),
    setImmediate: (callback: Callback, ...values: unknown[]) => schedule(callback, 0, values, null),
    clearTimeout: cancel,
    clearInterval: cancel,
    clearImmediate: cancel,
    Date: createFakeDate(RealDate, () => systemTime),
  }

  /** The earliest due timer; equal times run in the order they were set. */
  function next(limit: number): Scheduled | undefined {
    return queue
      .filter(({ at }) => at <= limit)
      .reduce<Scheduled | undefined>((first, timer) => {
        return first === undefined || timer.at < first.at ? timer : first
      }, undefined)
  }

  function moveTo(time: number) {
    if (time <= elapsed) return
    systemTime += time - elapsed
    elapsed = time
  }

  function fire(timer: Scheduled) {
    moveTo(timer.at)
    queue = queue.filter((other) => other !== timer)
    if (timer.every !== null) queue.push({ ...timer, at: timer.at + timer.every })
    timer.callback(...timer.values)
  }

  function* due(limit: () => number): Generator<Scheduled> {
    for (let runs = 0; ; runs++) {
      const timer = next(limit())
      if (timer === undefined) return
      if (runs >= maxRuns) throw new Error(`Aborting after running ${maxRuns} timers, assuming an infinite loop!`)
      yield timer
    }
  }

  function* pendingNow(): Generator<Scheduled> {
    for (const { id } of [...queue].sort((a, b) => a.at - b.at)) {
      const timer = queue.find((other) => other.id === id)
      if (timer !== undefined) yield timer
    }
  }

  const run = (timers: Iterable<Scheduled>) => {
    for (const timer of timers) fire(timer)
  }
  const settle = () => new Promise<void>((resolve) => realTimers.setTimeout(resolve, 0))
  async function runAsync(timers: Iterable<Scheduled>) {
    await settle()
    for (const timer of timers) {
      fire(timer)
      await settle()
    }
  }
  const whole = () => due(() => Number.POSITIVE_INFINITY)
  function* one(): Generator<Scheduled> {
    const timer = next(Number.POSITIVE_INFINITY)
    if (timer !== undefined) yield timer
  }

  return {
    isFake: () => isFake,
    use({ now, toFake } = {}) {
      this.useReal()
      isFake = true
      queue = []
      elapsed = 0
      systemTime = now === undefined ? RealDate.now() : Number(now)
      for (const name of globalNames) {
        if (toFake !== undefined && !toFake.includes(name)) continue
        saved.set(name, Reflect.get(globalThis, name))
        Reflect.set(globalThis, name, replacements[name])
      }
      if (toFake === undefined || toFake.includes('performance')) performance.now = () => elapsed
    },
    useReal() {
      for (const [name, value] of saved) Reflect.set(globalThis, name, value)
      saved.clear()
      performance.now = realPerformanceNow
      isFake = false
      queue = []
    },
    setSystemTime(time) {
      systemTime = new RealDate(time).getTime()
      if (!saved.has('Date')) {
        saved.set('Date', RealDate)
        Reflect.set(globalThis, 'Date', replacements.Date)
      }
    },
    now: () => (saved.has('Date') ? systemTime : RealDate.now()),
    realNow: () => RealDate.now(),
    advance(ms) {
      const end = elapsed + ms
      run(due(() => end))
      moveTo(end)
    },
    async advanceAsync(ms) {
      const end = elapsed + ms
      await runAsync(due(() => end))
      moveTo(end)
    },
    toNext: () => run(one()),
    toNextAsync: () => runAsync(one()),
    runAll: () => run(whole()),
    runAllAsync: () => runAsync(whole()),
    runPending: () => run(pendingNow()),
    runPendingAsync: () => runAsync(pendingNow()),
    clear() {
      queue = []
    },
    count: () => queue.length,
  }
}

function createFakeDate(RealDate: DateConstructor, now: () => number): DateConstructor {
  const handler: ProxyHandler<DateConstructor> = {
    construct: (target, values: [], newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  }
  return new Proxy(RealDate, handler)
}
