'use client'
import clsx from 'clsx'
import { CircleAlert, CloudAlert, Cpu, FlaskConical, Save, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ProjectState, RuntimeState } from '@/lib/session/types'
import { useSession } from '../session-context'
import { ThemeMenu } from '../theme-menu'
import { Spinner } from '../ui/spinner'
import { Tooltip } from '../ui/tooltip'
import { useRunCommand } from '../use-commands'
import { useStore } from '../use-store'

const saveWords: Record<ProjectState['save'], { text: string; hint: string }> = {
  saved: { text: 'Saved', hint: 'Every keystroke is stored in this browser.' },
  saving: { text: 'Saving…', hint: 'Being stored in this browser.' },
  memory: { text: 'Not stored', hint: 'The browser refuses storage. Download the project to keep it.' },
}

export function StatusBar() {
  const session = useSession()
  const run = useRunCommand()
  const save = useStore(session.project, (state) => state.save)
  const filters = useStore(session.agent.state, (state) => state.filters)
  const model = useStore(
    session.agent.state,
    (state) => state.models.find(({ id }) => id === state.model)?.label ?? state.model,
  )
  return (
    <footer className="flex h-[26px] shrink-0 items-center gap-0.5 overflow-hidden border-line border-t bg-panel px-1.5 text-meta text-muted">
      <Item hint={saveWords[save].hint} onClick={() => run(save === 'memory' ? 'project.download' : 'edit.save')}>
        {save === 'memory' ? (
          <CloudAlert size={12} aria-hidden className="text-warn-text" />
        ) : (
          <Save size={12} aria-hidden />
        )}
        <span role="status">{saveWords[save].text}</span>
      </Item>
      <SandboxItem />
      <ProblemsItem />
      <TestsItem />
      <span className="flex-1" />
      <Item hint="The model that answers. Change it in the agent pane." onClick={() => run('agent.focus')}>
        {model}
      </Item>
      <Item
        hint={
          filters === 'basic'
            ? 'Secrets and risky code are filtered here; no moderation service is set up on this server.'
            : 'Filtered here and by the moderation service of this server.'
        }
        onClick={() => run('agent.focus')}
      >
        Filters: {filters}
      </Item>
      <ThemeMenu size="bar" />
    </footer>
  )
}

function Item({
  hint,
  onClick,
  className,
  children,
}: {
  hint: string
  onClick: () => void
  className?: string
  children: ReactNode
}) {
  return (
    <Tooltip content={hint} side="top">
      <button
        type="button"
        onClick={onClick}
        className={clsx(
          'tabular inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-sm px-1.5 hover:bg-hover hover:text-text focus-visible:-outline-offset-1',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  )
}

const sandboxWords: Record<RuntimeState['status'], string> = {
  off: 'Sandbox off',
  booting: 'Sandbox starting…',
  ready: 'Sandbox ready',
  failed: 'Sandbox failed',
}

function SandboxItem() {
  const session = useSession()
  const run = useRunCommand()
  const { status, kind, bootMs, error } = useStore(session.runtime.state, (state) => state)
  const where =
    kind === 'embedded' ? 'Code runs in this tab, without network.' : 'Code runs in this tab and can reach the network.'
  const hint = status === 'ready' ? `${kind}, ready in ${Math.round(bootMs ?? 0)} ms. ${where}` : (error ?? where)
  return (
    <Item hint={hint} onClick={() => run(status === 'failed' ? 'run.restart' : 'view.terminal')}>
      {status === 'booting' ? (
        <Spinner size={12} />
      ) : (
        <Cpu size={12} aria-hidden className={status === 'failed' ? 'text-bad-text' : undefined} />
      )}
      <span className={status === 'failed' ? 'text-bad-text' : undefined}>{sandboxWords[status]}</span>
    </Item>
  )
}

function ProblemsItem() {
  const session = useSession()
  const run = useRunCommand()
  const errors = useStore(
    session.problems,
    ({ diagnostics }) => diagnostics.filter(({ severity }) => severity === 'error').length,
  )
  const warnings = useStore(
    session.problems,
    ({ diagnostics }) => diagnostics.filter(({ severity }) => severity === 'warning').length,
  )
  return (
    <Item
      hint={`${errors} errors and ${warnings} warnings in the project. F8 goes to the next.`}
      onClick={() => run('view.problems')}
    >
      <CircleAlert size={12} aria-hidden className={errors > 0 ? 'text-bad-text' : undefined} />
      <span className={errors > 0 ? 'text-bad-text' : undefined}>{errors}</span>
      <TriangleAlert size={12} aria-hidden className={warnings > 0 ? 'text-warn-text' : undefined} />
      {warnings}
    </Item>
  )
}

function TestsItem() {
  const session = useSession()
  const run = useRunCommand()
  const { running, report, stale } = useStore(session.tests, (state) => state)
  const total = report ? report.passed + report.failed : 0
  return (
    <Item
      hint={
        report
          ? `${report.passed} of ${total} tests pass${stale ? 'ed before the last change' : ''}.`
          : 'No tests have run yet.'
      }
      onClick={() => run('view.tests')}
    >
      {running ? <Spinner size={12} /> : <FlaskConical size={12} aria-hidden />}
      {report ? (
        <span className={stale ? undefined : report.failed > 0 ? 'text-bad-text' : 'text-ok-text'}>
          Tests {report.passed}/{total}
          {stale && ' before the last change'}
        </span>
      ) : (
        'Tests'
      )}
    </Item>
  )
}
