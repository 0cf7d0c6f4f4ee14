import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** Results that can be made again: pre-bundled dependencies and the like. The oldest go when it grows too large. */
export interface TabCache {
  read(key: string): Promise<Uint8Array | null>
  write(key: string, data: Uint8Array): Promise<void>
}

const maxTotalBytes = 256 * 1024 * 1024

interface CacheSchema extends DBSchema {
  entries: { key: [scope: string, key: string]; value: { data: Uint8Array; usedAt: number } }
}

/**
 * A part of the tab's storage of its own for each scope: what one project's programs wrote never reaches another's, since
 * it is code that runs there.
 */
export function createTabCache(scope: string): TabCache {
  let opening: Promise<IDBPDatabase<CacheSchema>> | null = null
  const database = () => {
    opening ??= openDB<CacheSchema>('vitrine-build-cache', 1, {
      upgrade: (opened) => void opened.createObjectStore('entries'),
    })
    return opening
  }
  return {
    async read(key) {
      const opened = await database()
      const entry = await opened.get('entries', [scope, key])
      if (!entry) return null
      await opened.put('entries', { ...entry, usedAt: Date.now() }, [scope, key])
      return entry.data
    },
    async write(key, data) {
      const opened = await database()
      await opened.put('entries', { data, usedAt: Date.now() }, [scope, key])
      await dropOldest(opened)
    },
  }
}

async function dropOldest(database: IDBPDatabase<CacheSchema>): Promise<void> {
  const transaction = database.transaction('entries', 'readwrite')
  const entries: { key: CacheSchema['entries']['key']; bytes: number; usedAt: number }[] = []
  for await (const { key, value } of transaction.store) {
    entries.push({ key, bytes: value.data.byteLength, usedAt: value.usedAt })
  }
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { key, bytes } of entries.sort((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxTotalBytes) break
    await transaction.store.delete(key)
    total -= bytes
  }
  await transaction.done
}
