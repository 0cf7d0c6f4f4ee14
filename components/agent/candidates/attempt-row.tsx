'use client'

import clsx from 'clsx'
import { Check, CircleDashed, CircleSlash, Gauge, Square, X } from 'lucide-react'
import { memo } from 'react'
import { Badge } from '@/components/ui/badge'
import { Spinner } from '@/components/ui/spinner'
import type { CandidateView } from '@/lib/agent'
import { formatDuration, formatTokens } from '../format'
import { VisibleText } from '../text/visible-text'
import { useNow } from '../use-now'
import { type AttemptFacts, attemptFacts, elapsedMs } from './attempt-facts'

/** One attempt: its state, its tests so far, tokens and seconds. Opens its conversation. */
export const AttemptRow = memo(function AttemptRow({
  candidate,
  isBest,
  isTaken,
  isLive,
  onOpen,
}: {
  candidate: CandidateView
  isBest: boolean
  isTaken: boolean
  /** It runs now; in a replay it only did. */
  isLive: boolean
  onOpen: () => void
}) {
  const facts = attemptFacts(candidate)
  const hasBegun = facts.turn !== null
  return (
    <li className="border-line border-t">
      <button
        type="button"
        disabled={!hasBegun}
        aria-label={`Attempt ${facts.number}, ${facts.approach}: ${facts.status}${isBest ? ', ahead' : isTaken ? ', taken' : ''}. Open its conversation`}
        title={candidate.result?.reason}
        onClick={onOpen}
        className="flex min-h-9 w-full flex-wrap items-center gap-x-2 gap-y-0.5 px-3.5 py-1 text-left touch:py-2.5 enabled:hover:bg-hover focus-visible:-outline-offset-2 touch:min-h-11"
      >
        <StateIcon candidate={candidate} verified={facts.verification?.verified ?? false} />
        <span className={clsx('tabular shrink-0', isTaken || isBest ? 'font-semibold' : 'font-medium')}>
          {facts.number}
        </span>
        <span className="shrink-0 text-muted">{facts.approach}</span>
        {isBest && <Badge tone="ok">ahead</Badge>}
        {isTaken && <Badge tone="you">taken</Badge>}
        <span className="min-w-0 flex-1 truncate text-meta text-muted">
          {/* Where there are tests, icon and numbers say how it ended. */}
          {(candidate.state !== 'done' || facts.tests === null) && <VisibleText text={facts.status} />}
        </span>
        <Numbers candidate={candidate} facts={facts} isLive={isLive} />
      </button>
    </li>
  )
})

function Numbers({ candidate, facts, isLive }: { candidate: CandidateView; facts: AttemptFacts; isLive: boolean }) {
  const { tests, usage } = facts
  const tokens = usage?.totalTokens ?? 0
  return (
    <span className="tabular ml-auto flex shrink-0 items-center gap-3 text-meta text-muted">
      {tests !== null && (
        <span className={tests.passed === tests.total ? 'text-ok-text' : 'text-bad-text'}>
          tests {tests.passed}/{tests.total}
        </span>
      )}
      {tokens > 0 && <span>{formatTokens(tokens)} tokens</span>}
      {candidate.state !== 'running' && <Elapsed candidate={candidate} now={0} />}
      {candidate.state === 'running' && isLive && <Seconds candidate={candidate} />}
    </span>
  )
}

function Seconds({ candidate }: { candidate: CandidateView }) {
  return <Elapsed candidate={candidate} now={useNow(1000)} />
}

function Elapsed({ candidate, now }: { candidate: CandidateView; now: number }) {
  const ms = elapsedMs(candidate, now)
  if (ms === null) return null
  return <span>{formatDuration(candidate.result ? ms : Math.floor(ms / 1000) * 1000)}</span>
}

function StateIcon({ candidate, verified }: { candidate: CandidateView; verified: boolean }) {
  switch (candidate.state) {
    case 'waiting':
      return <CircleDashed size={13} aria-hidden className="shrink-0 text-muted" />
    case 'running':
      return <Spinner size={13} />
    case 'failed':
      if (candidate.result?.limit) return <Gauge size={13} aria-hidden className="shrink-0 text-warn-text" />
      return <X size={13} aria-hidden className="shrink-0 text-bad-text" />
    case 'stopped':
      return <Square size={11} aria-hidden className="mx-px shrink-0 text-muted" />
    case 'done':
      return verified ? (
        <Check size={13} aria-hidden className="shrink-0 text-ok-text" />
      ) : (
        <CircleSlash size={13} aria-hidden className="shrink-0 text-warn-text" />
      )
  }
}
