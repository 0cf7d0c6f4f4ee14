'use client'
import { CircleAlert, Info, Lock, TriangleAlert, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { messageOf } from '@/lib/base'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { useToast } from '../ui/toast'
import { useRunCommand } from '../use-commands'
import { useStore } from '../use-store'

type Level = 'info' | 'warning' | 'error'

const looks: Record<Level, { surface: string; icon: ReactNode }> = {
  info: { surface: 'bg-you-surface text-you-text border-you-line', icon: <Info size={15} aria-hidden /> },
  warning: {
    surface: 'bg-warn-surface text-warn-text border-warn-line',
    icon: <TriangleAlert size={15} aria-hidden />,
  },
  error: { surface: 'bg-bad-surface text-bad-text border-bad-line', icon: <CircleAlert size={15} aria-hidden /> },
}

/** What the user has to know about the whole project, under the title bar: cause and one action each. */
export function Notices() {
  const session = useSession()
  const run = useRunCommand()
  const { meta, readOnly, save, saveProblem, notices } = useStore(session.project, (state) => state)
  const sandbox = useStore(session.runtime.state, (state) => state)
  const dismiss = (id: string) =>
    session.project.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }))
  return (
    <section aria-label="Notices" className="shrink-0">
      {meta.restricted && (
        <Notice
          level="warning"
          icon={<Lock size={14} aria-hidden />}
          action={<Act label="Trust and fork" run={async () => location.assign(`/p/${await session.fork()}`)} />}
        >
          <strong className="font-semibold">Came from elsewhere.</strong> Look around; nothing runs and the agent stays
          off until you make it yours.
        </Notice>
      )}
      {readOnly && (
        <Notice level="info" action={<Act label="Take over" run={() => session.takeOver()} />}>
          <strong className="font-semibold">Open in another tab.</strong> You see its changes here; taking over lets you
          edit.
        </Notice>
      )}
      {save === 'memory' && (
        <Notice level="error" action={<Act label="Download" run={() => run('project.download')} />}>
          <strong className="font-semibold">What you change lives only in this tab.</strong> {saveProblem}
        </Notice>
      )}
      {sandbox.status === 'failed' && (
        <Notice level="error" action={<Act label="Restart" run={() => session.runtime.restart()} />}>
          <strong className="font-semibold">The sandbox did not start.</strong>{' '}
          {sandbox.error ?? 'The reason is unknown.'} Editing works without it.
        </Notice>
      )}
      {notices.map(({ id, level, message, action }) => (
        <Notice
          key={id}
          level={level}
          onDismiss={() => dismiss(id)}
          action={action && <Act label={action.label} run={action.run} />}
        >
          {message}
        </Notice>
      ))}
    </section>
  )
}

function Notice({
  level,
  icon,
  action,
  onDismiss,
  children,
}: {
  level: Level
  icon?: ReactNode
  action?: ReactNode
  onDismiss?: () => void
  children: ReactNode
}) {
  const look = looks[level]
  return (
    <div
      role={level === 'error' ? 'alert' : 'status'}
      className={`flex min-h-9 items-center gap-2.5 border-b py-1 pr-2 pl-3.5 ${look.surface}`}
    >
      <span className="shrink-0">{icon ?? look.icon}</span>
      <p className="m-0 min-w-0 flex-1">{children}</p>
      {action}
      {onDismiss && (
        <button
          type="button"
          aria-label="Dismiss"
          onClick={onDismiss}
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-md hover:bg-hover touch:size-11"
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  )
}

function Act({ label, run }: { label: string; run: () => unknown }) {
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const press = async () => {
    setBusy(true)
    try {
      await run()
    } catch (error) {
      toast({ text: `${label} did not work. ${messageOf(error)}`, tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="sm" busy={busy} onClick={press} className="text-text">
      {label}
    </Button>
  )
}
