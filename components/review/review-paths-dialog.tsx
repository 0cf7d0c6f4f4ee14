'use client'

import { useId, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useReason } from '@/components/use-standing'
import { plural } from '@/lib/base'
import { createReviewGuard, readReviewPaths } from '@/lib/safety'

/** Which files the user keeps by themselves: the list, one pattern a line. */
export function ReviewPathsDialog({ onClose }: { onClose: () => void }) {
  const { reviewPaths, workspace } = useSession()
  const reason = useReason()
  const hintId = useId()
  const [text, setText] = useState(() => reviewPaths.state.getState().patterns.join('\n'))
  const save = () => {
    reviewPaths.set(readReviewPaths(text))
    onClose()
  }
  const restore = () => {
    reviewPaths.set(null)
    setText(reviewPaths.state.getState().patterns.join('\n'))
  }
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Files that need your review"
      description="“Keep all” leaves them out: you keep each by itself. The list is stored in this browser, not in the project, so nothing that the agent writes can change it."
      className="w-[min(560px,calc(100vw-24px))]"
      footer={
        <>
          <Button tone="quiet" className="mr-auto" disabled={reason !== undefined} onClick={restore}>
            Restore the defaults
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={reason !== undefined} title={reason} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <textarea
        value={text}
        rows={14}
        spellCheck={false}
        aria-label="Patterns"
        aria-describedby={hintId}
        onChange={(event) => setText(event.target.value)}
        className="block w-full resize-y rounded-md border border-line-strong bg-bg px-2.5 py-2 font-mono text-[12px] leading-[19px] outline-none focus-visible:border-you touch:text-base"
      />
      <p id={hintId} className="m-0 mt-2 text-meta text-muted">
        One pattern a line, any case: <code>*</code> stays inside a name, <code>**</code> crosses folders,{' '}
        <code>#</code> begins a comment. {countIn(text, [...workspace.files.keys()])}
      </p>
    </Dialog>
  )
}

function countIn(text: string, paths: readonly string[]): string {
  const count = paths.filter(createReviewGuard(readReviewPaths(text))).length
  return `${plural(count, 'file')} of this project ${count === 1 ? 'is' : 'are'} meant now.`
}
