'use client'

import { useState } from 'react'
import type { AgentEvent, ThreadView } from '@/lib/agent'
// The module itself: the folder's index would bring the whole loop into the pane's first load.
import { emptyThread, foldThread } from '@/lib/agent/view/thread-view'

/** A view and how far it got: `last` is the event it ends with. */
export interface Folded {
  events: readonly AgentEvent[]
  count: number
  last: AgentEvent | undefined
  view: ThreadView
}

export const nothingFolded: Folded = { events: [], count: 0, last: undefined, view: emptyThread }

/** The conversation that these events make. Only events that are new since the last render are folded. */
export function useThreadView(events: readonly AgentEvent[]): ThreadView {
  const [folded, setFolded] = useState(() => foldNew(nothingFolded, events))
  if (folded.events === events) return folded.view
  const next = foldNew(folded, events)
  setFolded(next)
  return next.view
}

/** Events are only ever appended to a thread; a list that does not go on where the view ends is another thread. */
export function foldNew(before: Folded, events: readonly AgentEvent[]): Folded {
  const { count, view } = before.last === events[before.count - 1] ? before : nothingFolded
  return {
    events,
    count: events.length,
    last: events.at(-1),
    view: events.slice(count).reduce(foldThread, view),
  }
}
