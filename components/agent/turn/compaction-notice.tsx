'use client'

import { Shrink } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Spinner } from '@/components/ui/spinner'
import { useStore } from '@/components/use-store'
import type { PartView } from '@/lib/agent'
import { lastCompaction } from '@/lib/agent/compaction/thread-compaction'
import { plural } from '@/lib/base'
import { Disclosure } from '../disclosure'
import { formatTokens } from '../format'
import { Markdown } from '../markdown'
import { useAttempt } from '../use-attempt'

type CompactionPart = Extract<PartView, { type: 'compaction' }>

/** Where older steps gave way to a summary: how much it saved, what it says, and the way back. */
export function CompactionNotice({ part }: { part: CompactionPart }) {
  if (part.state === 'running') {
    return (
      <p role="status" className="m-0 flex items-center gap-2 text-meta text-muted">
        <Spinner />
        {`Compacting ${sizeOf(part)}: older steps are being summarised`}
      </p>
    )
  }
  if (part.state === 'failed' || part.done === null) {
    return <Line>{`Not compacted: ${part.message} Nothing was lost.`}</Line>
  }
  return <Done part={part} done={part.done} />
}

function Done({ part, done }: { part: CompactionPart; done: NonNullable<CompactionPart['done']> }) {
  const { kept, droppedItems, tokensAfter, summary, refusal } = done
  const isUndone = part.state === 'undone'
  return (
    <div className="flex flex-col gap-1 border-line border-y py-2 text-meta text-muted">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Shrink size={13} aria-hidden className="shrink-0" />
        <span className={isUndone ? 'tabular line-through' : 'tabular text-text'}>
          {`Compacted: ${formatTokens(part.tokensBefore ?? 0)} → ${formatTokens(tokensAfter)} tokens`}
        </span>
        {isUndone ? <span>Undone: the older steps are back.</span> : <Undo seq={done.seq} />}
      </div>
      {!isUndone && (
        <p className="m-0">
          {`${plural(droppedItems, 'item')} left out · kept word for word: ${plural(kept.userMessages, 'earlier message')} of yours, the last ${plural(kept.steps, 'step')}`}
        </p>
      )}
      {summary === '' && !isUndone && (
        <p className="m-0">Written and sealed by the model’s server: only it can read the summary.</p>
      )}
      {refusal !== undefined && (
        <p className="m-0">{`Summarised here, since the model’s server did not do it: ${refusal}`}</p>
      )}
      {summary !== '' && (
        <Disclosure label="Summary">
          <div className="mt-1 rounded-md bg-sunken px-3 py-2 text-text">
            <Markdown text={summary} />
          </div>
        </Disclosure>
      )}
    </div>
  )
}

/** Only the compaction that stands last can be taken back. */
function Undo({ seq }: { seq: number }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const running = useStore(agent.state, (state) => state.running)
  const isLast = useStore(agent.state, ({ events }) => lastCompaction(events)?.seq === seq)
  if (!isLast || running) return null
  return (
    <Button size="sm" tone="quiet" onClick={() => attempt(agent.undoCompaction())}>
      Undo
    </Button>
  )
}

function Line({ children }: { children: string }) {
  return (
    <p className="m-0 flex gap-2 text-meta text-muted">
      <Shrink size={13} aria-hidden className="mt-px shrink-0" />
      {children}
    </p>
  )
}

function sizeOf({ tokensBefore }: CompactionPart): string {
  return tokensBefore === null ? 'the conversation' : `${formatTokens(tokensBefore)} tokens`
}
