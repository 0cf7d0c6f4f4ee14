import { memo } from 'react'
import { Disclosure } from '../disclosure'
import { Markdown } from '../markdown'
import { headingOf } from './reasoning-heading'

/** The model's own summary of its thoughts: what it thinks of now, and all of it for who opens it. */
export const Reasoning = memo(function Reasoning({ text, streaming }: { text: string; streaming: boolean }) {
  const heading = headingOf(text)
  const state = streaming ? 'Thinking' : 'Thought'
  return (
    <Disclosure label={heading === null ? `${state}${streaming ? '…' : ''}` : `${state}: ${heading}`}>
      <div className="mt-1 ml-1.5 border-line border-l pl-3">
        <Markdown text={text} />
      </div>
    </Disclosure>
  )
})
