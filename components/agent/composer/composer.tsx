'use client'

import clsx from 'clsx'
import { ArrowUp, Square } from 'lucide-react'
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { TurnMode } from '@/lib/agent'
import { attemptCount } from '../candidates/attempt-count'
import { useAttempt } from '../use-attempt'
import { AttemptsPicker } from './attempts-picker'
import { Blocked, useBlocked } from './blocked'
import { ModePicker } from './mode-picker'
import { useDraft } from './use-draft'

const placeholders: Record<TurnMode, string> = {
  ask: 'Ask about the project',
  plan: 'Describe what to plan',
  edit: 'Describe a change, a bug, a test',
}

export interface ComposerProps {
  /** The last turn and what the user asked there; null before the first. */
  turnId: string | null
  lastText: string | null
  /** How many messages sent meanwhile have reached the model in that turn. */
  delivered: number
  onSent: () => void
}

/** Where the user writes. Enter sends, Shift+Enter breaks the line, Up brings the last message back. */
export const Composer = memo(function Composer({ turnId, lastText, delivered, onSent }: ComposerProps) {
  const session = useSession()
  const { agent } = session
  const attempt = useAttempt()
  const running = useStore(agent.state, (state) => state.running)
  const draft = useDraft()
  const blocked = useBlocked()
  const [sentMeanwhile, setSentMeanwhile] = useState<{ turnId: string | null; texts: readonly string[] } | null>(null)
  const box = useAutosize(draft.text)
  useSuggestion((suggestion) => {
    const before = draft.text.trimEnd()
    draft.setText(before === '' ? suggestion : `${before}\n\n${suggestion}`)
    box.current?.focus()
  })
  if (blocked !== null) return <Blocked by={blocked} />

  const text = draft.text.trim()
  const send = () => {
    if (text === '') return
    draft.setText('')
    if (running) {
      setSentMeanwhile((before) => ({ turnId, texts: [...(before?.turnId === turnId ? before.texts : []), text] }))
      void attempt(agent.steer(text))
    } else {
      void attempt(agent.send(text, { mode: draft.mode, candidates: attemptCount(session).getState().count })).then(
        (sent) => {
          if (!sent && box.current?.value === '') draft.setText(text)
        },
      )
    }
    onSent()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      send()
    } else if (event.key === 'ArrowUp' && draft.text === '' && lastText !== null) {
      event.preventDefault()
      draft.setText(lastText)
    }
  }
  const waiting = running && sentMeanwhile?.turnId === turnId ? sentMeanwhile.texts.slice(delivered) : []

  return (
    <div
      data-composer
      className="rounded-lg border border-line-strong bg-raised transition-colors duration-120 focus-within:border-you"
    >
      {waiting.length > 0 && (
        <ul
          aria-label="Waiting to be delivered"
          className="m-0 flex list-none flex-col gap-1 px-3 pt-2 pb-0 text-meta text-muted"
        >
          {waiting.map((each, index) => (
            <li key={`${index}-${each}`} className="truncate">
              <span className="text-you-text">Next:</span> {each}
            </li>
          ))}
        </ul>
      )}
      <textarea
        ref={box}
        rows={1}
        value={draft.text}
        data-yields-focus="true"
        aria-label="Message to the agent"
        placeholder={running ? 'Steer: delivered after the current step' : placeholders[draft.mode]}
        onChange={(event) => draft.setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="block max-h-60 w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-chat outline-none placeholder:text-muted touch:text-base"
      />
      <div className="flex items-center gap-1 p-1.5">
        <ModePicker mode={draft.mode} onChange={draft.setMode} disabled={running} />
        <AttemptsPicker disabled={running} />
        <span className="flex-1" />
        {running && (
          <IconButton
            label="Stop"
            keys="Esc"
            onClick={() => attempt(agent.stop())}
            className="border border-line bg-bg text-text!"
          >
            <Square size={11} fill="currentColor" aria-hidden />
          </IconButton>
        )}
        <IconButton
          label={running ? 'Send after the current step' : 'Send'}
          keys="Enter"
          aria-disabled={text === ''}
          onClick={send}
          className={clsx(text === '' ? 'bg-sunken' : 'bg-you-solid! text-on-solid! hover:brightness-110')}
        >
          <ArrowUp size={15} aria-hidden />
        </IconButton>
      </div>
    </div>
  )
})

/** Text that another pane has for the agent. */
function useSuggestion(take: (suggestion: string) => void) {
  const workbench = useWorkbench()
  const suggestion = useStore(workbench.state, (state) => state.suggestion)
  const taker = useRef(take)
  useLayoutEffect(() => {
    taker.current = take
  })
  useEffect(() => {
    if (suggestion === null) return
    workbench.state.setState({ suggestion: null })
    taker.current(suggestion)
  }, [suggestion, workbench])
}

/** Lets the text area grow with its text; its maximum height is CSS. */
function useAutosize(text: string) {
  const box = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const area = box.current
    if (area === null) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [text])
  return box
}
