'use client'

import { ListChecks, X } from 'lucide-react'
import { useState } from 'react'
import { Popover } from '@/components/ui/popover'
import type { ReviewOutcome } from '@/lib/workspace'

const verbs: Record<ReviewOutcome['outcome'], string> = {
  kept: 'kept',
  undone: 'undone',
  edited: 'edited',
  commented: 'commented',
  reopened: 'open again',
}

/** What the user did with the agent's changes, as it goes to the agent: a chip that opens to every line. */
export function OutcomeChip({ outcomes, onRemove }: { outcomes: readonly ReviewOutcome[]; onRemove?: () => void }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <span className="inline-flex h-6 max-w-full items-center rounded-md border border-line bg-panel text-meta touch:h-9">
      <Popover
        label="Your review"
        open={isOpen}
        onOpenChange={setOpen}
        className="w-80 max-w-[calc(100vw-24px)]"
        trigger={
          <button
            type="button"
            className="flex h-full min-w-0 items-center gap-1.5 rounded-md px-1.5 hover:bg-hover"
            title="What the agent is told of your review"
          >
            <ListChecks size={12} aria-hidden className="shrink-0 text-muted" />
            <span className="truncate">Your review: {summarise(outcomes)}</span>
          </button>
        }
      >
        <ul
          aria-label="Your review"
          className="m-0 flex max-h-72 list-none flex-col gap-1.5 overflow-y-auto p-1.5 text-meta"
        >
          {outcomes.map(({ id, path, lines, outcome, comment }) => (
            <li key={id} className="flex flex-col">
              <span className="flex gap-2">
                <span className="tabular min-w-0 flex-1 break-all">
                  {path}
                  {lines !== null && <span className="text-muted">:{rangeOf(lines)}</span>}
                </span>
                <span
                  className={
                    outcome === 'undone' ? 'text-bad-text' : outcome === 'kept' ? 'text-ok-text' : 'text-you-text'
                  }
                >
                  {verbs[outcome]}
                </span>
              </span>
              {comment !== undefined && <span className="break-words text-muted">“{comment}”</span>}
            </li>
          ))}
        </ul>
      </Popover>
      {onRemove && (
        <button
          type="button"
          aria-label="Do not tell the agent of your review"
          onClick={onRemove}
          className="inline-flex h-full w-6 shrink-0 items-center justify-center rounded-r-md text-muted hover:bg-hover hover:text-text touch:w-9"
        >
          <X size={12} aria-hidden />
        </button>
      )}
    </span>
  )
}

/** `2 kept, 1 undone, 1 comment`. */
function summarise(outcomes: readonly ReviewOutcome[]): string {
  const judged = (['kept', 'undone', 'edited', 'reopened'] as const).flatMap((outcome) => {
    const count = outcomes.filter((each) => each.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${verbs[outcome]}`]
  })
  const comments = outcomes.filter(({ comment }) => comment !== undefined).length
  return [...judged, ...(comments === 0 ? [] : [comments === 1 ? '1 comment' : `${comments} comments`])].join(', ')
}

function rangeOf({ start, end }: { start: number; end: number }): string {
  return start === end ? `${start}` : `${start}–${end}`
}
