import { prunableCheckpoints } from '../checkpoint'
import { contentKey } from '../content-key'
import type { FileData } from '../files'
import { StorageRefused } from './problem'
import { type CheckpointRecord, type Database, rangeOf } from './schema'
import { writeAll } from './transaction'

/** What a writer knows of the stored project, so that a commit needs no reading. Thrown away when a commit fails. */
export interface Mirror {
  heads: Map<string, string>
  stored: Set<string>
  /** Contents stored since the last checkpoint: nothing else can refer to them, so they go when a head leaves them. */
  young: Set<string>
  /** Those that hold files. */
  checkpoints: number
  seq: number
  threadId: string | null
}

const keptJournalEntries = 5_000
/** Checkpoints are pruned beyond this, or earlier when storage is short; large projects keep fewer. */
export function maxCheckpoints(files: number): number {
  return Math.max(30, Math.min(200, Math.floor(200_000 / Math.max(files, 1))))
}

/**
 * Claims the project for `writer`, drops what nothing refers to, and reads the rest, in one transaction.
 * `renew`: the writer claimed it before, so another name means that another tab has taken over.
 */
export async function loadMirror(
  db: Database,
  id: string,
  options: { writer: string; renew: boolean; isFull: boolean },
): Promise<Mirror> {
  const tx = db.transaction(['projects', 'progress', 'blobs', 'heads', 'checkpoints', 'journal'], 'readwrite')
  const [project, progress, headKeys, headValues, blobKeys, checkpoints] = await Promise.all([
    tx.objectStore('projects').get(id),
    tx.objectStore('progress').get(id),
    tx.objectStore('heads').getAllKeys(rangeOf(id)),
    tx.objectStore('heads').getAll(rangeOf(id)),
    tx.objectStore('blobs').getAllKeys(rangeOf(id)),
    tx.objectStore('checkpoints').getAll(rangeOf(id)),
  ])
  if (!project) throw goneProblem()
  if (options.renew && project.writer !== options.writer) throw takenOverProblem()
  const seq = progress?.seq ?? 0
  const heads = new Map(headKeys.map(([, path], index) => [path, headValues[index] ?? '']))

  const isTooMuch = options.isFull || wholeOf(checkpoints) > maxCheckpoints(heads.size)
  const pruned = new Set(isTooMuch ? prunableCheckpoints(byTime(checkpoints)) : [])
  const kept = checkpoints.filter((checkpoint) => !pruned.has(checkpoint.id))
  const referenced = new Set([
    ...heads.values(),
    ...kept.flatMap(({ manifest = [] }) => manifest.map(([, key]) => key)),
  ])
  const stored = new Set(blobKeys.map(([, key]) => key))
  const garbage = [...stored].filter((key) => !referenced.has(key))
  for (const key of garbage) stored.delete(key)

  await writeAll(tx, (add) => {
    add(tx.objectStore('projects').put({ ...project, writer: options.writer }, id))
    add(tx.objectStore('journal').delete(IDBKeyRange.bound([id, 0], [id, Math.max(0, seq - keptJournalEntries)])))
    for (const checkpoint of pruned) add(tx.objectStore('checkpoints').delete([id, checkpoint]))
    for (const key of garbage) add(tx.objectStore('blobs').delete([id, key]))
  })
  return { heads, stored, young: new Set(), checkpoints: wholeOf(kept), seq, threadId: progress?.threadId ?? null }
}

function wholeOf(checkpoints: readonly CheckpointRecord[]): number {
  return checkpoints.filter(({ filesOf }) => filesOf === undefined).length
}

export function byTime(checkpoints: readonly CheckpointRecord[]): CheckpointRecord[] {
  return [...checkpoints].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

export function goneProblem(): StorageRefused {
  return new StorageRefused(
    'gone',
    'This project is no longer in the browser’s storage. Download it or make a copy to keep it.',
  )
}

export function takenOverProblem(): StorageRefused {
  return new StorageRefused(
    'taken-over',
    'Another tab has taken over this project. What was not saved yet is kept here.',
  )
}

/** Remembers the key of each path's last content, for hashing the unchanged again would cost most of a commit. */
export type KeyOf = (path: string, data: FileData) => string

export function createKeyOf(): KeyOf {
  const known = new Map<string, { data: FileData; key: string }>()
  return (path, data) => {
    const last = known.get(path)
    if (last?.data === data) return last.key
    const key = contentKey(data)
    known.set(path, { data, key })
    return key
  }
}
