/** Runs `task` at most once per `everyMs`; `now` runs it at once and forgets what was due. */
export function createThrottle(everyMs: number, task: () => void) {
  let timer: ReturnType<typeof setTimeout> | null = null
  const now = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    task()
  }
  return {
    now,
    soon() {
      timer ??= setTimeout(now, everyMs)
    },
  }
}
