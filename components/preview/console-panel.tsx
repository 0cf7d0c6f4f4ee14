'use client'
import clsx from 'clsx'
import { SquareTerminal } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { LogLine } from '@/lib/session/types'
import { useSession } from '../session-context'
import { EmptyState } from '../ui/empty-state'
import { useStore } from '../use-store'

const lineClass: Record<LogLine['level'], string> = {
  log: '',
  info: 'text-you-text',
  warn: 'bg-warn-surface text-warn-text',
  error: 'bg-bad-surface text-bad-text',
}

/** What the previewed page wrote to its console. */
export function ConsolePanel() {
  const session = useSession()
  const lines = useStore(session.preview.state, (state) => state.console)
  const list = useRef<HTMLOListElement>(null)
  // New lines scroll into view
  // scrollIntoView returns a promise in newer browsers, which an effect must not.
  useEffect(() => void list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' }), [lines])
  if (lines.length === 0) {
    return (
      <EmptyState icon={<SquareTerminal size={24} strokeWidth={1.25} />} title="The console is quiet">
        Open the preview: what the page logs shows here, and the agent can read it.
      </EmptyState>
    )
  }
  return (
    <ol ref={list} className="m-0 h-full list-none overflow-y-auto p-0 py-1.5">
      {lines.map((line, index) => (
        <li
          key={`${index}:${line.text}`}
          className={clsx(
            'whitespace-pre-wrap break-words px-3.5 py-0.5 font-mono text-[12px] leading-[18px]',
            lineClass[line.level],
          )}
        >
          <span className="sr-only">{line.level}: </span>
          {line.text}
        </li>
      ))}
    </ol>
  )
}
