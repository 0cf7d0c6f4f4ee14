'use client'

import { ListChecks } from 'lucide-react'
import { useRef } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useReason } from '@/components/use-standing'
import { turnMode } from '../composer/turn-mode'
import { useAttempt } from '../use-attempt'
import { useReturnFocus } from '../use-return-focus'

/** After a turn that only planned: the same in Edit mode. Whoever wants the plan otherwise says so in the message box. */
export function PlanOffer() {
  const session = useSession()
  const attempt = useAttempt()
  const reason = useReason()
  const box = useRef<HTMLDivElement>(null)
  useReturnFocus(box)
  const carryOut = () => {
    turnMode(session).setState({ mode: 'edit' })
    void attempt(session.agent.send('Carry out the plan.', { mode: 'edit' }))
  }
  return (
    <div ref={box} className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <Button tone="primary" disabled={reason !== undefined} title={reason} onClick={carryOut}>
        <ListChecks size={14} aria-hidden />
        Carry out the plan
      </Button>
      <span className="text-meta text-muted">or say what to change in it</span>
    </div>
  )
}
