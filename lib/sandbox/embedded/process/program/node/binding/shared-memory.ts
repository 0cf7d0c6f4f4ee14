import type { ProcessHost } from '../../../host'
import type { ThreadFiles } from '../../../thread-files'

/** What another thread may be looking at. */
const changing = ['store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange', 'notify'] as const
const { wait, waitAsync, store } = Atomics as typeof Atomics & { waitAsync?: typeof Atomics.wait }

type AnyCall = (...values: never[]) => unknown

/** Of the program that has the Worker now. */
let files: ThreadFiles | undefined

/** Before another program has the Worker. */
export function stopSharingFiles(): true {
  files = undefined
  return true
}

/** Who changes shared memory has its files seen by those who wait for that. Called by a process with its first thread, and by threads. */
export function shareFilesByMemory({ kernel }: ProcessHost): void {
  files = kernel?.threadFiles
  files?.share(tellWithChanges)
  if (!files || Atomics.wait !== wait) return
  const heard = <Result>(result: Result): Result => {
    files?.heard()
    return result
  }
  replace({ wait: (...values: Parameters<typeof wait>) => heard(wait(...values)) })
  if (waitAsync === undefined) return
  replace({
    waitAsync(...values: Parameters<typeof wait>) {
      const outcome = waitAsync(...values) as unknown as { async: boolean; value: unknown }
      return outcome.async ? { ...outcome, value: (outcome.value as Promise<unknown>).then(heard) } : heard(outcome)
    },
  })
}

/** Only where files are written: the engine's own are several times as fast. */
function tellWithChanges(): void {
  if (Atomics.store !== store) return
  for (const name of changing) {
    const change = Atomics[name] as AnyCall
    replace({
      [name](...values: never[]) {
        files?.tell()
        return change(...values)
      },
    })
  }
}

function replace(calls: Record<string, AnyCall>): void {
  for (const [name, value] of Object.entries(calls))
    Object.defineProperty(Atomics, name, { value, writable: true, configurable: true })
}
