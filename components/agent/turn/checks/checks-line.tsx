import clsx from 'clsx'
import { Check, CircleSlash, X } from 'lucide-react'
import type { Verification } from '@/lib/agent'
import { type CheckState, checksOf } from './checks'

const looks: Record<CheckState, { icon: typeof Check; className: string; word: string }> = {
  passed: { icon: Check, className: 'text-ok-text', word: 'passed: ' },
  failed: { icon: X, className: 'text-bad-text', word: 'failed: ' },
  'not-checked': { icon: CircleSlash, className: 'text-warn-text', word: '' },
}

const failuresShown = 2

/** What was checked after a change, in one line, and the first tests that fail. */
export function ChecksLine({ verification }: { verification: Verification }) {
  const failures = (verification.tests?.suites ?? [])
    .flatMap((suite) => suite.tests)
    .filter((test) => test.status === 'failed')
    .map((test) => test.name)
  return (
    <div className="px-3 pb-2 pl-[34px] text-meta">
      <ul aria-label="Checks" className="tabular m-0 flex list-none flex-wrap items-center gap-x-3 gap-y-0.5 p-0">
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
      </ul>
      {failures.slice(0, failuresShown).map((name) => (
        <p key={name} className="m-0 truncate pl-4 text-muted" title={name}>
          {name}
        </p>
      ))}
      {failures.length > failuresShown && (
        <p className="m-0 pl-4 text-muted">and {failures.length - failuresShown} more</p>
      )}
    </div>
  )
}
