'use client'

import clsx from 'clsx'
import { Check, ChevronRight, FileDiff, ShieldAlert, Undo2 } from 'lucide-react'
import { memo, useId, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { useCommandContext } from '@/components/use-commands'
import { useReason } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { basename, dirname, plural } from '@/lib/base'
import type { ReviewFile } from '@/lib/session/types'
import { looseNotes } from './findings/find-loose-notes'
import { showDiff, showReview } from './open-review'
import { judgeFile, keepAll, undoAll } from './review-actions'

/** The agent's changes that nobody has judged yet. Absent when there are none. */
export const ChangesBar = memo(function ChangesBar() {
  const { review } = useSession()
  const context = useCommandContext()
  const files = useStore(review.state, (state) => state.files)
  const reason = useReason()
  const [isOpen, setOpen] = useState(false)
  const listId = useId()
  if (files.length === 0) return <LooseDraftsBar />
  return (
    <section aria-label="Changes to review" className="rounded-lg border bg-raised">
      <div className="flex items-center gap-1 p-1">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={listId}
          onClick={() => setOpen(!isOpen)}
          className="tabular flex h-7 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left hover:bg-hover touch:h-11"
        >
          <ChevronRight
            size={12}
            aria-hidden
            className={clsx('shrink-0 text-muted transition-transform duration-120', isOpen && 'rotate-90')}
          />
          <span className="truncate">{plural(files.length, 'file')} changed</span>
          <Counts additions={sum(files, 'additions')} deletions={sum(files, 'deletions')} />
        </button>
        <Button tone="quiet" size="sm" disabled={reason !== undefined} title={reason} onClick={() => undoAll(context)}>
          Undo all
        </Button>
        <Button size="sm" disabled={reason !== undefined} title={reason} onClick={() => keepAll(context)}>
          Keep all
        </Button>
      </div>
      <ul id={listId} hidden={!isOpen} className="m-0 max-h-48 list-none overflow-y-auto border-line border-t p-1">
        {files.map((file) => (
          <ChangedFileRow key={file.path} file={file} />
        ))}
      </ul>
    </section>
  )
})

/** What was being written about changes that are gone is found here. */
function LooseDraftsBar() {
  const { review } = useSession()
  const workbench = useWorkbench()
  const count = useStore(review.state, (state) => looseNotes(state).drafts.length)
  if (count === 0) return null
  const open = () => {
    showReview('changes')
    workbench.showNarrow('editor')
  }
  return (
    <section
      aria-label="Changes to review"
      className="flex items-center gap-2 rounded-lg border bg-raised py-1 pr-1 pl-3"
    >
      <p className="m-0 min-w-0 flex-1">The changes you were writing about are gone; your words are not.</p>
      <Button size="sm" onClick={open}>
        Show them
      </Button>
    </section>
  )
}

function ChangedFileRow({ file }: { file: ReviewFile }) {
  const context = useCommandContext()
  const workbench = useWorkbench()
  const mayJudge = useReason() === undefined
  const { path, kind } = file
  const open = () => {
    showDiff(path)
    workbench.showNarrow('editor')
  }
  return (
    <li className="flex items-center gap-0.5">
      <button
        type="button"
        onClick={open}
        title={`Show what changed in ${path}`}
        className="tabular flex h-7 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left hover:bg-hover touch:h-11"
      >
        <span className={clsx('shrink-0', kind === 'delete' && 'line-through')}>{basename(path)}</span>
        <span className="min-w-0 flex-1 truncate text-meta text-muted">{dirname(path)}</span>
        {file.needsYou && (
          <span title="Needs your review: “Keep all” leaves it out" className="text-warn-text">
            <ShieldAlert size={13} aria-label="Needs your review" />
          </span>
        )}
        {kind !== 'update' && <span className="text-meta text-muted">{kind === 'add' ? 'new' : 'deleted'}</span>}
        {file.binary ? (
          <span className="text-meta text-muted">binary</span>
        ) : (
          <Counts additions={file.additions} deletions={file.deletions} />
        )}
      </button>
      <IconButton label={`Show what changed in ${path}`} size="sm" onClick={open}>
        <FileDiff size={13} aria-hidden />
      </IconButton>
      <IconButton
        label={`Undo ${path}`}
        size="sm"
        disabled={!mayJudge}
        onClick={() => judgeFile(context, 'undo', path)}
      >
        <Undo2 size={13} aria-hidden />
      </IconButton>
      <IconButton
        label={`Keep ${path}`}
        size="sm"
        disabled={!mayJudge}
        onClick={() => judgeFile(context, 'keep', path)}
      >
        <Check size={13} aria-hidden />
      </IconButton>
    </li>
  )
}

function Counts({ additions, deletions }: { additions: number; deletions: number }) {
  return (
    <span className="shrink-0 text-meta">
      <span className="text-ok-text">+{additions}</span> <span className="text-bad-text">−{deletions}</span>
    </span>
  )
}

function sum(files: readonly ReviewFile[], count: 'additions' | 'deletions'): number {
  return files.reduce((total, file) => total + file[count], 0)
}
