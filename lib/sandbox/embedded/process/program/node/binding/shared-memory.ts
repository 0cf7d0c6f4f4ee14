import type { ProcessHost } from '../../../host'
import type { ThreadFiles } from '../../../thread-files'

const { wait, waitAsync, notify } = Atomics as typeof Atomics & { waitAsync?: typeof Atomics.wait }

/** Of the program that has the Worker now. */
let files: ThreadFiles | undefined

/** Before another program has the Worker. */
export function stopSharingFiles(): true {
  files = undefined
  return true
}

/** Who wakes a thread through shared memory has its files seen by it. Called by a process with its first thread, and by threads. */
export function shareFilesByMemory({ kernel }: ProcessHost): void {
  files = kernel?.threadFiles
  files?.share()
  if (!files || Atomics.wait !== wait) return
  const heard = <Result>(result: Result): Result => {
    files?.heard()
    return result
  }
  const wrapped: Record<string, (...values: never[]) => unknown> = {
    wait: (...values: Parameters<typeof wait>) => heard(wait(...values)),
    notify(...values: Parameters<typeof notify>) {
      files?.tell()
      return notify(...values)
    },
  }
  if (waitAsync)
    wrapped.waitAsync = (...values: Parameters<typeof wait>) => {
      const outcome = waitAsync(...values) as unknown as { async: boolean; value: unknown }
      return outcome.async ? { ...outcome, value: (outcome.value as Promise<unknown>).then(heard) } : heard(outcome)
    }
  for (const [name, value] of Object.entries(wrapped))
    Object.defineProperty(Atomics, name, { value, writable: true, configurable: true })
}
