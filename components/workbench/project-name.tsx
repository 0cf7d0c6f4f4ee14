'use client'
import { useEffect, useRef, useState } from 'react'
import { useSession } from '../session-context'
import { useToast } from '../ui/toast'
import { useStore } from '../use-store'

/** The project's name; a press makes it editable in place. */
export function ProjectName() {
  const session = useSession()
  const toast = useToast()
  const name = useStore(session.project, (state) => state.meta.name)
  const readOnly = useStore(session.project, (state) => state.readOnly)
  const [draft, setDraft] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const editing = draft !== null
  useEffect(() => {
    if (editing) input.current?.select()
  }, [editing])

  const finish = (accepted: boolean) => {
    const next = draft?.trim()
    setDraft(null)
    if (!accepted || !next || next === name) return
    session
      .rename(next)
      .catch((error: unknown) => toast({ text: `The name was not saved. ${String(error)}`, tone: 'bad' }))
  }
  if (draft === null) {
    return (
      <h1 className="m-0 min-w-0 font-medium text-ui">
        <button
          type="button"
          disabled={readOnly}
          title="Rename the project"
          onClick={() => setDraft(name)}
          className="max-w-full truncate rounded-md px-1.5 py-1 hover:bg-hover disabled:hover:bg-transparent touch:min-h-11"
        >
          {name}
        </button>
      </h1>
    )
  }
  return (
    <input
      ref={input}
      value={draft}
      maxLength={100}
      aria-label="Project name"
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(true)
        if (event.key === 'Escape') finish(false)
      }}
      className="h-7 w-48 min-w-0 rounded-md border border-you bg-raised px-1.5 font-medium text-ui outline-none"
    />
  )
}
