'use client'

import { CircleAlert, Gauge } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { TurnResult } from '@/lib/agent'
import { describeAmount } from '@/lib/agent/limits/limit-error'
import type { LimitHit } from '@/lib/agent/limits/limits'
import { useAttempt } from '../use-attempt'

type TurnError = NonNullable<TurnResult['error']>

/** Why a turn failed and the one thing that helps; an old turn only says why. */
export function ErrorCard({ error, canAct }: { error: TurnError; canAct: boolean }) {
  if (error.limit) return <LimitCard error={error} limit={error.limit} canAct={canAct} />
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

/** Nothing is wrong: the turn stopped where the user had said, and can go on from there. */
function LimitCard({ error, limit, canAct }: { error: TurnError; limit: LimitHit; canAct: boolean }) {
  const { agent } = useSession()
  const workbench = useWorkbench()
  const attempt = useAttempt()
  const raised = `+ ${describeAmount(limit.limit, limit.by)}`
  return (
    <div
      className="glass-edge rounded-lg border border-warn-line bg-warn-surface py-2.5 pr-3 pl-3.5"
      data-edge="unverified"
    >
      <p className="m-0 flex gap-2">
        <Gauge size={15} aria-hidden className="mt-[3px] shrink-0 text-warn-text" />
        <span className="min-w-0 break-words">
          {error.message}
          <span className="block text-muted">{error.action}</span>
        </span>
      </p>
      {canAct && (
        <div className="mt-2 flex flex-wrap items-center gap-2 pl-[23px]">
          <Button tone="primary" onClick={() => attempt(agent.resume())}>
            Continue
            <span className="tabular font-normal">{raised}</span>
          </Button>
          <Button tone="quiet" onClick={() => workbench.setOverlay('limits')}>
            Limits…
          </Button>
        </div>
      )}
    </div>
  )
}

const needsNewThread = new Set(['context_length_exceeded', 'request_too_large', 'foreign_reasoning'])
const needsModel = new Set(['unauthorized', 'insufficient_quota', 'key_refused'])

function ErrorAction({ code }: { code: string }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const workbench = useWorkbench()
  const hasOwnKey = useStore(agent.state, ({ ownKey }) => ownKey !== 'none')
  if (needsNewThread.has(code)) {
    return <Button onClick={() => attempt(agent.newThread())}>New conversation</Button>
  }
  if (needsModel.has(code)) {
    const label = hasOwnKey ? 'Change or forget the key' : 'Connect a model'
    return (
      <>
        <Button onClick={() => workbench.setOverlay('connect')}>{label}</Button>
        <Button tone="quiet" onClick={() => attempt(agent.resume())}>
          Retry
        </Button>
      </>
    )
  }
  return <Button onClick={() => attempt(agent.resume())}>Retry</Button>
}
