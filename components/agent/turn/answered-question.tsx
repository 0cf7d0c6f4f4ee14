import { CircleHelp } from 'lucide-react'
import type { PartView } from '@/lib/agent'
import { answerTo } from '@/lib/agent/events'
import { ProseText } from '../text/prose-text'
import { VisibleText } from '../text/visible-text'

/** The trace that questions and their answers leave in the conversation. */
export function AnsweredQuestion({ part }: { part: Extract<PartView, { type: 'question' }> }) {
  const { questions, state, answers } = part
  const answer = (id: string) => {
    if (state === 'dropped') return 'Not answered: the turn ended first.'
    return answers === null ? 'You let the agent decide.' : <VisibleText text={answerTo(answers, id)} />
  }
  return (
    <dl className="m-0 flex flex-col gap-1.5 text-meta">
      {questions.questions.map(({ id, question }) => (
        <div key={id} className="break-words">
          <dt className="flex gap-2 text-muted">
            <CircleHelp size={13} aria-hidden className="mt-0.5 shrink-0 text-you-text" />
            <span className="min-w-0">
              <ProseText text={question} />
            </span>
          </dt>
          <dd className="m-0 pl-[21px] text-text">{answer(id)}</dd>
        </div>
      ))}
    </dl>
  )
}
