'use client'

import clsx from 'clsx'
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react'
import { keysLabel } from '@/components/keys'
import { Button } from '@/components/ui/button'

/** A text about a change: a comment, or the lines that shall stand in its place. Mod+Enter saves, Esc leaves. */
export function HunkForm({
  label,
  hint,
  initial,
  save,
  isCode = false,
  onSave,
  onCancel,
}: {
  label: string
  hint: string
  initial: string
  /** What the button says. */
  save: string
  isCode?: boolean
  onSave: (text: string) => void
  onCancel: () => void
}) {
  const [text, setText] = useState(initial)
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
        // biome-ignore lint/a11y/noAutofocus: the user has just asked for this field
        autoFocus
        value={text}
        rows={rows}
        spellCheck={!isCode}
        wrap={isCode ? 'off' : 'soft'}
        aria-label={label}
        aria-describedby={hintId}
        onChange={(event) => setText(event.target.value)}
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
