'use client'

import { Check, Undo2, X } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Spinner } from '@/components/ui/spinner'
import { useReason } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { ReviewFile } from '@/lib/session/types'
import { DiffLines } from './diff-lines'
import { unifiedRows } from './diff-rows'
import { closeDiff, openDiff } from './open-diff'

const MonacoDiff = dynamic(() => import('./monaco-diff'), {
  ssr: false,
  loading: () => (
    <div className="flex h-full items-center justify-center text-muted">
      <Spinner label="Loading the diff editor" />
    </div>
  ),
})

/** Below this width in pixels one column of lines reads better than an editor. */
const editorMinWidth = 560

/**
 * What the agent changed in one file, laid over the editor (its parent must be positioned). Nothing while no diff is
 * open; goes away when the file is judged or another file is opened.
 */
export function DiffView() {
  const { review } = useSession()
  const path = useStore(openDiff, (state) => state.path)
  const file = useStore(review.state, ({ files }) => files.find((each) => each.path === path))
  useCloseWhenLeft()
  return file === undefined ? null : <OpenDiff key={file.path} file={file} />
}

function OpenDiff({ file }: { file: ReviewFile }) {
  const { review } = useSession()
  const box = useRef<HTMLElement>(null)
  const width = useWidth(box)
  const reason = useReason()
  useEffect(() => box.current?.focus(), [])
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={`Changes in ${file.path}`}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && closeDiff()}
      className="absolute inset-0 z-10 flex flex-col bg-bg outline-none"
    >
      <header className="flex h-9 shrink-0 items-center gap-1.5 border-line border-b bg-panel pr-1 pl-3.5">
        <h2 className="m-0 min-w-0 flex-1 truncate font-normal text-ui">
          {file.path}
          <span className="tabular ml-2 text-meta">
            <span className="text-ok-text">+{file.additions}</span>{' '}
            <span className="text-bad-text">−{file.deletions}</span>
          </span>
        </h2>
        <Button
          tone="quiet"
          size="sm"
          disabled={reason !== undefined}
          title={reason}
          onClick={() => review.undo(file.path)}
        >
          <Undo2 size={12} aria-hidden />
          Undo
        </Button>
        <Button size="sm" disabled={reason !== undefined} title={reason} onClick={() => review.keep(file.path)}>
          <Check size={12} aria-hidden />
          Keep
        </Button>
        <IconButton label="Close the changes" keys="Esc" onClick={closeDiff}>
          <X size={14} aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {file.binary ? (
          <p className="m-0 p-6 text-center text-muted">A binary file: there are no lines to compare.</p>
        ) : width >= editorMinWidth ? (
          <MonacoDiff file={file} />
        ) : (
          width > 0 && <UnifiedDiff file={file} />
        )}
      </div>
    </section>
  )
}

function UnifiedDiff({ file }: { file: ReviewFile }) {
  const rows = useMemo(() => unifiedRows(file.before, file.after), [file.before, file.after])
  return <DiffLines rows={rows} label={`Changes in ${file.path}`} fill />
}

/** Opening a file or changing tabs is leaving the diff. */
function useCloseWhenLeft() {
  const workbench = useWorkbench()
  useEffect(() => {
    const stop = workbench.state.subscribe(({ tabs }, before) => tabs !== before.tabs && closeDiff())
    return () => {
      stop()
      closeDiff()
    }
  }, [workbench])
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (box.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return width
}
