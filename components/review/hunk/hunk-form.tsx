'use client'

import clsx from 'clsx'
import { type FormEvent, type KeyboardEvent, useId } from 'react'
import { keysLabel } from '@/components/keys'
import { Button } from '@/components/ui/button'

/** A text about a change: a comment, or the lines that shall stand in its place. Mod+Enter saves, Esc lets go of it. */
export function HunkForm({
  label,
  hint,
  initial,
  typed,
  save,
  isCode = false,
  onType,
  onSave,
  onCancel,
}: {
  label: string
  hint: string
  initial: string
  /** What was typed so far; null for nothing yet. */
  typed: string | null
  /** What the button says. */
  save: string
  isCode?: boolean
  onType: (text: string) => void
  onSave: (text: string) => void
  onCancel: () => void
}) {
  const text = typed ?? initial
  const hintId = useId()
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    onSave(text)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel()
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const rows = Math.min(16, Math.max(2, text.split('\n').length + (isCode ? 0 : 1)))
  return (
    <form onSubmit={submit} className="flex flex-col gap-2 border-line border-t bg-panel p-2.5">
      <textarea
        // biome-ignore lint/a11y/noAutofocus: the user has just asked for this field, unless there is a text in it
        autoFocus={typed === null}
        value={text}
        rows={rows}
        spellCheck={!isCode}
        wrap={isCode ? 'off' : 'soft'}
        aria-label={label}
        aria-describedby={hintId}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        className={clsx(
          'w-full resize-y rounded-md border border-line-strong bg-bg px-2.5 py-2 outline-none focus-visible:border-you touch:text-base',
          isCode ? 'font-mono text-[12px] leading-[19px]' : 'text-ui',
        )}
      />
      <div className="flex flex-wrap items-center justify-end gap-1.5">
        <p id={hintId} className="m-0 mr-auto text-meta text-muted">
          {hint} {keysLabel('Mod+Enter')} saves.
        </p>
        <Button tone="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" tone="primary">
          {save}
        </Button>
      </div>
    </form>
  )
}
