'use client'

import { useState } from 'react'
import { useStore } from '@/components/use-store'
import type { AgentEvent, ThreadView } from '@/lib/agent'
// The module itself: the folder's index would bring the whole loop into the pane's first load.
import { emptyThread, foldThread } from '@/lib/agent/thread-view'
import type { Session } from '@/lib/session/types'

interface Folded {
  events: readonly AgentEvent[]
  view: ThreadView
}

/** The thread as it is shown. Only events that are new since the last render are folded. */
export function useThreadView(agent: Session['agent']): ThreadView {
  const events = useStore(agent.state, (state) => state.events)
  const [folded, setFolded] = useState<Folded>(() => fold({ events: [], view: emptyThread }, events))
  if (folded.events === events) return folded.view
  const next = fold(folded, events)
  setFolded(next)
  return next.view
}

/** Events are only ever appended to a thread; a list that does not go on where the last one stopped is another thread. */
export function fold(before: Folded, events: readonly AgentEvent[]): Folded {
  const last = before.events.length - 1
  const continues = last < events.length && before.events[last] === events[last] && before.events[0] === events[0]
  const start = continues ? before : { events: [], view: emptyThread }
  return { events, view: events.slice(start.events.length).reduce(foldThread, start.view) }
}
