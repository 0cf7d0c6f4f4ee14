/** Runs `task` when the page has nothing else to do, at the latest after `timeout` milliseconds. */
export function whenIdle(task: () => void, timeout: number): void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(task, { timeout })
  else setTimeout(task, timeout / 2)
}
