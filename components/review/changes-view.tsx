'use client'

import { Check, CircleCheck, Columns2, Rows3, ShieldAlert, Undo2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { Kbd } from '@/components/ui/kbd'
import { Select } from '@/components/ui/select'
import { Spinner } from '@/components/ui/spinner'
import { keysOf, useCommandContext } from '@/components/use-commands'
import { useReason } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { basename } from '@/lib/base'
import type { ReviewFile } from '@/lib/session/types'
import type { HunkDraft } from '@/lib/workspace'
import { LooseNotes } from './findings/loose-notes'
import { DiffLines } from './hunk/diff-lines'
import { unifiedRows } from './hunk/diff-rows'
import { HunkCard } from './hunk/hunk-card'
import { useTokens } from './hunk/hunk-lines'
import { closeReview, openReview, type ReviewPlace, showDiff } from './open-review'
import { judgeFile, takeBack } from './review-actions'
import { placesOf, resolvePlace } from './review-cursor'

const MonacoDiff = dynamic(() => import('./monaco-diff'), {
  ssr: false,
  loading: () => (
    <div className="flex h-full items-center justify-center text-muted">
      <Spinner label="Loading the diff editor" />
    </div>
  ),
})

/** The agent's changes, one file at a time, change by change. */
export function ChangesView({ isWide }: { isWide: boolean }) {
  const { review } = useSession()
  const files = useStore(review.state, (state) => state.files)
  const at = useStore(openReview, (state) => state.at)
  const [isWhole, setWhole] = useState(false)
  const place = resolvePlace(files, at)
  const file = files.find(({ path }) => path === place?.path)
  if (place === null || file === undefined) return <Reviewed />
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <FileBar file={file} files={files} isWhole={isWhole} onWhole={setWhole} isWide={isWide} />
      <LooseNotes />
      {file.needsYou && <NeedsYouNote />}
      <div className="min-h-0 flex-1 overflow-auto">
        {file.binary ? (
          <p className="m-0 p-6 text-center text-muted">A binary file: there are no lines to compare.</p>
        ) : !isWhole ? (
          <Hunks key={file.path} file={file} files={files} place={place} />
        ) : isWide ? (
          <MonacoDiff file={file} />
        ) : (
          <UnifiedDiff file={file} />
        )}
      </div>
      {isWide && <KeyHints files={files} place={place} />}
    </div>
  )
}

function Hunks({ file, files, place }: { file: ReviewFile; files: readonly ReviewFile[]; place: ReviewPlace }) {
  const { review } = useSession()
  const tokens = useTokens(file)
  const outcomes = useStore(review.state, (state) => state.outcomes)
  const drafts = useStore(review.state, (state) => state.drafts)
  const places = placesOf(files)
  if (file.hunks.length === 0) {
    return <p className="m-0 p-6 text-center text-muted">An empty file: there are no lines to look at.</p>
  }
  return (
    <div className="mx-auto flex w-full max-w-[1100px] flex-col gap-3 p-3">
      {file.hunks.map((hunk) => {
        const index = places.findIndex(({ path, hunkId }) => path === file.path && hunkId === hunk.id)
        const told = outcomes.find(({ id }) => id === `${file.path}#${hunk.id}`)
        const draftOf = (kind: HunkDraft['kind']) =>
          drafts.find((each) => each.path === file.path && each.hunkId === hunk.id && each.kind === kind) ?? null
        return (
          <HunkCard
            key={hunk.key}
            file={file}
            hunk={hunk}
            position={`${index + 1} of ${places.length}`}
            isCurrent={hunk.id === place.hunkId}
            tokens={tokens}
            comment={told?.comment ?? null}
            commentDraft={draftOf('comment')}
            editDraft={draftOf('edit')}
          />
        )
      })}
    </div>
  )
}

