'use client'

import { CircleHelp } from 'lucide-react'
import { type FormEvent, memo, useEffect, useId, useRef, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import type { Question, QuestionSet } from '@/lib/agent'
import { answerTo } from '@/lib/agent/events'
import { ProseText } from '../text/prose-text'
import { VisibleText } from '../text/visible-text'
import { useAttempt } from '../use-attempt'
import { useReturnFocus } from '../use-return-focus'
import { mayTakeFocus } from './may-take-focus'

/** What the model asks. Options are suggestions: each question also takes an answer in the user's own words. */
export const QuestionCard = memo(function QuestionCard({ set }: { set: QuestionSet }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const card = useRef<HTMLFormElement>(null)
  const titleId = useId()
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({})
  const isComplete = set.questions.every(({ id }) => answerTo(answers, id).trim())

  useReturnFocus(card)
  useEffect(() => {
    if (mayTakeFocus(document.activeElement)) card.current?.focus({ preventScroll: true })
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isComplete) void attempt(agent.answer(set.id, answers))
  }
  return (
    <form
      ref={card}
      tabIndex={-1}
      aria-labelledby={titleId}
      onSubmit={submit}
      className="glass-edge appear flex flex-col gap-3 rounded-lg border border-warn-line bg-raised px-3.5 py-2.5 focus-visible:outline-warn"
      data-edge="unverified"
    >
      <h3 id={titleId} className="m-0 flex items-center gap-2 font-semibold text-ui">
        <CircleHelp size={14} aria-hidden className="shrink-0 text-warn-text" />
        {set.questions.length === 1 ? 'The agent asks' : `The agent asks ${set.questions.length} things`}
      </h3>
      {set.questions.map((question) => (
        <QuestionField
          key={question.id}
          question={question}
          answer={answerTo(answers, question.id)}
          onAnswer={(answer) => setAnswers((before) => ({ ...before, [question.id]: answer }))}
        />
      ))}
      {/* In sight however long the questions are. */}
      <div className="sticky -bottom-1 -mr-3.5 -mb-2.5 -ml-3 flex flex-wrap items-center gap-1.5 rounded-b-lg border-line border-t bg-raised py-2 pr-3.5 pl-3">
        <Button type="submit" tone="primary" aria-disabled={!isComplete} className="aria-disabled:opacity-50">
          Answer
        </Button>
        <Button tone="quiet" onClick={() => void attempt(agent.answer(set.id, null))}>
          Let the agent decide
        </Button>
      </div>
    </form>
  )
})

interface QuestionFieldProps {
  question: Question
  answer: string
  onAnswer: (answer: string) => void
}

function QuestionField({ question: { question, options }, answer, onAnswer }: QuestionFieldProps) {
  const name = useId()
  const isOwn = !options.includes(answer)
  return (
    <fieldset className="m-0 flex min-w-0 flex-col gap-1.5 border-0 p-0">
      <legend className="mb-1.5 whitespace-pre-wrap break-words p-0 text-chat">
        <ProseText text={question} />
      </legend>
      {options.map((option) => (
        <label
          key={option}
          className="flex cursor-pointer items-start gap-2 rounded-md border border-line px-2.5 py-1.5 hover:border-line-strong has-checked:border-you has-checked:bg-you-surface touch:py-3"
        >
          <input
            type="radio"
            name={name}
            checked={answer === option}
            onChange={() => onAnswer(option)}
            className="mt-0.5 accent-you-solid"
          />
          <span className="min-w-0 break-words">
            <VisibleText text={option} />
          </span>
        </label>
      ))}
      <Input
        value={isOwn ? answer : ''}
        onChange={(event) => onAnswer(event.target.value)}
        aria-label={options.length > 0 ? 'Another answer' : 'Your answer'}
        placeholder={options.length > 0 ? 'Something else' : 'Your answer'}
      />
    </fieldset>
  )
}
