'use client'

import { MessageSquareText } from 'lucide-react'
import type { ReactNode } from 'react'
import { CopyButton } from '@/components/agent/copy-button'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useReason } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { looseNotes } from './find-loose-notes'

/** What the user wrote about changes that are gone since. Absent when there is nothing. */
export function LooseNotes() {
  const { review } = useSession()
  const state = useStore(review.state, (each) => each)
  const isReading = useReason() !== undefined
  const { comments, drafts } = looseNotes(state)
  if (comments.length + drafts.length === 0) return null
  return (
    <section
      aria-label="Your words on changes that are gone"
      className="max-h-[40%] shrink-0 overflow-y-auto border-line border-b"
    >
      <ul className="m-0 list-none p-0">
        {comments.map(({ id, path, hunkId, comment }) => (
          <Note
            key={id}
            head={`Your comment on lines of ${path} that are gone goes with your next message.`}
            text={comment}
          >
            <Button size="sm" tone="quiet" disabled={isReading} onClick={() => review.comment(path, hunkId, '')}>
              Remove
            </Button>
          </Note>
        ))}
        {drafts.map(({ text, ...place }) => (
          <Note
            key={`${place.path}#${place.hunkId} ${place.kind}`}
            head={
              place.kind === 'comment'
                ? `You were commenting on lines of ${place.path} that are gone.`
                : `You were writing your version of lines of ${place.path} that are gone.`
            }
            text={text}
            isCode={place.kind === 'edit'}
          >
            {place.kind === 'comment' && (
              <Button size="sm" disabled={isReading} onClick={() => review.comment(place.path, place.hunkId, text)}>
                Add comment
              </Button>
            )}
            <Button size="sm" tone="quiet" disabled={isReading} onClick={() => review.draft(place, undefined)}>
              Discard
            </Button>
          </Note>
        ))}
      </ul>
    </section>
  )
}

function Note({
  head,
  text,
  isCode = false,
  children,
}: {
  head: string
  text: string
  isCode?: boolean
  children: ReactNode
}) {
  return (
    <li className="flex gap-2 border-line bg-you-surface px-3 py-2 text-ui not-first:border-t">
      <MessageSquareText size={14} aria-hidden className="mt-[3px] shrink-0 text-you-text" />
      <div className="min-w-0 flex-1">
        <p className="m-0 break-words text-meta text-muted">{head}</p>
        <p className={`m-0 whitespace-pre-wrap break-words ${isCode ? 'font-mono text-[12px] leading-[19px]' : ''}`}>
          {text}
        </p>
      </div>
      <div className="flex shrink-0 items-start gap-1">
        {children}
        <CopyButton text={text} label="Copy your words" />
      </div>
    </li>
  )
}
