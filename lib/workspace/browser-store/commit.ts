import type { IDBPTransaction } from 'idb'
import { treeHash } from '../checkpoint'
import { contentKey } from '../content-key'
import type { FileData, FileMap } from '../files'
import type { Edit } from '../workspace'
import type { Batch } from './batch'
import { goneProblem, type KeyOf, type Mirror, takenOverProblem } from './mirror'
import { allStores, type Database, rangeOf, type Schema, type Store } from './schema'
import { writeAll } from './transaction'
import type { NewCheckpoint, ProjectMeta } from './types'

export interface CommitOptions {
  id: string
  writer: string
  keyOf: KeyOf
  /** The page may be gone before this task ends: asks for no answer and commits at once. */
  isLeaving: boolean
}

type Transaction = IDBPTransaction<Schema, Store[], 'readwrite'>

/**
 * Writes a batch in one transaction: all or nothing. Every request is issued before this returns; the promise settles
 * with the transaction. `mirror` is brought up to date at once, so throw it away when the promise rejects.
 */
export async function commitBatch(db: Database, mirror: Mirror, batch: Batch, options: CommitOptions): Promise<void> {
  // Typing may be lost to a power cut; what an agent's side effects rely on may not.
  const isStrict = batch.events.length + batch.checkpoints.length > 0
  const tx: Transaction = db.transaction([...allStores], 'readwrite', { durability: isStrict ? 'strict' : 'relaxed' })
  await writeAll(tx, (add) => {
    if (!options.isLeaving) add(checkWriter(tx, options))
    issue(tx, mirror, batch, options, add)
    if (options.isLeaving) tx.commit()
  })
}

async function checkWriter(tx: Transaction, { id, writer }: CommitOptions): Promise<void> {
  const project = await tx.objectStore('projects').get(id)
  if (project?.writer === writer) return
  tx.abort()
  throw project ? takenOverProblem() : goneProblem()
}

/** Checkpoints come before files: what they hold must not be dropped with the head that leaves it. */
function issue(
  tx: Transaction,
  mirror: Mirror,
  batch: Batch,
  { id, keyOf }: CommitOptions,
  add: (write: Promise<unknown>) => void,
): void {
  const blobs = tx.objectStore('blobs')
  const putBlob = (key: string, data: FileData) => {
    mirror.stored.add(key)
    add(blobs.put(toStorable(data), [id, key]))
  }
  for (const edit of batch.edits)
    add(tx.objectStore('journal').put(toJournalEntry(edit, ++mirror.seq, keyOf), [id, mirror.seq]))
  for (const checkpoint of batch.checkpoints) {
    if (checkpoint.filesOf !== undefined) {
      const { files: _, links: _links, executables: _executables, ...record } = checkpoint
      add(tx.objectStore('checkpoints').put(record, [id, checkpoint.id]))
      continue
    }
    const manifest = [...checkpoint.files].map(([path, data]): [string, string] => [path, keyOf(path, data)])
    for (const [path, key] of manifest) {
      mirror.young.delete(key)
      if (!mirror.stored.has(key)) putBlob(key, checkpoint.files.get(path) ?? '')
    }
    mirror.checkpoints += 1
    add(tx.objectStore('checkpoints').put(toCheckpointRecord(checkpoint, manifest), [id, checkpoint.id]))
  }
  const left = new Set<string>()
  for (const [path, data] of batch.files) {
    const old = mirror.heads.get(path)
    if (old !== undefined) left.add(old)
    if (data === null) {
      mirror.heads.delete(path)
      add(tx.objectStore('heads').delete([id, path]))
      continue
    }
    const key = keyOf(path, data)
    if (!mirror.stored.has(key)) mirror.young.add(key)
    putBlob(key, data)
    mirror.heads.set(path, key)
    add(tx.objectStore('heads').put(key, [id, path]))
  }
  for (const key of unusedOf(left, mirror)) {
    mirror.stored.delete(key)
    mirror.young.delete(key)
    add(blobs.delete([id, key]))
  }
  for (const threadId of batch.removedThreads) {
    if (mirror.threadId === threadId) mirror.threadId = null
    add(tx.objectStore('events').delete(rangeOf(id, threadId)))
  }
  for (const { threadId, event } of batch.events) {
    if (batch.removedThreads.has(threadId)) continue
    mirror.threadId = threadId
    mirror.seq += 1
    add(tx.objectStore('events').put(event, [id, threadId, mirror.seq]))
  }
  for (const [key, value] of batch.memory) {
    add(
      value === undefined ? tx.objectStore('memory').delete([id, key]) : tx.objectStore('memory').put(value, [id, key]),
    )
  }
  add(tx.objectStore('progress').put({ seq: mirror.seq, threadId: mirror.threadId }, id))
}

function unusedOf(left: ReadonlySet<string>, mirror: Mirror): string[] {
  const candidates = [...left].filter((key) => mirror.young.has(key))
  if (candidates.length === 0) return []
  const inUse = new Set(mirror.heads.values())
  return candidates.filter((key) => !inUse.has(key))
}

function toJournalEntry(edit: Edit, seq: number, keyOf: KeyOf) {
  const keyOrNull = (path: string, data: FileData | null) => (data === null ? null : keyOf(path, data))
  const changes = edit.changes.map(({ path, before, after }) => ({
    path,
    before: keyOrNull(path, before),
    after: keyOrNull(path, after),
  }))
  return { ...edit, seq, changes }
}

function toCheckpointRecord({ files: _, ...rest }: NewCheckpoint, manifest: [string, string][]) {
  return { ...rest, manifest, tree: treeHash(new Map(manifest)) }
}

/** A view would take its whole buffer into storage, and a shared one cannot be stored at all. */
function toStorable(data: FileData): FileData {
  if (typeof data === 'string') return data
  return data.buffer instanceof ArrayBuffer && data.buffer.byteLength === data.byteLength ? data : data.slice()
}

export async function storeNewProject(db: Database, meta: ProjectMeta, files: FileMap): Promise<void> {
  const tx = db.transaction(['projects', 'progress', 'heads', 'blobs'], 'readwrite', { durability: 'strict' })
  await writeAll(tx, (add) => {
    add(tx.objectStore('projects').add({ meta, writer: null }, meta.id))
    add(tx.objectStore('progress').put({ seq: 0, threadId: null }, meta.id))
    for (const [path, data] of files) {
      const key = contentKey(data)
      add(tx.objectStore('heads').put(key, [meta.id, path]))
      add(tx.objectStore('blobs').put(toStorable(data), [meta.id, key]))
    }
  })
}
