import { openDB } from 'idb'
import { StorageRefused } from './problem'
import { type Database, databaseName, type Migration, migrations as releasedMigrations, type Schema } from './schema'

export interface ConnectionOptions {
  name?: string
  migrations?: typeof releasedMigrations
}

/** A connection that reopens itself after the browser closed it. */
export interface Connection {
  /** Rejects when storage is refused; the next call tries again. */
  use(): Promise<Database>
  /** The open connection, for work that cannot wait for a promise; null when there is none. */
  current(): Database | null
  close(): void
}

/** A newer version of the app may wait on an older tab; that tab closes its connection, unless it hangs. */
const blockedMs = 3_000

export function createConnection(options: ConnectionOptions = {}): Connection {
  const { name = databaseName, migrations = releasedMigrations } = options
  let opening: Promise<Database> | null = null
  let database: Database | null = null

  const forget = () => {
    opening = null
    database = null
  }

  async function open(): Promise<Database> {
    let blockedTimer: ReturnType<typeof setTimeout> | undefined
    let reject: (error: unknown) => void = () => undefined
    const refused = new Promise<never>((_, settle) => {
      reject = settle
    })
    const request = openDB<Schema>(name, migrations.length, {
      upgrade(db, oldVersion, _newVersion, transaction) {
        migrate(migrations.slice(oldVersion), db, transaction).catch((error) => {
          reject(error)
          transaction.abort()
        })
      },
      blocked() {
        blockedTimer = setTimeout(() => reject(new StorageRefused('outdated', closeOtherTabs)), blockedMs)
      },
      // Gives way to a tab with a newer schema. IndexedDB refuses to reopen at an older version, so this tab cannot
      // write what it does not understand.
      blocking(_current, _blocked, event) {
        forget()
        ;(event.target as IDBDatabase).close()
      },
      terminated: forget,
    })
    try {
      database = await Promise.race([request, refused])
      return database
    } catch (error) {
      forget()
      // Should the request succeed after all, nobody would close it.
      request.then((late) => late.close()).catch(() => undefined)
      throw error
    } finally {
      clearTimeout(blockedTimer)
    }
  }

  return {
    use: () => (opening ??= open()),
    current: () => database,
    close() {
      database?.close()
      forget()
    },
  }
}

const closeOtherTabs = 'Another tab runs an older version and keeps the storage busy. Close it, then try again.'

async function migrate(steps: readonly Migration[], ...args: Parameters<Migration>): Promise<void> {
  for (const step of steps) await step(...args)
}
