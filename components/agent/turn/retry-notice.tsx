'use client'

import { RotateCw } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import type { PartView } from '@/lib/agent'
import { plural } from '@/lib/base'
import { formatDuration } from '../format'
import { useAttempt } from '../use-attempt'
import { useNow } from '../use-now'

type RetryPart = Extract<PartView, { type: 'retry' }>

export function RetryNotice({ part }: { part: RetryPart }) {
  return part.active ? (
    <Waiting part={part} />
  ) : (
    <p className="m-0 flex items-center gap-2 text-meta text-muted">
      <RotateCw size={13} aria-hidden className="shrink-0" />
      Tried again: {part.reason}
    </p>
  )
}

function Waiting({ part }: { part: RetryPart }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const seconds = Math.max(0, Math.ceil((part.until - useNow(250)) / 1000))
  return (
    <div
      role="status"
      className="glass-edge flex items-center gap-3 rounded-lg border border-warn-line bg-warn-surface py-2 pr-2 pl-3"
      data-edge="unverified"
    >
      <div className="min-w-0 flex-1">
        <p className="m-0 break-words">{part.reason}</p>
        <p className="tabular m-0 text-meta text-warn-text">
          {/* The running seconds are for the eye; a screen reader hears the line once. */}
          <span aria-hidden>
            {seconds > 0
              ? `Trying again in ${seconds < 60 ? plural(seconds, 'second') : formatDuration(seconds * 1000)}`
              : 'Trying again now'}
          </span>
          <span className="sr-only">Trying again soon</span>
          {` · ${part.attempt} of ${part.maxAttempts}`}
        </p>
      </div>
      <Button size="sm" onClick={() => attempt(agent.stop())}>
        Cancel
      </Button>
    </div>
  )
}
