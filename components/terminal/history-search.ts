/** Ctrl+R: the newest line that contains what is typed; Ctrl+R again goes further back. */
export interface HistorySearch {
  query: string
  /** Where in the history the match stands; its length when nothing matches. */
  at: number
}

export function search(history: readonly string[], query: string, before: number): HistorySearch {
  for (let at = before - 1; at >= 0; at--) {
    if (query !== '' && history[at]?.includes(query)) return { query, at }
  }
  return { query, at: history.length }
}

export type SearchStep =
  | { type: 'search'; search: HistorySearch }
  | { type: 'accept' }
  | { type: 'run' }
  | { type: 'cancel' }

/** What one key does while searching. */
export function searchKey(key: string, current: HistorySearch, history: readonly string[]): SearchStep {
  const { query, at } = current
  if (key === '\x12') {
    const next = search(history, query, at)
    return { type: 'search', search: next.at === history.length ? current : next }
  }
  if (key === '\r') return { type: 'run' }
  if (key === '\x03' || key === '\x07') return { type: 'cancel' }
  if (key === '\x7f')
    return { type: 'search', search: search(history, [...query].slice(0, -1).join(''), history.length) }
  if (key >= ' ' && !key.startsWith('\x1b')) {
    const longer = query + key
    return { type: 'search', search: search(history, longer, Math.min(history.length, at + 1)) }
  }
  return { type: 'accept' }
}
