'use client'

import { Pencil } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from 'react'
import { OutcomeChip } from '@/components/review/outcome-chip'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { useStanding } from '@/components/use-standing'
import { useWorkbench } from '@/components/workbench-context'
import type { TurnMode, TurnView } from '@/lib/agent'
import { sentAttachments } from '@/lib/agent/attachments/sent-attachments'
import { AttachmentChips } from '../attachments/attachment-chips'
import { useAttempt } from '../use-attempt'

const modeLabels: Record<TurnMode, string | null> = { ask: 'Ask', plan: 'Plan', edit: null }

/** What the user wrote, as written: no markdown, line breaks kept. It can be changed and sent again. */
export function UserMessage({ turn }: { turn: TurnView }) {
  const [isEditing, setEditing] = useState(false)
  const edit = useRef<HTMLButtonElement>(null)
  const isBlocked = useStanding() !== null
  const label = modeLabels[turn.mode]
  const leave = () => {
    setEditing(false)
    requestAnimationFrame(() => edit.current?.focus())
  }
  if (isEditing) return <EditMessage turn={turn} onSent={() => setEditing(false)} onCancel={leave} />
  return (
    <div className="group flex max-w-full items-start gap-1 self-end">
      {!isBlocked && (
        <IconButton
          label="Edit and send again"
          ref={edit}
          size="sm"
          onClick={() => setEditing(true)}
          className="mt-1.5 opacity-0 focus-visible:opacity-100 group-hover:opacity-100 touch:opacity-100"
        >
          <Pencil size={13} aria-hidden />
        </IconButton>
      )}
      <div className="min-w-0 rounded-lg rounded-br-sm bg-you-surface px-3 py-2 text-chat text-text">
        <span className="sr-only">You: </span>
        <p className="m-0 whitespace-pre-wrap break-words">{turn.text}</p>
        <WithIt turn={turn} />
        {label !== null && <p className="m-0 mt-1 text-meta text-you-text">{label} mode</p>}
      </div>
    </div>
  )
}

/** What goes before the text. */
function WithIt({ turn: { attachments, review } }: { turn: TurnView }) {
  if (attachments.length + review.length === 0) return null
  return (
    <div className="mt-1.5 flex flex-wrap gap-1">
      {review.length > 0 && <OutcomeChip outcomes={review} />}
      <AttachmentChips attachments={attachments} />
    </div>
  )
}

/** The new message begins a conversation of its own; the old one is kept. */
function EditMessage({ turn, onSent, onCancel }: { turn: TurnView; onSent: () => void; onCancel: () => void }) {
  const { agent, threads, checkpoints, review } = useSession()
  const workbench = useWorkbench()
  const attempt = useAttempt()
  const hintId = useId()
  const [text, setText] = useState(turn.text)
  const { checkpointId } = turn
  const [withFiles, setWithFiles] = useState(checkpointId !== null && turn.changes.length > 0)

  const [isSending, setSending] = useState(false)

  const send = async () => {
    const attachments = sentAttachments(agent.state.getState().events, turn.id)
    // First what may fail: with the other conversation this row goes, and what was typed is nowhere else.
    if (withFiles && checkpointId !== null) await checkpoints.restore(checkpointId, 'files')
    await threads.fork(turn.id)
    onSent()
    review.tellAgain(turn.review)
    await agent.send(text.trim(), { mode: turn.mode, attachments }).catch((error: unknown) => {
      workbench.compose(text)
      throw error
    })
  }
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (text.trim() === '' || isSending) return
    setSending(true)
    void attempt(send()).then(() => setSending(false))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      onCancel()
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      submit()
    }
  }
  return (
    <form
      onSubmit={submit}
      className="flex w-full flex-col gap-2 self-end rounded-lg border border-you bg-raised px-3 py-2"
    >
      <textarea
        // biome-ignore lint/a11y/noAutofocus: the user has just pressed Edit
        autoFocus
        value={text}
        rows={Math.min(8, text.split('\n').length + 1)}
        aria-label="Edit the message"
        aria-describedby={hintId}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="w-full resize-none bg-transparent text-chat outline-none touch:text-base"
      />
      <WithIt turn={turn} />
      {checkpointId !== null && (
        <label className="flex items-center gap-2 text-meta">
          <input
            type="checkbox"
            checked={withFiles}
            onChange={(event) => setWithFiles(event.target.checked)}
            className="accent-you-solid"
          />
          Put the files back as they were before this message
        </label>
      )}
      <p id={hintId} className="m-0 text-meta text-muted">
        Goes on from here in a conversation of its own. This one is kept.
      </p>
      <div className="flex justify-end gap-1.5">
        <Button tone="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" tone="primary" disabled={isSending}>
          Send
        </Button>
      </div>
    </form>
  )
}
