import type { StoreApi } from '@/lib/base'
import type { CheckpointInfo, ThreadPosition } from '../checkpoint'
import type { Executables } from '../executables'
import type { FileChange, FileMap } from '../files'
import type { LinkMap } from '../links'
import type { Edit } from '../workspace'
import type { SaveProblem } from './problem'

export interface ProjectMeta {
  id: string
  name: string
  template: string | null
  createdAt: number
  openedAt: number
  /** Came by a link or in a recording: nothing runs until “Trust and fork”. */
  restricted: boolean
  /** Where its files came from, when not from the user: their text stays foreign after “Trust and fork”. */
  origin?: 'link' | 'recording'
}

export interface StoredProject {
  meta: ProjectMeta
  files: FileMap
  /** Layout, open tabs, cursor places (small JSON values), and files that only programs see, as text or bytes. */
  memory: Record<string, unknown>
  /** The thread that was written to last, and its events in order. */
  threadId: string | null
  events: readonly unknown[]
  /** Files whose content is gone from storage; empty unless the disk was damaged. */
  missing: readonly string[]
}

/** `saved`: everything is durable. `memory`: storage refuses; all is kept in the tab and tried again. */
export type SaveState = 'saved' | 'saving' | 'memory'

export interface StorageEstimate {
  usedBytes: number
  quotaBytes: number
  /** `low` from 80 %, `full` from 90 % on: then old checkpoints are pruned. */
  level: 'ok' | 'low' | 'full'
}

/** What another tab's writer has made durable. */
export interface SavedChanges {
  changes: readonly Pick<FileChange, 'path' | 'after'>[]
  events: readonly { threadId: string; event: unknown }[]
}

export interface NewCheckpoint extends CheckpointInfo {
  /** Stored with the checkpoint that `filesOf` names, where it names one. */
  files: FileMap
  links?: LinkMap
  executables?: Executables
  thread: ThreadPosition | null
}

export interface StoredCheckpoint extends CheckpointInfo {
  files: FileMap
  /** Absent when it was made before checkpoints held links; so with what is executable. */
  links?: LinkMap
  executables?: Executables
  thread: ThreadPosition | null
  /** Files whose content is gone from storage. */
  missing: readonly string[]
}

/** One applied edit as the journal keeps it: content keys in place of contents. */
export interface JournalEntry extends Omit<Edit, 'changes'> {
  seq: number
  changes: readonly { path: string; before: string | null; after: string | null }[]
}

/** Everything the tab keeps between visits. Needs IndexedDB; where it is refused, reading rejects with `StorageRefused` and writing keeps everything in memory. */
export interface BrowserStore {
  /** Last opened first. */
  listProjects(): Promise<ProjectMeta[]>
  /** When storage refuses, the project is kept in memory and `openWriter` goes on trying. */
  createProject(meta: ProjectMeta, files: FileMap): Promise<void>
  loadProject(id: string): Promise<StoredProject | null>
  updateMeta(id: string, patch: Partial<Omit<ProjectMeta, 'id'>>): Promise<void>
  deleteProject(id: string): Promise<void>
  /** Only the tab that holds `projectLock` may write: opening a writer ends every earlier one, in any tab. */
  openWriter(id: string): Promise<ProjectWriter>
  /** The events of any thread of the project. */
  readThread(id: string, threadId: string): Promise<unknown[]>
  readJournal(id: string, afterSeq?: number): Promise<JournalEntry[]>
  listCheckpoints(id: string): Promise<CheckpointInfo[]>
  readCheckpoint(id: string, checkpointId: string): Promise<StoredCheckpoint | null>
  /** For read-only tabs: called after each commit of the writer in another tab. Returns its own undo. */
  follow(id: string, listener: (saved: SavedChanges) => void): () => void
  estimate(): Promise<StorageEstimate | null>
  dispose(): void
}

export interface ProjectWriter {
  /** Queues; written at the latest half a second after the first unsaved edit, and at once when the page goes away. */
  saveEdit(edit: Edit): void
  /** Resolves when the events, and all edits before them, are durable, or when `state` says `memory`. Never rejects. */
  appendEvents(threadId: string, events: readonly unknown[]): Promise<void>
  /** Deletes a thread's events; it must not be written to again. As `appendEvents`. */
  removeThread(threadId: string): Promise<void>
  /** As `appendEvents`. */
  saveCheckpoint(checkpoint: NewCheckpoint): Promise<void>
  /** Oldest first, including those not yet durable. */
  listCheckpoints(): Promise<CheckpointInfo[]>
  readCheckpoint(id: string): Promise<StoredCheckpoint | null>
  /** JSON values, or bytes; written with the next commit. `undefined` removes. */
  setMemory(key: string, value: unknown): void
  /** Resolves when everything so far is durable, or when `state` says `memory`. */
  flush(): Promise<void>
  state: StoreApi<SaveState>
  /** Set while `state` is `memory`. */
  problem(): SaveProblem | null
  /** Flushes, then stops. */
  dispose(): Promise<void>
}
