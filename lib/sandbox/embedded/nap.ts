import { isFirefox } from './engine'

const inFirefox = isFirefox()

/** Milliseconds of one sleep on shared memory: Firefox hangs the kernel that ends a Worker which sleeps without a limit. */
export const napMs = 50

/** The engine's own: a program's threads have another, see `shared-memory.ts`. */
const { wait } = Atomics

/** Sleeps while the word has this value. */
export function sleepWhile(words: Int32Array<SharedArrayBuffer>, index: number, value: number): void {
  while (Atomics.load(words, index) === value) wait(words, index, value, napMs)
}

/** Sleeps until the kernel ends this Worker. Returns at once where that cannot be done: without shared memory, in Firefox. */
export function sleepUntilEnded(): void {
  if (typeof SharedArrayBuffer === 'undefined' || inFirefox) return
  sleepWhile(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
