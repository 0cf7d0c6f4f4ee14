import type { FileMap } from '../files'
import { storeNewProject } from './commit'
import { type ConnectionOptions, createConnection } from './connection'
import { createAnnouncer, followProject } from './follow'
import { goneProblem } from './mirror'
import { toStorageRefused } from './problem'
import { readCheckpointOf, readCheckpointsOf, readProject } from './read'
import { allStores, type Database, rangeOf } from './schema'
import { writeAll } from './transaction'
import type { BrowserStore, ProjectMeta, StorageEstimate } from './types'
import { createWriter } from './writer'

export interface BrowserStoreOptions extends ConnectionOptions {
  throttleMs?: number
  retryMs?: number
}

/** Resolves in any case: where storage is refused, projects are kept in memory and each read says why. */
export async function openBrowserStore(options: BrowserStoreOptions = {}): Promise<BrowserStore> {
  const { throttleMs = 300, retryMs = 1_000 } = options
  const connection = createConnection(options)
  /** Projects that storage has refused so far. */
  const unsaved = new Map<string, { meta: ProjectMeta; files: FileMap }>()

  async function read<Value>(work: (db: Database) => Promise<Value>): Promise<Value> {
    try {
      return await work(await connection.use())
    } catch (error) {
      throw toStorageRefused(error)
    }
  }

  await connection.use().catch(() => undefined)

  return {
    async listProjects() {
      const stored = await read((db) => db.getAll('projects')).catch((error) => {
        if (unsaved.size === 0) throw error
        return []
      })
      const metas = [...stored, ...unsaved.values()].map(({ meta }) => meta)
      return metas.sort((a, b) => b.openedAt - a.openedAt)
    },
    async createProject(meta, files) {
      try {
        await storeNewProject(await connection.use(), meta, files)
      } catch (error) {
        if (error instanceof DOMException && error.name === 'ConstraintError') throw error
        unsaved.set(meta.id, { meta, files })
      }
    },
    async loadProject(id) {
      const waiting = unsaved.get(id)
      if (waiting) return { ...waiting, memory: {}, threadId: null, events: [], missing: [] }
      return read((db) => readProject(db, id))
    },
    async updateMeta(id, patch) {
      const waiting = unsaved.get(id)
      if (waiting) waiting.meta = { ...waiting.meta, ...patch }
      else await read((db) => patchMeta(db, id, patch))
    },
    async deleteProject(id) {
      if (!unsaved.delete(id)) await read((db) => deleteStored(db, id))
    },
    openWriter(id) {
      return createWriter({
        id,
        connection,
        throttleMs,
        retryMs,
        announcer: createAnnouncer(id),
        async prepare(db) {
          const waiting = unsaved.get(id)
          if (!waiting) return
          await storeNewProject(db, waiting.meta, waiting.files)
          unsaved.delete(id)
        },
      })
    },
    readThread: (id, threadId) => read((db) => db.getAll('events', rangeOf(id, threadId))),
    readJournal: (id, afterSeq = 0) =>
      read((db) => db.getAll('journal', IDBKeyRange.bound([id, afterSeq], [id, []], true))),
    listCheckpoints: (id) => read((db) => readCheckpointsOf(db, id)),
    readCheckpoint: (id, checkpointId) => read((db) => readCheckpointOf(db, id, checkpointId)),
    follow: (id, listener) => followProject(id, connection, listener),
    estimate,
    dispose: connection.close,
  }
}

async function patchMeta(db: Database, id: string, patch: Partial<ProjectMeta>): Promise<void> {
  const tx = db.transaction('projects', 'readwrite')
  const project = await tx.store.get(id)
  if (!project) throw goneProblem()
  await writeAll(tx, (add) => add(tx.store.put({ ...project, meta: { ...project.meta, ...patch, id } }, id)))
}

async function deleteStored(db: Database, id: string): Promise<void> {
  const tx = db.transaction([...allStores], 'readwrite', { durability: 'strict' })
  await writeAll(tx, (add) => {
    for (const name of allStores) {
      const range = name === 'projects' || name === 'progress' ? IDBKeyRange.only(id) : rangeOf(id)
      add(tx.objectStore(name).delete(range))
    }
  })
}

async function estimate(): Promise<StorageEstimate | null> {
  const { usage, quota } = (await globalThis.navigator?.storage?.estimate?.().catch(() => null)) ?? {}
  if (usage === undefined || !quota) return null
  const ratio = usage / quota
  return { usedBytes: usage, quotaBytes: quota, level: ratio >= 0.9 ? 'full' : ratio >= 0.8 ? 'low' : 'ok' }
}
