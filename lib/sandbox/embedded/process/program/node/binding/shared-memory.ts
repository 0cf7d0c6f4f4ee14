import type { ProcessHost } from '../../../host'

/** What another thread may be looking at. */
const changing = ['store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange', 'notify'] as const
const { wait, waitAsync } = Atomics as typeof Atomics & { waitAsync?: typeof Atomics.wait }

/** Who changes shared memory has its files seen by those who wait for that. Called by a process with its first thread, and by threads. */
export function shareFilesByMemory({ kernel }: ProcessHost): void {
  if (!kernel || Atomics.wait !== wait) return
  const { threadFiles } = kernel
  threadFiles.share()
  const heard = <Result>(result: Result): Result => {
    threadFiles.heard()
    return result
  }
  const wrapped: Record<string, (...values: never[]) => unknown> = {
    wait: (...values: Parameters<typeof wait>) => heard(wait(...values)),
  }
  for (const name of changing) {
    const change = Atomics[name] as (...values: never[]) => unknown
    wrapped[name] = (...values) => {
      threadFiles.tell()
      return change(...values)
    }
  }
  if (waitAsync)
    wrapped.waitAsync = (...values: Parameters<typeof wait>) => {
      const outcome = waitAsync(...values) as unknown as { async: boolean; value: unknown }
      return outcome.async ? { ...outcome, value: (outcome.value as Promise<unknown>).then(heard) } : heard(outcome)
    }
  for (const [name, value] of Object.entries(wrapped))
    Object.defineProperty(Atomics, name, { value, writable: true, configurable: true })
}
