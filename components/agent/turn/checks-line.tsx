import clsx from 'clsx'
import { Check, CircleSlash, X } from 'lucide-react'
import type { Verification } from '@/lib/agent'
import { formatDuration } from '../format'
import { type CheckState, checksOf } from './checks'

const looks: Record<CheckState, { icon: typeof Check; className: string; word: string }> = {
  passed: { icon: Check, className: 'text-ok-text', word: 'passed: ' },
  failed: { icon: X, className: 'text-bad-text', word: 'failed: ' },
  'not-checked': { icon: CircleSlash, className: 'text-warn-text', word: '' },
}

/** What was checked after a change, in one line. */
export function ChecksLine({ verification }: { verification: Verification }) {
  return (
    <ul
      aria-label="Checks"
      className="tabular m-0 flex list-none flex-wrap items-center gap-x-3 gap-y-0.5 px-3 pb-2 pl-[34px] text-meta"
    >
      {checksOf(verification).map(({ label, state, why }) => {
        const { icon: Icon, className, word } = looks[state]
        return (
          <li key={label} className={clsx('flex items-center gap-1', className)} title={why}>
            <Icon size={12} aria-hidden className="shrink-0" />
            <span className="sr-only">{word}</span>
            {label}
          </li>
        )
      })}
      <li className="ml-auto text-muted">{formatDuration(verification.durationMs)}</li>
    </ul>
  )
}
