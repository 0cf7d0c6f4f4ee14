'use client'

import type { Approval, QuestionSet, TurnView } from '@/lib/agent'
import { plural } from '@/lib/base'

interface AnnouncerProps {
  turn: TurnView | undefined
  approvals: readonly Approval[]
  questions: readonly QuestionSet[]
}

/** What a screen reader hears: finished answers, results and questions; never each piece of a stream. */
export function Announcer({ turn, approvals, questions }: AnnouncerProps) {
  return (
    <>
      <p className="sr-only" aria-live="polite">
        {turn && lastFinishedText(turn)}
      </p>
      <p className="sr-only" aria-live="polite">
        {turn && turn.status !== 'running' && outcomeOf(turn)}
      </p>
      <p className="sr-only" aria-live="assertive">
        {approvals.length > 0 &&
          `The agent asks: ${approvals[0]?.title}. ${plural(approvals.length, 'decision')} waiting above the message box.`}
        {questions.length > 0 &&
          `The agent asks: ${questions[0]?.questions[0]?.question}. Answer above the message box.`}
      </p>
    </>
  )
}

function lastFinishedText({ parts }: TurnView): string {
  const part = parts.findLast((part) => part.type === 'text' && !part.streaming)
  return part?.type === 'text' ? part.text : ''
}

function outcomeOf({ status, footer, error }: TurnView): string {
  if (error !== null) return `The turn ${error.limit ? 'stopped' : 'failed'}. ${error.message} ${error.action}`
  if (status === 'stopped') return 'The turn was stopped.'
  const tests = footer.tests === null ? '' : ` Tests ${footer.tests.passed} of ${footer.tests.total}.`
  return `The agent is done.${tests}${footer.verified === null ? '' : footer.verified ? ' Verified.' : ' Not verified.'}`
}
