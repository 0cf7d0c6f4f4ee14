import type { AgentEvent } from '../events'
import type { PartView, ThreadView } from '../view/thread-view'
import type { CandidatePick, CandidateResult } from './events'
import { rankCandidates } from './rank'

export interface CandidatesPart {
  type: 'candidates'
  /** The turn's id. */
  key: string
  candidates: readonly CandidateView[]
  /** Best first; empty while attempts run. */
  ranking: readonly number[]
  pick: (CandidatePick & { by: 'user' | 'rank' }) | null
  /** Without tests, attempts are compared by the rest. */
  hasTests: boolean
}

export interface CandidateView {
  /** From 0. */
  index: number
  /** `stopped` also when it never began; its result says why. */
  state: 'waiting' | 'running' | CandidateResult['status']
  /** Its own conversation: one turn once it has begun. */
  thread: ThreadView
  result: CandidateResult | null
}

/** Folds one event into a thread; handed in, since an attempt is a thread within one. */
type FoldThread = (view: ThreadView, event: AgentEvent) => ThreadView

/** The parts after an event of the race; the same array for all other events. */
export function foldCandidates(
  parts: readonly PartView[],
  event: AgentEvent,
  { foldThread, emptyThread }: { foldThread: FoldThread; emptyThread: ThreadView },
): readonly PartView[] {
  const place = parts.findLastIndex((part) => part.type === 'candidates')
  const known = parts[place]
  const part = known?.type === 'candidates' ? known : null
  const put = (next: CandidatesPart) => (part === null ? [...parts, next] : parts.with(place, next))
  const change = (index: number, next: (candidate: CandidateView) => Partial<CandidateView>) => {
    if (part === null) return parts
    const candidates = part.candidates.map((each) => (each.index === index ? { ...each, ...next(each) } : each))
    return put({ ...part, candidates })
  }
  switch (event.type) {
    case 'candidates-start': {
      const fresh = (index: number): CandidateView => ({ index, state: 'waiting', thread: emptyThread, result: null })
      const begun = (index: number): CandidateView => {
        const known = part?.candidates[index]
        if (!known) return fresh(index)
        if (event.goOn?.includes(index)) return { ...known, state: 'waiting', result: null }
        return event.indexes.includes(index) ? fresh(index) : known
      }
      const candidates = Array.from({ length: Math.min(event.total, maxShown) }, (_, index) => begun(index))
      return put({
        type: 'candidates',
        key: event.turnId,
        candidates,
        ranking: [],
        pick: null,
        hasTests: event.hasTests,
      })
    }
    case 'candidate-event':
      return change(event.index, ({ thread }) => ({ state: 'running', thread: foldThread(thread, event.event) }))
    case 'candidate-end': {
      const { type, seq, at, turnId, ...result } = event
      const next = change(event.index, () => ({ state: result.status, result }))
      return next.map((each) => (each.type === 'candidates' ? ranked(each) : each))
    }
    case 'candidates-picked':
      return part === null ? parts : put({ ...part, pick: { index: event.index, files: event.files, by: event.by } })
    case 'turn-end':
      return part === null ? parts : put({ ...part, candidates: part.candidates.map(ended) })
    default:
      return parts
  }
}

/** What a link may carry is not trusted to be sensible. */
const maxShown = 8

function ranked(part: CandidatesPart): CandidatesPart {
  const results = part.candidates.flatMap(({ result }) => result ?? [])
  return { ...part, ranking: results.length === part.candidates.length ? rankCandidates(results) : [] }
}

function ended(candidate: CandidateView): CandidateView {
  return candidate.state === 'waiting' || candidate.state === 'running' ? { ...candidate, state: 'stopped' } : candidate
}
