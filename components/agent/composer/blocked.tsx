'use client'

import { Lock } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import type { Standing } from '@/components/use-standing'
import { messageOf } from '@/lib/base'

type Block = Exclude<Standing, null>

const texts: Record<Block, { reason: string; label: string }> = {
  restricted: {
    reason: 'This project came from elsewhere. Make it yours to let the agent run.',
    label: 'Trust and fork',
  },
  'read-only': { reason: 'This project is open for writing in another tab.', label: 'Take over' },
}

/** Stands in the composer's place and says what to do. */
export function Blocked({ by }: { by: Block }) {
  const session = useSession()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const { reason, label } = texts[by]
  const unblock = async () => {
    setBusy(true)
    try {
      if (by === 'restricted') location.assign(`/p/${await session.fork()}`)
      else await session.takeOver()
    } catch (error) {
      setFailure(messageOf(error))
      setBusy(false)
    }
  }
  return (
    <div className="rounded-lg border bg-raised p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Lock size={14} aria-hidden className="shrink-0 text-muted" />
        <p className="m-0 min-w-40 flex-1">{reason}</p>
        <Button tone="primary" busy={busy} onClick={unblock}>
          {label}
        </Button>
      </div>
      {failure !== null && (
        <p role="alert" className="m-0 mt-2 text-bad-text">
          {failure}
        </p>
      )}
    </div>
  )
}
