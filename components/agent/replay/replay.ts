import type { AgentEvent } from '@/lib/agent'
import { createStore, type StoreApi } from '@/lib/base'
import type { Session } from '@/lib/session/types'

export interface ReplayState {
  /** Moments shown so far, 0 to all of them; null when the conversation is shown as it is. */
  position: number | null
  playing: boolean
}

const replays = new WeakMap<Session, StoreApi<ReplayState>>()

/** Where the open conversation is looked at. It is a way of looking: nothing runs, nothing changes. */
export function replayOf(session: Session): StoreApi<ReplayState> {
  const known = replays.get(session)
  if (known) return known
  const store = createStore<ReplayState>(() =>
    isAskedFor() ? { position: 0, playing: true } : { position: null, playing: false },
  )
  // Another conversation is another story.
  session.agent.state.subscribe((now, before) => {
    if (now.id !== before.id) store.setState({ position: null, playing: false })
  })
  replays.set(session, store)
  return store
}

/** Of an address whose conversation is to be replayed from its beginning, once. */
export const replayHash = '#replay'

function isAskedFor(): boolean {
  if (location.hash !== replayHash) return false
  history.replaceState(null, '', location.pathname + location.search)
  return true
}

/** Between two of these nothing changes that one could stop at. */
const moments: ReadonlySet<AgentEvent['type']> = new Set([
  'turn-start',
  'reasoning-end',
  'text-end',
  'tool-start',
  'tool-end',
  'approval-request',
  'approval-decision',
  'question-request',
  'question-answer',
  'steer',
  'retry',
  'notice',
  'candidates-start',
  'candidate-end',
  'candidates-picked',
  'candidates-checked',
  'compaction',
  'compaction-failed',
  'compaction-undone',
  'limit-raised',
  'turn-end',
])
/** Of an attempt, which goes on beside others. */
const attemptMoments: ReadonlySet<AgentEvent['type']> = new Set(['text-end', 'tool-end'])

/** For each moment, how many events belong to what is shown then. */
export function momentsOf(events: readonly AgentEvent[]): readonly number[] {
  return events.flatMap((event, index) => (isMoment(event) ? [index + 1] : []))
}

function isMoment(event: AgentEvent): boolean {
  return event.type === 'candidate-event' ? attemptMoments.has(event.event.type) : moments.has(event.type)
}

/** The events up to a moment. */
export function eventsAt(
  events: readonly AgentEvent[],
  counts: readonly number[],
  position: number,
): readonly AgentEvent[] {
  return events.slice(0, position === 0 ? 0 : (counts[Math.min(position, counts.length) - 1] ?? 0))
}
