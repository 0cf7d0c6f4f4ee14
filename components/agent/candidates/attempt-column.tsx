'use client'

import clsx from 'clsx'
import { MessagesSquare } from 'lucide-react'
import { useId } from 'react'
import { useSession } from '@/components/session-context'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useStore } from '@/components/use-store'
import type { CandidatesPart, CandidateView } from '@/lib/agent'
import { costOf } from '@/lib/models/catalog/cost'
import { Disclosure } from '../disclosure'
import { formatCost, formatDuration, formatTokens } from '../format'
import { Markdown } from '../markdown'
import { checksOf } from '../turn/checks/checks'
import { ChecksLine } from '../turn/checks/checks-line'
import { TestResults } from '../turn/checks/test-results'
import { VerificationDetails } from '../turn/checks/verification-details'
import { attemptFacts } from './attempt-facts'
import { AttemptFile } from './attempt-file'
import { type Mixture, sourceOf } from './mixture'

/** With more files than this, the list of them says more than their lines. */
const maxOpenFiles = 3

/** One attempt in the comparison. */
export function AttemptColumn({
  candidate,
  part,
  mixture,
  canTake,
  onTake,
  onToggleFile,
  onConversation,
}: {
  candidate: CandidateView
  part: CandidatesPart
  mixture: Mixture
  canTake: boolean
  onTake: () => void
  onToggleFile: (path: string) => void
  onConversation: () => void
}) {
  const heading = useId()
  const facts = attemptFacts(candidate)
  const { index, result } = candidate
  const isBase = mixture.index === index
  const isTaken = part.pick?.index === index
  const changes = result?.changes ?? []
  return (
    <section
      aria-labelledby={heading}
      className={clsx('flex min-w-0 flex-col rounded-lg border', canTake && isBase ? 'border-you' : 'border-line')}
    >
      <header className="flex flex-wrap items-center gap-2 px-3 pt-2.5">
        <h3 id={heading} className="m-0 font-semibold text-ui">
          {facts.number} · {facts.approach}
        </h3>
        {isTaken ? <Badge tone="you">taken</Badge> : part.ranking[0] === index && <Badge tone="ok">ahead</Badge>}
        <Button tone="quiet" size="sm" className="ml-auto" disabled={facts.turn === null} onClick={onConversation}>
          <MessagesSquare size={12} aria-hidden />
          Conversation
        </Button>
      </header>
      <Numbers candidate={candidate} />
      {result?.reason && <p className="m-0 px-3 pb-2 text-meta text-warn-text">{result.reason}</p>}
      {facts.alteredTests.length > 0 && (
        <p className="m-0 px-3 pb-2 text-meta text-warn-text">
          Changes tests that were there before, so their passing proves less: {facts.alteredTests.join(', ')}
        </p>
      )}
      {facts.verification && checksOf(facts.verification).length > 0 && (
        <div className="-ml-[22px]">
          <ChecksLine verification={facts.verification} />
        </div>
      )}
      {facts.verification && (
        <Disclosure label="Tests, types and findings" className="border-line border-t px-3 py-1">
          <div className="-mx-3">
            {facts.verification.tests && <TestResults report={facts.verification.tests} />}
            <VerificationDetails verification={facts.verification} />
          </div>
        </Disclosure>
      )}
      {changes.map((change) => (
        <AttemptFile
          key={change.path}
          change={change}
          attempt={facts.number}
          initiallyOpen={changes.length <= maxOpenFiles}
          isSource={sourceOf(mixture, change.path, part.candidates) === index}
          onToggle={canTake && !isBase ? () => onToggleFile(change.path) : null}
        />
      ))}
      {changes.length === 0 && (
        <p className="m-0 border-line border-t px-3 py-2 text-meta text-muted">Changed no files.</p>
      )}
      {result?.message && (
        <div className="border-line border-t px-3 py-2.5">
          <Markdown text={result.message} />
        </div>
      )}
      {canTake && (
        <div className="mt-auto border-line border-t p-2">
          <Button
            className="w-full"
            aria-pressed={isBase}
            disabled={isBase && mixture.files.length === 0}
            onClick={onTake}
          >
            {isBase && mixture.files.length === 0 ? 'Chosen' : `Choose attempt ${facts.number}`}
          </Button>
        </div>
      )}
    </section>
  )
}

function Numbers({ candidate }: { candidate: CandidateView }) {
  const { agent } = useSession()
  const price = useStore(agent.state, ({ models, model }) => models.find(({ id }) => id === model)?.price)
  const { usage, lines } = attemptFacts(candidate)
  const { result } = candidate
  if (result === null || usage === null) return null
  const cost = costOf(usage, price)
  const numbers = [
    ['Changed', `+${lines.additions} −${lines.deletions}`],
    ['Tokens', formatTokens(usage.totalTokens)],
    ['Cached', formatTokens(usage.cachedInputTokens)],
    ...(cost === null ? [] : [['Cost', formatCost(cost)]]),
    ['Time', formatDuration(result.durationMs)],
    ['Steps', String(result.steps)],
  ]
  return (
    <dl className="tabular m-0 flex flex-wrap gap-x-4 gap-y-1 px-3 py-2 text-meta">
      {numbers.map(([name, value]) => (
        <div key={name} className="flex gap-1">
          <dt className="text-muted">{name}</dt>
          <dd className="m-0">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
