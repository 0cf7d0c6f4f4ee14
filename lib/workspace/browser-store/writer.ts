import { addEdit, createBatchQueue } from './batch'
import { createCommitLoop } from './commit-loop'
import type { Connection } from './connection'
import type { Announcer } from './follow'
import { onPageLeave } from './page-leave'
import { readCheckpointOf, readCheckpointsOf, toCheckpointInfo } from './read'
import type { Database } from './schema'
import type { NewCheckpoint, ProjectWriter } from './types'

export interface WriterOptions {
  id: string
  connection: Connection
  prepare: (db: Database) => Promise<void>
  /** Tells read-only tabs. */
  announcer: Announcer
  throttleMs: number
  retryMs: number
}

/** Claims the project, so that every earlier writer stops, before it resolves. Never rejects; see `state`. */
export async function createWriter(options: WriterOptions): Promise<ProjectWriter> {
  const { id, connection, announcer } = options
  const queue = createBatchQueue()
  const askToPersist = once(() => void globalThis.navigator?.storage?.persist?.().catch(() => false))
  const loop = createCommitLoop({ ...options, queue })
  loop.commits.subscribe((batch) => {
    announcer.announce(batch)
    if (batch.edits.some(({ origin }) => origin === 'user')) askToPersist()
  })
  const stopWatching = onPageLeave(loop.leave)
  await loop.drain()

  /** Waiting for storage that refuses would stop the agent; the banner tells the user instead. */
  async function durable(): Promise<void> {
    const isRefusing = loop.state.getState() === 'memory'
    loop.schedule()
    if (!isRefusing) await loop.drain()
  }

  const unsavedCheckpoints = (): NewCheckpoint[] => queue.waiting().flatMap(({ checkpoints }) => checkpoints)

  return {
    state: loop.state,
    problem: loop.problem,
    saveEdit(edit) {
      addEdit(queue.current, edit)
      loop.schedule()
    },
    appendEvents(threadId, events) {
      // A copy: what was said must not change while it waits.
      queue.current.events.push(...events.map((event) => ({ threadId, event: structuredClone(event) })))
      return durable()
    },
    removeThread(threadId) {
      queue.current.removedThreads.add(threadId)
      return durable()
    },
    saveCheckpoint(checkpoint) {
      queue.current.checkpoints.push(checkpoint)
      return durable()
    },
    async listCheckpoints() {
      const unsaved = unsavedCheckpoints().map(toCheckpointInfo)
      const known = new Set(unsaved.map(({ id }) => id))
      const stored = await connection
        .use()
        .then((db) => readCheckpointsOf(db, id))
        .catch(() => [])
      return [...stored.filter((checkpoint) => !known.has(checkpoint.id)), ...unsaved]
    },
    async readCheckpoint(checkpointId) {
      const unsaved = unsavedCheckpoints().find((checkpoint) => checkpoint.id === checkpointId)
      return unsaved ? { ...unsaved, missing: [] } : readCheckpointOf(await connection.use(), id, checkpointId)
    },
    setMemory(key, value) {
      queue.current.memory.set(key, structuredClone(value))
      loop.schedule()
    },
    flush: () => loop.drain(),
    async dispose() {
      stopWatching()
      await loop.drain()
      loop.stop()
      announcer.close()
    },
  }
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) run()
    isDone = true
  }
}
