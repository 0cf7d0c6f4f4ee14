import { VitrineError } from '@/lib/base'

/** Things that wait for the user, in the order they came. */
export function createWaitingRoom<Item extends { id: string }, Answer>(onChange: (waiting: readonly Item[]) => void) {
  const waiting = new Map<string, { item: Item; take: (answer: Answer) => void }>()
  const changed = () => onChange([...waiting.values()].map(({ item }) => item))
  return {
    wait: (item: Item, signal: AbortSignal) =>
      new Promise<Answer>((resolve, reject) => {
        const leave = () => {
          waiting.delete(item.id)
          signal.removeEventListener('abort', onAbort)
          changed()
        }
        const onAbort = () => {
          leave()
          reject(signal.reason)
        }
        signal.throwIfAborted()
        signal.addEventListener('abort', onAbort)
        waiting.set(item.id, {
          item,
          take(answer) {
            leave()
            resolve(answer)
          },
        })
        changed()
      }),
    /** Throws when it was answered before. */
    answer(id: string, answer: Answer) {
      const found = waiting.get(id)
      if (!found) throw new VitrineError('not_found', 'This was already decided.', { param: 'id' })
      found.take(answer)
    },
  }
}
