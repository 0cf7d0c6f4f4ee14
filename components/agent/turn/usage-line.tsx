'use client'

import { useState } from 'react'
import { Popover } from '@/components/ui/popover'
import type { TurnView } from '@/lib/agent'
import { plural } from '@/lib/base'
import { formatCost, formatDuration, formatShare, formatTokens } from '../format'
import { UsageTable } from './usage-table'

/** What a turn used, in one quiet line that opens to each of its responses. */
export function UsageLine({ turn }: { turn: TurnView }) {
  const [open, setOpen] = useState(false)
  const { uses, usage, cost } = turn.footer
  const numbers = numbersOf(turn)
  if (uses.length === 0) return numbers
  const total = { key: 'total', label: 'This turn', usage, cost }
  return (
    <Popover
      label="What this turn used"
      open={open}
      onOpenChange={setOpen}
      className="max-h-[min(420px,60dvh)] w-[min(520px,calc(100vw-16px))] p-3!"
      trigger={
        <button
          type="button"
          title="What each step used"
          className="tabular inline rounded-sm text-left text-meta text-muted decoration-line-strong decoration-dotted underline-offset-[3px] hover:text-text hover:underline"
        >
          {numbers}
        </button>
      }
    >
      <UsageTable label="What each step used" rows={uses} total={total} />
      {cost === null && (
        <p className="m-0 mt-2 text-meta text-muted">
          The price of {turn.model} is not known here, so only its tokens are shown.
        </p>
      )}
    </Popover>
  )
}

/** Breaks only between the numbers, never inside one. */
function numbersOf({ footer }: TurnView): string {
  const { usage, cost, durationMs, steps } = footer
  const { totalTokens, inputTokens, cachedInputTokens } = usage
  const cached = cachedInputTokens > 0 ? `, ${formatShare(cachedInputTokens, inputTokens)} cached` : ''
  return [
    `${formatTokens(totalTokens)} tokens${cached}`,
    ...(cost !== null && cost > 0 ? [formatCost(cost)] : []),
    formatDuration(durationMs ?? 0),
    plural(steps, 'step'),
  ]
    .map((number) => number.replaceAll(' ', '\u00a0'))
    .join(' · ')
}
