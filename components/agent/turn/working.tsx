'use client'

import { useSession } from '@/components/session-context'
import { useStore } from '@/components/use-store'
import type { CandidatesPart, TurnView } from '@/lib/agent'
import { formatCost, formatDuration, formatTokens } from '../format'
import { useNow } from '../use-now'

/** The last line of a turn that has not ended: what it is doing, and for how long; or that nobody works on it. */
export function Working({ turn }: { turn: TurnView }) {
  const { agent } = useSession()
  const isRunning = useStore(agent.state, ({ running }) => running)
  return isRunning ? <Activity turn={turn} /> : <p className="m-0 text-meta text-muted">Not finished</p>
}

function Activity({ turn }: { turn: TurnView }) {
  const now = useNow(1000)
  const { usage, cost } = turn.footer
  return (
    <p className="tabular m-0 flex items-center gap-2 text-meta text-muted">
      <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-agent" />
      <span>{activityOf(turn)}</span>
      <span className="ml-auto">
        {usage.totalTokens > 0 && `${formatTokens(usage.totalTokens)} tokens · `}
        {cost !== null && cost > 0 && `${formatCost(cost)} · `}
        {formatDuration(Math.max(0, Math.floor((now - turn.startedAt) / 1000) * 1000))}
      </span>
    </p>
  )
}

function activityOf({ parts }: TurnView): string {
  if (parts.some((part) => part.type === 'approval' && part.decision === null)) return 'Waiting for your decision'
  if (parts.some((part) => part.type === 'question' && part.state === 'open')) return 'Waiting for your answer'
  // That the turn went on past a limit is no activity.
  const last = parts.findLast(({ type }) => type !== 'notice')
  if (last === undefined) return 'Starting'
  if (last.type === 'candidates') return raceActivity(last)
  if (last.type === 'tool' && last.state === 'running') return 'Working'
  if (last.type === 'tool' && last.state === 'writing') return 'Writing'
  if (last.type === 'retry' && last.active) return 'Waiting'
  return last.type === 'text' && last.streaming ? 'Answering' : 'Thinking'
}

function raceActivity({ pick, ranking }: CandidatesPart): string {
  if (pick !== null) return 'Checking the project'
  return ranking.length === 0 ? 'Attempts run side by side' : 'Waiting for your choice'
}
