import type { ResponseItem } from '@/lib/models'
import type { AgentEvent } from '../events'
import { foldHistory } from '../history'
import type { CandidatePick, CandidateResult } from './events'

/** How far a race has come, as its events tell it. */
export interface RaceState {
  /** Of the attempts that ended, by index. */
  results: ReadonlyMap<number, CandidateResult>
  /** Begun and not ended. */
  open: ReadonlySet<number>
  pick: CandidatePick | null
  /** The picked attempt's items have joined the history. */
  joined: boolean
  checked: boolean
}

export function foldRace(events: readonly AgentEvent[]): RaceState {
  const results = new Map<number, CandidateResult>()
  const open = new Set<number>()
  let pick: CandidatePick | null = null
  let joined = false
  let checked = false
  for (const event of events) {
    if (event.type === 'candidates-start') {
      for (const index of event.indexes) {
        results.delete(index)
        open.add(index)
      }
    } else if (event.type === 'candidate-end') {
      const { type, seq, at, turnId, ...result } = event
      results.set(result.index, result)
      open.delete(result.index)
    } else if (event.type === 'candidates-picked') pick = { index: event.index, files: event.files }
    else if (event.type === 'history') joined ||= pick !== null
    else if (event.type === 'candidates-checked') checked = true
  }
  return { results, open, pick, joined, checked }
}

/** The attempt's own events since it last began from the start. */
export function attemptEvents(events: readonly AgentEvent[], index: number): AgentEvent[] {
  const begun = events.findLastIndex(
    (event) => event.type === 'candidates-start' && event.indexes.includes(index) && !event.goOn?.includes(index),
  )
  return events
    .slice(begun + 1)
    .flatMap((event) => (event.type === 'candidate-event' && event.index === index ? [event.event] : []))
}

/** The items of an attempt's own: what stands after the prefix that all share. */
export function attemptHistory(events: readonly AgentEvent[], index: number): ResponseItem[] {
  return foldHistory(attemptEvents(events, index))
}
