'use client'

import { ChevronRight } from 'lucide-react'
import { memo } from 'react'

/** The model's own summary of its thoughts: closed until someone wants it. */
export const Reasoning = memo(function Reasoning({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <details className="group text-meta text-muted">
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-sm py-0.5 hover:text-text touch:min-h-11">
        <ChevronRight size={12} aria-hidden className="transition-transform duration-120 group-open:rotate-90" />
        {streaming ? 'Thinking…' : 'Thought'}
      </summary>
      <p className="m-0 mt-1 ml-1.5 whitespace-pre-wrap border-line border-l pl-3">{text}</p>
    </details>
  )
})
