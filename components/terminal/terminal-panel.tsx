'use client'
import clsx from 'clsx'
import { Plus, X } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { IconButton } from '../ui/icon-button'
import { Spinner } from '../ui/spinner'
import { standingReasons, useStanding } from '../use-standing'
import { useStore } from '../use-store'

const TerminalView = dynamic(() => import('./terminal-view'), { ssr: false })

export function TerminalPanel() {
  const session = useSession()
  const standing = useStanding()
  const { status, error } = useStore(session.runtime.state, (state) => state)
  if (standing !== null) {
    return <EmptyState title="Nothing runs here yet">{standingReasons[standing]}</EmptyState>
  }
  if (status === 'failed') {
    return (
      <EmptyState
        title="The sandbox did not start"
        action={
          <Button tone="primary" onClick={() => void session.runtime.restart()}>
            Restart
          </Button>
        }
      >
        {error ?? 'The reason is unknown.'} Editing works without it.
      </EmptyState>
    )
  }
  return (
    <div className="relative flex h-full flex-col">
      <Terminals />
      {status === 'booting' && (
        <p className="absolute top-2 right-10 m-0 touch:top-3.5 touch:right-14 rounded-md bg-bg px-2 py-0.5 text-meta text-muted">
          <Spinner size={12} label="The sandbox is starting; commands wait for it" />
        </p>
      )}
    </div>
  )
}

/** Several terminals, each with a shell of its own; all go on while another is shown. */
function Terminals() {
  const [ids, setIds] = useState<readonly number[]>([1])
  const [shown, setShown] = useState(1)
  const add = () => {
    const id = Math.max(...ids) + 1
    setIds([...ids, id])
    setShown(id)
  }
  const close = (id: number) => {
    const left = ids.filter((other) => other !== id)
    setIds(left)
    if (shown === id) setShown(left.at(-1) ?? 1)
  }
  // One terminal leaves a column free for the button; several have a row of their own above.
  const isAlone = ids.length === 1
  return (
    <>
      <div
        className={clsx(
          'flex items-center gap-0.5 bg-bg',
          isAlone ? 'absolute top-1 right-2' : 'justify-end px-2 pt-1',
        )}
      >
        {!isAlone &&
          ids.map((id) => (
            <span key={id} className={clsx('flex items-center rounded-md', shown === id && 'bg-selected')}>
              <button
                type="button"
                aria-label={`Terminal ${id}`}
                aria-pressed={shown === id}
                className="px-1.5 text-meta text-muted aria-pressed:text-text touch:min-h-11 touch:min-w-11"
                onClick={() => setShown(id)}
              >
                {id}
              </button>
              <IconButton label={`Close terminal ${id}`} size="sm" onClick={() => close(id)}>
                <X size={12} aria-hidden />
              </IconButton>
            </span>
          ))}
        <IconButton label="New terminal" size="sm" onClick={add}>
          <Plus size={14} aria-hidden />
        </IconButton>
      </div>
      {ids.map((id) => (
        <div key={id} className={clsx('min-h-0 flex-1 bg-bg', isAlone && 'pr-9 touch:pr-14', shown !== id && 'hidden')}>
          <TerminalView />
        </div>
      ))}
    </>
  )
}
