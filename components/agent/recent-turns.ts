/** Which turns of a conversation are shown: all from `first` on. */
export interface ShownTurns {
  /** The first turn of the conversation, which tells it from others. */
  thread: string | undefined
  first: number
}

/** When more are shown, the oldest go; then so many are left. What came by the reader's wish stays while they read. */
const most = 60
const atLeast = 30

export function recentTurns(ids: readonly string[]): ShownTurns {
  return { thread: ids[0], first: Math.max(0, ids.length - atLeast) }
}

/** What to show now; the same object where nothing changes. Turns only go when `atEnd`, so that no text moves under the reader. */
export function withTurns(shown: ShownTurns, ids: readonly string[], atEnd: boolean): ShownTurns {
  const { thread, first } = shown
  if (thread !== ids[0] || first > ids.length) return recentTurns(ids)
  return atEnd && ids.length - first > most ? recentTurns(ids) : shown
}

export function withEarlier(shown: ShownTurns): ShownTurns {
  return { ...shown, first: Math.max(0, shown.first - atLeast) }
}
