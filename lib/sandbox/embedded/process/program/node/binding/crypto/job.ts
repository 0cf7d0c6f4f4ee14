import type { CryptoSupport } from './support'

/** `kCryptoJobAsync` and `kCryptoJobSync`. */
export const jobMode = { async: 0, sync: 1 } as const

type JobResult = [error: unknown, result: unknown]

/** What Node's library does with a job: `run()` answers at once in sync mode, else `ondone` is called later. */
export interface CryptoJob {
  ondone?: (error: unknown, result: unknown) => void
  run(): JobResult | undefined
}

/** What a job does; `later` where that can go on beside the program. */
export interface Work<Result = unknown> {
  (): Result
  later?: (() => Promise<Result>) | undefined
}

export type CryptoJobClass<Args extends unknown[]> = new (mode: number, ...args: Args) => CryptoJob

/**
 * A job class. `prepare` checks the arguments and may throw, as the constructor does in Node; what it returns does the
 * work, and what that throws is the job's error.
 */
export function createJobClass<Args extends unknown[]>(
  support: CryptoSupport,
  prepare: (...args: Args) => Work,
): CryptoJobClass<Args> {
  return class Job implements CryptoJob {
    declare ondone: (error: unknown, result: unknown) => void
    readonly #mode: number
    readonly #work: Work

    constructor(mode: number, ...args: Args) {
      this.#mode = mode
      this.#work = prepare(...args)
    }

    run(): JobResult | undefined {
      if (this.#mode === jobMode.sync) return attempt(this.#work)
      const { later } = this.#work
      let outcome: JobResult = [undefined, undefined]
      const settled = later?.().then(
        (result) => {
          outcome = [undefined, result]
        },
        (error: unknown) => {
          outcome = [error, undefined]
        },
      )
      support.defer(() => this.ondone(...(settled ? outcome : attempt(this.#work))), settled)
      return undefined
    }
  }
}

function attempt(work: () => unknown): JobResult {
  try {
    return [undefined, work()]
  } catch (error) {
    return [error, undefined]
  }
}
