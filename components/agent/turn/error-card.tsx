'use client'

import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import type { TurnResult } from '@/lib/agent'
import { ConnectModelDialog } from '../connect-model-dialog'
import { useAttempt } from '../use-attempt'

/** Why a turn failed and the one thing that helps; an old turn only says why. */
export function ErrorCard({ error, canAct }: { error: NonNullable<TurnResult['error']>; canAct: boolean }) {
  return (
    <div className="glass-edge rounded-lg border border-bad-line bg-bad-surface py-2.5 pr-3 pl-3.5" data-edge="failed">
      <p className="m-0 flex gap-2">
        <CircleAlert size={15} aria-hidden className="mt-[3px] shrink-0 text-bad-text" />
        <span className="min-w-0 break-words">
          {error.message}
          {error.action !== '' && <span className="block text-muted">{error.action}</span>}
        </span>
      </p>
      <div className="mt-2 flex items-center gap-2 pl-[23px]">
        {canAct && <ErrorAction code={error.code} />}
        <code className="ml-auto text-meta text-muted">{error.code}</code>
      </div>
    </div>
  )
}

const needsNewThread = new Set(['context_length_exceeded', 'request_too_large'])
const needsModel = new Set(['unauthorized', 'insufficient_quota', 'model_not_allowed'])

function ErrorAction({ code }: { code: string }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const [connecting, setConnecting] = useState(false)
  if (needsNewThread.has(code)) {
    return <Button onClick={() => attempt(agent.newThread())}>New conversation</Button>
  }
  if (needsModel.has(code)) {
    return (
      <>
        <Button onClick={() => setConnecting(true)}>How to connect a model</Button>
        <ConnectModelDialog open={connecting} onOpenChange={setConnecting} />
      </>
    )
  }
  return <Button onClick={() => attempt(agent.resume())}>Retry</Button>
}
