import { isFirefox } from './engine'

const inFirefox = isFirefox()

/** Milliseconds of one sleep on shared memory: Firefox hangs the kernel that ends a Worker which sleeps without a limit. */
export const napMs = 50

/** The engine's own: a program's threads have another, see `shared-memory.ts`. */
const { wait } = Atomics

/** About two seconds. */
const longNaps = 40

/** Sleeps while the word has this value; from time to time calls `whenLong`. */
export function sleepWhile(
  words: Int32Array<SharedArrayBuffer>,
  index: number,
  value: number,
  whenLong?: () => void,
): void {
  for (let naps = 1; Atomics.load(words, index) === value; naps++) {
    if (naps % longNaps === 0) whenLong?.()
    wait(words, index, value, napMs)
  }
}

/** Sleeps until the kernel ends this Worker. Returns at once where that cannot be done: without shared memory, in Firefox. */
export function sleepUntilEnded(): void {
  if (typeof SharedArrayBuffer === 'undefined' || inFirefox) return
  sleepWhile(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
