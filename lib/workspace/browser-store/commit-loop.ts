import { createEmitter, createId, createStore, type Emitter, type StoreApi } from '@/lib/base'
import type { Batch, BatchQueue } from './batch'
import { commitBatch } from './commit'
import type { Connection } from './connection'
import { createKeyOf, loadMirror, type Mirror, maxCheckpoints } from './mirror'
import { isFinal, type SaveProblem, toStorageRefused } from './problem'
import type { Database } from './schema'
import type { SaveState } from './types'

export interface CommitLoopOptions {
  id: string
  connection: Connection
  queue: BatchQueue
  /** Called before the project is claimed, e.g. to store it when that was refused so far. */
  prepare: (db: Database) => Promise<void>
  /** From the first unsaved change to its commit. */
  throttleMs: number
  /** The first wait after a failure; doubled each time up to half a minute. */
  retryMs: number
}

/** Empties the queue into storage, one commit at a time, and keeps trying while storage refuses. */
export interface CommitLoop {
  state: StoreApi<SaveState>
  /** What has become durable. */
  commits: Pick<Emitter<Batch>, 'subscribe'>
  problem(): SaveProblem | null
  /** Commits soon. Throttled, not debounced: typing on does not put it off. */
  schedule(): void
  /** Commits now; resolves when nothing waits or storage has refused. Never rejects. */
  drain(): Promise<void>
  /** Commits in this very task, for the page may be gone in the next. */
  leave(): void
  stop(): void
}

const maxRetryMs = 30_000

export function createCommitLoop(options: CommitLoopOptions): CommitLoop {
  const { id, connection, queue, throttleMs } = options
  const writer = createId('writer_')
  const keyOf = createKeyOf()
  const state = createStore<SaveState>(() => 'saved')
  const commits = createEmitter<Batch>()
  let mirror: Mirror | null = null
  let isClaimed = false
  let problem: SaveProblem | null = null
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let draining: Promise<void> | null = null
  let leaving: Promise<void> = Promise.resolve()
  let isStopped = false

  /** Runs once with an empty queue too, to claim the project. */
  async function commitAll(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    try {
      // Changes come in groups, such as the events of an answer's end: what follows in this task shares the commit.
      await nextTask()
      await left()
      while (!isStopped && !(problem && isFinal(problem)) && (!mirror || !queue.isEmpty())) {
        const db = await connection.use()
        mirror ??= await claim(db)
        if (!queue.isEmpty()) await commit(db, mirror, false)
        accepted()
        await left()
      }
    } catch (error) {
      refused(error)
    } finally {
      // Here and not in a `then`: a change that comes between the last look at the queue and that `then` would wait for ever.
      draining = null
    }
  }

  /** What `leave` has taken from the queue counts as waiting until it is settled. */
  async function left(): Promise<void> {
    let seen: Promise<void>
    do {
      seen = leaving
      await seen
    } while (seen !== leaving)
  }

  async function claim(db: Database): Promise<Mirror> {
    if (!isClaimed) await options.prepare(db)
    const loaded = await loadMirror(db, id, { writer, renew: isClaimed, isFull: problem?.kind === 'quota' })
    isClaimed = true
    return loaded
  }

  async function commit(db: Database, known: Mirror, isLeaving: boolean): Promise<void> {
    const batch = queue.take()
    try {
      await commitBatch(db, known, batch, { id, writer, keyOf, isLeaving })
    } catch (error) {
      queue.restore(batch)
      throw error
    }
    queue.committed(batch)
    // The next claim prunes.
    if (known.checkpoints > maxCheckpoints(known.heads.size) && mirror === known) mirror = null
    commits.emit(batch)
  }

  function accepted(): void {
    problem = null
    failures = 0
    if (queue.isEmpty()) state.setState('saved')
  }

  function refused(error: unknown): void {
    problem = toStorageRefused(error)
    mirror = null
    if (problem.kind === 'blocked') connection.close()
    state.setState('memory')
    if (isFinal(problem) || isStopped) return
    drainIn(Math.min(options.retryMs * 2 ** failures, maxRetryMs))
    failures += 1
  }

  function drainIn(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      // Also when a commit is under way and nothing more is begun: what comes after it needs a timer of its own.
      timer = undefined
      void drain()
    }, ms)
  }

  function drain(): Promise<void> {
    draining ??= commitAll()
    return draining
  }

  return {
    state,
    commits,
    problem: () => problem,
    schedule() {
      if (state.getState() === 'memory' || isStopped || queue.isEmpty()) return
      state.setState('saving')
      if (timer === undefined) drainIn(throttleMs)
    },
    drain,
    leave() {
      const db = connection.current()
      if (isStopped || queue.isEmpty()) return
      if (!db || !mirror || problem) void drain()
      else leaving = commit(db, mirror, true).then(accepted, refused)
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

/** Unlike a timer it is not slowed down in a tab that is out of sight. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
