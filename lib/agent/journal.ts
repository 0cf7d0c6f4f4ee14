import { VitrineError } from '@/lib/base'
import type { AgentEvent } from './events'

/** Writes behind the turn and makes it wait only where durability matters: before a side effect and at the end. */
interface Journal {
  write(event: AgentEvent): void
  /** Resolves when everything written so far is durable; rejects when something could not be saved. */
  settled(): Promise<void>
}

export function createJournal(save: (event: AgentEvent) => Promise<void>): Journal {
  let failure: unknown = null
  const pending = new Set<Promise<void>>()
  return {
    write(event) {
      const writing = save(event)
        .catch((error: unknown) => {
          failure ??= error
        })
        .finally(() => pending.delete(writing))
      pending.add(writing)
    },
    async settled() {
      await Promise.all(pending)
      if (failure !== null) {
        throw new VitrineError('internal_error', 'The turn could not be saved, so nothing more was run.', {
          cause: failure,
        })
      }
    },
  }
}
