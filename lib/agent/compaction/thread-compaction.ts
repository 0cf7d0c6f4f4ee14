import { VitrineError } from '@/lib/base'
import type { AgentEvent } from '../events'
import type { TurnDependencies, TurnInput } from '../types'

/** What a thread lends to its compactions. */
export interface ThreadAccess {
  events(): readonly AgentEvent[]
  /** The thread's state as one more turn would get it. */
  prepareTurn(last: LastTurn): { input: TurnInput; dependencies: TurnDependencies }
  record(event: AgentEvent): void
  isRunning(): boolean
}

export type LastTurn = Extract<AgentEvent, { type: 'turn-start' }>

/** Compactions that the user asks for, and taking one back. */
export interface ThreadCompaction {
  /** While a turn runs, it is done before the turn's next step; else at once, and resolves when it is. */
  compact(): Promise<void>
  /** Brings back what the last compaction left out. Rejects when there is none to undo, or a turn runs. */
  undo(): Promise<void>
  /** Resolves when nothing is being shortened. */
  settled(): Promise<void>
  stop(): void
}

export function createThreadCompaction(access: ThreadAccess): ThreadCompaction {
  let running: { done: Promise<void>; controller: AbortController } | null = null

  const run = async (last: LastTurn, signal: AbortSignal) => {
    // Loaded when it is needed, like the loop.
    const { compactNow } = await import('./compact-now')
    const { input, dependencies } = access.prepareTurn(last)
    for await (const event of compactNow(input, dependencies, signal)) access.record(event)
  }

  return {
    async compact() {
      const last = access.events().findLast((event) => event.type === 'turn-start')
      if (last?.type !== 'turn-start') {
        throw new VitrineError('invalid_request', 'Nothing has been said yet: there is nothing to compact.')
      }
      if (access.isRunning()) {
        const { compactor } = access.prepareTurn(last).dependencies
        if (compactor) compactor.wanted = true
        return
      }
      if (running === null) {
        const controller = new AbortController()
        const done = run(last, controller.signal).finally(() => {
          running = null
        })
        running = { done, controller }
      }
      await running.done
    },
    async undo() {
      if (access.isRunning() || running !== null) {
        throw new VitrineError('invalid_request', 'Stop the turn first; then the older steps can come back.')
      }
      const last = lastCompaction(access.events())
      if (!last) throw new VitrineError('not_found', 'There is no compaction to undo.')
      const { dependencies } = access.prepareTurn(lastTurn(access.events()))
      const { turnId, seq } = last
      const event: AgentEvent = {
        type: 'compaction-undone',
        compactionSeq: seq,
        turnId,
        seq: dependencies.nextSeq(),
        at: Date.now(),
      }
      await dependencies.journal(event)
      access.record(event)
      // Whoever takes it back does not want it again with the next message.
      dependencies.compactor?.postpone(last.tokensBefore, last.tokensBefore)
    },
    settled: async () => running?.done.catch(() => undefined),
    stop: () => running?.controller.abort(),
  }
}

/** The compaction that stands last and was not undone. */
export function lastCompaction(events: readonly AgentEvent[]): Extract<AgentEvent, { type: 'compaction' }> | null {
  const undone = new Set(events.flatMap((event) => (event.type === 'compaction-undone' ? [event.compactionSeq] : [])))
  const found = events.findLast((event) => event.type === 'compaction' && !undone.has(event.seq))
  return found?.type === 'compaction' ? found : null
}

function lastTurn(events: readonly AgentEvent[]): LastTurn {
  const found = events.findLast((event) => event.type === 'turn-start')
  if (found?.type !== 'turn-start') throw new VitrineError('not_found', 'Nothing has been said yet.')
  return found
}
