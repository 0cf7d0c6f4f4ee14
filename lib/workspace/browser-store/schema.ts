import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import type { CheckpointInfo, ThreadPosition } from '../checkpoint'
import type { Executables } from '../executables'
import type { FileData } from '../files'
import type { LinkMap } from '../links'
import type { JournalEntry, ProjectMeta } from './types'

export const databaseName = 'vitrine'

/** Keys are out of line and begin with the project's id, so that one range holds all of a project. */
export interface Schema extends DBSchema {
  projects: { key: string; value: ProjectRecord }
  progress: { key: string; value: Progress }
  /** By content key. Not shared between projects: deleting one leaves nothing behind and touches no other. */
  blobs: { key: [project: string, key: string]; value: FileData }
  /** Path → content key: the files as they are now. */
  heads: { key: [project: string, path: string]; value: string }
  journal: { key: [project: string, seq: number]; value: JournalEntry }
  events: { key: [project: string, thread: string, seq: number]; value: unknown }
  checkpoints: { key: [project: string, id: string]; value: CheckpointRecord }
  memory: { key: [project: string, key: string]; value: unknown }
}

export interface ProjectRecord {
  meta: ProjectMeta
  /** The writer that may write; an older one finds another name here and stops. */
  writer: string | null
}

export interface Progress {
  /** The last number given to a journal entry or an event; both count together. */
  seq: number
  /** The thread written to last. */
  threadId: string | null
}

export interface CheckpointRecord extends CheckpointInfo {
  /** Absent where another one holds the files. */
  tree?: string
  manifest?: [path: string, key: string][]
  links?: LinkMap
  executables?: Executables
  thread: ThreadPosition | null
}

export type Store = StoreNames<Schema>
export type Database = IDBPDatabase<Schema>
export const allStores = [
  'projects',
  'progress',
  'blobs',
  'heads',
  'journal',
  'events',
  'checkpoints',
  'memory',
] as const satisfies Store[]

export type Migration = (
  db: Database,
  transaction: IDBPTransaction<Schema, Store[], 'versionchange'>,
) => void | Promise<void>

/** One entry a version, never edited once released. The database's version is their number. */
export const migrations: readonly Migration[] = [
  (db) => {
    for (const store of allStores) db.createObjectStore(store)
  },
]

/** Everything whose key begins with these parts; in IndexedDB's order an array comes after all strings and numbers. */
export function rangeOf(...parts: [string, ...string[]]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []])
}
