import type { Batch } from './batch'
import type { Connection } from './connection'
import { readHeads } from './read'
import type { SavedChanges } from './types'

interface Announcement {
  paths: string[]
  events: SavedChanges['events']
}

const channelName = (id: string) => `vitrine:saved:${id}`

/** The writer's side: says which paths have changed; followers read the contents from storage. */
export interface Announcer {
  announce(batch: Batch): void
  close(): void
}

export function createAnnouncer(id: string): Announcer {
  const channel = new BroadcastChannel(channelName(id))
  return {
    announce({ files, events }) {
      if (files.size + events.length > 0)
        channel.postMessage({ paths: [...files.keys()], events } satisfies Announcement)
    },
    close: () => channel.close(),
  }
}

/** Calls `listener` in the order of the commits. */
export function followProject(id: string, connection: Connection, listener: (saved: SavedChanges) => void): () => void {
  const channel = new BroadcastChannel(channelName(id))
  let last: Promise<void> = Promise.resolve()
  let isClosed = false
  channel.onmessage = ({ data }: MessageEvent<Announcement>) => {
    last = last
      .then(async () => {
        const changes = await readHeads(await connection.use(), id, data.paths)
        if (!isClosed) listener({ changes, events: data.events })
      })
      // What could not be read now is read with the next announcement of the same path, or on reload.
      .catch((error) => console.warn('Could not follow the other tab.', error))
  }
  return () => {
    isClosed = true
    channel.close()
  }
}
