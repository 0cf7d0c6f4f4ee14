'use client'

import { CircleSlash, ShieldAlert, ShieldCheck } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { useStore } from '@/components/use-store'
import type { TurnView } from '@/lib/agent'
import { checksOf } from './checks/checks'
import { TestCheckOffer } from './checks/test-check'
import { ErrorCard } from './error-card'
import { NeedsReview } from './needs-review'
import { PlanOffer } from './plan-offer'
import { TurnMenu } from './turn-menu'
import { UsageLine } from './usage-line'

/** `tests 6/6 · verified · 3.1k tokens, 45 % cached · $0.01 · 8 s · 5 steps`, and what was not checked. */
export function TurnFooter({ turn, isLast }: { turn: TurnView; isLast: boolean }) {
  const { footer, error, status } = turn
  return (
    <footer className="flex flex-col gap-2">
      {error !== null && <ErrorCard error={error} canAct={isLast} />}
      {footer.verified === null ? (
        <div className="flex items-center gap-1">
          <p className="tabular m-0 flex flex-1 flex-wrap gap-x-2 text-meta text-muted">
            {status === 'stopped' && <span>Stopped by you</span>}
            <UsageLine turn={turn} />
          </p>
          <TurnMenu turn={turn} />
        </div>
      ) : (
        <Verdict turn={turn} verified={footer.verified} />
      )}
      {turn.changes.length > 0 && <NeedsReview turn={turn} />}
      {isLast && turn.mode === 'plan' && status === 'done' && <PlanOffer />}
      {isLast && footer.verified && footer.tests !== null && <TestCheckOffer turnId={turn.id} />}
    </footer>
  )
}

function Verdict({ turn, verified }: { turn: TurnView; verified: boolean }) {
  const session = useSession()
  const stale = useStore(session.tests, (state) => state.stale)
  const { verification, tests } = turn.footer
  const checks = verification === null ? [] : checksOf(verification)
  const failed = checks.some((check) => check.state === 'failed')
  const gaps = checks.filter((check) => check.why !== undefined)
  const Icon = verified ? ShieldCheck : failed ? ShieldAlert : CircleSlash
  const tone = stale ? 'text-muted' : verified ? 'text-ok-text' : failed ? 'text-bad-text' : 'text-warn-text'
  return (
    <div
      className="glass-edge rounded-lg border bg-raised py-2 pr-3 pl-3.5"
      data-edge={stale ? 'none' : verified ? 'verified' : failed ? 'failed' : 'unverified'}
    >
      <div className="tabular flex items-start gap-2 text-meta text-muted">
        <Icon size={15} aria-hidden className={`mt-px shrink-0 ${tone}`} />
        <p className="m-0 flex min-w-0 flex-1 flex-wrap gap-x-2">
          <span>
            <strong className={`font-semibold ${tone}`}>
              {tests !== null && `tests ${tests.passed}/${tests.total} · `}
              {verified ? 'verified' : 'not verified'}
            </strong>
            {stale && ' before the last change'}
            {turn.status === 'stopped' && ' · stopped by you'}
          </span>
          <UsageLine turn={turn} />
        </p>
        <span className="-my-1 -mr-1.5">
          <TurnMenu turn={turn} />
        </span>
      </div>
      {(!verified || gaps.length > 0) && (
        <ul className="m-0 mt-1 list-none p-0 pl-[23px] text-meta text-muted">
          {gaps.map((check) => (
            <li key={check.label}>
              {check.label}: {check.why}
            </li>
          ))}
          {!verified && gaps.length === 0 && <li>{unverifiedReason(turn, failed)}</li>}
        </ul>
      )}
    </div>
  )
}

function unverifiedReason({ footer }: TurnView, failed: boolean): string {
  if (failed && footer.verification !== null) {
    const labels = checksOf(footer.verification)
      .filter((check) => check.state === 'failed')
      .map((check) => check.label)
    return `The last check failed: ${labels.join(', ')}.`
  }
  return footer.verification === null
    ? 'Nothing was checked after the change.'
    : 'The last check does not cover the last change.'
}
