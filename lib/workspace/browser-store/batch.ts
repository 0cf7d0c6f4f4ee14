import type { FileData } from '../files'
import type { Edit } from '../workspace'
import type { NewCheckpoint } from './types'

/** Changes that become durable together. */
export interface Batch {
  /** Later batches have greater numbers. */
  number: number
  /** The last content of each changed path. */
  files: Map<string, FileData | null>
  edits: Edit[]
  events: { threadId: string; event: unknown }[]
  checkpoints: NewCheckpoint[]
  memory: Map<string, unknown>
  /** Threads whose events go. */
  removedThreads: Set<string>
}

export function createBatch(number: number): Batch {
  return {
    number,
    files: new Map(),
    edits: [],
    events: [],
    checkpoints: [],
    memory: new Map(),
    removedThreads: new Set(),
  }
}

export function isEmptyBatch({ files, edits, events, checkpoints, memory, removedThreads }: Batch): boolean {
  return files.size + edits.length + events.length + checkpoints.length + memory.size + removedThreads.size === 0
}

/** Typing makes one edit a keystroke; within a batch they count as one. */
export function addEdit(batch: Batch, edit: Edit): void {
  for (const { path, after } of edit.changes) batch.files.set(path, after)
  const last = batch.edits.at(-1)
  if (!last || !continues(last, edit)) {
    batch.edits.push(edit)
    return
  }
  const before = last.changes[0]?.before ?? null
  batch.edits[batch.edits.length - 1] = { ...edit, changes: edit.changes.map((change) => ({ ...change, before })) }
}

function continues(last: Edit, edit: Edit): boolean {
  return (
    edit.origin === 'user' &&
    last.origin === 'user' &&
    last.label === edit.label &&
    last.changes.length === 1 &&
    edit.changes.length === 1 &&
    last.changes[0]?.path === edit.changes[0]?.path
  )
}

/** What waits to be written, in order, also when writes fail out of order. */
export interface BatchQueue {
  /** Collects what happens now. */
  readonly current: Batch
  /** Everything that waits, oldest first. */
  waiting(): readonly Batch[]
  isEmpty(): boolean
  /** Hands out everything that waits; settle it with `committed` or `restore`. */
  take(): Batch
  committed(batch: Batch): void
  /** Puts a failed batch back; contents that a later batch has made durable since are not brought back over it. */
  restore(batch: Batch): void
}

export function createBatchQueue(): BatchQueue {
  let current = createBatch(1)
  let failed: Batch[] = []
  const newestCommitted = new Map<string, number>()
  const isNewer = (name: string, number: number) => (newestCommitted.get(name) ?? 0) > number

  return {
    get current() {
      return current
    },
    waiting: () => [...failed, current],
    isEmpty: () => isEmptyBatch(current) && failed.every(isEmptyBatch),
    take() {
      const batch = [...failed, current].reduce(merge)
      failed = []
      current = createBatch(batch.number + 1)
      return batch
    },
    committed(batch) {
      for (const path of batch.files.keys()) newestCommitted.set(`file ${path}`, batch.number)
      for (const key of batch.memory.keys()) newestCommitted.set(`memory ${key}`, batch.number)
    },
    restore(batch) {
      for (const path of batch.files.keys()) if (isNewer(`file ${path}`, batch.number)) batch.files.delete(path)
      for (const key of batch.memory.keys()) if (isNewer(`memory ${key}`, batch.number)) batch.memory.delete(key)
      failed = [...failed, batch].sort((a, b) => a.number - b.number)
    },
  }
}

function merge(older: Batch, newer: Batch): Batch {
  return {
    number: newer.number,
    files: new Map([...older.files, ...newer.files]),
    edits: [...older.edits, ...newer.edits],
    events: [...older.events, ...newer.events],
    checkpoints: [...older.checkpoints, ...newer.checkpoints],
    memory: new Map([...older.memory, ...newer.memory]),
    removedThreads: new Set([...older.removedThreads, ...newer.removedThreads]),
  }
}
