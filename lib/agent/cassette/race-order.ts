import type { RaceRun } from './cassette'

/** A race runs at least so many attempts at once. */
const minAtOnce = 2

export interface RaceOrder {
  /** Resolves when it is this attempt's turn to be answered. */
  turnOf(index: number): Promise<void>
  /** The attempt has all that was recorded, and waits to be stopped. */
  rest(index: number): void
  end(index: number): void
}

/**
 * Has attempts go on one at a time, in the order of the recording, so that each replay is the same. Where the recording
 * names one that does not come, the next has its turn. `onRest`: all that are left wait to be stopped.
 */
export function createRaceOrder(
  { order, atOnce, attempts }: RaceRun,
  { indexes, onRest }: { indexes: readonly number[]; onRest: () => void },
): RaceOrder {
  const left = new Set(indexes)
  const waiting = new Map<number, () => void>()
  const resting = new Set<number>()
  const known = new Set(attempts.map(({ index }) => index))
  let queue = order.filter((index) => known.has(index))
  let busy: number | null = null

  const go = () => {
    if (busy !== null) return
    const isStill = waiting.size + resting.size >= Math.min(Math.max(minAtOnce, atOnce), left.size)
    const next = queue.findIndex((index) => waiting.has(index))
    const due = next === 0 || isStill ? (queue[next] ?? (isStill ? [...waiting.keys()][0] : undefined)) : undefined
    if (due !== undefined) {
      busy = due
      queue = queue.toSpliced(0, next + 1)
      waiting.get(due)?.()
      waiting.delete(due)
    } else if (isStill && resting.size > 0) onRest()
  }
  const free = (index: number) => {
    if (busy === index) busy = null
  }
  return {
    turnOf(index) {
      free(index)
      return new Promise((resolve) => {
        waiting.set(index, resolve)
        go()
      })
    },
    rest(index) {
      free(index)
      resting.add(index)
      go()
    },
    end(index) {
      free(index)
      left.delete(index)
      waiting.delete(index)
      resting.delete(index)
      queue = queue.filter((each) => each !== index)
      go()
    },
  }
}
