'use client'

import { memo } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useStanding } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { useAttempt } from '../use-attempt'

/** A turn that a reload cut, or that the conversation was taken back into; nothing that has run is run again. */
export const Interrupted = memo(function Interrupted() {
  const { agent } = useSession()
  const attempt = useAttempt()
  const interrupted = useStore(agent.state, (state) => state.interrupted)
  const blocked = useStanding()
  if (!interrupted || blocked !== null) return null
  return (
    <div
      role="status"
      className="glass-edge flex items-center gap-3 rounded-lg border bg-raised py-2 pr-2 pl-3.5"
      data-edge="unverified"
    >
      <p className="m-0 min-w-0 flex-1">
        The last turn did not come to its end
        <span className="block text-meta text-muted">
          Continue goes on with it; steps that have a result are not run again. A new message leaves it as it is.
        </span>
      </p>
      <Button tone="primary" onClick={() => attempt(agent.resume())}>
        Continue
      </Button>
    </div>
  )
})
