/**
 * The Worker's timers for the machine's own use. Programs replace the global ones: Node's library does at its start,
 * and tests fake them.
 */
export const clock = {
  setTimeout: (task: () => void, ms: number) => globalThis.setTimeout(task, ms),
  clearTimeout: (timer: ReturnType<typeof setTimeout> | undefined) => globalThis.clearTimeout(timer),
  now: () => performance.now(),
}

/** Keeps to the timers of now, whatever becomes of the global ones. */
export function pinClock(): void {
  clock.setTimeout = globalThis.setTimeout.bind(globalThis)
  clock.clearTimeout = globalThis.clearTimeout.bind(globalThis)
  clock.now = performance.now.bind(performance)
}
