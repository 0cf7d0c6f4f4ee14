import type { CheckpointInfo } from '../checkpoint'
import type { FileData, FileMap } from '../files'
import { byTime } from './mirror'
import { type Database, rangeOf } from './schema'
import type { StoredCheckpoint, StoredProject } from './types'

export async function readProject(db: Database, id: string): Promise<StoredProject | null> {
  const tx = db.transaction(['projects', 'progress', 'heads', 'blobs', 'memory', 'events'])
  const [project, progress, headKeys, headValues, memoryKeys, memoryValues] = await Promise.all([
    tx.objectStore('projects').get(id),
    tx.objectStore('progress').get(id),
    tx.objectStore('heads').getAllKeys(rangeOf(id)),
    tx.objectStore('heads').getAll(rangeOf(id)),
    tx.objectStore('memory').getAllKeys(rangeOf(id)),
    tx.objectStore('memory').getAll(rangeOf(id)),
  ])
  if (!project) return null
  const threadId = progress?.threadId ?? null
  const manifest = headKeys.map(([, path], index): [string, string] => [path, headValues[index] ?? ''])
  const [found, events] = await Promise.all([
    readBlobs(manifest, (key) => tx.objectStore('blobs').get([id, key])),
    threadId === null ? [] : tx.objectStore('events').getAll(rangeOf(id, threadId)),
  ])
  const memory = Object.fromEntries(memoryKeys.map(([, key], index) => [key, memoryValues[index]]))
  return { meta: project.meta, memory, threadId, events, ...found }
}

export async function readCheckpointOf(
  db: Database,
  id: string,
  checkpointId: string,
): Promise<StoredCheckpoint | null> {
  const tx = db.transaction(['checkpoints', 'blobs'])
  const record = await tx.objectStore('checkpoints').get([id, checkpointId])
  const whole = record?.filesOf === undefined ? record : await tx.objectStore('checkpoints').get([id, record.filesOf])
  if (!record || !whole?.manifest) return null
  const found = await readBlobs(whole.manifest, (key) => tx.objectStore('blobs').get([id, key]))
  const { links, executables } = whole
  return {
    ...toCheckpointInfo(record),
    thread: record.thread,
    ...(links && { links }),
    ...(executables && { executables }),
    ...found,
  }
}

export async function readCheckpointsOf(db: Database, id: string): Promise<CheckpointInfo[]> {
  return byTime(await db.getAll('checkpoints', rangeOf(id))).map(toCheckpointInfo)
}

export async function readHeads(
  db: Database,
  id: string,
  paths: readonly string[],
): Promise<{ path: string; after: FileData | null }[]> {
  const tx = db.transaction(['heads', 'blobs'])
  return Promise.all(
    paths.map(async (path) => {
      const key = await tx.objectStore('heads').get([id, path])
      const data = key === undefined ? undefined : await tx.objectStore('blobs').get([id, key])
      return { path, after: data ?? null }
    }),
  )
}

async function readBlobs(
  manifest: readonly [path: string, key: string][],
  get: (key: string) => Promise<FileData | undefined>,
): Promise<{ files: FileMap; missing: string[] }> {
  const contents = await Promise.all(manifest.map(([, key]) => get(key)))
  const files = new Map<string, FileData>()
  const missing: string[] = []
  for (const [index, [path]] of manifest.entries()) {
    const data = contents[index]
    if (data === undefined) missing.push(path)
    else files.set(path, data)
  }
  return { files, missing }
}

export function toCheckpointInfo({ id, at, label, turnId, filesOf }: CheckpointInfo): CheckpointInfo {
  return { id, at, label, turnId, ...(filesOf !== undefined && { filesOf }) }
}
