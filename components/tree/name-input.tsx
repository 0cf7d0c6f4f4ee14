'use client'
import { useEffect, useRef, useState } from 'react'

/** Types the name of a new or renamed entry in its row. Enter and leaving accept, Escape drops. */
export function NameInput({
  initial,
  label,
  problemOf,
  onDone,
}: {
  initial: string
  label: string
  problemOf: (name: string) => string | null
  /** The name, or null when it was dropped. */
  onDone: (name: string | null) => void
}) {
  const [name, setName] = useState(initial)
  const input = useRef<HTMLInputElement>(null)
  const finished = useRef(false)
  const problem = name === initial || name === '' ? null : problemOf(name)

  useEffect(() => {
    const dot = initial.lastIndexOf('.')
    input.current?.focus()
    input.current?.setSelectionRange(0, dot > 0 ? dot : initial.length)
  }, [initial])

  const finish = (accept: boolean) => {
    if (finished.current) return
    finished.current = true
    onDone(accept && name !== '' && problemOf(name) === null ? name.trim() : null)
  }
  return (
    <span className="relative min-w-0 flex-1">
      <input
        ref={input}
        value={name}
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'name-problem'}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
        onBlur={() => finish(true)}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') finish(false)
          if (event.key === 'Enter' && problem === null) finish(true)
        }}
        className="-ml-1 h-[22px] w-full rounded-sm border border-you bg-raised px-1 text-ui outline-none aria-invalid:border-bad touch:h-9 touch:text-base"
      />
      {problem !== null && (
        <span
          id="name-problem"
          role="alert"
          className="-left-1 absolute top-full z-10 mt-0.5 w-max max-w-64 rounded-sm border border-bad-line bg-bad-surface px-2 py-1 text-bad-text text-meta"
        >
          {problem}
        </span>
      )}
    </span>
  )
}
