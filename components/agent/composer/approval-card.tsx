'use client'

import { Hand } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, memo, useEffect, useId, useRef, useState } from 'react'
import { DiffLines } from '@/components/review/hunk/diff-lines'
import { patchRows } from '@/components/review/hunk/diff-rows'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import type { Approval, ApprovalDecision } from '@/lib/agent'
import { ScrollBox } from '../scroll-box'
import { VisibleText } from '../text/visible-text'
import { useAttempt } from '../use-attempt'
import { useReturnFocus } from '../use-return-focus'
import { mayTakeFocus } from './may-take-focus'

/** Presses this soon after the card appeared were meant for something else. */
const guardMs = 500

/** A call that waits. The card itself takes the focus, so Enter decides nothing; Escape denies. */
export const ApprovalCard = memo(function ApprovalCard({
  approval,
  takesFocus,
}: {
  approval: Approval
  takesFocus: boolean
}) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const card = useRef<HTMLElement>(null)
  const titleId = useId()
  const detailId = useId()
  const [isDenying, setDenying] = useState(false)
  const isGuarded = useGuard(guardMs)

  const decide = (decision: ApprovalDecision, reason?: string) =>
    void attempt(agent.approve(approval.id, decision, reason))

  useReturnFocus(card)
  useEffect(() => {
    if (takesFocus && mayTakeFocus(document.activeElement)) card.current?.focus({ preventScroll: true })
  }, [takesFocus])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    if (isDenying) setDenying(false)
    else if (!isGuarded) decide('deny')
  }

  return (
    <section
      ref={card}
      tabIndex={-1}
      aria-labelledby={`${titleId} ${detailId}`}
      onKeyDown={onKeyDown}
      className="glass-edge appear rounded-lg border border-warn-line bg-raised focus-visible:outline-warn"
      data-edge="unverified"
    >
      <div className="px-3.5 pt-2.5">
        <h3 id={titleId} className="m-0 flex items-center gap-2 font-semibold text-ui">
          <Hand size={14} aria-hidden className="shrink-0 text-warn-text" />
          {approval.title}?
        </h3>
        <p className="m-0 mt-0.5 text-muted">{approval.reason}</p>
      </div>
      <ApprovalDetail approval={approval} id={detailId} />
      {isDenying ? (
        <DenyForm onCancel={() => setDenying(false)} onDeny={(reason) => decide('deny', reason)} />
      ) : (
        <div className="flex flex-wrap items-center gap-1.5 px-3.5 pb-3">
          <Button
            tone={approval.rule === null ? 'default' : 'primary'}
            aria-disabled={isGuarded}
            onClick={() => !isGuarded && decide('once')}
          >
            Allow once
          </Button>
          <Button onClick={() => setDenying(true)}>Deny…</Button>
          {approval.rule !== null && (
            <Button
              aria-disabled={isGuarded}
              tone="quiet"
              className="min-w-0 shrink! sm:ml-auto"
              onClick={() => !isGuarded && decide('always')}
            >
              Always allow
              <code className="truncate text-meta">
                <VisibleText text={approval.rule} />
              </code>
            </Button>
          )}
        </div>
      )}
    </section>
  )
})

function ApprovalDetail({ approval, id }: { approval: Approval; id: string }) {
  if (/^\*\*\* Begin Patch/m.test(approval.detail)) {
    return (
      <div id={id} className="my-2.5 border-line border-y">
        <DiffLines rows={patchRows(approval.detail)} label="Patch to approve" />
      </div>
    )
  }
  return (
    <ScrollBox
      aria-label="Exactly this"
      className="mx-3.5 my-2.5 max-h-40 overflow-auto rounded-md bg-sunken px-3 py-2"
    >
      <pre id={id} className="m-0 whitespace-pre-wrap break-all text-[12px] leading-[18px]">
        <VisibleText text={approval.detail} />
      </pre>
    </ScrollBox>
  )
}

function DenyForm({ onDeny, onCancel }: { onDeny: (reason?: string) => void; onCancel: () => void }) {
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDeny(reason.trim() === '' ? undefined : reason.trim())
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-1.5 px-3.5 pb-3">
      <Input
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        aria-label="Why not (the agent reads it)"
        placeholder="Why not? The agent reads it. Optional."
        className="w-40! flex-1"
      />
      <Button tone="quiet" onClick={onCancel}>
        Back
      </Button>
      <Button type="submit">Deny</Button>
    </form>
  )
}

function useGuard(ms: number): boolean {
  const [isGuarded, setGuarded] = useState(true)
  useEffect(() => {
    const timer = setTimeout(() => setGuarded(false), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return isGuarded
}
