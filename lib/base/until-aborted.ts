/**
 * The promise's outcome, or the abort reason `graceMs` after the signal aborts, even if the promise never settles.
 * Nothing waits longer for the user's Stop than this.
 */
export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal, graceMs = 0): Promise<Value> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const giveUp = () => reject(signal.reason)
    const onAbort = () => {
      if (graceMs === 0) giveUp()
      else timer = setTimeout(giveUp, graceMs)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    })
  })
}
