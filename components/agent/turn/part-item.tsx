'use client'

import { CornerDownRight, Info, TriangleAlert } from 'lucide-react'
import dynamic from 'next/dynamic'
import { memo } from 'react'
import type { PartView } from '@/lib/agent'
import { unreachable } from '@/lib/base'
import { Markdown } from '../markdown'
import { AnsweredQuestion } from './answered-question'
import { CompactionNotice } from './compaction-notice'
import { DecidedApproval } from './decided-approval'
import { PlanList } from './plan-list'
import { Reasoning } from './reasoning'
import { RetryNotice } from './retry-notice'
import { ToolCard } from './tool/tool-card'

const CandidatesCard = dynamic(
  () => import('../candidates/candidates-card').then(({ CandidatesCard: component }) => component),
  { ssr: false },
)

/** Renders one part; memoised, because parts that did not change keep their identity. */
export const PartItem = memo(function PartItem({ part }: { part: PartView }) {
  switch (part.type) {
    case 'text':
      return <Markdown text={part.text} />
    case 'reasoning':
      return <Reasoning text={part.text} streaming={part.streaming} />
    case 'tool':
      return <ToolCard part={part} />
    case 'candidates':
      return <CandidatesCard part={part} />
    case 'plan':
      return <PlanList steps={part.steps} />
    case 'approval':
      return part.decision === null ? null : (
        <DecidedApproval approval={part.approval} decision={part.decision} reason={part.reason} />
      )
    case 'question':
      return part.state === 'open' ? null : <AnsweredQuestion part={part} />
    case 'steer':
      return (
        <div className="flex max-w-[88%] items-start gap-2 self-end rounded-lg rounded-br-sm bg-you-surface px-3 py-2 text-chat">
          <CornerDownRight size={14} aria-hidden className="mt-1 shrink-0 text-you-text" />
          <p className="m-0 min-w-0 whitespace-pre-wrap break-words">
            <span className="sr-only">You, meanwhile: </span>
            {part.text}
          </p>
        </div>
      )
    case 'compaction':
      return <CompactionNotice part={part} />
    case 'retry':
      return <RetryNotice part={part} />
    case 'notice':
      return <Notice level={part.level} message={part.message} />
    default:
      return unreachable(part)
  }
})

function Notice({ level, message }: { level: 'info' | 'warning'; message: string }) {
  const Icon = level === 'info' ? Info : TriangleAlert
  return (
    <p className="m-0 flex gap-2 text-meta text-muted">
      <Icon size={14} aria-hidden className={level === 'warning' ? 'mt-px shrink-0 text-warn' : 'mt-px shrink-0'} />
      <span>
        {level === 'warning' && <span className="sr-only">Warning: </span>}
        {message}
      </span>
    </p>
  )
}
