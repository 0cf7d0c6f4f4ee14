'use client'

import { type ReactNode, useEffect, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Spinner } from '@/components/ui/spinner'
import { useStanding } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import type { ContextReport } from '@/lib/agent/inspector/inspect-thread'
import { messageOf, plural } from '@/lib/base'
import { formatTokens } from '../format'
import { useAttempt } from '../use-attempt'
import { CacheBreaks } from './cache-breaks'
import { ContextBar } from './context-bar'
import { groupTotals } from './group-items'
import { InspectorItem } from './inspector-item'
import { ThreadUsage } from './thread-usage'

/** All that the next request holds: what, why, how much, and whether the provider has it cached. */
export function InspectorDialog({ onClose }: { onClose: () => void }) {
  const { report, failure } = useReport()
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Context"
      description="Everything the next request holds, in its order. What you type comes last."
      className="w-[min(860px,calc(100vw-24px))]"
      footer={report && <Compact onClose={onClose} />}
    >
      {failure !== null && (
        <p role="alert" className="m-0 text-bad-text">
          The context could not be read: {failure}
        </p>
      )}
      {report === null && failure === null && <Spinner label="Counting tokens" />}
      {report && <Report report={report} />}
    </Dialog>
  )
}

function Report({ report }: { report: ContextReport }) {
  const { items, total, contextWindow, isWindowAssumed, measured, story } = report
  const percent = Math.round((total.tokens / contextWindow) * 100)
  return (
    <div className="flex flex-col gap-5">
      <div>
        <p className="tabular m-0 mb-2">
          <strong className="font-semibold">
            {`${total.exact ? '' : '≈ '}${formatTokens(total.tokens)} of ${formatTokens(contextWindow)} tokens (${percent} %)`}
          </strong>
          <span className="text-muted">
            {isWindowAssumed && ' The model’s window is not known; a usual one is assumed.'}
            {measured !== null && ` The server counted ${formatTokens(measured)} in the last request.`}
          </span>
        </p>
        <ContextBar totals={groupTotals(items)} contextWindow={contextWindow} />
        <p className="m-0 mt-2 text-meta text-muted">
          At 90 % older steps give way to a summary by themselves; it is written from 75 % on.
        </p>
      </div>
      <Section title="Cache">
        <CacheBreaks story={story} />
      </Section>
      <Section title="Tokens and cost">
        <ThreadUsage />
      </Section>
      <Section title={plural(items.length, 'item')}>
        <ul aria-label="Items of the next request" className="m-0 list-none rounded-md border border-line p-0">
          {items.map((item, index) => (
            // Items are only ever appended while the list is shown.
            <InspectorItem key={index} item={item} />
          ))}
        </ul>
      </Section>
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="text-meta">
      <h3 className="m-0 mb-1.5 font-semibold text-ui">{title}</h3>
      {children}
    </section>
  )
}

function Compact({ onClose }: { onClose: () => void }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const isBlocked = useStanding() !== null
  const running = useStore(agent.state, (state) => state.running)
  const hasTurns = useStore(agent.state, ({ events }) => events.length > 0)
  if (isBlocked || !hasTurns) return null
  const compact = () => {
    void attempt(agent.compact())
    onClose()
  }
  return <Button onClick={compact}>{running ? 'Compact before the next step' : 'Compact now'}</Button>
}

/** Read anew whenever a step ends or the conversation is another. */
function useReport() {
  const { agent } = useSession()
  const version = useStore(agent.state, ({ id, events }) => `${id} ${events.findLast(isMilestone)?.seq ?? 0}`)
  const [state, setState] = useState<{ report: ContextReport | null; failure: string | null }>({
    report: null,
    failure: null,
  })
  // The version says when the thread is another.
  useEffect(() => {
    let isCurrent = true
    agent.inspect().then(
      (report) => isCurrent && setState({ report, failure: null }),
      (error: unknown) => isCurrent && setState({ report: null, failure: messageOf(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [agent, version])
  return state
}

function isMilestone({ type }: { type: string }): boolean {
  return type === 'step-end' || type === 'turn-end' || type === 'compaction' || type === 'compaction-undone'
}
