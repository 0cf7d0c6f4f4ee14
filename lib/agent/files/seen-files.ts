import { contentKey, type FileMap } from '@/lib/workspace'
import type { AgentEvent, SeenFile } from '../events'

/** A file as the model last saw it. The text is not known any more after a reload; its key is. */
export interface Sighting {
  isAsItIs(text: string): boolean
  text: string | null
}

/** Which text of each file the model has seen last. One a thread; what it holds is told to the journal with tools' results. */
export interface SeenFiles {
  /** The model has seen the whole file, or a part that stands for it. */
  note(path: string, text: string): void
  /** It has seen lines of the file, which says nothing of others that it saw before. */
  noteIfNew(path: string, text: string): void
  noteAll(paths: readonly string[], files: FileMap): void
  of(path: string): Sighting | null
  /** What was noted since the last time, for the journal. */
  take(): SeenFile[]
}

export function createSeenFiles(earlier: readonly SeenFile[] = []): SeenFiles {
  const known = new Map<string, Sighting>(earlier.map(({ path, key }) => [path, byKey(key)]))
  const fresh = new Map<string, string>()
  const note = (path: string, text: string) => {
    if (known.get(path)?.text === text) return
    known.set(path, { text, isAsItIs: (now) => now === text })
    fresh.set(path, text)
  }
  return {
    note,
    noteIfNew(path, text) {
      if (!known.has(path)) note(path, text)
    },
    noteAll(paths, files) {
      for (const path of paths) {
        const data = files.get(path)
        if (typeof data === 'string') note(path, data)
      }
    },
    of: (path) => known.get(path) ?? null,
    take() {
      const taken = [...fresh].map(([path, text]) => ({ path, key: contentKey(text) }))
      fresh.clear()
      return taken
    },
  }
}

function byKey(key: string): Sighting {
  return { text: null, isAsItIs: (now) => contentKey(now) === key }
}

/** What a thread's events say, the last of each path. What attempts saw were files of their own. */
export function foldSeenFiles(events: readonly AgentEvent[]): SeenFile[] {
  const byPath = new Map<string, SeenFile>()
  for (const event of events) {
    if (event.type !== 'tool-end') continue
    for (const seen of event.result.seen ?? []) byPath.set(seen.path, seen)
  }
  return [...byPath.values()]
}
