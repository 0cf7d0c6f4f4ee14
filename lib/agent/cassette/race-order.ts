export interface RaceOrder {
  /** Resolves when it is this attempt's turn to get what it asked for; rejects when it is stopped before. */
  turnOf(index: number, signal: AbortSignal): Promise<void>
  /** The attempt has all that was recorded, and waits to be stopped. */
  rest(index: number): void
  end(index: number): void
}

/**
 * Has attempts go on one at a time, in the order of the recording, so that each replay is the same. In between, whatever
 * follows from one answer comes to its end first. Who is due and does not come is passed over until it does. `onRest`:
 * all that are left wait to be stopped.
 */
export function createRaceOrder(order: readonly number[], onRest: () => void): RaceOrder {
  const queue = [...order]
  const waiting: { index: number; go: () => void }[] = []
  const resting = new Set<number>()
  let isScheduled = false

  const waiterOf = (index: number | undefined) => waiting.find((each) => each.index === index)
  const step = () => {
    isScheduled = false
    const place = queue.findIndex((index) => waiterOf(index) !== undefined)
    const due = waiterOf(queue[place]) ?? waiting[0]
    if (due) {
      if (place !== -1) queue.splice(place, 1)
      waiting.splice(waiting.indexOf(due), 1)
      due.go()
      schedule()
    } else if (resting.size > 0) onRest()
  }
  const schedule = () => {
    if (!isScheduled) setTimeout(step)
    isScheduled = true
  }
  return {
    turnOf: (index, signal) =>
      new Promise((resolve, reject) => {
        const entry = { index, go: resolve }
        waiting.push(entry)
        const leave = () => {
          if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1)
          reject(signal.reason)
        }
        signal.addEventListener('abort', leave, { once: true })
        schedule()
      }),
    rest(index) {
      resting.add(index)
      schedule()
    },
    end(index) {
      resting.delete(index)
      schedule()
    },
  }
}
