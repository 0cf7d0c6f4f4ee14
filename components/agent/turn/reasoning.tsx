import { memo } from 'react'
import { Disclosure } from '../disclosure'

/** The model's own summary of its thoughts: closed until someone wants it. */
export const Reasoning = memo(function Reasoning({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <Disclosure label={streaming ? 'Thinking…' : 'Thought'}>
      <p className="m-0 mt-1 ml-1.5 whitespace-pre-wrap border-line border-l pl-3">{text}</p>
    </Disclosure>
  )
})
