'use client'

import { Dialog } from '@/components/ui/dialog'
import type { CandidateView } from '@/lib/agent'
import { formatDuration, formatTokens } from '../format'
import { PartItem } from '../turn/part-item'
import { attemptFacts, elapsedMs } from './attempt-facts'

/** All that one attempt said and did, to read; also while it runs. */
export function AttemptConversation({ candidate, onClose }: { candidate: CandidateView; onClose: () => void }) {
  const { number, approach, turn, usage, status } = attemptFacts(candidate)
  const ms = candidate.result ? elapsedMs(candidate, 0) : null
  const numbers = [
    candidate.result?.reason ?? status,
    usage && `${formatTokens(usage.totalTokens)} tokens`,
    ms === null ? null : formatDuration(ms),
  ].filter((text) => text)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Attempt ${number}: ${approach}`}
      description={`${numbers.join(' · ')}. Only to read: it joins the conversation only when it is taken.`}
      className="top-[6dvh]! max-h-[88dvh]! w-[min(760px,calc(100vw-24px))]!"
    >
      <div className="flex flex-col gap-3 pb-2">
        {turn === null || turn.parts.length === 0 ? (
          <p className="m-0 text-muted">Nothing yet.</p>
        ) : (
          turn.parts.map((part) => <PartItem key={`${part.type}-${part.key}`} part={part} />)
        )}
      </div>
    </Dialog>
  )
}
