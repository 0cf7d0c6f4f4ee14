import { natives } from './natives'

/** How libuv's loop looks to Node's library: timers, then finished I/O, then immediates, then closed handles. */
export interface EventLoop {
  /** Counts one piece of work that keeps the process alive; call the answer when it is over. */
  hold(): () => void
  readonly count: number
  /** How often work was begun so far. */
  readonly begun: number
  /** Resolves once nothing is held over two turns, so that promise chains can start new work. */
  idle(): Promise<void>
  /** Runs `task` as a finished operation in a later turn; holds until then unless told not to. */
  defer(task: () => void, options?: { holds?: boolean }): void
  /** Runs `task` at the end of a turn, as libuv closes handles. */
  deferClose(task: () => void): void
  /** Milliseconds since the start of the process, as the turn began. */
  now(): number
  /** Asks for a turn soon. */
  wake(): void
  /** Runs a callback that comes from outside the loop, and what it scheduled with `nextTick`. */
  enter(task: () => void): void
  connect(hooks: LoopHooks): void
  /** Nothing of it runs any more. */
  close(): void
  timers: TimersBinding
  tickInfo: Record<number, number>
}

/** What Node's library gives the loop to call. */
export interface LoopHooks {
  processTicks(): void
  onError(error: unknown): void
}

type Steps = Generator<void, number | undefined>

interface TimersBinding {
  setupTimers(immediates: () => Steps, timers: (now: number) => Steps): void
  getLibuvNow(): number
  scheduleTimer(ms: number): void
  toggleTimerRef(isRef: boolean): void
  toggleImmediateRef(isRef: boolean): void
  immediateInfo: Uint32Array
  timeoutInfo: Int32Array
}

// biome-ignore lint/correctness/useYield: stands in until the library has booted
function* nothing(): Steps {
  return undefined
}

const immediateCount = 0
export const immediateRefCount = 1

/**
 * One callback a task of the browser's: only so do the promise callbacks that it left run before the next one, since
 * script cannot drain the microtask queue by itself.
 */
export function createEventLoop(): EventLoop {
  const { port1, port2 } = new natives.MessageChannel()
  const startedAt = natives.now()
  const finished: (() => void)[] = []
  const closing: (() => void)[] = []
  const immediateInfo = new Uint32Array(3)
  const timeoutInfo = new Int32Array(1)
  let hooks: LoopHooks | null = null
  let isPosted = false
  let steps: Generator<void, void> | null = null
  let runImmediates: () => Steps = nothing
  let runTimers: (now: number) => Steps = nothing
  let dueAt: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let depth = 0
  let ticksWait = 0
  let turnAt = 0

  let count = 0
  let begun = 0
  let idlers: (() => void)[] = []
  const turnWaiters: (() => void)[] = []

  const elapsed = () => Math.floor(natives.now() - startedAt)

  function hold() {
    count++
    begun++
    if (count === 1 && (hasImmediates() || isTimerDue())) wake()
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      count--
      if (count > 0) return
      const ready = idlers
      idlers = []
      for (const resolve of ready) resolve()
    }
  }
  const toggle = () => {
    let release: (() => void) | null = null
    return (isOn: boolean) => {
      if (isOn) release ??= hold()
      else {
        release?.()
        release = null
      }
    }
  }
  const holdTimers = toggle()
  const holdImmediates = toggle()

  function wake() {
    if (isPosted) return
    isPosted = true
    port2.postMessage(null)
  }

  function nextTurn() {
    return new natives.Promise<void>((resolve) => {
      turnWaiters.push(resolve)
      wake()
    })
  }

  function schedule(ms: number) {
    natives.clearTimeout(timer)
    dueAt = elapsed() + Math.max(1, ms)
    timer = natives.setTimeout(wake, Math.max(1, ms))
  }

  const isTimerDue = () => dueAt !== null && elapsed() >= dueAt && count > 0
  // Those that nothing refers to run only while something else keeps the loop going.
  const hasImmediates = () => immediateInfo[immediateCount] !== 0 && count > 0
  const hasWork = () => finished.length > 0 || closing.length > 0 || hasImmediates() || isTimerDue()

  function* turn(): Generator<void, void> {
    if (isTimerDue()) {
      dueAt = null
      // A callback that throws leaves the rest of the due timers to the next turn.
      schedule(1)
      const next = yield* runTimers(elapsed())
      natives.clearTimeout(timer)
      dueAt = null
      if (next) schedule(Math.abs(next) - elapsed())
      holdTimers((next ?? 0) > 0)
      yield
    }
    for (const task of finished.splice(0)) {
      task()
      yield
    }
    if (hasImmediates()) {
      yield* runImmediates()
      if (immediateInfo[immediateRefCount] === 0) holdImmediates(false)
      yield
    }
    for (const task of closing.splice(0)) {
      task()
      yield
    }
  }

  /** Runs `task` with the library's rules: its ticks follow it before anything else of the loop. */
  function enter(task: () => void) {
    depth++
    try {
      task()
    } catch (error) {
      hooks?.onError(error)
    } finally {
      depth--
    }
    if (depth === 0) runTicks()
  }

  function runTicks() {
    while (ticksWait !== 0 || tickInfo[1] !== 0) {
      depth++
      try {
        hooks?.processTicks()
        return
      } catch (error) {
        hooks?.onError(error)
      } finally {
        depth--
      }
    }
  }

  function step() {
    isPosted = false
    turnAt = elapsed()
    if (ticksWait !== 0) {
      // What microtasks scheduled; their own microtasks come before the next callback.
      runTicks()
      if (hasWork() || steps || turnWaiters.length > 0) wake()
      return
    }
    for (const resolve of turnWaiters.splice(0)) resolve()
    steps ??= hasWork() ? turn() : null
    const running = steps
    if (running) {
      enter(() => {
        // Set to null while it runs: an error ends the turn.
        steps = null
        if (!running.next().done) steps = running
      })
    }
    if (steps || hasWork() || turnWaiters.length > 0) wake()
  }
  port1.onmessage = step

  const tickInfo = {
    get 0() {
      return ticksWait
    },
    set 0(value: number) {
      ticksWait = value
      if (value !== 0 && depth === 0) wake()
    },
    1: 0,
  }

  return {
    hold,
    get count() {
      return count
    },
    get begun() {
      return begun
    },
    async idle() {
      for (;;) {
        if (count > 0) await new natives.Promise<void>((resolve) => idlers.push(resolve))
        await nextTurn()
        // Rejections that nobody handled are told in tasks of their own kind.
        await new natives.Promise((resolve) => natives.setTimeout(resolve, 0))
        await nextTurn()
        if (count === 0 && ticksWait === 0 && steps === null && !hasWork()) return
      }
    },
    defer(task, { holds = true } = {}) {
      const release = holds ? hold() : null
      finished.push(() => {
        release?.()
        task()
      })
      wake()
    },
    deferClose(task) {
      const release = hold()
      closing.push(() => {
        release()
        task()
      })
      wake()
    },
    now: () => turnAt,
    wake,
    enter,
    connect(given) {
      hooks = given
    },
    close() {
      natives.clearTimeout(timer)
      port1.onmessage = null
      port1.close()
    },
    tickInfo,
    timers: {
      setupTimers(immediates, timers) {
        runImmediates = immediates
        runTimers = timers
      },
      getLibuvNow: elapsed,
      scheduleTimer: schedule,
      toggleTimerRef: holdTimers,
      toggleImmediateRef(isRef) {
        holdImmediates(isRef)
        if (isRef) wake()
      },
      immediateInfo,
      timeoutInfo,
    },
  }
}
