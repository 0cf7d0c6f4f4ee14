export interface HistoryEntry {
  url: string
  state: unknown
  /** Entries of one document are traversed without loading it again. */
  document: number
}

/** The session history of the previewed page, over all its documents. */
export interface SessionHistory {
  readonly current: HistoryEntry
  readonly length: number
  readonly canGoBack: boolean
  readonly canGoForward: boolean
  push(entry: HistoryEntry): void
  replace(entry: HistoryEntry): void
  /** The entry `delta` away, now current; null when there is none. */
  go(delta: number): HistoryEntry | null
}

const maxEntries = 200

export function createSessionHistory(first: HistoryEntry): SessionHistory {
  let entries = [first]
  let at = 0
  return {
    get current() {
      return entries[at] ?? first
    },
    get length() {
      return entries.length
    },
    get canGoBack() {
      return at > 0
    },
    get canGoForward() {
      return at < entries.length - 1
    },
    push(entry) {
      entries = [...entries.slice(0, at + 1), entry].slice(-maxEntries)
      at = entries.length - 1
    },
    replace(entry) {
      entries[at] = entry
    },
    go(delta) {
      const target = entries[at + delta]
      if (target === undefined || delta === 0) return null
      at += delta
      return target
    },
  }
}
