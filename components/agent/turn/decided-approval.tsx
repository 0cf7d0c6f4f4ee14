import { Ban, Check } from 'lucide-react'
import type { Approval, ApprovalDecision } from '@/lib/agent'
import { VisibleText } from '../text/visible-text'

const words: Record<ApprovalDecision, string> = { once: 'You allowed', always: 'You always allow', deny: 'You denied' }

/** The trace that a decision leaves in the conversation. */
export function DecidedApproval({
  approval,
  decision,
  reason,
}: {
  approval: Approval
  decision: ApprovalDecision
  reason: string | null
}) {
  const Icon = decision === 'deny' ? Ban : Check
  const target = decision === 'always' && approval.rule !== null ? approval.rule : approval.detail
  return (
    <p className="m-0 flex min-w-0 flex-wrap items-center gap-x-2 text-meta text-muted">
      <Icon size={13} aria-hidden className="shrink-0 text-you-text" />
      <span className="shrink-0">{words[decision]}</span>
      <code className="min-w-0 flex-1 truncate text-text">
        <VisibleText text={target.split('\n', 1)[0] ?? ''} />
      </code>
      {reason !== null && <span className="w-full break-words pl-[21px]">“{reason}”</span>}
    </p>
  )
}
