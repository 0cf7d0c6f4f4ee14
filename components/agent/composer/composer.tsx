'use client'

import clsx from 'clsx'
import { ArrowUp, ListEnd, Square } from 'lucide-react'
import { type KeyboardEvent, memo, useEffect, useId, useLayoutEffect, useRef } from 'react'
import { OutcomeChip } from '@/components/review/outcome-chip'
import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { useCommandContext } from '@/components/use-commands'
import { useStanding } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { Attachment, TurnMode } from '@/lib/agent'
import { AttachmentChips } from '../attachments/attachment-chips'
import { MentionMenu, mentionOptionId } from '../attachments/mention-menu'
import { useAttachments } from '../attachments/use-attachments'
import { useMentions } from '../attachments/use-mentions'
import { attemptCount } from '../candidates/attempt-count'
import { useAttempt } from '../use-attempt'
import { AttemptsPicker } from './attempts-picker'
import { Blocked } from './blocked'
import { ModePicker } from './mode-picker'
import { QueuedMessages } from './queued-messages'
import { matchSlash, parseSlash, runSlash, type SlashCommand } from './slash-commands'
import { SlashMenu, slashOptionId } from './slash-menu'
import { useDraft } from './use-draft'
import { useOptionList } from './use-option-list'

const placeholders: Record<TurnMode, string> = {
  ask: 'Ask about the project',
  plan: 'Describe what to plan',
  edit: 'Describe a change or a bug',
}

export interface ComposerProps {
  /** What the user asked last; null before the first turn. */
  lastText: string | null
  onSent: () => void
}

/** Where the user writes. Enter sends, Alt+Enter queues, Shift+Enter breaks the line, Up brings the last message back, `/` lists commands. */
export const Composer = memo(function Composer({ lastText, onSent }: ComposerProps) {
  const session = useSession()
  const { agent, review } = session
  const attempt = useAttempt()
  const running = useStore(agent.state, (state) => state.running)
  const outcomes = useStore(review.state, (state) => state.outcomes)
  const draft = useDraft()
  const blocked = useStanding()
  const box = useAutosize(draft.text)
  const context = useCommandContext()
  const slash = useOptionList(draft.text, matchSlash(draft.text))
  const listId = useId()
  const attachments = useAttachments()
  const mentions = useMentions({
    box,
    text: draft.text,
    setText: draft.setText,
    onChoose: (option) => void attachments.choose(option),
  })
  const isChoosing = slash.shown.length > 0 || mentions.options.length > 0
  useSuggestion((suggestion) => {
    const before = draft.text.trimEnd()
    draft.setText(before === '' ? suggestion : `${before}\n\n${suggestion}`)
    box.current?.focus()
  })
  if (blocked !== null) return <Blocked by={blocked} />

  const text = draft.text.trim()
  const giveBack = (done: boolean, taken: readonly Attachment[] = []) => {
    if (done) return
    const typedSince = box.current?.value.trim() ?? ''
    draft.setText(typedSince === '' ? text : `${text}\n\n${typedSince}`)
    attachments.giveBack(taken)
  }
  const attempts = () => attemptCount(session).getState().count
  const queue = () => {
    if (text === '') return
    draft.setText('')
    const taken = attachments.take()
    const waiting = agent.enqueue(text, { mode: draft.mode, candidates: attempts(), attachments: taken })
    void attempt(waiting).then((done) => giveBack(done, taken))
  }
  const complete = (command: SlashCommand) => {
    const isWhole = draft.text.trim() === `/${command.name}`
    // What may follow but need not is written by those who want it.
    if (command.argument !== undefined && !(isWhole && command.argument.startsWith('['))) {
      return draft.setText(`/${command.name} `)
    }
    draft.setText('')
    void attempt(runSlash({ command, argument: '' }, context))
  }
  const send = () => {
    if (text === '') return
    // Steering is words alone.
    if (running && attachments.list.length > 0) return queue()
    draft.setText('')
    const asked = parseSlash(text)
    if (asked) void attempt(runSlash(asked, context)).then((done) => giveBack(done))
    else if (running) void attempt(agent.steer(text)).then((done) => giveBack(done))
    else {
      const taken = attachments.take()
      const sending = agent.send(text, { mode: draft.mode, candidates: attempts(), attachments: taken })
      void attempt(sending).then((done) => giveBack(done, taken))
    }
    onSent()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (slash.onKeyDown(event, complete) || mentions.onKeyDown(event)) return
    if (event.key === 'Enter' && event.altKey && running) {
      event.preventDefault()
      queue()
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      send()
    } else if (event.key === 'ArrowUp' && draft.text === '' && lastText !== null) {
      event.preventDefault()
      draft.setText(lastText)
    }
  }
  const activeOption =
    slash.shown.length > 0
      ? slashOptionId(listId, slash.active)
      : mentions.options.length > 0
        ? mentionOptionId(listId, mentions.active)
        : undefined

  return (
    <div
      data-composer
      className="rounded-lg border border-line-strong bg-raised transition-colors duration-120 focus-within:border-you"
    >
      <QueuedMessages
        onEdit={(queued) => {
          draft.setText(draft.text.trim() === '' ? queued.text : `${draft.text}\n\n${queued.text}`)
          attachments.giveBack(queued.attachments ?? [])
        }}
      />
      {slash.shown.length > 0 && (
        <SlashMenu id={listId} commands={slash.shown} active={slash.active} onChoose={complete} />
      )}
      {mentions.options.length > 0 && (
        <MentionMenu id={listId} options={mentions.options} active={mentions.active} onChoose={mentions.choose} />
      )}
      {attachments.list.length + outcomes.length > 0 && (
        <div className="flex flex-wrap gap-1 px-2 pt-2">
          {outcomes.length > 0 && <OutcomeChip outcomes={outcomes} onRemove={() => review.delivered(outcomes)} />}
          <AttachmentChips attachments={attachments.list} onRemove={attachments.remove} />
        </div>
      )}
      <textarea
        ref={box}
        rows={1}
        value={draft.text}
        data-yields-focus="true"
        aria-label="Message to the agent"
        // A text area may not be a combobox; a text box may have a list that its keys move in.
        aria-haspopup="listbox"
        aria-controls={isChoosing ? listId : undefined}
        aria-activedescendant={activeOption}
        aria-autocomplete="list"
        placeholder={
          running ? 'Steer: delivered after the current step' : `${placeholders[draft.mode]}; @ and / for more`
        }
        onChange={(event) => {
          draft.setText(event.target.value)
          mentions.followCaret()
        }}
        onSelect={mentions.followCaret}
        onPaste={attachments.onPaste}
        onKeyDown={onKeyDown}
        className="block max-h-60 w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-chat outline-none placeholder:text-muted touch:text-base"
      />
      <div className="flex items-center gap-1 p-1.5">
        <ModePicker mode={draft.mode} onChange={draft.setMode} disabled={running} />
        <AttemptsPicker disabled={running} />
        <span className="flex-1" />
        {running && text !== '' && (
          <IconButton label="Send when this turn is done" keys="Alt+Enter" onClick={queue}>
            <ListEnd size={15} aria-hidden />
          </IconButton>
        )}
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
          label={
            !running
              ? 'Send'
              : attachments.list.length > 0
                ? 'Send when this turn is done'
                : 'Send after the current step'
          }
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
