'use client'

import { useMemo } from 'react'
import { DiffLines } from '@/components/review/hunk/diff-lines'
import { unifiedRows } from '@/components/review/hunk/diff-rows'
import type { RecordedChange } from '@/lib/agent'
import { diffStat } from '@/lib/workspace'
import { Disclosure } from '../disclosure'
import { VisibleText } from '../text/visible-text'
import { sidesOf } from './attempt-facts'

/** A file that an attempt changed, with its lines; `onToggle` takes it in place of the chosen attempt's own. */
export function AttemptFile({
  change,
  attempt,
  isSource,
  initiallyOpen,
  onToggle,
}: {
  change: RecordedChange
  attempt: number
  isSource: boolean
  initiallyOpen: boolean
  onToggle: (() => void) | null
}) {
  const sides = sidesOf(change)
  const stat = sides ? diffStat(sides.before, sides.after) : null
  return (
    <div className="border-line border-t px-3 py-1">
      <Disclosure
        initiallyOpen={initiallyOpen}
        label={
          <span className="tabular flex min-w-0 flex-wrap gap-x-2">
            <code className="break-all text-[12px] text-text">
              <VisibleText text={change.path} />
            </code>
            {change.after === null && <span className="text-bad-text">deleted</span>}
            {change.before === null && <span className="text-ok-text">new</span>}
            {stat && (
              <span>
                <span className="text-ok-text">+{stat.additions}</span>{' '}
                <span className="text-bad-text">−{stat.deletions}</span>
              </span>
            )}
          </span>
        }
      >
        <div className="-mx-3 mt-1 border-line border-t">
          {sides ? (
            <Diff path={change.path} attempt={attempt} before={sides.before} after={sides.after} />
          ) : (
            <p className="m-0 px-3 py-2">A binary file: there are no lines to compare.</p>
          )}
        </div>
      </Disclosure>
      {onToggle && (
        <label className="flex min-h-6 items-center gap-1.5 text-meta text-muted touch:min-h-11">
          <input type="checkbox" checked={isSource} onChange={onToggle} className="accent-(--you-solid)" />
          <span>
            Take this file from attempt {attempt}
            <span className="sr-only">: {change.path}</span>
          </span>
        </label>
      )}
    </div>
  )
}

function Diff({ path, attempt, before, after }: { path: string; attempt: number; before: string; after: string }) {
  const rows = useMemo(() => unifiedRows(before, after), [before, after])
  return <DiffLines rows={rows} label={`${path} in attempt ${attempt}`} />
}
