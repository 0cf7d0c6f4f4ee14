'use client'

import clsx from 'clsx'
import { CircleCheck, SearchCheck } from 'lucide-react'
import { useState } from 'react'
import { formatCost, formatDuration, formatTokens } from '@/components/agent/format'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Select } from '@/components/ui/select'
import { Spinner } from '@/components/ui/spinner'
import { useReason } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { plural } from '@/lib/base'
import type { ReviewerResult, ReviewScope } from '@/lib/session/types'
import { FindingCard } from './finding-card'

const scopes: readonly { value: ReviewScope; label: string; hint: string }[] = [
  { value: 'turn', label: 'The last turn', hint: 'What has changed since the agent’s last change began' },
  { value: 'project', label: 'The whole project', hint: 'What has changed since the first checkpoint' },
]

/** What an isolated reviewer says of the changes. */
export function FindingsView() {
  const { reviewer } = useSession()
  const { running, error, result } = useStore(reviewer.state, (state) => state)
  const [scope, setScope] = useState<ReviewScope>('turn')
  const reason = useReason()
  const start = () => void reviewer.start(scope)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-2 border-line border-b bg-panel px-2 py-1">
        <Select quiet label="What is reviewed" value={scope} options={scopes} onChange={setScope} />
        <span className="flex-1" />
        {running === null ? (
          <Button size="sm" disabled={reason !== undefined} title={reason} onClick={start}>
            <SearchCheck size={13} aria-hidden />
            {result === null ? 'Review' : 'Review again'}
          </Button>
        ) : (
          <>
            <span role="status" className="flex min-w-0 items-center gap-2 text-meta text-muted">
              <Spinner size={12} />
              <span className="truncate">{running.doing}…</span>
            </span>
            <Button size="sm" onClick={reviewer.cancel}>
              Cancel
            </Button>
          </>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-auto">
        {error !== null && (
          <div
            role="alert"
            className="m-3 flex items-center gap-3 rounded-lg border border-bad-line bg-bad-surface px-3 py-2"
          >
            <p className="m-0 min-w-0 flex-1 text-bad-text">{error}</p>
            <Button size="sm" onClick={start}>
              Try again
            </Button>
          </div>
        )}
        {result !== null && (
          <div aria-busy={running !== null} className={clsx(running !== null && 'opacity-60')}>
            <Result result={result} />
          </div>
        )}
        {result === null && error === null && running === null && (
          <EmptyState
            icon={<SearchCheck size={28} strokeWidth={1.25} />}
            title="No review yet"
            action={
              <Button tone="primary" disabled={reason !== undefined} title={reason} onClick={start}>
                Review the changes
              </Button>
            }
          >
            A reviewer of its own looks at the changes: it sees neither your conversation nor its reasons, and can only
            read.
          </EmptyState>
        )}
      </div>
    </div>
  )
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

function Result({ result }: { result: ReviewerResult }) {
  const { of, model, at, overview, findings, strays, omitted, tokens, cost, durationMs } = result
  // Breaks only between the numbers, never inside one.
  const numbers = [
    `${formatTokens(tokens)} tokens`,
    ...(cost ? [formatCost(cost)] : []),
    formatDuration(durationMs),
    time.format(at),
  ].map((number) => number.replaceAll(' ', '\u00a0'))
  return (
    <div className="mx-auto flex w-full max-w-[900px] flex-col gap-3 p-3">
      <div className="px-0.5">
        <p className="tabular m-0 text-meta text-muted">{[of, model, ...numbers].join(' · ')}</p>
        {overview !== '' && <p className="m-0 mt-1 text-ui">{overview}</p>}
        {omitted.length > 0 && (
          <p className="m-0 mt-1 text-meta text-muted">Not shown to the reviewer: {omitted.join(', ')}.</p>
        )}
        {strays > 0 && (
          <p className="m-0 mt-1 text-meta text-muted">
            {plural(strays, 'finding')} about places that the project does not have {strays === 1 ? 'was' : 'were'} left
            out.
          </p>
        )}
      </div>
      {findings.length === 0 ? (
        <p className="m-0 flex items-center gap-2 rounded-lg border border-ok-line bg-ok-surface px-3 py-2.5 text-ok-text">
          <CircleCheck size={15} aria-hidden className="shrink-0" />
          No findings.
        </p>
      ) : (
        <ul aria-label="Findings" className="m-0 flex list-none flex-col gap-2.5 p-0">
          {findings.map((finding) => (
            <FindingCard key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
    </div>
  )
}