function FileBar({
  file,
  files,
  isWhole,
  onWhole,
  isWide,
}: {
  file: ReviewFile
  files: readonly ReviewFile[]
  isWhole: boolean
  onWhole: (isWhole: boolean) => void
  isWide: boolean
}) {
  const context = useCommandContext()
  const reason = useReason()
  const { path, kind } = file
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-line border-b bg-panel py-1 pr-2 pl-2">
      <Select
        quiet
        label="File"
        value={path}
        options={files.map((each) => ({
          value: each.path,
          label: isWide ? each.path : basename(each.path),
          hint: `${describe(each)}${each.needsYou ? ' · needs your review' : ''}`,
        }))}
        onChange={(chosen) => showDiff(chosen)}
        className="min-w-0 text-text!"
      />
      {isWide && (
        <span className="tabular whitespace-nowrap text-meta">
          {kind !== 'update' && <span className="mr-2 text-muted">{kind === 'add' ? 'new' : 'deleted'}</span>}
          <span className="text-ok-text">+{file.additions}</span>{' '}
          <span className="text-bad-text">−{file.deletions}</span>
        </span>
      )}
      <span className="flex-1" />
      {!file.binary && (
        <IconButton
          label={isWhole ? 'Show change by change' : 'Show the whole file'}
          size="sm"
          pressed={isWhole}
          onClick={() => onWhole(!isWhole)}
        >
          {isWhole ? <Rows3 size={14} aria-hidden /> : <Columns2 size={14} aria-hidden />}
        </IconButton>
      )}
      <Button
        tone="quiet"
        size="sm"
        disabled={reason !== undefined}
        title={reason}
        onClick={() => judgeFile(context, 'undo', path)}
      >
        <Undo2 size={12} aria-hidden />
        Undo file
      </Button>
      <Button size="sm" disabled={reason !== undefined} title={reason} onClick={() => judgeFile(context, 'keep', path)}>
        <Check size={12} aria-hidden />
        Keep file
      </Button>
    </div>
  )
}

/** Why “Keep all” left this file out. */
function NeedsYouNote() {
  const workbench = useWorkbench()
  return (
    <p className="m-0 flex shrink-0 items-center gap-2 border-warn-line border-b bg-warn-surface px-3 py-1.5 text-meta text-warn-text">
      <ShieldAlert size={14} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1">
        Needs your review: “Keep all” leaves this file out, so that you keep it by itself.
      </span>
      <button
        type="button"
        onClick={() => workbench.setOverlay('review-paths')}
        className="shrink-0 rounded-sm underline underline-offset-2 touch:min-h-11"
      >
        Which files?
      </button>
    </p>
  )
}

function KeyHints({ files, place }: { files: readonly ReviewFile[]; place: ReviewPlace }) {
  const places = placesOf(files)
  const index = places.findIndex(({ path, hunkId }) => path === place.path && hunkId === place.hunkId)
  const hints = [
    { keys: keysOf('review.next'), label: 'next' },
    { keys: keysOf('review.previous'), label: 'previous' },
    { keys: keysOf('review.keep'), label: 'keep' },
    { keys: keysOf('review.undo'), label: 'undo' },
    { keys: keysOf('review.take-back'), label: 'take back' },
  ]
  return (
    <footer className="flex h-7 shrink-0 items-center gap-4 overflow-hidden whitespace-nowrap border-line border-t bg-panel px-3 text-meta text-muted">
      <span className="tabular" role="status">
        Change {index + 1} of {places.length}
      </span>
      <span className="flex-1" />
      {hints.map(({ keys, label }) => (
        <span key={label} className="flex items-center gap-1.5">
          <Kbd keys={keys ?? ''} />
          {label}
        </span>
      ))}
    </footer>
  )
}

function Reviewed() {
  const { review, agent } = useSession()
  const context = useCommandContext()
  const last = useStore(review.state, (state) => state.last)
  const waits = useStore(review.state, (state) => state.outcomes.length > 0)
  const running = useStore(agent.state, (state) => state.running)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The last change had the focus and is gone; the keys of the review go on working.
    if (document.activeElement === document.body) box.current?.focus()
  }, [])
  return (
    <div ref={box} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
      <LooseNotes />
      <EmptyState
        icon={<CircleCheck size={28} strokeWidth={1.25} />}
        title={last === null && !waits ? 'Nothing to review' : 'Everything is reviewed'}
        action={
          <>
            {last !== null && <Button onClick={() => takeBack(context)}>Take the last one back</Button>}
            <Button tone="primary" onClick={closeReview}>
              Back to the editor
            </Button>
          </>
        }
      >
        {waits
          ? 'The agent is told what you kept, undid and commented with your next message.'
          : running
            ? 'What the agent changes shows here.'
            : 'What the agent changes next shows here.'}
      </EmptyState>
    </div>
  )
}

function UnifiedDiff({ file }: { file: ReviewFile }) {
  const rows = useMemo(() => unifiedRows(file.before, file.after), [file.before, file.after])
  return <DiffLines rows={rows} label={`Changes in ${file.path}`} fill />
}

function describe({ additions, deletions, kind, binary }: ReviewFile): string {
  if (binary) return 'binary'
  return `+${additions} −${deletions}${kind === 'add' ? ', new' : kind === 'delete' ? ', deleted' : ''}`
}
