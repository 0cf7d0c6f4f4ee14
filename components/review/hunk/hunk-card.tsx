'use client'

import clsx from 'clsx'
import { Check, MessageSquarePlus, MessageSquareText, Pencil, Undo2 } from 'lucide-react'
import { memo, useEffect, useRef } from 'react'
import { useSession } from '@/components/session-context'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { keysOf, useCommandContext } from '@/components/use-commands'
import { useReason } from '@/components/use-standing'
import type { ReviewFile } from '@/lib/session/types'
import type { HunkDraft, ReviewHunk } from '@/lib/workspace'
import { openReview } from '../open-review'
import { judgePlace } from '../review-actions'
import { HunkForm } from './hunk-form'
import { type FileTokens, HunkLines } from './hunk-lines'

interface HunkCardProps {
  file: ReviewFile
  hunk: ReviewHunk
  /** `2 of 5`, of all changes under review. */
  position: string
  isCurrent: boolean
  tokens: FileTokens | null
  /** What the user wrote about it; null when nothing. */
  comment: string | null
  /** What the user is writing about it. */
  commentDraft: HunkDraft | null
  editDraft: HunkDraft | null
}

/** One change of the agent, with all that can be done about it. */
export const HunkCard = memo(function HunkCard(props: HunkCardProps) {
  const { file, hunk, position, isCurrent, tokens, comment, commentDraft, editDraft } = props
  const { review } = useSession()
  const context = useCommandContext()
  const reason = useReason()
  const card = useRef<HTMLElement>(null)
  const { path } = file
  const place = { path, hunkId: hunk.id, key: hunk.key }
  useEffect(() => {
    if (isCurrent) comeTo(card.current)
  }, [isCurrent])

  const write = (kind: HunkDraft['kind'], text: string | null | undefined) =>
    review.draft({ path, hunkId: hunk.id, kind }, text)
  const goBack = () => card.current?.focus({ preventScroll: true })
  const leave = (kind: HunkDraft['kind']) => {
    write(kind, undefined)
    goBack()
  }
  const saveEdit = (text: string) => {
    const result = review.edit(path, hunk.id, text)
    if (!result.ok) context.toast({ text: result.reason, tone: 'bad' })
    goBack()
  }
  const name = `Change ${position}, ${linesOf(hunk)}`
  return (
    <article
      ref={card}
      tabIndex={-1}
      aria-label={name}
      aria-current={isCurrent || undefined}
      onFocus={() => !isCurrent && openReview.setState({ at: place })}
      className={clsx(
        'scroll-my-3 overflow-hidden rounded-lg border bg-raised outline-none transition-[border-color,box-shadow] duration-120',
        isCurrent ? 'border-you shadow-[0_0_0_1px_var(--you)]' : 'border-line',
      )}
    >
      <header className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1">
        <h3 className="tabular m-0 flex min-w-0 flex-1 items-center gap-2 whitespace-nowrap font-normal text-meta">
          <span className="text-muted">{linesOf(hunk)}</span>
          <span>
            {hunk.added.length > 0 && <span className="text-ok-text">+{hunk.added.length}</span>}{' '}
            {hunk.removed.length > 0 && <span className="text-bad-text">−{hunk.removed.length}</span>}
          </span>
          {hunk.isShared && (
            <Badge tone="you" title="You have changed these lines since, so they cannot be undone as one.">
              you changed it
            </Badge>
          )}
        </h3>
        <span className="flex items-center gap-0.5">
          <IconButton
            label={comment === null ? 'Comment for the agent' : 'Change the comment'}
            size="sm"
            disabled={reason !== undefined}
            onClick={() => commentDraft === null && write('comment', null)}
          >
            {comment === null ? (
              <MessageSquarePlus size={14} aria-hidden />
            ) : (
              <MessageSquareText size={14} aria-hidden className="text-you-text" />
            )}
          </IconButton>
          <IconButton
            label="Edit these lines"
            size="sm"
            disabled={reason !== undefined}
            onClick={() => editDraft === null && write('edit', null)}
          >
            <Pencil size={13} aria-hidden />
          </IconButton>
        </span>
        <span className="flex items-center gap-1.5">
          <Button
            size="sm"
            tone="quiet"
            disabled={reason !== undefined}
            title={reason ?? keysOf('review.undo')}
            aria-label={`Undo ${name}`}
            onClick={() => judgePlace(context, 'undo', place)}
          >
            <Undo2 size={12} aria-hidden />
            Undo
          </Button>
          <Button
            size="sm"
            disabled={reason !== undefined}
            title={reason ?? keysOf('review.keep')}
            aria-label={`Keep ${name}`}
            onClick={() => judgePlace(context, 'keep', place)}
          >
            <Check size={12} aria-hidden />
            Keep
          </Button>
        </span>
      </header>
      <div className="border-line border-t">
        <HunkLines after={file.after} hunk={hunk} tokens={tokens} />
      </div>
      {comment !== null && commentDraft === null && (
        <p className="m-0 flex gap-2 whitespace-pre-wrap break-words border-line border-t bg-you-surface px-3 py-2 text-ui">
          <MessageSquareText size={14} aria-hidden className="mt-[3px] shrink-0 text-you-text" />
          <span className="sr-only">Your comment: </span>
          {comment}
        </p>
      )}
      {commentDraft !== null && (
        <HunkForm
          label="Comment for the agent"
          hint="The agent reads it with your next message."
          initial={comment ?? ''}
          typed={commentDraft.text}
          save={comment === null ? 'Add comment' : 'Save comment'}
          onType={(text) => write('comment', text)}
          onSave={(text) => {
            review.comment(path, hunk.id, text)
            goBack()
          }}
          onCancel={() => leave('comment')}
        />
      )}
      {editDraft !== null && (
        <HunkForm
          isCode
          label={`Your version of ${linesOf(hunk).toLowerCase()}`}
          hint="Your lines are kept in place of the agent’s."
          initial={hunk.added.join('').replace(/\n$/, '')}
          typed={editDraft.text}
          save="Keep my version"
          onType={(text) => write('edit', text)}
          onSave={saveEdit}
          onCancel={() => leave('edit')}
        />
      )}
    </article>
  )
})

/** Who writes, there or elsewhere, is not disturbed. */
function comeTo(card: HTMLElement | null): void {
  if (card === null) return
  const { activeElement } = document
  // The pane lies over the editor: what is typed there would not be seen.
  const isWriting =
    activeElement?.matches('textarea, input, [contenteditable]') && activeElement.closest('.monaco-editor') === null
  if (!isWriting && !card.contains(activeElement)) card.focus({ preventScroll: true })
  card.scrollIntoView({ block: 'nearest' })
}

function linesOf({ afterStart, afterEnd, added }: ReviewHunk): string {
  if (added.length === 0) return `After line ${afterStart}`
  return added.length === 1 ? `Line ${afterStart + 1}` : `Lines ${afterStart + 1}–${afterEnd}`
}
