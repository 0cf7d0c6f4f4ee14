import { CircleHelp } from 'lucide-react'
import type { Answers, QuestionSet } from '@/lib/agent'
import { answerTo } from '@/lib/agent/events'
import { VisibleText } from '../visible-text'

/** The trace that questions and their answers leave in the conversation. */
export function AnsweredQuestion({ set, answers }: { set: QuestionSet; answers: Answers }) {
  return (
    <dl className="m-0 flex flex-col gap-1.5 text-meta">
      {set.questions.map(({ id, question }) => (
        <div key={id} className="flex gap-2">
          <CircleHelp size={13} aria-hidden className="mt-0.5 shrink-0 text-you-text" />
          <div className="min-w-0 break-words">
            <dt className="text-muted">
              <VisibleText text={question} />
            </dt>
            <dd className="m-0 text-text">
              {answers === null ? 'You let the agent decide.' : <VisibleText text={answerTo(answers, id)} />}
            </dd>
          </div>
        </div>
      ))}
    </dl>
  )
}
