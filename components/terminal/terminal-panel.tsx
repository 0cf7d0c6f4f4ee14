'use client'
import dynamic from 'next/dynamic'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
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
    <div className="relative h-full">
      <TerminalView />
      {status === 'booting' && (
        <p className="absolute top-2 right-4 m-0 rounded-md bg-bg px-2 py-0.5 text-meta text-muted">
          <Spinner size={12} label="The sandbox is starting; commands wait for it" />
        </p>
      )}
    </div>
  )
}
