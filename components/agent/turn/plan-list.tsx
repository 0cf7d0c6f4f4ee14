import clsx from 'clsx'
import { Circle, CircleCheck, CircleDot } from 'lucide-react'
import type { PlanStep } from '@/lib/agent'
import { ProseText } from '../text/prose-text'

const looks = {
  pending: { icon: Circle, label: 'to do', className: 'text-muted' },
  in_progress: { icon: CircleDot, label: 'in progress', className: 'text-agent-text' },
  completed: { icon: CircleCheck, label: 'done', className: 'text-ok-text' },
} as const

export function PlanList({ steps }: { steps: readonly PlanStep[] }) {
  const done = steps.filter((step) => step.status === 'completed').length
  return (
    <section aria-label="Plan" className="rounded-lg border bg-raised px-3 py-2">
      <h3 className="m-0 mb-1 flex items-baseline justify-between font-medium text-meta text-muted">
        Plan
        <span className="tabular font-normal">
          {done} of {steps.length}
        </span>
      </h3>
      <ol className="m-0 flex list-none flex-col gap-1 p-0">
        {steps.map(({ step, status }, index) => {
          const { icon: Icon, label, className } = looks[status]
          return (
            <li key={index} className="flex gap-2" aria-current={status === 'in_progress' ? 'step' : undefined}>
              <Icon size={14} role="img" aria-label={label} className={clsx('mt-[3px] shrink-0', className)} />
              <span className={clsx('min-w-0 break-words', status === 'in_progress' ? 'font-medium' : 'text-muted')}>
                <ProseText text={step} />
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
